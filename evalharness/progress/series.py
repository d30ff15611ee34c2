"""history, noise -> whether each series got better, what stayed weak, and what to do next."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence

from evalharness.history.nouns import Elsewhere, History
from evalharness.model.breaks import Break
from evalharness.model.lazy import View
from evalharness.model.noun import Noun
from evalharness.model.nouns import EXAMPLE, By, Criterion, GraderId
from evalharness.noise import (
    ERROR_RATE,
    Change,
    Reading,
    RunChange,
    compare_runs,
    read_attempt,
    share_of_total,
)
from evalharness.progress.moments import Moment, _dated, _moments
from evalharness.results.aggregate import CaseResult, CriterionScore, Figures, SeriesResult, figures
from evalharness.results.changes import (
    Claims,
    Grading,
    change_of_total,
    changes_of_criteria,
    claims_differ,
    detectable,
    interval_of_total,
    read_together,
    reading_of_criterion,
    span,
)
from evalharness.results.edited import former_result
from evalharness.results.steps import NextStep, Ranking

WEAK = 3.0
MOST_STEPS = 10
IN_A_ROW = 3


class NotOfToday(Noun):
    """How many attempts today's settings have no grade for, `in_part` only some levels, `outdated` an older one.

    An outdated one has all its levels, some of them from before the grader's last found drift.
    """

    ungraded: int = 0
    in_part: int = 0
    outdated: int = 0

    def plus(self, more: NotOfToday) -> NotOfToday:
        """Return the sums."""
        return NotOfToday(
            ungraded=self.ungraded + more.ungraded,
            in_part=self.in_part + more.in_part,
            outdated=self.outdated + more.outdated,
        )


class Price(Noun):
    """What a command would cost in USD by list price; None where the model's price is unknown.

    `calls` is how many requests it would send; 0: it costs nothing.
    """

    calls: int = 0
    usd: float | None = 0.0
    low: float | None = 0.0
    high: float | None = 0.0


class Advice(Noun):
    """A command and its price; `again`: it grades the older attempt again, on one day with the newer."""

    command: str
    price: Price = Price()
    again: bool = False


class CriterionProgress(Noun):
    """One criterion over a series: a score for each attempt, oldest first, and the change since the last one.

    `weak` counts the attempts in a row, up to the latest, with a level below WEAK.
    """

    criterion: Criterion
    scores: tuple[CriterionScore | None, ...]
    change: Change | None = None
    reading: Reading | None = None
    weak: int = 0


class SeriesProgress(Noun):
    """One series in detail; `tested` of its readings could be wrong by chance, `detectable` is of its total.

    `halves` is half the width of the 95 % interval of each attempt's total, from grader noise alone, where measured.
    `regrade` grades what has no grade under today's settings, `settle` buys what may settle an unclear change; None
    where there is no need.  `stale` are attempts graded before the grader's last found drift.
    """

    series: SeriesResult
    criteria: tuple[CriterionProgress, ...]
    change: Change | None = None
    reading: Reading | None = None
    tested: int = 0
    detectable: float | None = None
    halves: tuple[float | None, ...] = ()
    elsewhere: tuple[Elsewhere, ...] = ()
    regrade: Advice | None = None
    settle: Advice | None = None
    stale: frozenset[str] = frozenset()

    @property
    def stayed_weak(self) -> tuple[CriterionProgress, ...]:
        """Return the criteria below WEAK in the last IN_A_ROW attempts, all of them graded."""
        return tuple(found for found in self.criteria if found.weak >= IN_A_ROW)

    @property
    def gaps(self) -> tuple[tuple[CaseResult, float], ...]:
        """Return the attempts with a self-score and a total, and self-score minus total in levels."""
        return gaps(self.series)


class SeriesLine(Noun):
    """One series in one line: the total of each attempt, oldest first, its last change and how to read that."""

    series: SeriesResult
    totals: tuple[float | None, ...]
    change: Change | None
    reading: Reading | None
    gap: float | None = None


class Progress(Noun):
    """Everything at a glance.  `mean` is the change of the latest attempts over all questions.

    Lines are made where they are looked at; `steps` are the first MOST_STEPS of the shared order.  `not_of_today`
    counts attempts of `figures.attempts`; `totals` holds the total of each line's latest attempt.

    `drifted` counts the series whose change can't be told because the grader drifted between the two gradings;
    `is_apart` says whether a found drift divides the attempts of any, `claims_differ` whether any attempt claims
    other tags than the one before it.
    """

    grader: GraderId
    lines: Sequence[SeriesLine]
    claims: Claims
    mean: RunChange | None
    detectable: tuple[float, float] | None
    steps: tuple[NextStep, ...]
    moments: tuple[Moment, ...]
    figures: Figures
    totals: tuple[float | None, ...]
    not_of_today: NotOfToday = NotOfToday()
    authors: frozenset[str] = frozenset()
    elsewhere: tuple[Elsewhere, ...] = ()
    runs: int = 0
    regrade: Advice | None = None
    breaks: tuple[Break, ...] = ()
    stale: frozenset[str] = frozenset()
    drifted: int = 0
    is_apart: bool = False
    claims_differ: bool = False

    @property
    def several_authors(self) -> bool:
        """Return whether more than one person answers here."""
        return len(self.authors) > 1


def progress(
    history: History, grading: Grading, regrade: Advice | None = None, *, with_examples: bool = False
) -> Progress:
    """Return every series in one line, the mean over questions (of examples only if asked), and what to do next."""
    seen = _Seen(grading, history.stale, Ranking(history.timing), with_examples=with_examples)
    found = figures(map(seen.look, history.series), with_examples=with_examples)
    changes, series = seen.changes, history.series
    mean = compare_runs(seen.pairs, seen.clusters, surface=grading.deterministic) if seen.pairs else None
    claims = read_together(changes, mean)
    single = max(1, claims.tested - (mean is not None and mean.p is not None))

    def line(place: int) -> SeriesLine:
        each, reading = series[place], claims.readings[place]
        return SeriesLine(
            series=each, totals=seen.totals[place], change=changes[place], reading=reading, gap=_gap(each.latest)
        )

    return Progress(
        grader=history.grader,
        lines=View(len(changes), line),
        claims=claims,
        mean=mean,
        detectable=span(detectable(c, alpha=claims.alpha, comparisons=single) for c in changes if c),
        steps=tuple(itertools.islice(seen.ranking.steps(lambda place: series[place].latest), MOST_STEPS)),
        moments=_moments(seen.dated),
        figures=found,
        totals=tuple(totals[-1] for totals in seen.totals),
        not_of_today=seen.not_of_today,
        authors=frozenset(seen.authors),
        elsewhere=history.elsewhere,
        runs=history.runs,
        regrade=regrade,
        breaks=history.breaks,
        stale=history.stale,
        drifted=seen.drifted,
        is_apart=seen.is_apart,
        claims_differ=seen.claims_differ,
    )


class _Seen:
    """What one look at every series leaves: numbers, and no result.

    `pairs` are the totals before and now of the series that have both, by one grader.  Answers to one question, by
    several authors, hang together: the question is the cluster.
    """

    def __init__(
        self, grading: Grading, stale: Collection[str], ranking: Ranking, *, with_examples: bool = False
    ) -> None:
        self._with_examples = with_examples
        self._grading, self._stale, self.ranking = grading, stale, ranking
        self.changes: list[Change | None] = []
        self.totals: list[tuple[float | None, ...]] = []
        self.pairs: list[tuple[float, float]] = []
        self.clusters: list[str] = []
        self.dated: list[tuple[str, str, str, float]] = []
        self.authors: set[str] = set()
        self.not_of_today = NotOfToday()
        self.drifted = 0
        self.is_apart = self.claims_differ = False

    def look(self, series: SeriesResult) -> SeriesResult:
        """Take down what is asked of all series together; return the series."""
        latest, before = series.latest, series.previous.total if series.previous else None
        self.changes.append(_change(series, self._grading))
        self.totals.append(tuple(result.total for result in series.results))
        self.ranking.see(latest)
        counts = self._with_examples or latest.case.attempt.author != EXAMPLE
        if series.drifted:
            self.drifted += 1
        elif counts and before is not None and latest.total is not None:
            self.pairs.append((before, latest.total))
            self.clusters.append(latest.case.question.id)
        self.dated += _dated(series) if counts else []
        self.authors.add(latest.case.attempt.author)
        self.not_of_today = self.not_of_today.plus(not_of_today(series.results, self._stale))
        self.is_apart = self.is_apart or bool(series.drifts)
        self.claims_differ = self.claims_differ or claims_differ(series.previous, latest)
        return series


def not_of_today(results: Iterable[CaseResult], stale: Collection[str]) -> NotOfToday:
    """Return how many attempts lack a grade of today's, and how many others have one from before a found drift."""
    ungraded = in_part = outdated = 0
    for result in results:
        if is_in_part(result):
            in_part += 1
        elif result.ungraded:
            ungraded += 1
        else:
            outdated += result.case.key in stale
    return NotOfToday(ungraded=ungraded, in_part=in_part, outdated=outdated)


def is_in_part(result: CaseResult) -> bool:
    """Return whether the grader gave an attempt some of its levels, and others are missing."""
    given = (score.graded for score in result.read)
    return bool(result.ungraded) and any(graded is not None and graded.by is By.GRADER for graded in given)


def series_progress(
    series: SeriesResult,
    grading: Grading,
    *,
    elsewhere: Iterable[Elsewhere] = (),
    regrade: Advice | None = None,
    stale: frozenset[str] = frozenset(),
) -> SeriesProgress:
    """Return one series criterion by criterion; its readings share one error rate, much of it for the total."""
    total = _change(series, grading)
    changes = _criterion_changes(series, grading)
    reading, readings = _read(total, changes)
    tested = [c for c in (total, *changes.values()) if c and not c.exact]
    return SeriesProgress(
        series=series,
        criteria=tuple(
            _criterion(series, score, changes[score.criterion.id], readings[score.criterion.id])
            for score in series.latest.scores
        ),
        change=total,
        reading=reading,
        tested=len(tested),
        detectable=detectable(total, alpha=ERROR_RATE * share_of_total(len(tested))) if total else None,
        halves=tuple(interval_of_total(result, grading) for result in series.results),
        elsewhere=tuple(elsewhere),
        regrade=regrade,
        stale=stale,
    )


def gaps(series: SeriesResult) -> tuple[tuple[CaseResult, float], ...]:
    """Return the attempts with a self-score and a total, and self-score minus total in levels."""
    found = ((result, _gap(result)) for result in series.results)
    return tuple((result, gap) for result, gap in found if gap is not None)


def _gap(result: CaseResult) -> float | None:
    own, total = result.case.attempt.self_score, result.total
    return None if own is None or total is None else own - total


def _before(series: SeriesResult) -> CaseResult | None:
    """Return what the latest attempt is held against: the one before it, else its own text before an edit in place."""
    return series.previous or former_result(series.latest)


def _change(series: SeriesResult, grading: Grading) -> Change | None:
    before = _before(series)
    return change_of_total(before, series.latest, grading) if before else None


def _criterion_changes(series: SeriesResult, grading: Grading) -> dict[str, Change | None]:
    before = _before(series)
    found = changes_of_criteria(before, series.latest, grading) if before else {}
    return {score.criterion.id: found.get(score.criterion.id) for score in series.latest.scores}


def _read(
    total: Change | None, changes: Mapping[str, Change | None]
) -> tuple[Reading | None, dict[str, Reading | None]]:
    known = {name: change for name, change in changes.items() if change is not None}
    if total is None:
        read = dict(zip(known, read_together(list(known.values())).readings, strict=True))
        return None, {name: read.get(name) for name in changes}
    first, others = read_attempt(total, list(known.values()))
    found = dict(zip(known, others, strict=True))
    return first, {name: found.get(name) for name in changes}


def _criterion(
    series: SeriesResult, score: CriterionScore, change: Change | None, reading: Reading | None
) -> CriterionProgress:
    scores = tuple(_score(result, score.criterion.id) for result in series.results)
    return CriterionProgress(
        criterion=score.criterion,
        scores=scores,
        change=change,
        reading=reading_of_criterion(score, reading),
        weak=_weak(scores),
    )


def _score(result: CaseResult, name: str) -> CriterionScore | None:
    return next((score for score in result.scores if score.criterion.id == name), None)


def _weak(scores: Sequence[CriterionScore | None]) -> int:
    count = 0
    for score in reversed(scores):
        if score is None or not score.read or score.level is None or score.level >= WEAK:
            break
        count += 1
    return count
