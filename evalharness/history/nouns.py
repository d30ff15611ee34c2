"""What is known of every attempt under the settings of today, and what is stored under others."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from evalharness.model.breaks import Break
from evalharness.model.noun import Noun
from evalharness.model.nouns import GraderId, Rubric
from evalharness.results.aggregate import CaseResult, SeriesResult
from evalharness.results.steps import Timing


class Elsewhere(Noun):
    """Grades of one series under another identity: by whom, of how many attempts, the newest run that holds them.

    `differs` names what is not as today: parts of the grader's identity, "rubric text", or "question or answer text".
    """

    series: str
    grader: GraderId
    attempts: int
    run: str
    differs: tuple[str, ...] = ()


class History(Noun):
    """All attempts of a project as today's settings see them, series by series, oldest attempt first.

    A series is put together where it is looked at: its grades stay in the runs they are stored in.
    An attempt without a stored grade under these settings has criteria without grades.  `runs` counts the stored
    runs that were looked through.  `fingerprints` are those of today's settings, keyed by `<rubric>/<criterion>`.
    `breaks` are the found drifts of the grader, `stale` the keys of attempts that were graded before the last of them,
    `ungraded` of those that lack a grade.  `timing` is today and the day of the interview.
    """

    grader: GraderId
    series: Sequence[SeriesResult]
    rubrics: tuple[Rubric, ...]
    elsewhere: tuple[Elsewhere, ...] = ()
    runs: int = 0
    fingerprints: dict[str, str] = {}
    breaks: tuple[Break, ...] = ()
    stale: frozenset[str] = frozenset()
    ungraded: frozenset[str] = frozenset()
    timing: Timing = Timing()

    @property
    def results(self) -> Iterator[CaseResult]:
        """Yield every attempt of every series."""
        return itertools.chain.from_iterable(series.results for series in self.series)
