"""What a paste brings with it: pages, parted words, initials; and how much work long lists are."""

from __future__ import annotations

import sys

import pytest

from evalharness.importing import read


@pytest.mark.parametrize(
    "run",
    [
        "- a\n- b\n\n1. c\n\n",
        "Outline:\n\n- a b\n- c d\n",
        "1. a b\n\n- c\n\n",
        "- a\n",
        "Q: a?\n",
        "a?\n\n",
        "Q: why did you leave?\n",
    ],
)
def test_the_work_on_many_short_lists_grows_with_their_number(run: str) -> None:
    """Twice the lists are about twice the calls, not four times."""
    read(run)  # what is loaded or compiled once is no work on lists

    assert calls(run * 200) <= 2.5 * calls(run * 100)


def calls(text: str) -> int:
    """Return how many functions are called to read a document."""
    count = 0

    def seen(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(seen)
    try:
        read(text)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    "told",
    [
        "A. Berger told me that care is staying late, and I believed it for nine years.",
        "J. K. Rowe asked me why the pump stopped, and I had no answer for a week.",
        "H. Olsen rang me at night about the gate, and nobody else had looked at it.",
    ],
)
def test_an_initial_is_no_letter_that_counts(told: str) -> None:
    """A name keeps its initial, where no neighbour counts on from it."""
    document = read(
        f"# Prep\n\n## 1. What is care?\n\n{told}\n\n## 2. Who asked?\n\nNobody asked me about it for years.\n"
    )

    assert document.questions[0].answers[0].paragraphs == (told,)


def test_an_initial_behind_an_answer_is_no_second_answer() -> None:
    """One A. for each Q.; the next one is somebody's name."""
    told = "A. Berger told me so at night, and I rang the other wards about it."
    document = read(
        f"Q. Why gates?\n\nA. We had four of them, and each one lied to us.\n\n{told}\n\nQ. Why us?\n\nA. You ask.\n"
    )

    assert [q.text for q in document.questions] == ["Why gates?", "Why us?"]
    assert document.questions[0].answers[0].paragraphs == ("We had four of them, and each one lied to us.", told)


def test_letters_with_neighbours_still_count() -> None:
    """A. and B. of which each could open with a name."""
    document = read('A. Describe your gate.\n\n"It lied to us."\n\nB. Explain how you noticed.\n\n"It rang."\n')

    assert [question.text for question in document.questions] == ["Describe your gate.", "Explain how you noticed."]


@pytest.mark.parametrize("feed", ["", "\f"])
def test_a_sentence_over_two_pages_is_whole(feed: str) -> None:
    """Page numbers and heads are left out and told; a parted word is whole, a compound keeps its hyphen."""
    head = "A Book of Interviews"
    text = (
        f"{head}\n\nQuestion: Why gates?\n\nAnswer: Two of them lied at night, and the two-\nminute timer was\n\n\n"
        "Page 1 of 3\n"
        f"{feed}{head}\n\nslow. We rang, and a sin-\ngle clerk came.\n\nPage 2 of 3\n{feed}{head}\n\n"
        "Question: Why us?\n\nAnswer: You ask.\n"
    )
    document = read(text)

    answer = "Two of them lied at night, and the two-minute timer was slow. We rang, and a single clerk came."
    assert [question.text for question in document.questions] == ["Why gates?", "Why us?"]
    assert [question.line for question in document.questions] == [3, 18]
    assert document.questions[0].answers[0].paragraphs == (answer,)
    assert {one.text for one in document.ignored if one.why == "page header"} >= {"Page 1 of 3", head}


def test_tips_behind_the_last_answer_hold_for_all_answers() -> None:
    """Behind each answer they are notes on that one."""
    asked = (
        "## 1. Why gates?\n\nAnswer: They lied.\n{}\n## 2. Why us?\n\nAnswer: You ask.\n\nTips\n\n- Begin at the end.\n"
    )
    tips = "\nTips\n\n- Name the gate.\n"

    assert read(asked.format("")).advice == ("Begin at the end.",)
    assert read(asked.format(tips)).advice == ()


def test_missions_in_a_list_below_a_label_are_claimed() -> None:
    """Whatever the label is called: its items are missions of the table."""
    table = "| Value | Story | Takeaway |\n|---|---|---|\n| Candour | gates | say it |\n| Care | pumps | stay |\n"
    document = read(f"## 1. Why gates?\n\nAnswer: They lied.\n\nAlignment:\n- Care\n- Candour\n\n## Table\n\n{table}")

    assert document.questions[0].tags == ("2", "1")
    assert document.questions[0].answers[0].paragraphs == ("They lied.",)
