"""repeated composites (means over criteria) -> the variance of one of them, for means over many answers.

Audits and drift checks ask whether the mean over a set of answers moved, and test that with Student's t.  Their
variance is pooled over all repeats, with two more pairs of repeats one step apart that have not been seen yet, and is
never below that of answers half-way between two levels, each of which falls to either side like a coin.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from evalharness.noise.repeats import squares

_COIN = 0.25  # of a squared step: the variance of an answer half-way between two levels
_UNSEEN = 1.0  # squared steps: two pairs of repeats that differ by one


def pooled_variance(sides: Sequence[Sequence[float]], step: float) -> tuple[float, int]:
    """Return the variance of one composite and its degrees; (0, 0) where nothing was repeated.

    Each of `sides` holds one answer's repeats; `step` is the squared smallest step, weighted as the composite is.
    """
    repeats = [side for side in sides if len(side) > 1]
    degrees = sum(len(side) - 1 for side in repeats)
    if not degrees:
        return 0.0, 0
    estimate = (math.fsum(map(squares, repeats)) + _UNSEEN * step) / degrees
    return max(estimate, _COIN * step), degrees
