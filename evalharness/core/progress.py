"""history, noise -> whether each series got better, what stayed weak, and what to practise next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from evalharness.core.aggregate import CaseResult, CriterionScore, SeriesResult, Step
from evalharness.core.breaks import Break, made_at, side
from evalharness.core.changes import (
    Claims,
    Grading,
    change_of_pair,
    change_of_total,
    detectable,
    interval_of_total,
    pairs_of,
    read_together,
    reading_of_criterion,
    span,
)
from evalharness.core.history import Elsewhere, History
from evalharness.core.model import HIGHEST, LOWEST, Criterion, Grade, GraderId, Noun
from evalharness.core.noise import ERROR_RATE, Change, Reading, RunChange, compare_runs, pool, read_attempt

WEAK = 3.0
IN_A_ROW = 3


class Price(Noun):
    """What a command would cost in USD by list price; None where the model's price is unknown.

    `calls` is how many requests it would send; 0: it costs nothing.
    """

    calls: int = 0
    usd: float | None = 0.0
    low: float | None = 0.0
    high: float | None = 0.0


class Advice(Noun):
    """A command and its price."""

    command: str
    price: Price = Price()


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
    `regrade` grades what has no grade under today's settings, `measure` measures the grader's noise here; None
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
    measure: Advice | None = None
    stale: frozenset[str] = frozenset()

    @property
    def stayed_weak(self) -> tuple[CriterionProgress, ...]:
        """Return the criteria below WEAK in the last IN_A_ROW attempts, all of them graded."""
        return tuple(found for found in self.criteria if found.weak >= IN_A_ROW)

    @property
    def gaps(self) -> tuple[tuple[CaseResult, float], ...]:
        """Return the attempts with a self-score and a total, and self-score minus total in levels."""
        return gaps(self.series)


class Drill(Noun):
    """One thing to practise: `worth` is weight x one level x what is missing, in levels of the answer's total."""

    result: CaseResult
    score: CriterionScore
    step: Step
    worth: float


class SeriesLine(Noun):
    """One series in one line: its change since the last attempt and how to read that."""

    series: SeriesResult
    change: Change | None
    reading: Reading | None
    gap: float | None = None


class Moment(Noun):
    """Where the latest attempts stood on a day: mean total of those known by then, and how many they were.

    `since` is the time of the last drift that their grader had passed, empty where there was none.
    """

    date: str
    mean: float
    series: int
    since: str = ""


class Progress(Noun):
    """Everything at a glance.  `mean` is the change of the latest attempts over all questions."""

    grader: GraderId
    lines: tuple[SeriesLine, ...]
    claims: Claims
    mean: RunChange | None
    detectable: tuple[float, float] | None
    drills: tuple[Drill, ...]
    moments: tuple[Moment, ...]
    elsewhere: tuple[Elsewhere, ...] = ()
    runs: int = 0
    regrade: Advice | None = None
    breaks: tuple[Break, ...] = ()
    stale: frozenset[str] = frozenset()

    @property
    def drifted(self) -> tuple[SeriesLine, ...]:
        """Return the series whose change can't be told because the grader drifted between the two gradings."""
        return tuple(line for line in self.lines if line.series.drifted)

    @property
    def several_authors(self) -> bool:
        """Return whether more than one person answers here."""
        return len({line.series.latest.case.attempt.author for line in self.lines}) > 1


def grading_of(grader: GraderId, repeated: Iterable[Sequence[Grade]], breaks: Sequence[Break] = ()) -> Grading:
    """Return what is known of a grader's noise; `repeated` holds runs in which attempts were graded more than once.

    `breaks` are its found drifts: the noise of each side is its own.
    """
    return Grading(noise=pool(repeated, breaks), deterministic=grader.deterministic)


def progress(history: History, grading: Grading, regrade: Advice | None = None) -> Progress:
    """Return every series in one line, the mean over questions, and what to practise."""
    changes = [_change(series, grading) for series in history.series]
    mean = mean_change(history.series, surface=grading.deterministic)
    claims = read_together(changes, mean)
    single = max(1, claims.tested - (mean is not None and mean.p is not None))
    return Progress(
        grader=history.grader,
        lines=tuple(
            SeriesLine(series=series, change=change, reading=reading, gap=_gap(series.latest))
            for series, change, reading in zip(history.series, changes, claims.readings, strict=True)
        ),
        claims=claims,
        mean=mean,
        detectable=span(detectable(c, alpha=claims.alpha, comparisons=single) for c in changes if c),
        drills=drills(history.series),
        moments=moments(history.series),
        elsewhere=history.elsewhere,
        runs=history.runs,
        regrade=regrade,
        breaks=history.breaks,
        stale=history.stale,
    )


def series_progress(
    series: SeriesResult,
    grading: Grading,
    *,
    elsewhere: Iterable[Elsewhere] = (),
    regrade: Advice | None = None,
    stale: frozenset[str] = frozenset(),
) -> SeriesProgress:
    """Return one series criterion by criterion; its readings share one error rate, half of it for the total."""
    total = _change(series, grading)
    changes = _criterion_changes(series, grading)
    reading, readings = _read(total, changes)
    tested = [c for c in (total, *changes.values()) if c and c.p is not None and not c.exact]
    share = 1 if len(tested) < 2 else 2  # the total's part of the error rate
    return SeriesProgress(
        series=series,
        criteria=tuple(
            _criterion(series, score, changes[score.criterion.id], readings[score.criterion.id])
            for score in series.latest.scores
        ),
        change=total,
        reading=reading,
        tested=len(tested),
        detectable=detectable(total, alpha=ERROR_RATE / share) if total else None,
        halves=tuple(interval_of_total(result, grading) for result in series.results),
        elsewhere=tuple(elsewhere),
        regrade=regrade,
        stale=stale,
    )


def drills(series: Iterable[SeriesResult]) -> tuple[Drill, ...]:
    """Return what to practise, best first: weight x one level x what is still missing, (5 - level) / 4.

    The weight is the criterion's share of its rubric, so that answers of different rubrics can be compared.
    Among equals the weaker answer comes first, then the order of the cases.
    """
    found = []
    for each in series:
        latest = each.latest
        scores = {score.criterion.id: score for score in latest.scores}
        for step in latest.steps():
            missing = (HIGHEST - step.level) / (HIGHEST - LOWEST)
            found.append(Drill(result=latest, score=scores[step.criterion.id], step=step, worth=step.gain * missing))
    return tuple(sorted(found, key=lambda drill: (-round(drill.worth, 6), drill.result.total or 0.0)))


def moments(series: Iterable[SeriesResult]) -> tuple[Moment, ...]:
    """Return for each day with a graded attempt the mean over the newest graded attempts known by then.

    Attempts without a date have no place in time and are left out.  What was graded on two sides of a found drift
    never stands in one mean: each side has moments of its own, the earlier side first.
    """
    dated = [
        (_side(result), result.case.attempt.date, result.case.attempt.series, result.total)
        for each in series
        for result in each.results
        if result.case.attempt.date and result.total is not None
    ]
    latest: dict[str, dict[str, float]] = {}
    found: dict[tuple[str, str], Moment] = {}
    for since, date, name, total in sorted(dated, key=lambda entry: entry[:2]):
        known = latest.setdefault(since, {})
        known[name] = total
        mean = sum(known.values()) / len(known)
        found[since, date] = Moment(date=date, mean=mean, series=len(known), since=since)
    return tuple(found.values())


def _side(result: CaseResult) -> str:
    times = made_at(grade for score in result.read for grade in score.grades)
    return side(result.breaks, max(times, default=""))


def mean_change(series: Iterable[SeriesResult], *, surface: bool) -> RunChange | None:
    """Return the mean of latest minus previous total over all series that have both; None where none has.

    Answers to one question, by several authors, hang together: the question is the cluster.
    """
    found = [each for each in series if each.difference is not None and each.previous is not None]
    pairs = [(e.previous.total, e.latest.total) for e in found if e.previous]
    clusters = [each.latest.case.question.id for each in found]
    known = [(before, after) for before, after in pairs if before is not None and after is not None]
    return compare_runs(known, clusters, surface=surface) if known else None


def gaps(series: SeriesResult) -> tuple[tuple[CaseResult, float], ...]:
    """Return the attempts with a self-score and a total, and self-score minus total in levels."""
    found = ((result, _gap(result)) for result in series.results)
    return tuple((result, gap) for result, gap in found if gap is not None)


def _gap(result: CaseResult) -> float | None:
    own, total = result.case.attempt.self_score, result.total
    return None if own is None or total is None else own - total


def _change(series: SeriesResult, grading: Grading) -> Change | None:
    return change_of_total(series.previous, series.latest, grading) if series.previous else None


def _criterion_changes(series: SeriesResult, grading: Grading) -> dict[str, Change | None]:
    pairs = pairs_of(series.previous, series.latest, grading) if series.previous else {}
    return {s.criterion.id: change_of_pair(pairs.get(s.criterion.id)) for s in series.latest.scores}


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
