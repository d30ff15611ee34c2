"""A place on the scale, the noise of one grading -> how likely each level is.

A grading is a latent value, the answer's place plus normal noise, cut at thresholds half-way between the levels
(the ordered model of McCullagh 1980, JRSS B 42:109); the ends are clipped.  Now and then a grader slips and gives
any level at all (a lapse rate, as in Wichmann & Hill 2001, Perception & Psychophysics 63:1293).  Checklists and tags
are fractions of a whole: the same latent value, cut at smaller steps.

Places and standard deviations stand on grids, so that everything about them is computed once and looked up after that.
"""

from __future__ import annotations

import functools
import math
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from operator import mul

LOWEST, HIGHEST = 1.0, 5.0
GRID = tuple(0.1 * 2 ** (power / 2) for power in range(9))  # 0.1 to 1.6 levels, each sqrt(2) times the one before
LAPSES = (0.01, 0.06)  # graders that hardly ever slip, and graders that do
NOISES = tuple((sd, lapse) for lapse in LAPSES for sd in GRID)
SDS = tuple(sd for sd, _ in NOISES)
FINE = 0.125
HALF_WAY = 0.6  # of answers are taken to be half-way between two levels, where the quietest grader gives either
PLACES = tuple(LOWEST + FINE * number for number in range(33))

Row = tuple[float, ...]
"""A value for each place in PLACES."""

Table = tuple[Row, ...]
"""A row for each of NOISES."""

Weights = tuple[float, ...]
"""A value for each of NOISES: a standard deviation and a lapse rate."""

_SMALL = 1e-120
_FEWEST = 2


def count_of(step: float) -> int:
    """Return how many levels a scale of this step has."""
    return max(_FEWEST, round((HIGHEST - LOWEST) / step) + 1)


@functools.lru_cache(maxsize=20_000)
def cell(place: int, noise: int, step: float) -> tuple[float, ...]:
    """Return the chance of each level 1, 1 + step, ... 5 for an answer at PLACES[place] under NOISES[noise]."""
    count, (sd, lapse) = count_of(step), NOISES[noise]
    cuts = (LOWEST + step * (number + 0.5) for number in range(count - 1))
    below = [0.0, *(_normal_cdf((cut - PLACES[place]) / sd) for cut in cuts), 1.0]
    return tuple((1 - lapse) * (high - low) + lapse / count for low, high in pairwise(below))


@functools.lru_cache(maxsize=2_000)
def density(number: int, step: float) -> Table:
    """Return the chance of the level with this number (0 is level 1) for each noise and place."""
    return tuple(tuple(cell(p, n, step)[number] for p in range(len(PLACES))) for n in range(len(NOISES)))


@functools.lru_cache(maxsize=20_000)
def likelihood(levels: tuple[float, ...], step: float) -> Table:
    """Return the likelihood of one answer's levels for each noise and place, up to a common factor."""
    table = [[1.0] * len(PLACES) for _ in NOISES]
    for number, count in Counter(_number(level, step) for level in levels).items():
        for row, chances in zip(table, density(number, step), strict=True):
            row[:] = [value * chance**count for value, chance in zip(row, chances, strict=True)]
        table = _scaled(table)
    return tuple(map(tuple, table))


@functools.cache
def moments(step: float) -> tuple[Table, Table]:
    """Return variance and pull of one grading for each noise and place.

    The pull is how far the expected level moves with the place: about 1 inside the scale, 0 where it is clipped.
    Two gradings whose latent values have covariance c give levels with a covariance of about c times both pulls
    (Price 1958, IRE Transactions on Information Theory 4:69, first order).
    """
    values = [LOWEST + step * number for number in range(count_of(step))]
    variances, pulls = [], []
    for noise in range(len(NOISES)):
        cells = [cell(place, noise, step) for place in range(len(PLACES))]
        means = [dot(chances, values) for chances in cells]
        squares = [dot(chances, [value * value for value in values]) for chances in cells]
        variances.append(tuple(square - mean**2 for square, mean in zip(squares, means, strict=True)))
        pulls.append(tuple(_slopes(means)))
    return tuple(variances), tuple(pulls)


@functools.lru_cache(maxsize=64)
def places(step: float) -> Row:
    """Return how likely an answer is at each place: anywhere, and HALF_WAY of the weight between two levels."""
    cuts = [round(step * (number + 0.5) / FINE) for number in range(count_of(step) - 1)]
    return tuple(
        (1 - HALF_WAY) / len(PLACES) + HALF_WAY * cuts.count(place) / len(cuts) for place in range(len(PLACES))
    )


def dot(first: Sequence[float], second: Sequence[float]) -> float:
    """Return the sum of products."""
    return float(sum(map(mul, first, second)))


def _number(level: float, step: float) -> int:
    return min(count_of(step) - 1, max(0, round((level - LOWEST) / step)))


def _scaled(table: list[list[float]]) -> list[list[float]]:
    most = max(map(max, table))
    return [[value / most for value in row] for row in table] if 0 < most < _SMALL else table


def _slopes(values: Sequence[float]) -> list[float]:
    """Return the slope at each value, by central differences."""
    last = len(values) - 1
    around = [(max(0, place - 1), min(last, place + 1)) for place in range(last + 1)]
    return [(values[high] - values[low]) / (FINE * (high - low)) for low, high in around]


def _normal_cdf(z: float) -> float:
    return 0.5 * math.erfc(-z / math.sqrt(2))
