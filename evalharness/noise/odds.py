"""The levels of one criterion in two attempts -> how much likelier they are if it moved than if it did not.

Odds don't depend on when one stops asking: where nothing moved they reach k in one case of k at most, however often one
looks (Ville 1939; as p-values: Vovk & Wang 2021, Annals of Statistics 49:1736).  So an attempt may be graded again as
long as it looks changed, and what is claimed in the end is no more often wrong.

An answer half-way between two levels falls to either side like a coin, under the quietest grader too.  Such places are
the worst for a claim, and so have much of the weight (`scale.places`).
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence

from evalharness.noise.evidence import ONE_SITTING, Levels, Shifts
from evalharness.noise.scale import LOWEST, PLACES, Table, Weights, count_of, dot, likelihood, moments, places

_SIZES = ((4, 0.26), (8, 0.36), (12, 0.18), (16, 0.1), (24, 0.06), (32, 0.04))
MOVES: Shifts = tuple((sign * steps, weight / 2) for steps, weight in _SIZES for sign in (1, -1))
"""By how much a criterion may have moved, in steps of FINE: half a level to four levels, about one most often."""
SHARP = 0.36  # of 1 / odds, before they overshoot: as simulated graders show, whatever is bought
OVERSHOOT = 0.583  # for a change of one sd of a grade, in logarithms (Siegmund 1985, Sequential Analysis)


def chance_of(odds: float, weights: Weights, step: float) -> float:
    """Return the chance of such odds, or higher ones, where nothing moved; `weights` are those of the noise.

    Odds go up in jumps, and jump past the bar they are held against, which makes chance reach it less often.  Each
    grade of a quiet grader tells more than one of a noisy grader, so its jumps are larger.  Low odds are as likely as
    that coins fall alike, about 1 / odds squared: an answer half-way between two levels is graded by such coins.
    """
    return min(1.0, max(dot(weights, _sharp(step)) / odds, odds**-2)) if odds > 0 else 1.0


@functools.lru_cache(maxsize=64)
def _sharp(step: float) -> Weights:
    """Return for each noise how much of 1 / odds is their chance, by the sd of one grade, with its cut and slips."""
    variances, _ = moments(step)
    return tuple(SHARP * math.exp(-OVERSHOOT / math.sqrt(math.fsum(row) / len(row))) for row in variances)


def odds(weights: Weights, before: Levels, after: Levels, step: float, shifts: Shifts = ONE_SITTING) -> float:
    """Return the odds that a criterion moved; `weights` are those of the noise, `shifts` what days may differ by."""
    return dot(weights, _likely(before, after, step, MOVES)) / dot(weights, _likely(before, after, step, shifts))


def telling_side(weights: Weights, sides: tuple[Levels, Levels], step: float, allowed: Sequence[int]) -> int:
    """Return which of the `allowed` sides tells most by one more grade: 0 is before, 1 after.

    That is the one whose next grade can be expected to add most to the odds if the criterion moved (weight of evidence;
    Good 1950, Probability and the Weighing of Evidence).
    """
    return max(allowed, key=lambda side: round(_expected(weights, sides, step, side), 9))


def _expected(weights: Weights, sides: tuple[Levels, Levels], step: float, side: int) -> float:
    moved, still = (dot(weights, _likely(*sides, step, moves)) for moves in (MOVES, ONE_SITTING))
    found = 0.0
    for number in range(count_of(step)):
        one = tuple(sorted((*sides[side], LOWEST + step * number)))
        then = (one, sides[1]) if side == 0 else (sides[0], one)
        up, same = (dot(weights, _likely(*then, step, moves)) for moves in (MOVES, ONE_SITTING))
        found += up / moved * math.log(up / moved * still / same)
    return found


@functools.lru_cache(maxsize=50_000)
def _likely(before: Levels, after: Levels, step: float, moves: Shifts) -> Weights:
    """Return for each noise how likely the levels of two attempts are where the place moved by one of `moves`."""
    return tuple(map(dot, likelihood(before, step), _moved(after, step, moves)))


@functools.lru_cache(maxsize=20_000)
def _moved(after: Levels, step: float, moves: Shifts) -> Table:
    """Return how likely the newer levels are for each noise and place of the older attempt, times that of the place."""
    kernel = _kernel(step, moves)
    return tuple(tuple(map(dot, kernel, (row,) * len(PLACES))) for row in likelihood(after, step))


@functools.lru_cache(maxsize=64)
def _kernel(step: float, moves: Shifts) -> Table:
    """Return the chance of each pair of places, the older attempt's and the newer's."""
    rows = [[0.0] * len(PLACES) for _ in PLACES]
    at = places(step)
    for by, weight in moves:
        pairs = [(place, place + by) for place in range(len(PLACES)) if 0 <= place + by < len(PLACES)]
        whole = math.fsum(at[one] + at[other] for one, other in pairs)
        for one, other in pairs:
            rows[one][other] += weight * (at[one] + at[other]) / whole
    return tuple(map(tuple, rows))
