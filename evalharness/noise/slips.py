"""Two attempts, what is known of slips -> the exact chance that one attempt's grades are all slips.

A grader that slips gives any level at all.  From single grades one slip is the whole difference, and the likelihood
ratio, held against chi-square, takes it for a change far too often: of quiet graders that slip in 5 % of grades 7 % of
screens of single grades made a claim.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from evalharness.noise.scale import LOWEST, NOISES, Weights, count_of


def slip_chance(before: Sequence[float], after: Sequence[float], step: float, weights: Weights) -> float:
    """Return the chance, given what is known of slips, that one side slipped in all grades, as far off as seen."""
    means = [math.fsum(side) / len(side) for side in (before, after)]
    apart = abs(means[1] - means[0]) - step / 4
    levels = [LOWEST + step * number for number in range(count_of(step))]
    chance = 0.0
    for side, other in ((before, means[1]), (after, means[0])):
        far = sum(abs(level - other) >= apart for level in levels) / len(levels)
        chance += math.fsum(w * (lapse * far) ** len(side) for w, (_, lapse) in zip(weights, NOISES, strict=True))
    return chance
