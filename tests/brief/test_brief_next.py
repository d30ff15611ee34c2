"""What a brief says to work on, what may be asked, how long is left, and whose it is."""

from __future__ import annotations

import datetime

import pytest

from evalharness.brief import views as report
from evalharness.brief.brief import Brief, brief, whose
from evalharness.errors import InputError, UnknownName

from .test_brief import TODAY, export, graded, history, paged, result


def test_the_weakest_point_is_the_step_that_lifts_the_answer_most() -> None:
    """One level to a good one at weight 2 lifts more than one at weight 1; what is complete is no weak point."""
    weak = paged(result("export", "2026-10-02", example=graded(3), price=graded(3))).weakest
    done = paged(result("export", "2026-10-02", example=graded(5), price=graded(5))).weakest

    assert weak is not None
    assert (weak.criterion.id, weak.asks) == ("example", "a good answer: All of it stands there.")
    assert done is None


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("I saw 62 depots.\n", '"62 depots": is that a lot, and how did you count it?'),
        ("We did our best, and our plan worked for us.\n", "What did you do yourself, and what did others do?"),
        ("I left, maybe because of the noise in there.\n", 'You said "maybe because of the noise in there". How sure'),
        ("I left early, perhaps.\n", 'You said "I left early, perhaps". How sure are you?'),
        ("I held it for six weeks.\n", "What would you do differently today?"),
    ],
)
def test_follow_ups_by_rule_fill_what_the_grader_leaves_open(text: str, asked: str) -> None:
    """A bare number, a "we", a hedge: what an interviewer hears too."""
    page = paged(result("export", "2026-10-02", text, example=graded(3), price=graded(3)))

    assert page.follow_ups[0].startswith(asked)


def test_at_most_two_follow_ups_and_the_graders_own_first() -> None:
    """The same question of two criteria is asked once."""
    page = paged(
        result(
            "export",
            "2026-10-02",
            example=graded(3, next_question="Who noticed first?"),
            price=graded(3, next_question="Who noticed first?"),
        )
    )

    assert page.follow_ups == ("Who noticed first?", '"62 depots": is that a lot, and how did you count it?')


def test_an_answer_over_its_time_says_by_how_much() -> None:
    """At the middle pace, from the words that are spoken."""
    page = paged(result("export", "2026-10-02", "I said so. " * 100, example=graded(3), price=graded(3)))

    assert (page.time.words, round(page.seconds), round(page.too_long)) == (300, 124, 64)
    found = Brief(history=history(), pages=(page,))
    assert "2:04 of 1:00, 1:04 too long" in report.text(found, width=80, again="x")


@pytest.mark.parametrize(
    ("interview", "said"),
    [
        (datetime.date(2026, 11, 20), "Brief for 2026-11-20, today: 1 question"),
        (datetime.date(2026, 11, 21), "Brief for 2026-11-21, tomorrow: 1 question"),
        (datetime.date(2026, 11, 22), "Brief for 2026-11-22, in 2 days: 1 question"),
        (datetime.date(2026, 11, 19), "Brief for 2026-11-19, 1 day ago: 1 question"),
        (None, "Brief: 1 question"),
    ],
)
def test_the_days_until_the_interview_are_counted(interview: datetime.date | None, said: str) -> None:
    """A day that is over is said too: it may be a slip of the pen."""
    found = brief(history(export()), on=TODAY, interview=interview)

    assert report.text(found, width=80, again="x").startswith(said)


def test_questions_come_in_the_order_they_are_asked_for() -> None:
    """By id, by the name of a folder, or by a path."""
    known = history(export(), result("alarms", "2026-11-01"), result("budget", "2026-11-02"))

    def chosen(*names: str) -> list[str]:
        return [page.result.case.question.id for page in brief(known, on=TODAY, questions=names).pages]

    assert chosen("budget", "export") == ["budget", "export"]
    assert chosen("alarms", "talks") == ["alarms", "export", "budget"]
    assert chosen("./cases/talks/") == ["export", "alarms", "budget"]
    assert chosen() == ["export", "alarms", "budget"]
    with pytest.raises(UnknownName) as error:
        chosen("exprt")
    assert error.value.hint == "did you mean 'export'?"


def test_a_brief_is_one_persons() -> None:
    """The only author, else the configured one, else say whose."""
    known = history(export(), result("export", "2026-10-03", author="priya"))

    (page,) = brief(known, on=TODAY, author="priya").pages
    assert page.result.case.attempt.author == "priya"
    assert brief(known, on=TODAY).several_authors
    assert (whose(history(export()), "nobody"), whose(known, "priya")) == ("me", "priya")
    with pytest.raises(InputError, match="several authors have attempts here") as error:
        whose(known, "nobody")
    assert error.value.hint == "say whose: --author me"
    with pytest.raises(UnknownName, match="no author called 'pria'"):
        brief(known, on=TODAY, author="pria")
