"""Quotes are evidence only where they stand in the answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.model.nouns import How, Part
from evalharness.text.quotes import Verifier
from evalharness.text.words import fold, fold_text

TEXT = (
    "I held the launch for six weeks. Yes, really.\n\n"
    "The unit \u2014 milligrams, not millimoles \u2014 was wrong in **one of 41 feeds**, and it would have touched\n"
    "about 1,900 results a week. Product wasn\u2019t pleased. We didn't ship the other forty feeds either."
)
PART = Part(id="answer", text=TEXT, line=5)


def find(quote: str, echoes: str = "", part: Part = PART) -> list[str]:
    return [q.text for q in Verifier(part, fold(echoes).text).find(quote)]


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
    """A tenth of the words may differ; what is stored is what the person said."""
    quote = "and it would have affected about 1,900 results a week. Product wasn't pleased"
    (found,) = Verifier(PART, "").find(quote)

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

    for quote in Verifier(part, "").find(text[start:end]):
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
