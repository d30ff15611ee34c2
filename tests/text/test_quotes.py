"""Quotes are evidence only where they stand in the answer."""

from __future__ import annotations

import re
import time
import unicodedata
from collections.abc import Callable
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.model.nouns import How, Part
from evalharness.model.rubric_text import texts_of
from evalharness.text import echo
from evalharness.text.quotes import Verifier
from evalharness.text.words import fold, fold_text, sentences
from tests.simulated_graders import shipped

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


ANCHORS = (
    "One occasion of the speaker's own with the setting, another person or group in it, and what the speaker did.",
    "The view moves within the answer: what the speaker thought at first, and what the speaker thinks now.",
)
PASTED = Part(
    id="answer",
    text=(
        "It was a long day. One occasion, of the speaker's own with the setting, another person or group in it, and, "
        "what the speaker did. The view moves within the answer: what the sp\u0435aker th\u043eught at first, "
        "\u0430nd what the speaker thinks now. Harbour and rope, and we tied her up before the storm came in."
    ),
)


@pytest.mark.parametrize(
    "quote",
    [
        "another person or group in it, and, what the speaker did. The view moves within the answer",
        "One occasion, of the speaker's own with the setting",
        "what the sp\u0435aker th\u043eught at first, \u0430nd what the speaker thinks now",
        "The view moves within the answer ... what the speaker thinks now",
        "It was a long day. One occasion, of the speaker's own with the setting, another person or group in it",
    ],
)
def test_a_pasted_rubric_is_no_evidence(quote: str) -> None:
    """Across two pasted anchors, with a comma more, with look-alike letters: the words are not the speaker's."""
    assert Verifier(PASTED, ANCHORS).find(quote) == ()


def bent(words: list[str]) -> list[str]:
    return [word.removesuffix("e") + "ing" if len(word) > 4 else word for word in words]


GUISES: dict[str, Callable[[list[str]], list[str]]] = {
    "reversed": lambda words: words[::-1],
    "sorted": lambda words: sorted(words),
    "halves changed": lambda words: words[len(words) // 2 :] + words[: len(words) // 2],
    "every second word first": lambda words: words[::2] + words[1::2],
    "bent": bent,
    "bent and reversed": lambda words: bent(words)[::-1],
    "a word of one's own between": lambda words: [each for word in words for each in (word, "so")],
}


@pytest.mark.parametrize("guise", GUISES)
def test_a_rubric_in_another_order_or_other_forms_is_no_evidence(guise: str) -> None:
    """Every sentence of a shipped rubric, as it would be pasted by somebody who knows the rule of word runs."""
    for texts in {texts_of(case.rubric) for case in shipped()}:
        for sentence in (each.text for anchor in texts for each in sentences(anchor)):
            pasted = " ".join(GUISES[guise](re.findall(r"[\w']+", sentence))) + "."
            if echo.long_words(pasted) >= echo.WINDOW:
                part = Part(id="answer", text=f"It was a long day at the yard. {pasted} We tied her up before noon.")
                assert Verifier(part, texts).find(pasted) == (), pasted


def test_the_words_of_a_rubric_in_a_sentence_of_ones_own_count() -> None:
    """Who is asked for a view that moves may say what moved it."""
    own = Part(
        id="answer",
        text="At first I thought that the foreman should leave, and what moved me was the letter that his crew wrote.",
    )

    assert Verifier(own, ANCHORS).find(own.text)
    assert Verifier(own, ANCHORS).find("At first I thought that the foreman should leave")


JAPANESE = "話し手は自分がしたことと、その結果どうなったかを数字で述べている。"
CHINESE = "说话者说明自己做了什么，以及结果用数字如何变化。"


@pytest.mark.parametrize(
    ("rubric", "pasted", "own"),
    [
        (
            JAPANESE,
            JAPANESE.replace("と、", "と").replace("数字", "、数字"),
            "三月に夜間の出力を止めて、数字を全部見直しました。",
        ),
        (
            CHINESE,
            CHINESE.replace("，", "").replace("结果", "，结果"),
            "三月我停了夜间导出，用数字重新核对了全部结果。",
        ),
    ],
)
def test_a_pasted_rubric_is_known_where_a_script_sets_no_blanks(rubric: str, pasted: str, own: str) -> None:
    """A comma more or less hides no paste, and words that any answer needs are nobody's."""
    part = Part(id="answer", text=f"{own}{pasted}")

    assert Verifier(part, (rubric,)).find(pasted) == ()
    assert Verifier(part, (rubric,)).find(own)


def test_what_stands_beside_a_paste_counts() -> None:
    """Only what is taken over is refused."""
    assert Verifier(PASTED, ANCHORS).find("Harbour and rope, and we tied her up before the storm came in")


CONTEXT = (
    "publishes every month which faults its assistant showed in use",
    "Jorun Abell",
    "how offices take up new tools",
)


def test_a_pasted_context_is_no_evidence_and_a_used_fact_is() -> None:
    """What the question says of company and interviewer proves nothing, unless the speaker makes something of it."""
    pasted = Part(
        id="answer", text="The company publishes every month which faults its assistant showed in use. I like it."
    )
    used = Part(
        id="answer",
        text=(
            "Because Quillon publishes every month which faults its assistant showed in use, I would bring my "
            "drill from the ferry and try it on the three worst of them."
        ),
    )

    assert Verifier(pasted, (), CONTEXT).find("publishes every month which faults its assistant showed") == ()
    assert Verifier(used, (), CONTEXT).find("publishes every month which faults its assistant showed in use")


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
