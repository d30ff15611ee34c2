"""Quotes are evidence only where they stand in the answer."""

from __future__ import annotations

import time
import unicodedata
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.model.nouns import How, Part
from evalharness.text.quotes import Verifier
from evalharness.text.words import fold, fold_text
from tests.text.test_quotes_pasted import ANCHORS, CONTEXT

TEXT = (
    "I held the launch for six weeks. Yes, really.\n\n"
    "The unit \u2014 milligrams, not millimoles \u2014 was wrong in **one of 41 feeds**, and it would have touched\n"
    "about 1,900 results a week. Product wasn\u2019t pleased. We didn't ship the other forty feeds either."
)
PART = Part(id="answer", text=TEXT, line=5)


def find(quote: str, echoes: str = "", part: Part = PART) -> list[str]:
    return [q.text for q in Verifier(part, (echoes,) if echoes else ()).find(quote)]


@pytest.mark.parametrize(
    "quote",
    [
        "I held the launch for six weeks",
        '"I held the launch for six weeks."',
        "\u201cI held   the launch\nfor six weeks\u201d",
        "the unit - milligrams, not millimoles - was wrong in one of 41 feeds",
        "was wrong in *one of 41 feeds*, and it would have touched about 1,900 results a week",
        "Product wasn't pleased.",
        "Yes, really.",
    ],
)
def test_a_quote_that_stands_in_the_answer_is_found(quote: str) -> None:
    """White space, quotation marks, dashes, emphasis and case do not matter; a short whole sentence counts."""
    assert find(quote)


@pytest.mark.parametrize(
    "quote",
    [
        "",
        "...",
        "held the launch",
        "really",
        "I held the launch for eight weeks",
        "The regulator praised us for holding the launch back",
        "We did ship the other forty feeds either",
        "eld the launch for six weeks",
    ],
)
def test_what_does_not_stand_there_is_rejected(quote: str) -> None:
    """Too short, invented, another number, a lost negation, half a word: none is evidence."""
    assert find(quote) == []


def test_a_spliced_quote_is_checked_piece_by_piece() -> None:
    """Each piece must stand in the answer by itself."""
    assert find("I held the launch for six weeks ... We didn't ship the other forty feeds") == [
        "I held the launch for six weeks",
        "We didn't ship the other forty feeds",
    ]
    assert find("I held the launch for six weeks [\u2026] and everyone applauded us loudly") == []


def test_a_near_match_is_repaired_to_the_real_text() -> None:
    """An "um" may be missing or one too many; what is stored is what the person said."""
    (found,) = Verifier(PART).find("and it um would have touched about 1,900 results a week. Product wasn't pleased")

    assert found.how is How.REPAIRED
    assert found.text.startswith("and it would have touched\nabout 1,900")


@pytest.mark.parametrize(
    "quote",
    [
        "and it would have touched about 2,900 results a week. Product wasn't pleased",
        "and it would not have touched about 1,900 results a week. Product wasn't pleased",
        "and it would have touched about 1,900 results a week. Product was pleased",
        "and it would have touched about twelve results a week. Product wasn't pleased",
    ],
)
def test_a_number_or_a_negation_is_never_repaired(quote: str) -> None:
    """What changes the meaning is not a slip of the pen."""
    assert find(quote) == []


def test_an_echo_of_the_question_is_no_evidence() -> None:
    """Repeating the question proves nothing, whatever else stands around it."""
    assert find("I held the launch for six weeks", echoes="Tell me why I held the launch for six weeks.") == []


@given(st.text(max_size=300), st.data())
def test_every_found_quote_slices_to_its_text(text: str, data: st.DataObject) -> None:
    """`part.text[start:end] == quote.text`, for any text and any stretch of it."""
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    part = Part(id="answer", text=text)

    for quote in Verifier(part).find(text[start:end]):
        assert part.text[quote.start : quote.end] == quote.text


@given(st.one_of(st.text(max_size=200), st.text(st.characters(max_codepoint=127), max_size=200)))
def test_the_quick_fold_is_the_fold(text: str) -> None:
    """With offsets or without, the folded text is the same."""
    assert fold_text(text) == fold(text).text


@given(st.text(max_size=200))
def test_folding_keeps_a_place_for_every_character(text: str) -> None:
    """Each folded character knows where it came from, in order."""
    folded = fold(text)

    assert len(folded.offsets) == len(folded.text)
    assert list(folded.offsets) == sorted(folded.offsets)


OWN = Part(
    id="answer",
    text=(
        "It cost us two weeks\u2026 and a demo. I never signed the release, but I did read every line of it. "
        "We asked Jos\u00e9 for the caf\u00e9's list. In March the trucks stood still. It was not my idea to stop them."
    ),
)


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("It cost us two weeks\u2026 and a demo.", ["It cost us two weeks\u2026 and a demo."]),
        ("It cost us two weeks ... and a demo", ["It cost us two weeks\u2026 and a demo"]),
        ("I never signed the release.", ["I never signed the release"]),
        ("asked Jose\u0301 for the cafe\u0301's list", ["asked Jos\u00e9 for the caf\u00e9's list"]),
        ("[\u2026] I did read every line of it!", ["I did read every line of it"]),
        ("I did read every line of it, ...", ["I did read every line of it"]),
        ("- I never signed the release", ["I never signed the release"]),
        ("> \u2014 I never signed the release\uff0c", ["I never signed the release"]),
        ("It was not my idea to stop them).", ["It was not my idea to stop them"]),
        (
            "It cost us two weeks\u2026 and a demo ... In March the trucks stood still",
            ["It cost us two weeks\u2026 and a demo", "In March the trucks stood still"],
        ),
    ],
)
def test_what_stands_there_letter_for_letter_counts(quote: str, found: list[str]) -> None:
    """With an ellipsis of the answer's own, with a stop that the grader added, in another Unicode form."""
    assert find(quote, part=OWN) == found


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("We lost 41 feeds \u2014 all of them \u2014 in March.", "We lost 41 feeds, all of them, in March"),
        ("I rang every depot in the first week.", "I rang *every* depot in the **first** week?"),
        ("I rang every depot in the first week.", "1. I rang every depot in the first week"),
        ("I rang every\n> depot in the\n> first week.", "I rang every depot in the first week"),
        ("I rang [every depot](https://x.example/a) in that week.", "I rang every depot in that week"),
        ("I rang <b>every</b>&nbsp;depot[^1] that week.", "I rang every depot that week"),
        ("I re-\nworked every depot in that week.", "I reworked every depot in that week."),
        ("We did (after a week) find the fault.", "We did after a week find the fault"),
        ("The well-known fix took us a month.", "The well known fix took us a month."),
        ("| I rang | every depot | in March |\n", "I rang every depot in March"),
        ("It took 1,900 results off the list.", "It took 1900 results off the list."),
        ("He told them \\*no\\* and they all left.", "He told them *no* and they all left."),
        ("I rang every depot in town.", "I rang every depot\\nin town"),
        ("I rang every depot. Then we ate. I wrote it all down.", "I rang every depot \u22ef [I] wrote it all down"),
    ],
)
def test_words_in_a_row_count_whatever_stands_between_them(text: str, quote: str) -> None:
    """Other commas, hyphens and marks than the answer's are no other words."""
    assert find(quote, part=Part(id="answer", text=text))


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("It was 1.9 percent of all the results.", "It was 19 percent of all the results."),
        ("It was 1,9 percent of all the results.", "It was 1 9 percent of all the results."),
        ("It was 5,12 percent of all the results.", "It was 512 percent of all the results."),
        ("It was 3/4 of all the results that week.", "It was 34 of all the results that week."),
        ("It was 19 of all the results that week.", "It was 19% of all the results that week."),
        ("It was the heart of the matter for us all.", "eart of the matter for us all"),
    ],
)
def test_figures_are_the_same_figures_and_words_whole(text: str, quote: str) -> None:
    """What stands between two figures is part of them; half a word is no word."""
    assert find(quote, part=Part(id="answer", text=text)) == []


@given(
    st.lists(st.sampled_from("harbour rope storm we tied her up before noon crew 41 sang".split()), min_size=4),
    st.data(),
)
def test_no_punctuation_makes_a_quotation_another(said: list[str], data: st.DataObject) -> None:
    """Whatever stands between the words of the answer, and whatever between those of the quotation."""
    marks = st.sampled_from([" ", ", ", " \u2014 ", "\n", "; ", " (", ") ", "\n> ", ": ", " **", "* ", " | ", "\u00a0"])
    text, quote = ("".join(word + data.draw(marks) for word in said) for _ in range(2))

    assert find(quote, part=Part(id="answer", text=text))


@pytest.mark.parametrize(
    "quote",
    [
        "In March the trucks stood still ... It cost us two weeks",
        "I did read every line of it ... I never signed the release",
        "I never signed the release ... I never signed the release",
    ],
)
def test_pieces_stand_in_the_order_of_the_answer(quote: str) -> None:
    """A splice may leave something out and nothing else."""
    assert find(quote, part=OWN) == []


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        (
            "Of course I have never in my life ever sold one of them to a child.",
            "Of course I have ... sold one of them to a child",
        ),
        (
            "We shipped it on the Friday, though nobody had approved any of the tests.",
            "We shipped it on the Friday ... any of the tests",
        ),
        (
            "We kept to the plan. It isn't true that the errors fell by half.",
            "We kept to the plan ... that the errors fell by half",
        ),
        (
            "Ich habe die Freigabe daf\u00fcr damals nie selbst unterschrieben und gepr\u00fcft.",
            "Ich habe die Freigabe daf\u00fcr ... selbst unterschrieben und gepr\u00fcft",
        ),
    ],
)
def test_a_splice_leaps_over_no_negation(text: str, quote: str) -> None:
    """What is left out may not turn the sentence around."""
    assert find(quote, part=Part(id="answer", text=text)) == []


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=120), st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_unicode_forms_fold_alike(text: str, form: Literal["NFC", "NFD", "NFKC", "NFKD"]) -> None:
    """Composed or not, a text is the same text."""
    same = unicodedata.normalize("NFC", text)
    other = unicodedata.normalize("NFD", same)

    assert fold(same).text == fold(other).text
    assert fold(unicodedata.normalize(form, "Jos\u00e9 \u1ec7 \ud55c")).text == "jos\u00e9 \u1ec7 \ud55c"


WORDS = st.lists(
    st.sampled_from("harbour rope storm we tied her up before noon crew not sang".split()), min_size=8, max_size=40
)


@given(WORDS, st.data())
def test_any_stretch_of_an_answer_is_found_in_any_form(said: list[str], data: st.DataObject) -> None:
    """Whatever stretch of four words and more, with an end that the grader added: it counts, and is what was said."""
    start = data.draw(st.integers(0, len(said) - 4))
    end = data.draw(st.integers(start + 4, len(said)))
    quote = " ".join(said[start:end]) + data.draw(st.sampled_from(["", ".", ",", " ...", "\u2026", ";", "!"]))
    part = Part(id="answer", text=" ".join(said) + ".")

    assert [q.text.rstrip(".") for q in Verifier(part).find(quote)] == [" ".join(said[start:end])]


@pytest.mark.parametrize(
    "text", ["a. " * 30_000, "no " * 30_000, "x" * 90_000, "... " * 20_000, "\u2026" * 50_000, "e\u0301" * 40_000]
)
def test_long_texts_are_searched_in_no_time(text: str) -> None:
    """100 KB of one thing: milliseconds, not minutes."""
    part = Part(id="answer", text=text)
    start = time.process_time()

    for quote in (
        "I held the launch for six weeks",
        text[:4000],
        "a. a. a. a. b ... a. a. a. a.",
        "no no no no no no no no no no yes",
    ):
        Verifier(part, ANCHORS, CONTEXT).find(quote)

    assert time.process_time() - start < 5
