"""series -> the mean of the latest attempts, day by day, for the chart over all questions."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from operator import itemgetter

from evalharness.model.breaks import made_at, side
from evalharness.model.noun import Noun
from evalharness.results.aggregate import CaseResult, SeriesResult


class Moment(Noun):
    """Where the latest attempts stood on a day: mean total of those known by then, and how many they were.

    `since` is the time of the last drift that their grader had passed, empty where there was none.
    """

    date: str
    mean: float
    series: int
    since: str = ""


def moments(series: Iterable[SeriesResult]) -> tuple[Moment, ...]:
    """Return for each day with a graded attempt the mean over the newest graded attempts known by then.

    Attempts without a date have no place in time and are left out.  What was graded on two sides of a found drift
    never stands in one mean: each side has moments of its own, the earlier side first.
    """
    return _moments(entry for each in series for entry in _dated(each))


def _dated(series: SeriesResult) -> list[tuple[str, str, str, float]]:
    """Return side, date, series and total of each attempt that has a date and a total."""
    return [
        (_side(result), result.case.attempt.date, result.case.attempt.series, result.total)
        for result in series.results
        if result.case.attempt.date and result.total is not None
    ]


def _side(result: CaseResult) -> str:
    times = made_at(grade for score in result.read for grade in score.grades) if result.breaks else ()
    return side(result.breaks, max(times, default=""))


def _moments(dated: Iterable[tuple[str, str, str, float]]) -> tuple[Moment, ...]:
    latest: dict[str, dict[str, float]] = {}
    found: list[Moment] = []
    for (since, date), entries in itertools.groupby(sorted(dated, key=_MOMENT), key=_MOMENT):
        known = latest.setdefault(since, {})
        known |= {name: total for _, _, name, total in entries}
        found.append(Moment(date=date, mean=sum(known.values()) / len(known), series=len(known), since=since))
    return tuple(found)


_MOMENT = itemgetter(0, 1)  # side and date
