"""Answers that stand apart from their questions, questions that stand in a frame, and people who speak by turns."""

from __future__ import annotations

import pytest

from evalharness.documents.formats import read_lines
from evalharness.errors import InputError
from evalharness.importing import read
from evalharness.importing.answers import framed
from evalharness.importing.labels_file import read_labels
from evalharness.importing.offline.links import linked
from evalharness.importing.writing import _free

LISTED = """They sent these:

1. Why do you want to leave the hospital?
2. Tell us about a mistake you made with a dose.
3. How do you handle an angry family?

My answers so far

{}
"""


@pytest.mark.parametrize(
    ("said", "to"),
    [
        ("TWO. I gave ten instead of one, and told the ward sister at once.", 4),
        ("no 3: I sit down first, and I let them finish.", 5),
        ("the angry family - I sit down first, and I let them finish.", 5),
        ("mistake: I gave ten instead of one, and told the ward sister at once.", 4),
        ("I like the quiet of the night.", 0),
    ],
)
def test_an_answer_finds_its_question_by_its_number_or_its_words(said: str, to: int) -> None:
    """What fits no question alone goes on below the last one, as it stands."""
    lines = read_lines(LISTED.format(said).encode(), "a.txt")
    asked = {line.number: line.text for line in lines if line.count}
    tags = ["question" if line.number in asked else "other" for line in lines]
    tags[-1] = "answer"
    found = linked(lines, tags, asked)

    assert lines[found.get(len(lines), 1) - 1].text == (lines[1 + to - 3].text if to else lines[0].text)


def test_answers_by_number_are_written_without_it() -> None:
    """The number only said which question was meant."""
    document = read(
        "They may ask:\n1. Why do you want to leave the museum?\n2. Tell us about a loan that went wrong.\n\n"
        "My answers:\n1. Because I have hung the same four rooms for nine years.\n"
        "2. A crate came open in Utrecht. I stopped the van and photographed everything.\n"
    )

    assert [question.answers[0].text[:9] for question in document.questions] == ["Because I", "A crate c"]


def test_what_follows_its_question_is_never_put_elsewhere() -> None:
    """Where each question has its answer below it, numbers and words in an answer link nothing."""
    lines = read_lines(b"1. Why us?\n\nTwo things.\n\n2. What went wrong?\n\nOne dose. Why, I asked.\n", "a.txt")
    tags = ["question" if line.count else "answer" for line in lines]

    assert linked(lines, tags, {line.number: line.text for line in lines if line.count}) == {}


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ('also they\'ll do "Why Kestrel?"', "Why Kestrel?"),
        ("One they asked me: \u201cHow do you measure good design?\u201d", "How do you measure good design?"),
        ('Why do you say "never" so often?', 'Why do you say "never" so often?'),
        ('What does "done" mean to you?', 'What does "done" mean to you?'),
    ],
)
def test_a_question_in_a_frame_stands_without_it(text: str, asked: str) -> None:
    """Quotation marks within a question are its own."""
    assert framed(text) == asked


def test_a_line_that_asks_and_answers_is_both() -> None:
    """By a dash or an arrow behind what is asked, or behind its question mark."""
    document = read(
        "tell me about yourself - I ran the cold store for six years and I know every seal in it.\n\n"
        "why leave the depot? - my team was merged into finance, and nobody plans any more.\n\n"
        "how do you plan a day with a late truck? - I ring the shop first, and then I move the other drops.\n",
        "notes.txt",
    )

    assert [question.text for question in document.questions] == [
        "tell me about yourself",
        "why leave the depot?",
        "how do you plan a day with a late truck?",
    ]
    assert [question.answers[0].text.split()[0] for question in document.questions] == ["I", "my", "I"]


def test_several_questions_behind_one_label_are_for_the_end() -> None:
    """One could go on with the answer above it; two do not."""
    document = read(
        "Why boats?\n\nI grew up on one, and I know its sounds.\n\n"
        "What was your worst day?\n\nThe pier, in fog. I rang ahead.\n\n"
        "ask them: who signs off the routes? is there a budget for training\n",
        "notes.txt",
    )

    assert [asked.text for asked in document.to_ask] == ["who signs off the routes?", "is there a budget for training"]
    assert not any(question.follow_ups for question in document.questions)


def test_a_thousand_questions_of_one_name_have_folders_of_their_own() -> None:
    """Numbers behind a name never end."""
    taken: set[str] = set()
    for _ in range(1_200):
        taken.add(_free("learned", taken))

    assert len(taken) == 1_200


def test_a_misspelt_role_is_told_as_that() -> None:
    """The entry has both keys; what is wrong is the word."""
    with pytest.raises(InputError, match="'aks' is no role"):
        read_labels("- {line: 1, role: aks}\n", read_lines(b"Why us?\n", "a.txt"), "a.labels.yaml")
    with pytest.raises(InputError, match="it needs a 'line' and a 'role'"):
        read_labels("- {line: 1}\n", read_lines(b"Why us?\n", "a.txt"), "a.labels.yaml")
