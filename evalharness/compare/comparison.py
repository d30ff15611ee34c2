"""two runs -> series by series what may be said about the difference, and why nothing may where nothing may."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping

import msgspec

from evalharness.model.noun import Noun
from evalharness.model.nouns import HEURISTIC, GraderId, Measure, Tags
from evalharness.model.run import Run, RunMeta
from evalharness.noise import NO_DAYS, Change, Reading, RunChange, Spread, compare_runs
from evalharness.plan.identity import _WORDS, content, grader_parts
from evalharness.results.aggregate import CaseResult, CriterionScore, SeriesResult, drift_between, summarise
from evalharness.results.changes import (
    Claims,
    Grading,
    change_of_total,
    days_of,
    detectable,
    fingerprints,
    read_together,
    reweighted,
    span,
)
from evalharness.results.sittings import apart

RUBRIC_TEXT = "rubric text"
_SAME = 1e-9


class Standing(enum.Enum):
    """Whether a series can be compared between two runs.

    New and gone are said of runs over a whole project; what a run over a part of it lacks was perhaps not asked for.
    """

    COMPARED = "compared"
    NEW = "new"
    GONE = "gone"
    ONLY_BEFORE = "only_before"
    ONLY_AFTER = "only_after"
    UNGRADED = "ungraded"
    NOT_COMPARABLE = "not_comparable"


class SeriesChange(Noun):
    """The latest attempt of one series in each run; None where a run does not hold it.

    Totals are with the newer run's weights.  `same_answer`: both runs hold the same text, measured under one
    identity, so nothing can be better or worse.  `why` says what differs where they are not comparable.
    """

    series: str
    before: CaseResult | None
    after: CaseResult | None
    standing: Standing
    change: Change | None = None
    reading: Reading | None = None
    why: tuple[str, ...] = ()
    same_answer: bool = False
    reweighted: bool = False

    @property
    def result(self) -> CaseResult:
        """Return the newer of the attempts that are there."""
        found = self.after or self.before
        assert found is not None  # noqa: S101  # a series comes from one of the two runs
        return found


class Comparison(Noun):
    """Two runs, series by series, and the mean over the questions that can be compared.

    `new_attempts` and `gone_attempts` are keys that only one of the runs holds.  `sizes` are their attempts.
    """

    before: RunMeta
    after: RunMeta
    rows: tuple[SeriesChange, ...]
    claims: Claims
    mean: RunChange | None
    detectable: tuple[float, float] | None = None
    new_attempts: tuple[str, ...] = ()
    gone_attempts: tuple[str, ...] = ()
    sizes: tuple[int, int] = (0, 0)

    @property
    def several_authors(self) -> bool:
        """Return whether more than one person answers in these runs."""
        return len({row.result.case.attempt.author for row in self.rows}) > 1

    @property
    def reweighted(self) -> tuple[SeriesChange, ...]:
        """Return the series whose rubric has other weights now than in the older run."""
        return tuple(row for row in self.rows if row.reweighted)

    def of(self, standing: Standing, *readings: Reading) -> tuple[SeriesChange, ...]:
        """Return the series with this standing and, where given, one of these readings."""
        found = (row for row in self.rows if row.standing is standing)
        return tuple(row for row in found if not readings or row.reading in readings)


def compare(before: Run, after: Run, grading: Grading) -> Comparison:
    """Return what changed from `before` to `after`; nothing of different fingerprints is subtracted."""
    older, newer = _by_series(before), _by_series(after)
    weights = _weights(max(before.meta, after.meta, key=lambda meta: meta.started))
    names = [*newer, *(name for name in older if name not in newer)]
    rows = [_row(name, older.get(name), newer.get(name), (before, after), weights, grading) for name in names]
    days = NO_DAYS if grading.deterministic else days_of(grading, apart([before.meta.started], [after.meta.started]))
    mean = _mean(rows, surface=grading.deterministic, days=days)
    claims = read_together([None if row.same_answer else row.change for row in rows], mean)
    single = max(1, claims.tested - (mean is not None and mean.p is not None))
    keys = [{attempt.key for attempt in run.attempts} for run in (before, after)]
    return Comparison(
        before=before.meta,
        after=after.meta,
        rows=tuple(_with_reading(row, reading) for row, reading in zip(rows, claims.readings, strict=True)),
        claims=claims,
        mean=mean,
        detectable=span(detectable(r.change, alpha=claims.alpha, comparisons=single) for r in rows if r.change),
        new_attempts=tuple(a.key for a in after.attempts if a.key not in keys[0]),
        gone_attempts=tuple(a.key for a in before.attempts if a.key not in keys[1]),
        sizes=(len(before.attempts), len(after.attempts)),
    )


def why_not(before: CaseResult, after: CaseResult, graders: tuple[GraderId, GraderId]) -> tuple[str, ...]:
    """Return what differs between the measurements of two attempts; nothing where they can be subtracted.

    Criteria without weight, titles, weights and floors don't count.  Each entry reads as `model: a, now b`.
    """
    if before.case.rubric.id != after.case.rubric.id:
        return (f"rubric: {before.case.rubric.id}, now {after.case.rubric.id}",)
    earlier, later = _counted(before), _counted(after)
    asked = [name for name in later if not isinstance(later[name].criterion.kind, Measure)]
    found = [
        *(_grader_reasons(*graders) if asked else ()),
        *_question_reasons(before, after, later.values()),
        *_rubric_reasons(earlier, later, graders),
    ]
    old, new = before.case.rubric.edition, after.case.rubric.edition
    if found and old != new:
        found.append(f"rubric edition: {old}, now {new}")
    common = [name for name in later if name in earlier]
    if not found and any(_prints_differ(earlier[name], later[name]) for name in common):
        found.append(f"{RUBRIC_TEXT} around the criteria")
    drifted = drift_between(before, after)
    if not found and drifted:
        found.append(f"the grader drifted between these gradings, check of {drifted.day}")
    return tuple(found)


# --- rows ------------------------------------------------------------------------------------------


def _by_series(run: Run) -> dict[str, SeriesResult]:
    return {series.latest.case.attempt.series: series for series in summarise(run).series}


def _weights(meta: RunMeta) -> dict[str, dict[str, float]]:
    return {rubric.id: {c.id: c.weight for c in rubric.criteria} for rubric in meta.rubrics}


def _row(
    name: str,
    older: SeriesResult | None,
    newer: SeriesResult | None,
    runs: tuple[Run, Run],
    weights: Mapping[str, Mapping[str, float]],
    grading: Grading,
) -> SeriesChange:
    before, after = (_weighted(found.latest, weights) if found else None for found in (older, newer))
    if before is None or after is None:
        if before is None:
            standing = Standing.ONLY_AFTER if runs[0].is_partial else Standing.NEW
        else:
            standing = Standing.ONLY_BEFORE if runs[1].is_partial else Standing.GONE
        return SeriesChange(series=name, before=before, after=after, standing=standing)
    moved = any(s.latest.total != r.total for s, r in ((older, before), (newer, after)) if s is not None)
    row = SeriesChange(series=name, before=before, after=after, standing=Standing.UNGRADED, reweighted=moved)
    if before.total is None or after.total is None:
        return row
    why = why_not(before, after, (runs[0].meta.grader, runs[1].meta.grader))
    change = None if why else change_of_total(before, after, grading)
    return _standing(row, why, change, same=_is_same_answer(before, after))


def _standing(row: SeriesChange, why: tuple[str, ...], change: Change | None, *, same: bool) -> SeriesChange:
    if change is None:
        return msgspec.structs.replace(row, standing=Standing.NOT_COMPARABLE, why=why)
    return msgspec.structs.replace(row, standing=Standing.COMPARED, change=change, same_answer=same)


def _weighted(result: CaseResult, weights: Mapping[str, Mapping[str, float]]) -> CaseResult:
    return reweighted(result, weights.get(result.case.rubric.id, {}))


def _with_reading(row: SeriesChange, reading: Reading | None) -> SeriesChange:
    """Return the row with its reading; one and the same answer is the same, or what moved it is noise."""
    if row.same_answer and row.change is not None:
        still = abs(row.change.difference) < _SAME
        reading = Reading.SAME if still else Reading.WITHIN_NOISE
    return msgspec.structs.replace(row, reading=reading)


def _is_same_answer(before: CaseResult, after: CaseResult) -> bool:
    """Return whether both hold grades with the same keys in every criterion that counts."""
    earlier, later = _counted(before), _counted(after)
    return all(
        {grade.key for grade in score.grades} & {grade.key for grade in earlier[name].grades}
        for name, score in later.items()
        if name in earlier
    )


def _mean(rows: Iterable[SeriesChange], *, surface: bool, days: Spread) -> RunChange | None:
    """Return the mean change over the questions compared; an answer that is the same has not moved."""
    pairs, clusters = [], []
    for row in rows:
        if row.change is None or row.before is None or row.before.total is None:
            continue
        moved = 0.0 if row.same_answer else row.change.difference
        pairs.append((row.before.total, row.before.total + moved))
        clusters.append(row.result.case.question.id)
    return compare_runs(pairs, clusters, surface=surface, days=days) if pairs else None


# --- what differs ----------------------------------------------------------------------------------


def _counted(result: CaseResult) -> dict[str, CriterionScore]:
    return {score.criterion.id: score for score in result.read if score.criterion.weight > 0}


def _prints_differ(before: CriterionScore, after: CriterionScore) -> bool:
    return len(fingerprints(before) | fingerprints(after)) > 1


def _grader_reasons(before: GraderId, after: GraderId) -> Iterable[str]:
    fields = {word: name for name, word in _WORDS.items()}
    for word in grader_parts(before, after):
        old, new = (getattr(grader, fields[word]) or "none" for grader in (before, after))
        yield f"{word}: {old}, now {new}"


def _question_reasons(before: CaseResult, after: CaseResult, counted: Iterable[CriterionScore]) -> Iterable[str]:
    """Yield what of the question differs, as far as a criterion that counts reads it."""
    old, new = before.case.question, after.case.question
    kinds = [score.criterion.kind for score in counted]
    if not all(isinstance(kind, Measure) for kind in kinds):
        if old.text.split() != new.text.split():
            yield "question text"
        if old.context != new.context:
            yield "context"
    if old.time_limit != new.time_limit and any(isinstance(kind, Measure) for kind in kinds):
        yield f"time limit: {_seconds(old.time_limit)}, now {_seconds(new.time_limit)}"
    claims_of_question = not (before.case.attempt.missions or after.case.attempt.missions)
    if any(isinstance(kind, Tags) for kind in kinds) and claims_of_question and set(old.missions) != set(new.missions):
        yield "claimed missions"


def _rubric_reasons(
    earlier: Mapping[str, CriterionScore], later: Mapping[str, CriterionScore], graders: tuple[GraderId, GraderId]
) -> Iterable[str]:
    added = [_title(score) for name, score in later.items() if name not in earlier]
    removed = [_title(score) for name, score in earlier.items() if name not in later]
    signals = all(grader.name == HEURISTIC for grader in graders)
    changed = [
        _title(score)
        for name, score in later.items()
        if name in earlier and _says(earlier[name], signals=signals) != _says(score, signals=signals)
    ]
    if changed:
        yield f"{RUBRIC_TEXT} of {', '.join(changed)}"
    if added:
        yield f"criteria added: {', '.join(added)}"
    if removed:
        yield f"criteria no longer counted: {', '.join(removed)}"


def _says(score: CriterionScore, *, signals: bool) -> object:
    return content(score.criterion, signals=signals)


def _title(score: CriterionScore) -> str:
    return score.criterion.title or score.criterion.id


def _seconds(limit: float | None) -> str:
    return "none" if limit is None else f"{limit:g} s"
