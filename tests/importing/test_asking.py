"""Questions that somebody wants to ask are kept apart from those to answer, in whatever way they are told apart.

The documents were written before anybody looked at what import makes of them. First look: 25 of their 68 questions to
ask were kept apart.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

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


def _folded(texts: Iterable[str]) -> list[str]:
    return [fold_text(text).rstrip(".") for text in texts]
