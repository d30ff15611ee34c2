"""Numbers that people write without a list, labels that are asked, and lists whose points are all alike."""

from __future__ import annotations

import pytest

from evalharness.documents.formats import read_lines
from evalharness.documents.pieces import joined, parted
from evalharness.importing import read
from evalharness.importing.offline import label


def counts(text: str) -> list[tuple[int, str]]:
    return [(line.count, line.text) for line in read_lines(text.encode(), "prep.txt")]


def test_questions_numbered_within_a_line_stand_apart() -> None:
    """Where the numbers go on one by one and most of what they count asks."""
    found = counts("1) why do you want to leave? 2) biggest strength? 3) a time you failed? 4) salary?\n")

    assert found == [
        (1, "why do you want to leave?"),
        (2, "biggest strength?"),
        (3, "a time you failed?"),
        (4, "salary?"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "I did three things: 1) rang the depot 2) moved the truck 3) wrote it down.",
        "Why 2) and not 5)? Since 3) was gone.",
        "In 2019. we had 12. tables",
    ],
)
def test_numbers_within_what_is_told_part_nothing(text: str) -> None:
    """They count what was done, or do not go on one by one."""
    assert len(counts(text)) == 1


def test_bare_numbers_that_go_on_line_by_line_count() -> None:
    """A year is none, and two in a row may be chance."""
    assert counts("1 because of the shifts\n2 i finish things\n3 2022 i ordered the wrong bolts\n") == [
        (1, "because of the shifts"), (2, "i finish things"), (3, "2022 i ordered the wrong bolts"),
    ]  # fmt: skip
    assert counts("1 depot\n2 trucks\n") == [(0, "1 depot"), (0, "2 trucks")]


def test_answers_by_number_find_their_questions_also_in_lines_that_are_not_parted() -> None:
    """A line that begins with a count of its own does not go on with the one above."""
    found = read(
        "Q1 Why law?\nQ2 Worst day in court?\nQ3 How do you bill?\n\n"
        "A1 - my grandfather lost a house over a missing signature, I was eleven\n"
        "A2 - 2019, the witness did not come. I asked for ten minutes and called his sister\n"
        "A3 - by the hour, and I write down what for, the same evening\n",
        "q.txt",
    )

    assert [(q.text, [a.text.split()[0] for a in q.answers]) for q in found.questions] == [
        ("Why law?", ["my"]), ("Worst day in court?", ["2019,"]), ("How do you bill?", ["by"]),
    ]  # fmt: skip


def test_points_of_an_answer_are_no_answers_to_other_questions() -> None:
    """Numbers find a question by the number that it has, or by its place in one list of questions."""
    found = read(
        "## Gaps in your CV\n\n## What do you do now?\n\n## Why us?\n\nI like three things.\n\n"
        "1. The ward is small and I know its sister.\n2. The rota is written in spring.\n"
        "3. My aunt was nursed here in 2019.\n",
        "q.md",
    )

    assert [len(q.answers) for q in found.questions][:-1] == [0] * (len(found.questions) - 1)


def test_a_label_may_be_what_is_asked() -> None:
    """Cut from what stands behind it where it is no name that import knows; else the line is whole again."""
    lines = read_lines(b"weakness: overly critical of my own work\n\nCompany: Norvane\n", "hr.txt")
    found = parted(lines)

    assert [piece.text.strip() for piece in found.pieces] == [
        "weakness:", "overly critical of my own work", "Company: Norvane",
    ]  # fmt: skip
    told, tags = joined(lines, found, ["question", "answer", "other"])
    assert [(line.text, line.label, tag) for line, tag in zip(told, tags, strict=True)][:2] == [
        ("weakness:", "", "question"), ("overly critical of my own work", "", "answer"),
    ]  # fmt: skip
    assert joined(lines, found, ["other", "answer", "other"])[0][0] == lines[0]


def test_most_points_of_a_list_say_what_all_are() -> None:
    """One stray tag among the points of a list is none; a list that counts anew is another one."""
    lines = read_lines(b"# Bank\n\n- Why ships?\n- Worst storm?\n- A rule you broke\n- Knots\n- Why now?\n", "bank.md")
    tags = ["other", "question", "question", "other", "question", "question"]

    assert [one.role for one in label(lines, tags) if one.first > 1] == ["question"] * 5


def test_the_name_of_a_part_is_no_question() -> None:
    """The short line over it is: the title of a story."""
    lines = read_lines(
        b"# Conflict with a captain\n\n## S [situation]\n\nThe load was wet.\n\n## T + A\n\nI said so.\n", "s.md"
    )
    tags = ["other", "question", "answer", "question", "answer"]
    roles = {one.first: one.role for one in label(lines, tags)}

    assert roles[1] == "question"
    assert "question" not in {roles[2], roles[4]}
