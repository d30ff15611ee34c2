"""run -> what every report opens with: one row for each series, and where to start."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from itertools import islice

from evalharness.model.lazy import Once, View
from evalharness.model.nouns import Lines, Measure, Quote
from evalharness.model.run import Run
from evalharness.reports import words as wording
from evalharness.results.aggregate import (
    CaseResult,
    CriterionScore,
    SeriesResult,
    Summary,
    drift_between,
    figures,
    summarise,
    ungraded,
)
from evalharness.results.steps import STARTS, NextStep, Ranking, Step, Timing, steps
from evalharness.text.speaking import PACE, spoken_time


class Row:
    """One series with its latest attempt's steps; `index` is its place in the report, from 1."""

    def __init__(self, index: int, series: SeriesResult, ranking: Ranking) -> None:
        self.index = index
        self._ranking = ranking
        self.series = series
        self.latest = series.latest
        self.total = series.latest.total

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Return what would lift the latest attempt, best first."""
        return steps(self.latest)

    @property
    def best(self) -> Step | None:
        """Return the step that the order of all answers names first for this one, or None."""
        first = self._ranking.first(self.index - 1)
        return next((step for step in self.steps if step.criterion.id == first), None)

    @cached_property
    def places(self) -> Places:
        """Return the line numbers of the latest attempt."""
        return Places(self.latest)


class Places:
    """Where quotes of one attempt stand: the file's line, and a short name for the file.

    With `prefix`, the way to the project from its repository's root ("" where it is the root), that name is the whole
    path from there: for what a code host shows.
    """

    def __init__(self, result: CaseResult, prefix: str | None = None) -> None:
        self._attempt = result.case.attempt
        self._lines = {part.id: Lines(part) for part in self._attempt.parts}
        self.path = self._attempt.path or self._attempt.key
        self.short = short_path(self.path, self._attempt.question) if prefix is None else f"{prefix}{self.path}"

    def at(self, part: str, offset: int) -> int | None:
        """Return the line in the file that holds a character of a part, or None for an unknown part."""
        lines = self._lines.get(part)
        return lines.at(offset) if lines else None

    def line(self, quote: Quote) -> int | None:
        """Return the line in the file that holds the beginning of `quote`."""
        return self.at(quote.part, quote.start)

    def name(self, quote: Quote) -> str:
        """Return a place such as `speed-vs-safety/2026-10-02.md:14`."""
        line = self.line(quote)
        return self.short if line is None else f"{self.short}:{line}"


class Overview:
    """A run summed up once, for a report to write down.

    All figures are taken in one pass; the rows are made where they are looked at, and `totals` holds the total of
    each, so that they can be put in order without looking.  `apart` counts the series that a found drift keeps from a
    comparison, `mixed` the attempts graded on two sides of one.
    """

    def __init__(self, run: Run) -> None:
        self.run = run
        self.summary: Summary = summarise(run)
        series = self.summary.series
        self.ranking = Ranking(Timing(today=run.meta.started[:10], interview=run.meta.interview))
        kind = Once if isinstance(series, Once) else View  # kept where what they are made of is
        self.rows: View[Row] = kind(len(series), lambda place: Row(place + 1, series[place], self.ranking))
        self.totals: list[float | None] = []
        self._authors: set[str] = set()
        self._missing = False
        self.apart = self.mixed = 0
        self._noted: list[int] = []
        self.figures = figures(map(self._seen, self.rows))
        self.several_authors = len(self._authors) > 1

    def _seen(self, row: Row) -> SeriesResult:
        """Note what is asked of all rows together."""
        self.totals.append(row.total)
        self.ranking.see(row.latest)
        if row.latest.too_short or row.latest.by_rule or row.latest.former:
            self._noted.append(row.index - 1)
        self._authors.update(result.case.attempt.author for result in row.series.results)
        self._missing = self._missing or any(result.ungraded for result in row.series.results)
        self.apart += bool(row.series.drifted)
        self.mixed += sum(bool(drift_between(result, result)) for result in row.series.results)
        return row.series

    def drift_known(self) -> tuple[str, ...]:
        """Return what is known of a drift of the run's grader, a sentence each; nothing where nothing is."""
        return wording.drift_known(self.run.meta, apart=self.apart, mixed=self.mixed)

    def noted(self) -> Iterator[tuple[str, str]]:
        """Return the latest attempts that are too short, miss a part or were edited, each with what that means."""
        for place in self._noted:
            result = self.summary.series[place].latest
            who = wording.who_and_when(result.case.attempt, several=self.several_authors)
            for told in filter(None, (wording.too_short(result), *wording.by_rule(result), wording.edited(result))):
                yield f"{wording.title(result.case.question)} ({who})", told

    def ungraded(self) -> Iterator[tuple[CaseResult, CriterionScore]]:
        """Return every criterion of every attempt that should have a level and has none."""
        return ungraded(self.summary.series) if self._missing else iter(())

    def starts(self) -> tuple[NextStep, ...]:
        """Return the first steps in the order that every view shares."""
        found = self.ranking.steps(lambda place: self.summary.series[place].latest)
        return tuple(islice(found, STARTS))


class _Last:
    """The overview that was made last: a run is summed up once for its report and for the screen."""

    overview: Overview | None = None


def overview_of(run: Run) -> Overview:
    """Return the overview of a run; for the same run in a row the same one."""
    if _Last.overview is None or _Last.overview.run is not run:
        _Last.overview = Overview(run)
    return _Last.overview


def speaking(result: CaseResult) -> CriterionScore | None:
    """Return the criterion that measures speaking time, or None where the rubric has none."""
    return next(
        (
            score
            for score in result.scores
            if isinstance(score.criterion.kind, Measure) and score.criterion.kind.measure == wording.SPEAKING_TIME
        ),
        None,
    )


def spoken(result: CaseResult) -> str:
    """Return minutes and seconds to say it against the limit, such as `0:58 of 1:00`; every screen shows this one."""
    return spoken_time(result.case).told


def times_note(overview: Overview) -> str:
    """Return what the times of a table rest on."""
    measured = any(row.latest.case.attempt.timing for row in overview.rows)
    return f"Times are estimates, {PACE}{', unless they say that they were measured' * measured}."


def short_path(path: str, question: str) -> str:
    """Return `path` from the question's folder on, or the whole path where there is no such folder."""
    folders = path.split("/")
    return "/".join(folders[folders.index(question) :]) if question in folders[:-1] else path
