"""What others say of an answer, and what only stands near it, is no part of it."""

from __future__ import annotations

import pytest

from evalharness.importing import read

ASKED = (
    "Why do you want to keep bees for us?",
    "Tell me about a swarm that you lost.",
    "How do you treat a hive for mites?",
)
TOLD = (
    "I kept nine hives on a school roof and taught the older pupils to read a frame.",
    "In 2021 I was a day late with the second box. They sat in the church tower by noon, and I rang the verger.",
    "I count mites on a board for three days before I treat anything, and I write the number on the lid.",
)
SAID = (
    "Good start. Give me the number of pupils!",
    "What did you change after it? One sentence is enough.",
    "Drop the lid. You lose them there.",
)


def answers(text: str, name: str = "prep.txt") -> dict[str, str]:
    """Return what answers each question."""
    return {q.text: "\n".join(a.text for a in q.answers) for q in read(text, name).questions}


@pytest.mark.parametrize("mark", ["**TW", "TW:", "[TW]", "//", "Tamsin:"])
def test_a_coach_who_writes_between_the_answers_is_no_part_of_them(mark: str) -> None:
    """The mark comes again once below each question, and what follows it speaks to whoever wrote the answer."""
    text = "".join(
        f"Question: {q}\n\n{a}\n\n{mark} {remark}\n\n" for q, a, remark in zip(ASKED, TOLD, SAID, strict=True)
    )

    assert answers(text) == dict(zip(ASKED, TOLD, strict=True))
    assert [len(q.notes) for q in read(text, "prep.txt").questions] == [1, 1, 1]


def test_a_remark_below_a_question_without_an_answer_answers_nothing() -> None:
    """Also the line that stands first there."""
    text = "".join(f"Question: {q}\n\n{a}\n\n**TW {s}\n\n" for q, a, s in zip(ASKED, TOLD, SAID, strict=True))

    assert (
        answers(f"{text}Question: What do you charge?\n\n**TW You left this empty. Fill it in!\n")[
            "What do you charge?"
        ]
        == ""
    )


def test_a_mark_before_what_the_writer_tells_is_none_of_a_coach() -> None:
    """Initials in front of one's own words set off nothing."""
    own = ("I took part in it.", "I gave a talk on it.", "I still do that.")
    text = "".join(f"Question: {q}\n\n{a}\n\nUK {o}\n\n" for q, a, o in zip(ASKED, TOLD, own, strict=True))

    assert all(o in answer for answer, o in zip(answers(text).values(), own, strict=True))


QUOTES = ('"{}"', "\u201c{}\u201d", "\u201e{}\u201c")


@pytest.mark.parametrize("quote", QUOTES)
def test_where_answers_are_quoted_what_stands_unquoted_below_is_none(quote: str) -> None:
    """A chat tool says why an answer is good, gives tips and goes on; only the quotation is to be spoken."""
    below = (
        "*Why this is strong:* it names a place.",
        "A note: short is fine here.",
        "Three tips for the day:\n\n- Arrive early.\n- Wear boots.\n\nShall we go on?",
    )
    text = "\n\n".join(f"**{q}**\n\n{quote.format(a)}\n\n{more}" for q, a, more in zip(ASKED, TOLD, below, strict=True))

    found = answers(text, "prep.md")

    assert {q: a.strip('"\u201c\u201d\u201e') for q, a in found.items()} == dict(zip(ASKED, TOLD, strict=True))


def test_an_answer_that_begins_with_what_somebody_said_goes_on() -> None:
    """A quotation inside of a story is not all of it."""
    text = "\n\n".join(
        f'**{q}**\n\n"Bees again", said my aunt. {a}\n\nAnd I smiled.' for q, a in zip(ASKED, TOLD, strict=True)
    )

    assert all(answer.endswith("And I smiled.") for answer in answers(text, "prep.md").values())


def test_notes_of_a_mock_interview_name_each_side_with_a_mark_of_its_own() -> None:
    """A colon for one and a dash for the other, in the middle of other notes; a blank line sets off what is asked."""
    text = (
        "Mock with Odile, me as the candidate\nPost: Beekeeper, Vell Gardens\nTold Odile to be strict\nShe was.\n\n"
        + "\n".join(
            f"OD: {q}\n me - {a}\nOD: And what did that cost?\n me - Forty a year.\n"
            for q, a in zip(ASKED, TOLD, strict=True)
        )
        + "\nWhat Odile said about me\n + calm voice\n - look up\n - slower\n - sit straight\n - shorter\n - louder\n\n"
        "Things to ask on the day\n * How many hives are there today?\n * Who holds the key of the shed?\n"
    )

    document = read(text, "mock.txt")

    assert [q.text for q in document.questions] == list(ASKED)
    assert [len(q.probes) for q in document.questions] == [1, 1, 1]
    assert [asked.text for asked in document.to_ask] == [
        "How many hives are there today?",
        "Who holds the key of the shed?",
    ]


def test_a_question_set_off_by_a_blank_line_counts_however_short_its_answer() -> None:
    """Small talk is what somebody asks in passing, and not where all questions are set off."""
    short = ("The school closes.", *TOLD[1:])
    text = "\n".join(f"OD: {q}\nme: {a}\nOD: And then?\nme: Nothing.\n" for q, a in zip(ASKED, short, strict=True))

    assert [q.text for q in read(f"Mock\n\n{text}", "mock.txt").questions] == list(ASKED)


def test_a_label_left_empty_stands_over_nothing() -> None:
    """The next question is asked by its label, although it is a bare topic."""
    text = "".join(f"q {q.lower().rstrip('?.')}\na {a.lower()}\n\n" for q, a in zip(ASKED, TOLD, strict=True))

    found = answers(
        f"{text}q when could you start\na\n\nq wax rules\na wrap it in paper, label it, never in the shed\n"
    )

    assert found["when could you start"] == ""
    assert found["wax rules"].startswith("wrap it")


def test_a_dash_in_place_of_an_answer_ends_no_mail() -> None:
    """What is asked further down is read, although two dashes may end a mail."""
    text = "\n\n\n".join(f"{q}\n{a}" for q, a in zip(ASKED, TOLD, strict=True))

    found = answers(
        f"{text}\n\n\nWhat would your aunt say?\n\u2014\n\n\nWhy should we choose you?\nI live next door to it.\n"
    )

    assert found["What would your aunt say?"] == ""
    assert found["Why should we choose you?"] == "I live next door to it."


def test_a_line_in_other_letters_than_the_questions_is_none() -> None:
    """Capitals divide a sheet, and a small letter goes on with what was said."""
    text = "".join(f"{q}\n- {a}\n\n" for q, a in zip(ASKED, TOLD, strict=True))

    found = answers(
        f"{text}on the lid\n\nWho taught you?\n- My aunt did.\n\nBEFORE THE DOOR\n- Do not be late.\n- Take a veil.\n"
    )

    assert list(found) == [*ASKED, "Who taught you?"]
    assert found["Who taught you?"] == "My aunt did."


def test_a_heading_beside_the_last_question_names_no_answer_to_it() -> None:
    """A callout of one's own below it belongs to that heading."""
    text = "\n\n".join(f"## {q}\n\n{a}" for q, a in zip(ASKED, TOLD, strict=True))

    found = answers(
        f"{text}\n\n## The way home\n\nTake the late bus.\n\n> [!tip] Me\n> - [ ] pack the veil\n", "prep.md"
    )

    assert found[ASKED[2]] == TOLD[2]


def test_a_warning_above_an_answer_hides_it_from_nobody() -> None:
    """A callout below the question is a note on it, and the answer follows."""
    text = "\n\n".join(
        f"## {q}\n\n> [!warning] They lost a hive in May.\n\n{a}" for q, a in zip(ASKED, TOLD, strict=True)
    )

    assert answers(text, "prep.md") == dict(zip(ASKED, TOLD, strict=True))
