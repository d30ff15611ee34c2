"""ratings of the same things by several raters -> how far they agree, beyond chance."""

from __future__ import annotations

import enum
import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import assert_never

Disagreement = Callable[[float, float], float]


# --- two raters: Cohen's kappa ---------------------------------------------------------------------


class Weights(enum.Enum):
    """How much a disagreement counts: any the same, by distance, or by squared distance."""

    NONE = "none"
    LINEAR = "linear"
    QUADRATIC = "quadratic"


def kappa(
    first: Sequence[float], second: Sequence[float], levels: Sequence[float], weights: Weights = Weights.NONE
) -> float | None:
    """Return Cohen's kappa of two raters; `levels` lists the whole scale in order, used or not.

    Disagreement is counted by distance between levels' places on the scale: a list of only the levels that
    occur would make 2 and 5 neighbours.  None where both raters gave one and the same level throughout.

    Raises:
        ValueError: a rating is not among `levels`, or the raters have not rated equally many things.
    """
    return kappa_of_table(confusion(first, second, levels), disagreements(len(levels), weights))


def confusion(first: Sequence[float], second: Sequence[float], levels: Sequence[float]) -> tuple[tuple[int, ...], ...]:
    """Return counts by level: one row a level of the first rater, one column a level of the second."""
    if stray := {*first, *second} - {*levels}:
        raise ValueError(f"{sorted(stray)} are not levels of the scale {list(levels)}")
    counts = Counter(zip(first, second, strict=True))
    return tuple(tuple(counts[row, column] for column in levels) for row in levels)


def disagreements(size: int, weights: Weights) -> tuple[tuple[float, ...], ...]:
    """Return the weight of each pair of places on a scale of `size` levels, 0 where they agree."""
    power = {Weights.NONE: 0, Weights.LINEAR: 1, Weights.QUADRATIC: 2}[weights]
    return tuple(tuple(float(abs(i - j) ** power) if i != j else 0.0 for j in range(size)) for i in range(size))


def kappa_of_table(table: Sequence[Sequence[float]], weights: Sequence[Sequence[float]]) -> float | None:
    """Return 1 - observed / expected disagreement (Cohen 1968, Psychological Bulletin 70:213).

    `table` holds counts or shares, `weights` the disagreement of each cell; with weight 1 off the diagonal it
    is the kappa of Cohen 1960.  None where no disagreement is to be expected by chance.
    """
    total = math.fsum(map(math.fsum, table))
    rows = [math.fsum(row) for row in table]
    columns = [math.fsum(column) for column in zip(*table, strict=True)]
    cells = [(i, j) for i in range(len(rows)) for j in range(len(columns))]
    observed = math.fsum(weights[i][j] * table[i][j] for i, j in cells) * total
    expected = math.fsum(weights[i][j] * rows[i] * columns[j] for i, j in cells)
    return 1 - observed / expected if expected > 0 else None


# --- any number of raters, ratings missing: Krippendorff's alpha -----------------------------------


class Metric(enum.Enum):
    """What kind of scale the ratings are on, which says how far apart two of them are."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"
    RATIO = "ratio"


def krippendorff_alpha(ratings: Sequence[Sequence[float | None]], metric: Metric) -> float | None:
    """Return 1 - observed / expected disagreement; `ratings` has one row a rater, one column a unit.

    None marks a rating that is missing; units with fewer than two ratings are left out.  Krippendorff 2011,
    Computing Krippendorff's Alpha-Reliability.  None where nothing can be paired or nothing varies.
    """
    units = [tuple(r for r in unit if r is not None) for unit in zip(*ratings, strict=True)]
    units = [unit for unit in units if len(unit) > 1]
    totals = Counter(rating for unit in units for rating in unit)
    n = totals.total()
    apart = _distance(totals, metric)
    within = {unit: _within(Counter(unit), apart) / (len(unit) - 1) for unit in set(units)}  # many units are alike
    observed = math.fsum(within[unit] for unit in units)
    expected = _within(totals, apart) / (n - 1) if n > 1 else 0.0
    return 1 - observed / expected if expected > 0 else None


def _within(counts: Counter[float], apart: Disagreement) -> float:
    """Return the summed disagreement over all ordered pairs of the counted ratings."""
    return math.fsum(counts[a] * counts[b] * apart(a, b) for a in counts for b in counts)


def _distance(totals: Counter[float], metric: Metric) -> Disagreement:
    match metric:
        case Metric.NOMINAL:
            return lambda a, b: float(a != b)
        case Metric.ORDINAL:
            return _ordinal(totals)
        case Metric.INTERVAL:
            return lambda a, b: (a - b) ** 2
        case Metric.RATIO:
            return lambda a, b: ((a - b) / (a + b)) ** 2 if a != b else 0.0
        case _:
            assert_never(metric)


def _ordinal(totals: Counter[float]) -> Disagreement:
    """Return the squared number of ratings from one level to the other, each end counted by half."""
    middle: dict[float, float] = {}
    below = 0
    for level in sorted(totals):
        middle[level] = below + totals[level] / 2
        below += totals[level]
    return lambda a, b: (middle[a] - middle[b]) ** 2
