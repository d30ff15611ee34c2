"""The levels of one criterion in two attempts -> how likely they are for each noise, moved or not.

`Shifts` are what two days may differ by: steps of FINE and their weights; ((0, 1.0),) for one sitting.
"""

from __future__ import annotations

import functools
from operator import add, mul

from evalharness.model.noun import Noun
from evalharness.noise.scale import FINE, LOWEST, NOISES, PLACES, Row, Table, Weights, dot, likelihood, moments, places

Levels = tuple[float, ...]
Shifts = tuple[tuple[int, float], ...]
ONE_SITTING: Shifts = ((0, 1.0),)


class Side(Noun):
    """One attempt's levels: for each noise the likelihood over all places, its peak, variance of the mean, pull."""

    whole: Weights
    peak: Weights
    variance: Weights
    pull: Weights


class Evidence(Noun):
    """Two attempts: for each noise the likelihood where the place is the same (`same`) and where both are free.

    `peak` is the highest likelihood over all places under `same`.  `variance` is that of the difference of the means,
    `pull` the mean pull of one grading; first under `same`, then under `free`.
    """

    same: Weights
    free: Weights
    peak: Weights
    variance: tuple[Weights, Weights]
    pull: tuple[Weights, Weights]


@functools.lru_cache(maxsize=20_000)
def side(levels: Levels, step: float) -> Side:
    """Return what one attempt's levels say by themselves."""
    table = likelihood(levels, step)
    variances, pulls = moments(step)
    here = [tuple(map(mul, row, places(step))) for row in table]
    whole = tuple(map(sum, table))
    return Side(
        whole=tuple(value / len(PLACES) for value in whole),
        peak=tuple(map(max, table)),
        variance=tuple(dot(r, v) / sum(r) / len(levels) for r, v in zip(here, variances, strict=True)),
        pull=tuple(dot(r, p) / sum(r) for r, p in zip(here, pulls, strict=True)),
    )


@functools.lru_cache(maxsize=20_000)
def evidence(before: Levels, after: Levels, step: float, shifts: Shifts = ONE_SITTING) -> Evidence:
    """Return what the levels of two attempts say."""
    one, two = side(before, step), side(after, step)
    rows = [_same(noise, before, after, step, shifts) for noise in range(len(NOISES))]
    same, peak, variance, pull = (tuple(column) for column in zip(*rows, strict=True))
    free = tuple(map(mul, one.whole, two.whole))
    apart = tuple(map(add, one.variance, two.variance))
    pulls = tuple((a + b) / 2 for a, b in zip(one.pull, two.pull, strict=True))
    return Evidence(same=same, free=free, peak=peak, variance=(variance, apart), pull=(pull, pulls))


def _same(noise: int, before: Levels, after: Levels, step: float, shifts: Shifts) -> tuple[float, float, float, float]:
    """Return likelihood, its peak, variance of the difference and pull where both attempts are at one place."""
    first, second = likelihood(before, step)[noise], likelihood(after, step)[noise]
    variances, pulls = (table[noise] for table in moments(step))
    most, at = max(weight for _, weight in shifts), places(step)
    total = peak = seen = variance = pull = 0.0
    for by, weight in shifts:
        here, there = slice(max(0, -by), len(PLACES) - max(0, by)), slice(max(0, by), len(PLACES) - max(0, -by))
        joint = list(map(mul, first[here], second[there]))
        total += weight * sum(joint)
        peak = max(peak, weight / most * max(joint))
        joint = list(map(mul, joint, map(max, at[here], at[there])))
        seen += weight * sum(joint)
        variance += weight * (dot(joint, variances[here]) / len(before) + dot(joint, variances[there]) / len(after))
        pull += weight * (dot(joint, pulls[here]) + dot(joint, pulls[there])) / 2
    return total / len(PLACES), peak, variance / seen, pull / seen


# --- the likelihood ratio -------------------------------------------------------------------------------


@functools.lru_cache(maxsize=50_000)
def peaks(before: Levels | float, after: Levels, step: float, moved: int, shifts: Shifts = ONE_SITTING) -> Weights:
    """Return for each noise the highest likelihood where `after` stands `moved` steps of FINE above `before`.

    `before` may be a bar: a place that is known.  A shift between two days counts as it is likely.
    """
    most = max(weight for _, weight in shifts)
    first, second = _table(before, step), likelihood(after, step)
    found = [0.0] * len(NOISES)
    for shift, weight in shifts:
        by = moved + shift
        start, end = max(0, -by), min(len(PLACES), len(PLACES) - by)
        if start >= end:
            continue
        for sd, (x, y) in enumerate(zip(first, second, strict=True)):
            best = max(map(mul, x[start:end], y[start + by : end + by])) * weight / most
            found[sd] = max(found[sd], best)
    return tuple(found)


def free_peaks(before: Levels | float, after: Levels, step: float) -> Weights:
    """Return for each noise the highest likelihood where nothing is said about the places."""
    peak = side(after, step).peak
    return peak if isinstance(before, float) else tuple(map(mul, side(before, step).peak, peak))


def _table(before: Levels | float, step: float) -> Table:
    if not isinstance(before, float):
        return likelihood(before, step)
    nearest = min(len(PLACES) - 1, max(0, round((before - LOWEST) / FINE)))
    row: Row = tuple(float(place == nearest) for place in range(len(PLACES)))
    return (row,) * len(NOISES)
