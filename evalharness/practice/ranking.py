"""questions and what is known of them -> which is most worth practising, and why."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

from evalharness.model.noun import Noun
from evalharness.model.nouns import HIGHEST, LOWEST, Question
from evalharness.results.aggregate import CaseResult, SeriesResult

DAYS_TO_FORGET = 28
NEAR = 7
EVERYTHING = float(HIGHEST - LOWEST)


class Worth(Noun):
    """How much one question is worth practising: `missing` is in levels of its total, `days` since the last attempt.

    `worth` is `missing` times one plus the share of four weeks since the last attempt.  In the last week before an
    interview what was answered on the same day counts half, so that every question has its turn.
    """

    question: Question
    worth: float
    missing: float
    days: int | None
    total: float | None = None

    @property
    def why(self) -> str:
        """Return the reason in words."""
        if self.days is None:
            return "never answered"
        level = "not graded yet" if self.total is None else f"{self.total:.1f} of 5"
        ago = "today" if self.days == 0 else "yesterday" if self.days == 1 else f"{self.days} days ago"
        return f"{level}, last answered {ago}"


def rank(
    questions: Iterable[Question],
    series: Sequence[SeriesResult],
    *,
    author: str,
    today: datetime.date,
    interview: datetime.date | None = None,
) -> tuple[Worth, ...]:
    """Return the questions, most worth practising first; equal ones in their own order."""
    own = {
        found.latest.case.question.id: found.latest for found in series if found.latest.case.attempt.author == author
    }
    found = [_worth(question, own.get(question.id), today, interview) for question in questions]
    return tuple(sorted(found, key=lambda worth: -worth.worth))


def missing(result: CaseResult) -> float:
    """Return the weight of each criterion times what its level lacks, over all weights; all where none is graded."""
    graded = [(score.criterion.weight, score.level) for score in result.read if score.level is not None]
    weight = sum(w for w, _ in graded)
    return sum(w * (HIGHEST - level) for w, level in graded) / weight if weight else EVERYTHING


def _worth(
    question: Question, latest: CaseResult | None, today: datetime.date, interview: datetime.date | None
) -> Worth:
    if latest is None:
        return Worth(question=question, worth=2 * EVERYTHING, missing=EVERYTHING, days=None)
    lacks = missing(latest)
    if not latest.case.attempt.date:  # a sample answer, imported with its question
        return Worth(question=question, worth=2 * lacks, missing=lacks, days=None, total=latest.total)
    days = _days(latest.case.attempt.date, today)
    worth = lacks * (1 + min(days, DAYS_TO_FORGET) / DAYS_TO_FORGET)
    near = interview is not None and 0 <= (interview - today).days <= NEAR
    if near and days == 0:
        worth /= 2
    return Worth(question=question, worth=worth, missing=lacks, days=days, total=latest.total)


def _days(date: str, today: datetime.date) -> int:
    return max(0, (today - datetime.date.fromisoformat(date)).days)
