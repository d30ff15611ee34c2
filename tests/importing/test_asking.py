"""Questions that somebody wants to ask are kept apart from those to answer, in whatever way they are told apart.

The documents were written in rounds before anybody looked at what import makes of them: 29, then 24, then 18 of the
awkward kind, then 28, 26 and 11 more. At first look 25 of 68, 51 of 60, 14 of 27, 34 of 55, 28 of 37 and 11 of 20
questions to ask were kept apart, in the last three rounds with 16, 10 and 7 false ones. Import was then changed for
the kinds of mistakes seen there; the documents that are still misread are not here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from evalharness.documents.clean import sign_of
from evalharness.documents.direction import reports, seeks
from evalharness.importing import read
from evalharness.text.words import fold_text

DOCUMENTS = sorted((Path(__file__).parent.parent / "data" / "asking").glob("*.expected.json"))


@pytest.mark.parametrize("expected", DOCUMENTS, ids=lambda file: file.name.removesuffix(".expected.json"))
def test_what_is_asked_and_what_is_to_ask_are_told_apart(expected: Path) -> None:
    """Nothing of the one becomes the other, and nothing is lost."""
    truth = json.loads(expected.read_text(encoding="utf-8"))
    stem = expected.name.removesuffix(".expected.json")
    document = next(file for file in expected.parent.glob(f"{stem}.*") if file != expected)
    found = read(document.read_text(encoding="utf-8"), name=document.name)

    assert _folded(passage.text for passage in found.to_ask) == _folded(truth["to_ask"])
    assert _folded(question.text for question in found.questions) == _folded(truth["questions"])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("how the night berths are given out", True),
        ("whether the old kiln is used", True),
        ("ob es einen zweiten Ofen gibt", True),
        ("wie die Schichten verteilt werden", True),
        ("how the night berths are given out?", False),
        ("How do you plan a week", False),
        ("Why pottery", False),
    ],
)
def test_what_is_told_of_a_question_is_no_question_of_theirs(text: str, told: bool) -> None:
    """Who is to be asked something notes it as a clause; who asks does not."""
    assert bool(reports(text)) is told


def test_a_question_about_things_of_a_kind_is_put_to_the_candidate() -> None:
    """What a word means is asked by those who examine; who does something there by those who come."""
    assert seeks("What is a bowline?") < seeks("Who locks the shed?")
    assert seeks("What does deglazing mean?") < seeks("What does the night shift do?")


@pytest.mark.parametrize(
    ("line", "sign"),
    [("- \U0001f64b Who locks up?", "\U0001f64b"), ("\u27a1\ufe0f ask: who", "\u27a1"), ("1. plain", ""), ("", "")],
)
def test_the_sign_of_a_line_is_the_picture_in_front_of_its_words(line: str, sign: str) -> None:
    """Bullets, numbers and emphasis are none."""
    assert sign_of(line) == sign


def _folded(texts: Iterable[str]) -> list[str]:
    return [fold_text(text).rstrip(".") for text in texts]
