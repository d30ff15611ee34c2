"""A quotation whose words are not those of the answer is no evidence: one changed word may turn the sentence around."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.model.nouns import How, Part
from evalharness.text.quotes import Verifier


def find(quote: str, text: str) -> tuple[str, ...]:
    return tuple(each.text for each in Verifier(Part(id="answer", text=text)).find(quote))


FRAME = "In the second week we wrote to all the depots that the new ranking was {} and that the old list would stay"


@pytest.mark.parametrize(
    ("said", "quoted"),
    [
        ("safe", "unsafe"), ("unsafe", "safe"), ("un-safe", "safe"), ("secure", "insecure"), ("legal", "illegal"),
        ("honest", "dishonest"), ("critical", "non-critical"), ("non-critical", "critical"), ("useful", "useless"),
        ("risk", "risk-free"), ("risk-free", "risk"), ("good", "no good"), ("not good", "good"), ("met", "missed"),
        ("never used", "ever used"), ("adopted", "adapted"), ("retained", "retrained"), ("causal", "casual"),
        ("notable", "not able"), ("not able", "notable"), ("in valid form", "invalid form"), ("nowhere", "now here"),
        ("sicher", "unsicher"), ("kein Fehler", "ein Fehler"), ("nicht gut", "gut"), ("faster", "slower"),
        ("40 ms", "40 s"), ("40%", "40"), ("40 percent", "50 percent"), ("\u20ac40", "$40"), ("4.5", "45"),
        ("-5 points", "5 points"), ("5 points", "-5 points"), (">40", "<40"), ("1,900", "900"), ("3 of 4", "3 of 40"),
        ("few", "a few"), ("a few", "few"), ("a little late", "little late"), ("almost done", "done"),
    ],
)  # fmt: skip
def test_a_word_that_turns_the_sentence_is_not_repaired(said: str, quoted: str) -> None:
    """A prefix, an ending, a negation, an amount, a unit: neither added, nor left out, nor another."""
    assert find(FRAME.format(said), FRAME.format(said))
    assert find(FRAME.format(quoted), FRAME.format(said)) == ()


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("We looked after the non-critical systems of the ward.", "critical systems of the ward"),
        ("We looked after the non-\ncritical systems of the ward.", "critical systems of the ward"),
        ("This is more than we can't afford to lose.", "This is more than we can"),
        ("It was done without any risk-free trial.", "It was done without any risk"),
        ("It touched about 1,900 results a week.", "900 results a week"),
        ("It touched about 1,900 results a week.", "It touched about 1"),
        ("It cost us about $40 a month.", "40 a month"),
        ("In April it fell by 40% of what it was.", "In April it fell by 40"),
        ("In April it fell by 40 % of what it was.", "In April it fell by 40"),
        ("The mean was -5 points in that week.", "5 points in that week"),
        ("We called them **un**safe for all of us.", "safe for all of us"),
        ("We called them un\u00adsafe for all of us.", "safe for all of us"),
    ],
)
def test_no_quotation_begins_or_ends_within_a_word(text: str, quote: str) -> None:
    """What stands before a hyphen or behind an apostrophe belongs to the word, and a sign to its figure."""
    assert find(quote, text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "We waited\u2014then shipped it to all of them\u2014and slept.",
        "He said 'then shipped it to all of them' and slept.",
        "We waited.Then shipped it to all of them.And slept.",
        "We waited -\nthen shipped it to all of them.",
        "We waited--then shipped it to all of them--and slept.",
    ],
)
def test_a_dash_or_a_quotation_mark_is_a_border(text: str) -> None:
    """People write them without blanks, and quote from there."""
    assert find("then shipped it to all of them", text)


WORDS = "harbour rope storm we tied her up before noon crew sang isn't 41 3.5% \u20ac12 caf\u00e9 stra\u00dfe".split()
ANSWER = st.lists(st.sampled_from(WORDS), min_size=12, max_size=30)
GUISES: dict[str, Callable[[str], str]] = {
    "as it is": lambda text: text,
    "capitals": str.upper,
    "taken apart": lambda text: unicodedata.normalize("NFD", text),
    "wrapped": lambda text: text.replace(" ", "\n", 3),
    "emphasis": lambda text: text.replace(" ", " *", 1) + "*",
    "other marks": lambda text: text.replace("'", "\u2019").replace(" ", "\u00a0"),
    "commas": lambda text: text.replace(" ", ", ", 2),
    "a stop": lambda text: f'"{text}."',
    "invisible": lambda text: text.replace("o", "o\u200b"),
}


@given(ANSWER, st.sampled_from(sorted(GUISES)), st.data())
def test_the_same_words_count_in_every_guise(said: list[str], guise: str, data: st.DataObject) -> None:
    """Case, white space, punctuation, emphasis and Unicode form are no words: an honest grader loses nothing."""
    start = data.draw(st.integers(0, len(said) - 4))
    end = data.draw(st.integers(start + 4, len(said)))

    assert find(GUISES[guise](" ".join(said[start:end])), " ".join(said))


@given(ANSWER, st.data())
def test_one_other_word_makes_it_another_quotation(said: list[str], data: st.DataObject) -> None:
    """Whatever word is put in the place of one, added or left out."""
    at = data.draw(st.integers(1, len(said) - 2))
    other = data.draw(st.sampled_from(["", "unharbour", "not", "42", "ship", f"{said[at]} no", f"un{said[at]}"]))
    quote = " ".join(filter(None, (*said[:at], other, *said[at + 1 :])))

    assert bool(find(quote, " ".join(said))) == (f" {quote} " in f" {' '.join(said)} ")


@pytest.mark.parametrize(
    "quote",
    [
        "and it would have touched about 1,900 results in the week after that, which wasn't much",
        "and it um would have touched about 1,900 results in week after that, which wasn't much",
    ],
)
def test_articles_and_hesitations_are_repaired(quote: str) -> None:
    """Who quotes speech leaves them out or adds one; what is stored is what the person said."""
    text = "and it would, um, have touched about 1,900 results in the week after that, which wasn't much"
    (found,) = Verifier(Part(id="answer", text=text)).find(quote)

    assert found.how is How.REPAIRED
    assert found.text == text
