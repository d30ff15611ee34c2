"""paired values -> how far one rises with the other."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from operator import mul

_SAME = 1e-9


def pearson(x: Sequence[float], y: Sequence[float]) -> float | None:
    """Return the product-moment correlation, or None where one side does not vary (Pearson 1895)."""
    a, b = standardised(x), standardised(y)
    return None if a is None or b is None else sum(map(mul, a, b))


def spearman(x: Sequence[float], y: Sequence[float]) -> float | None:
    """Return the rank correlation: Pearson's of the ranks, ties sharing the mean rank (Spearman 1904)."""
    return pearson(ranks(x), ranks(y))


def ranks(values: Sequence[float]) -> list[float]:
    """Return the rank of each value, from 1; equal values share the mean of their ranks."""
    order = sorted(range(len(values)), key=values.__getitem__)
    found = [0.0] * len(values)
    below = 0
    for _, group in itertools.groupby(order, key=values.__getitem__):
        tied = list(group)
        for index in tied:
            found[index] = below + (len(tied) + 1) / 2
        below += len(tied)
    return found


def standardised(values: Sequence[float]) -> list[float] | None:
    """Return values with mean 0 and length 1, so that a correlation is a sum of products, or None."""
    if not values or max(values) - min(values) < _SAME:
        return None
    mean = math.fsum(values) / len(values)
    length = math.sqrt(math.fsum((value - mean) ** 2 for value in values))
    return [(value - mean) / length for value in values]


def isotonic_regression(values: Sequence[float], weights: Sequence[float] | None = None) -> list[float]:
    """Return the non-decreasing sequence closest to `values` in (weighted) squared distance.

    Pool adjacent violators (Ayer et al. 1955; Barlow et al. 1972).  `weights` are positive, one a value.
    """
    blocks: list[tuple[float, float, int]] = []  # mean, weight, how many values
    for value, weight in zip(values, weights or [1.0] * len(values), strict=True):
        block = (float(value), float(weight), 1)
        while blocks and blocks[-1][0] >= block[0]:
            block = _merged(blocks.pop(), block)
        blocks.append(block)
    return [mean for mean, _, count in blocks for _ in range(count)]


def _merged(left: tuple[float, float, int], right: tuple[float, float, int]) -> tuple[float, float, int]:
    weight = left[1] + right[1]
    return (left[0] * left[1] + right[0] * right[1]) / weight, weight, left[2] + right[2]
