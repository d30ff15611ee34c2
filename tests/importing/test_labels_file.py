"""The file in which a person corrects what each line is taken for, and the names of what is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.documents.formats import read_lines
from evalharness.drafting.slugs import slug
from evalharness.errors import InputError
from evalharness.importing import offline
from evalharness.importing.labels_file import read_labels, with_votes, written

PREP = """# Second round

## 1. What did you promise?

Fourteen days. It took us 23.

## 2. When did you stop?

A year ago, for nine days.
"""


@given(st.integers(min_value=0, max_value=5), st.booleans())
def test_a_file_follows_a_document_that_has_grown(more: int, above: bool) -> None:
    """Entries find their lines by their words, wherever lines were added; new lines get labels by votes."""
    before = read_lines(PREP.encode(), "prep.md")
    file = written(before, offline.label(before), "prep.md")
    new = "".join(f"## What did you learn in year {n}?\n\nI learned to wait {n} days.\n\n" for n in range(more))
    grown = PREP.replace("## 1.", new + "## 1.") if above else PREP + "\n" + new
    lines = read_lines(grown.encode(), "prep.md")

    labels = with_votes(read_labels(file, lines, "prep.md.labels.yaml"), offline.label(lines))

    asked = {lines[label.first - 1].text for label in labels if label.role == "question"}
    assert {"What did you promise?", "When did you stop?"} <= asked
    assert len(asked) == 2 + more


def test_one_corrected_line_is_a_whole_file() -> None:
    """What a file leaves out is decided by votes again."""
    lines = read_lines(PREP.encode(), "prep.md")
    (label, *_) = [one for one in offline.label(lines) if one.role == "answer"]

    labels = with_votes(
        read_labels(f"- {{line: {lines[label.first - 1].place}, role: note}}", lines, "f"), offline.label(lines)
    )

    assert [one.role for one in labels if one.first == label.first] == ["note"]
    assert sum(one.role == "question" for one in labels) == 2


def test_words_that_no_line_begins_with_are_told() -> None:
    """A file of another document is refused with the words that were not found."""
    lines = read_lines(PREP.encode(), "prep.md")

    with pytest.raises(InputError, match="no line of the document begins with 'Apples'"):
        read_labels("- {line: 2, role: question, words: Apples}", lines, "f")


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("Tell us about a promise that you could not keep", "promise-you-could-not-keep"),
        ("How do you build systems that remain robust as they scale?", "build-systems-remain-robust"),
        ("Tell me about a time when you disagreed with your manager.", "disagreed-with-manager"),
        ("Which decision would you take back?", "which-decision-would-you-take-back"),
        ("Why do you want to work at Fernhollow?", "why-fernhollow"),
        ("What is your greatest weakness?", "greatest-weakness"),
    ],
)
def test_a_folder_keeps_the_words_that_make_sense_of_it(question: str, name: str) -> None:
    """A name is a piece of the question that a person would choose, with its "not"."""
    assert slug(question, "other") == name
