"""people's labels, a grader's levels -> a rising correction of the levels, kept only where it helps on unseen attempts.

The correction is the rising curve closest to people's levels (isotonic regression).  What it gains is measured on
series that the curve has not seen, one fold at a time: attempts of one series resemble each other.  It is kept where
the gain is beyond chance (95 %, clustered by series), and where it beats one level for everybody: levels that say
nothing are not made to look right by giving all answers the same.
"""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from evalharness.calibrate.agreement import Levels, Ratings, mean_levels
from evalharness.model.correction import Correction, Knot, NotCorrected, corrected
from evalharness.results.calibration import Subject
from evalharness.stats import clustered_mean, isotonic_regression

ENOUGH = 30
FEWEST_SERIES = 5
FOLDS = 10
_SAME = 1e-9


class _Pair(NamedTuple):
    """One attempt: its series, the grader's level, people's mean level."""

    series: str
    raw: float
    people: float


class _Unseen(NamedTuple):
    """One attempt by people, by a curve that has not seen its series, and by one level for all."""

    people: float
    held: float
    flat: float


def corrections(ratings: Sequence[Ratings]) -> Iterator[Correction | NotCorrected]:
    """Yield for every criterion and grader how its levels are corrected, or why they are not."""
    for each in ratings:
        for subject, levels in each.graders:
            yield correct(each, subject, levels)


def correct(ratings: Ratings, subject: Subject, levels: Levels) -> Correction | NotCorrected:
    """Return the correction of one grader in one criterion, or why there is none."""
    pairs = _pairs(mean_levels(ratings.people), levels)
    series = {pair.series for pair in pairs}
    left = NotCorrected(rubric=ratings.rubric, criterion=ratings.criterion, grader=subject.name, why="")
    if len(pairs) < ENOUGH or len(series) < FEWEST_SERIES:
        why = f"{len(pairs)} labelled attempts in {len(series)} series; it needs {ENOUGH} in {FEWEST_SERIES}"
        return _because(left, why)
    if len({pair.raw for pair in pairs}) < 2:
        return _because(left, "the grader gave all of them one level")
    unseen = _held_out(pairs)
    raw = [abs(one.raw - one.people) for one in pairs]
    held = [abs(one.held - one.people) for one in unseen]
    flat = [abs(one.flat - one.people) for one in unseen]
    names = [one.series for one in pairs]
    found = clustered_mean([a - b for a, b in zip(raw, held, strict=True)], names)
    beyond = clustered_mean([a - b for a, b in zip(flat, held, strict=True)], names)
    raw_error, low = statistics.fmean(raw), found.interval().low
    if low <= _SAME:
        told = f"on attempts it had not seen a correction would be {raw_error - found.mean:.2f} of a level off"
        return _because(left, f"{told}, the grader's own level is {raw_error:.2f} off: no gain beyond chance")
    if beyond.interval().low <= _SAME:
        return _because(
            left, "one level for every answer would be as near to people: the grader does not tell them apart"
        )
    return Correction(
        rubric=ratings.rubric,
        criterion=ratings.criterion,
        grader=subject.name,
        fingerprint=subject.fingerprint,
        labels=len(pairs),
        series=len(series),
        raw_error=raw_error,
        error=raw_error - found.mean,
        gain=found.mean,
        gain_low=low,
        knots=fitted(pairs),
    )


def fitted(pairs: Sequence[tuple[str, float, float]]) -> tuple[Knot, ...]:
    """Return the rising curve closest to people's levels, a knot for each level that the grader gave."""
    ordered = sorted(pairs, key=lambda pair: pair[1])
    groups = [(raw, [pair[2] for pair in group]) for raw, group in itertools.groupby(ordered, key=lambda p: p[1])]
    curve = isotonic_regression([statistics.fmean(said) for _, said in groups], [float(len(s)) for _, s in groups])
    return tuple(Knot(raw=raw, corrected=level) for (raw, _), level in zip(groups, curve, strict=True))


def _held_out(pairs: Sequence[_Pair]) -> list[_Unseen]:
    """Return for each attempt what the other folds' series would make of it."""
    fold = {name: number % FOLDS for number, name in enumerate(sorted({pair.series for pair in pairs}))}
    others = {n: [pair for pair in pairs if fold[pair.series] != n] for n in fold.values()}
    curves = {n: fitted(seen) for n, seen in others.items()}
    flat = {n: statistics.fmean(pair.people for pair in seen) for n, seen in others.items()}
    return [
        _Unseen(pair.people, corrected(curves[fold[pair.series]], pair.raw), flat[fold[pair.series]]) for pair in pairs
    ]


def _pairs(people: Mapping[str, float], levels: Levels) -> list[_Pair]:
    shared = sorted(people.keys() & levels.keys())
    return [_Pair(key.rpartition("/")[0], levels[key], people[key]) for key in shared]


def _because(left: NotCorrected, why: str) -> NotCorrected:
    return msgspec.structs.replace(left, why=why)
