"""What a document says of answers is no answer: what a good one needs, and how long the meeting is."""

from __future__ import annotations

from itertools import product

import pytest

from evalharness.documents.names import addressee
from evalharness.importing import read

TOLD = "Marek wanted to rewrite the billing system. I asked him for the two worst bugs. We fixed these and he stayed."
ASKS = "Questions for them:\n* How do you decide what not to ship?\n* Is there on-call?\n"


@pytest.mark.parametrize(
    ("marks", "label"),
    list(
        product(
            [("Q1: ", "Q2: "), ("Q1: ", ""), ("", "")],
            [
                "What makes a good answer:",
                "What makes a good answer",
                "What a strong response needs:",
                "A strong answer has:",
            ],
        )
    ),
)
def test_what_a_good_answer_needs_is_advice(marks: tuple[str, str], label: str) -> None:
    """The text below the question stays its answer, whether or not questions and labels are marked."""
    found = read(
        f"{marks[0]}Why do you want to work here?\nI ran a depot for six years and your studies use our data.\n\n"
        f"{marks[1]}Tell me about a conflict with a colleague\n{TOLD}\n\n"
        f"{label}\n- concrete: numbers, names\n- no buzzwords\n\n{ASKS}"
    )

    assert [q.text for q in found.questions] == [
        "Why do you want to work here?", "Tell me about a conflict with a colleague",
    ]  # fmt: skip
    assert found.questions[1].answers[0].paragraphs == (TOLD,)
    assert found.advice == ("concrete: numbers, names", "no buzzwords")
    assert [asked.text for asked in found.to_ask] == ["How do you decide what not to ship?", "Is there on-call?"]


@pytest.mark.parametrize(
    ("line", "limit"),
    [
        ("Logistics: 45 min on Zoom", None),
        ("Logistics: 10 min on Zoom", None),
        ("You'll meet Tomas for 45 minutes.", None),
        ("Friday 10:00, Zoom, 45 min", None),
        ("Time: 40 minutes", None),
        ("Time: 2 minutes", 120.0),
        ("Answers: 90 seconds each", 90.0),
        ("Keep each answer under 3 minutes.", 180.0),
    ],
)
def test_the_length_of_the_meeting_is_no_limit_for_an_answer(line: str, limit: float | None) -> None:
    """Only what is said of answers limits them."""
    found = read(f"# Fernhollow\n\n{line}\n\n## Why us?\n\nI ran a depot for six years.\n\n## Why now?\n\nI moved.\n")

    assert found.time_limit == limit


def test_what_an_author_means_to_change_is_no_answer() -> None:
    """Points below an answer that only press are notes; a list that the answer announces, or that tells, is its own."""
    found = read(
        "# Prep\n\nWhy us?\nI ran a depot for six years. I liked it.\n- make shorter!!\n- mention Leo\n\n"
        "What went wrong?\nI lost a key. I tell new people:\n- ask first\n- never ship alone\n\n"
        "When did you say no?\n- I said no in May\n- told Leo why\n"
    )

    first, second, third = found.questions
    assert first.answers[0].paragraphs == ("I ran a depot for six years. I liked it.",)
    assert first.notes == ("make shorter!!", "mention Leo")
    assert second.answers[0].text.endswith("I tell new people:\n\n- ask first\n- never ship alone")
    assert "told Leo why" in third.answers[0].text


def test_one_question_told_twice_has_two_answers() -> None:
    """Rows with the same question are attempts at it, and no second question."""
    found = read(
        "question,answer\nWhy us?,I ran a depot.\nWhy us?,I read your studies.\nWhy now?,I moved.\n", name="t.csv"
    )

    assert [q.text for q in found.questions] == ["Why us?", "Why now?"]
    assert [a.text for a in found.questions[0].answers] == ["I ran a depot.", "I read your studies."]


@pytest.mark.parametrize(
    "line",
    ["ask him how big is the team really", "ask dana about visa??", "what do they do when a launch is unsafe (ask!)"],
)
def test_a_reminder_to_ask_somebody_is_no_question_of_theirs(line: str) -> None:
    """Whoever is to be asked stands behind the asking, with or without a question mark and a heading."""
    found = read(f"Why us?\nI ran a depot for six years.\n\nWhat went wrong?\nI lost a key.\n\n{line}\n")

    assert [q.text for q in found.questions] == ["Why us?", "What went wrong?"]
    assert [asked.text for asked in found.to_ask] == [line]


@pytest.mark.parametrize("signed", ["Best,\nDana", "Viele Gr\u00fc\u00dfe,\nDana Wolf", "Thanks,\nLeo."])
def test_a_greeting_and_a_name_at_the_end_are_no_answer(signed: str) -> None:
    """What closes a mail is left out and listed."""
    found = read(f"Why us?\nI ran a depot for six years.\n\nWhat went wrong?\nI lost a key.\n\n{signed}\n")

    assert found.questions[1].answers[0].paragraphs == ("I lost a key.",)
    assert [left.text for left in found.ignored] == signed.split("\n")


@pytest.mark.parametrize(
    ("label", "whom"),
    [
        ("For the end - my questions", ""),
        ("Questions for the last minutes", ""),
        ("To ask at the interview", ""),
        ("Questions for the recruiter", "the recruiter"),
        ("Ask the hiring manager", "the hiring manager"),
        ("For the panel", "the panel"),
        ("Questions for Dana", "Dana"),
    ],
)
def test_whom_a_label_names_is_somebody(label: str, whom: str) -> None:
    """When and where a question is asked is nobody it is asked of."""
    assert addressee(label) == whom
