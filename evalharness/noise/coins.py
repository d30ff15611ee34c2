"""Two attempts whose grades fall on two neighbouring levels only -> the exact chance, were both the same coin.

An answer half-way between two levels falls to either side like a coin, under the quietest grader too, and what is known
of the noise says nothing about it.  This is the exact test of two coins (Barnard 1945, Nature 156:177): the highest
chance, over all coins, of two shares at least so far apart.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence

COINS = tuple(number / 40 for number in range(1, 21))  # the other half is the same turned round
MOST = 12  # samples a side; beyond, the likelihood ratio needs no help


def coin_chance(before: Sequence[float], after: Sequence[float], step: float) -> float:
    """Return the exact chance; 0 where more levels than two neighbours were given, or very many grades."""
    low, high = min(*before, *after), max(*before, *after)
    if not 0 < high - low <= step * 1.5 or max(len(before), len(after)) > MOST:
        return 0.0
    ups = [sum(level > low + step / 2 for level in side) for side in (before, after)]
    return _chance(len(before), len(after), round(abs(ups[0] / len(before) - ups[1] / len(after)), 9))


@functools.lru_cache(maxsize=4_096)
def _chance(first: int, second: int, apart: float) -> float:
    reached = [
        (a, b) for a in range(first + 1) for b in range(second + 1) if abs(a / first - b / second) >= apart - 1e-6
    ]
    if len(reached) == (first + 1) * (second + 1):
        return 1.0
    return max(math.fsum(_binomial(first, a, coin) * _binomial(second, b, coin) for a, b in reached) for coin in COINS)


def _binomial(n: int, k: int, coin: float) -> float:
    return math.comb(n, k) * coin**k * (1 - coin) ** (n - k)
