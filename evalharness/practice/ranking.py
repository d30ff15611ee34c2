"""questions and what is known of them -> which to practise now: the unanswered, then the shared order."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterable, Sequence

from evalharness.model.noun import Noun
from evalharness.model.nouns import Question
from evalharness.results.aggregate import CaseResult, SeriesResult
from evalharness.results.steps import Timing, rank
from evalharness.text.speaking import spoken_time

READING = 90.0  # seconds to read a grade, and the lines that it speaks of
USUAL = 120.0  # seconds for an answer of which no length is known


class Worth(Noun):
    """A question to practise: its latest attempt (None: never answered) and how many days ago that was."""

    question: Question
    latest: CaseResult | None = None
    days: int | None = None

    @property
    def total(self) -> float | None:
        """Return the latest attempt's total, or None."""
        return self.latest.total if self.latest else None

    @property
    def takes(self) -> float:
        """Return about how many seconds a go takes: to say the answer, and to read the grade."""
        said = spoken_time(self.latest.case).seconds if self.latest else 0.0
        return (self.question.time_limit or said or USUAL) + READING

    @property
    def why(self) -> str:
        """Return the reason in words."""
        if self.latest is None:
            return "never answered"
        level = "not graded yet" if self.total is None else f"{self.total:.1f} of 5"
        if self.days is None:
            return f"{level}, no date"
        ago = "today" if self.days == 0 else "yesterday" if self.days == 1 else f"{self.days} days ago"
        return f"{level}, last answered {ago}"


def worth(
    questions: Iterable[Question], series: Sequence[SeriesResult], *, author: str, timing: Timing
) -> tuple[Worth, ...]:
    """Return the questions in the order to practise them.

    First those never answered, then those with a next step, weakest first, then the others; equal ones in their own
    order.
    """
    own = [found for found in series if found.latest.case.attempt.author == author]
    ranked = rank(own, timing).order
    places = {own[place].latest.case.question.id: order for order, place in enumerate(ranked)}
    latest = {found.latest.case.question.id: found.latest for found in own}
    found = [_worth(question, latest.get(question.id), timing) for question in questions]

    def key(each: Worth) -> tuple[bool, int]:
        return (each.latest is not None, places.get(each.question.id, len(own)))

    return tuple(sorted(found, key=key))


def session(ranked: Sequence[Worth], seconds: float) -> tuple[Worth, ...]:
    """Return the goes that fit into so much time, at least one; where there is time left the order begins again."""
    goes: list[Worth] = []
    for each in itertools.cycle(ranked):
        seconds -= each.takes
        if goes and seconds < 0:
            break
        goes.append(each)
    return tuple(goes)


def _worth(question: Question, latest: CaseResult | None, timing: Timing) -> Worth:
    if latest is None or not latest.case.attempt.date or not timing.today:
        return Worth(question=question, latest=latest)
    gone = datetime.date.fromisoformat(timing.today) - datetime.date.fromisoformat(latest.case.attempt.date)
    return Worth(question=question, latest=latest, days=max(0, gone.days))
