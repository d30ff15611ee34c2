"""How people lay out plain text: dividers, letters, lists of values, wrapped lines, mails, questions for the end."""

from __future__ import annotations

import pytest

from evalharness.importing import read

ANSWER = "We stopped the ferry model for nine days in March, since 3 of 40 gates reported twice."


@pytest.mark.parametrize(
    "rule", ["\u2014" * 12, "\u2500" * 20, "_" * 10, "=" * 8, "\u2022 \u2022 \u2022 \u2022 \u2022"]
)
def test_divider_lines_and_spelled_numbers_are_no_content(rule: str) -> None:
    """A line of dashes above and below "Question Two" is neither a note nor part of an answer."""
    asked = ("Why do you want to work on gates?", "When did you stop a launch?")
    document = read(
        "Prep\n\n"
        + "\n\n".join(
            f"{rule}\nQuestion {n}\n{rule}\n{q}\n\nMy answer:\n{ANSWER}"
            for n, q in zip(("One", "Two"), asked, strict=True)
        )
    )

    assert [question.text for question in document.questions] == list(asked)
    assert [question.answers[0].paragraphs for question in document.questions] == [(ANSWER,)] * 2
    assert not any(question.notes for question in document.questions)


@pytest.mark.parametrize("made", ["{}. ", "{}) ", "({}) "])
@pytest.mark.parametrize("small", [False, True])
@pytest.mark.parametrize("deep", [2, 3, 4, 6])
def test_letters_count_the_sections_of_an_outline(made: str, small: bool, deep: int) -> None:
    """A. to K., also where I. would be a Roman one, with bullets below at any depth; the first one as the last one."""
    titles = [f"Stage {name}" for name in "red orange yellow green blue violet black white grey brown pink".split()]
    letters = "abcdefghijk" if small else "ABCDEFGHIJK"
    outline = "\n".join(
        f"{made.format(letter)}{title}\n{' ' * deep}* the {title.split()[1]} figure"
        for letter, title in zip(letters, titles, strict=True)
    )
    document = read(f"Prompt\nWalk us through a project.\n\nWhat a good walkthrough covers\n{outline}\n")

    assert [section.title for section in document.sections] == titles
    assert [section.items for section in document.sections] == [(f"the {title.split()[1]} figure",) for title in titles]
    assert [question.text for question in document.questions] == ["Walk us through a project."]


def test_roman_numbers_and_lone_letters_stay_what_they_are() -> None:
    """An answer with two cases "(a)" and "(b)" keeps them."""
    cases = "We had two kinds of gates in the harbour, and each of them lied.\n(a) the old ones\n(b) the new ones"
    document = read(f"Prep\n\nI. Why gates?\n\n{cases}\n\nII. Why ferries?\n\n{ANSWER}\n")

    assert [question.text for question in document.questions] == ["Why gates?", "Why ferries?"]
    assert " ".join(document.questions[0].answers[0].paragraphs).endswith("(a) the old ones (b) the new ones")


@pytest.mark.parametrize("head", ["What they say they stand for", "From their website", "Page 3 of the leaflet:"])
@pytest.mark.parametrize("claim", ["(values 1 and 3)", "(hits pillars 1, 3)", "Principles: 1, 3"])
def test_the_numbered_list_that_answers_count_on_names_the_missions(head: str, claim: str) -> None:
    """Whatever stands above it; and a list that is too short for the claims does not."""
    values = ["1. Plain speech", "2. Slow doors", "3. Open books"]
    text = "Prep\n\n{head}\n{values}\n\nQ: Why do you want to join us?\nA: {answer}\n{claim}\n"

    found = read(text.format(head=head, values="\n".join(values), answer=ANSWER, claim=claim))
    short = read(text.format(head=head, values="\n".join(values[:2]), answer=ANSWER, claim=claim))

    assert [(tag.id, tag.title) for tag in found.tags] == [
        ("1", "Plain speech"),
        ("2", "Slow doors"),
        ("3", "Open books"),
    ]
    assert found.questions[0].tags == ("1", "3")
    assert not short.tags


@pytest.mark.parametrize("width", [70, 100, 118, 140, 200])
def test_wrapped_lines_are_one_paragraph(width: int) -> None:
    """At whatever length an editor wrapped them."""
    import textwrap

    words = " ".join(
        f"In year {n} we changed one gate of the harbour and counted who came through it" for n in range(9)
    )
    document = read(
        f"Q: Why gates?\nA:\n{textwrap.fill(words, width)}\n\nQ: Why now?\nA:\n{textwrap.fill(words, width)}\n"
    )

    assert [question.answers[0].paragraphs for question in document.questions] == [(words,)] * 2


def test_long_paragraphs_one_a_line_stay_apart() -> None:
    """Lines that end their sentence were not wrapped."""
    long = [f"In year {n} {'we moved one gate and ' * 6}wrote down what came of it." for n in range(3)]
    document = read("Q: Why gates?\nA:\n" + "\n".join(long) + "\n\nQ: Why now?\nA: " + ANSWER)

    assert document.questions[0].answers[0].paragraphs == tuple(long)


@pytest.mark.parametrize("head", ["", "Anything to ask back?\n", "Questions to ask:\n", "Things to ask them\n"])
def test_what_is_asked_back_at_the_end_belongs_to_no_single_question(head: str) -> None:
    """Each with the person it is for."""
    text = f"Q: Why gates?\nA: {ANSWER}\n\nQ: Why now?\nA: {ANSWER}\n\n{head}- For Ms. Orme: what did you close last?\n"
    document = read(f"{text}- For the panel: who may say stop?\n")

    assert [(asked.to, asked.text) for asked in document.to_ask] == [
        ("Ms. Orme", "what did you close last?"),
        ("the panel", "who may say stop?"),
    ]
    assert not any(question.follow_ups or question.notes for question in document.questions)


def test_one_question_asked_back_under_each_answer_stays_there() -> None:
    """Only what is collected under the last one is for the end."""
    pair = f"A: {ANSWER}\n\nFor Ms. Orme: what did you close last?\nFor Mr. Ude: and what next?\n\n"
    document = read(f"Q: Why gates?\n{pair}Q: Why now?\n{pair}")

    assert [len(question.follow_ups) for question in document.questions] == [2, 2]
    assert not document.to_ask


def test_a_mail_answered_between_its_lines() -> None:
    """The next quoted line is the other person's, whatever it says; the head of the mail is no content."""
    head = "From: Ada\nDate: Mon, 1 Sep 2025\nSubject: Re: Fwd: gates"
    mail = f"{head}\n\n> Why gates?\n\n{ANSWER}\n\n> Why now?\n\n{ANSWER}\n\n"
    document = read(f"{mail}> That is a bit long. Two minutes per answer, please.\n\nI will cut it.\n")

    assert document.title == "gates"
    assert [question.answers[0].paragraphs for question in document.questions] == [(ANSWER,)] * 2
    assert document.time_limit == 120.0
    assert {one.why for one in document.ignored} == {"head of a mail"}


def test_an_interviewer_with_a_description_asks_nothing() -> None:
    """A name and what the person does are no question, though they end like a sentence."""
    document = read(f"Interviewer: Ada Orme, who looks after the gates of a harbour.\n\nQ: Why gates?\nA: {ANSWER}\n")

    assert document.interviewer == "Ada Orme"
    assert [question.text for question in document.questions] == ["Why gates?"]


def test_lines_that_only_look_like_the_head_of_a_mail_stay() -> None:
    """One or two of them are part of an answer."""
    document = read(f"Q: Why gates?\nA: {ANSWER}\n\nFrom: 19 hours\n\nTo: six minutes\n\nQ: Why now?\nA: {ANSWER}\n")

    assert document.questions[0].answers[0].paragraphs == (ANSWER, "From: 19 hours", "To: six minutes")


def test_a_sentence_that_broke_off_for_want_of_room_goes_on_in_the_next_line() -> None:
    """Also before a name, in notes of too few lines to show how wide they were wrapped."""
    wide = "In 2022 I moved the night plan to a new clock and forgot two gates. 61 lorries waited until six. I drove to"
    document = read(f"# Notes\nWith Ada Orme\n\nQ: When did you fail?\n{wide}\nMoss myself, and I wrote the list.\n")

    assert document.questions[0].answers[0].paragraphs == (f"{wide} Moss myself, and I wrote the list.",)
