"""progress -> JSON: the same figures for programs; what is not known is left out, never zero."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from evalharness.history.nouns import Elsewhere
from evalharness.model.nouns import GraderId
from evalharness.noise import ERROR_RATE, Change, Reading, RunChange
from evalharness.progress import chances, words
from evalharness.progress.series import Advice, CriterionProgress, Progress, SeriesLine, SeriesProgress
from evalharness.reports import next_steps
from evalharness.reports import words as wording
from evalharness.reports.escape import as_json as printable
from evalharness.results.aggregate import SeriesResult
from evalharness.results.changes import claims_differ
from evalharness.results.steps import NextStep

FORMAT = 1


def overview(progress: Progress) -> str:
    """Return all series at a glance."""
    return text(
        {
            "grader": msgspec.to_builtins(progress.grader),
            "error_rate": ERROR_RATE,
            "comparisons": progress.claims.tested,
            "runs": progress.runs,
            "series": [_line(line) for line in progress.lines],
            "mean": mean(progress.mean, progress.claims.mean),
            "moments": [msgspec.to_builtins(moment) for moment in progress.moments],
            "start_here": [step(found) for found in progress.steps],
            "elsewhere": [elsewhere(other) for other in progress.elsewhere],
            "regrade": advice(progress.regrade),
            "drifts": msgspec.to_builtins(progress.breaks) if progress.breaks else None,
        }
    )


def series(found: Sequence[SeriesProgress], grader: GraderId) -> str:
    """Return each series criterion by criterion."""
    document = {"grader": msgspec.to_builtins(grader), "error_rate": ERROR_RATE}
    return text({**document, "series": [_series(each) for each in found]})


def text(document: dict[str, Any]) -> str:
    """Return a document as printable JSON, without the entries that are None."""
    bare = {"format": FORMAT, **_known(document)}
    return printable(bare)


def change(found: Change | None, reading: Reading | None) -> dict[str, Any] | None:
    """Return a difference with its reading, how sure it is which way it goes, and whether the noise is measured."""
    if found is None:
        return None
    told = {"difference": found.difference, "reading": reading.value if reading else None}
    if found.exact:
        return told
    bounds = found.interval()
    return {**told, "interval": [bounds.low, bounds.high], "sure": found.sure, "noise": found.basis.value}


def mean(found: RunChange | None, reading: Reading | None) -> dict[str, Any] | None:
    """Return the mean change over questions with its interval and reading."""
    if found is None:
        return None
    bounds = found.interval()
    interval = None if bounds is None else [bounds.low, bounds.high]
    told = {"difference": found.difference, "reading": reading.value if reading else None, "pairs": found.pairs}
    return {**told, "interval": interval, "sure": found.sure, "detectable": found.detectable}


def advice(found: Advice | None) -> dict[str, Any] | None:
    """Return a command and its estimated price in USD."""
    return None if found is None else msgspec.to_builtins(found) | {"price": msgspec.to_builtins(found.price)}


def elsewhere(found: Elsewhere) -> dict[str, Any]:
    """Return what is stored under another identity."""
    return dict(msgspec.to_builtins(found))


def not_compared(found: SeriesResult) -> str | None:
    """Return why the latest attempt is not compared although both are graded; None where it is, or can't be."""
    return wording.not_compared(found.drifted) if found.drifted else None


def _line(found: SeriesLine) -> dict[str, Any]:
    latest = found.series.latest
    return {
        "series": latest.case.attempt.series,
        "title": latest.case.question.title,
        "attempts": [{"case": r.case.key, "date": r.case.attempt.date, "total": r.total} for r in found.series.results],
        "change": change(found.change, found.reading),
        "not_compared": not_compared(found.series),
        "says": words.reading(found.reading, found.series),
        "claims_differ": claims_differ(found.series.previous, found.series.latest),
        "self_score_gap": found.gap,
    }


def _series(found: SeriesProgress) -> dict[str, Any]:
    return {
        "series": found.series.latest.case.attempt.series,
        "attempts": [
            {"case": r.case.key, "date": r.case.attempt.date, "total": r.total, "samples": chances.samples(r)}
            for r in found.series.results
        ],
        "criteria": [_criterion(one) for one in found.criteria],
        "change": change(found.change, found.reading),
        "not_compared": not_compared(found.series),
        "apart": [
            {"case": result.case.key, "drift": msgspec.to_builtins(one)}
            for result, one in zip(found.series.results, found.series.apart, strict=True)
            if one
        ]
        or None,
        "says": words.reading(found.reading, found.series),
        "claims_differ": claims_differ(found.series.previous, found.series.latest),
        "comparisons": found.tested,
        "detectable": found.detectable,
        "stayed_weak": [one.criterion.id for one in found.stayed_weak],
        "self_score_gaps": [{"case": result.case.key, "gap": gap} for result, gap in found.gaps],
        "elsewhere": [elsewhere(other) for other in found.elsewhere],
        "regrade": advice(found.regrade),
        "settle": advice(found.settle),
    }


def _criterion(found: CriterionProgress) -> dict[str, Any]:
    return {
        "criterion": found.criterion.id,
        "weight": found.criterion.weight,
        "levels": [
            {"level": score.level, "samples": list(score.levels), "read": score.read} for score in found.scores if score
        ],
        "change": change(found.change, found.reading),
        "weak_for": found.weak,
    }


def step(found: NextStep) -> dict[str, Any]:
    """Return one step of the shared order, without what it does not have."""
    line = next_steps.own_line(found)
    told = {
        "case": found.result.case.key,
        "criterion": found.step.criterion.id,
        "level": found.step.level,
        "gain": found.step.gain,
        "asks": found.step.asks,
        "also": found.step.also or None,
        "reason": found.step.reason or None,
        "line": None if line is None else f'{line[0]} "{line[1].text}"',
    }
    return {name: value for name, value in told.items() if value is not None}


def _known(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _known(each) for name, each in value.items() if each is not None}
    return [_known(each) for each in value] if isinstance(value, list) else value
