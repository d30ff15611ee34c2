"""an unclear difference -> whether more samples are worth their price."""

from __future__ import annotations

import math
from collections.abc import Sequence

from evalharness.noise.change import ERROR_RATE, FLOOR, LEAST_DEGREES, Change, Pair, Reading, compare_total, read
from evalharness.noise.pooled import Noise
from evalharness.stats import normal_cdf, t_quantile

WORTH = 0.2
_CLEAR = frozenset({Reading.BETTER, Reading.WORSE, Reading.SAME, Reading.BETTER_BY_SURFACE, Reading.WORSE_BY_SURFACE})


def more_samples_help(
    pairs: Sequence[Pair],
    most: int,
    *,
    alpha: float = ERROR_RATE,
    comparisons: int = 1,
    worth: float = WORTH,
) -> bool:
    """Return whether sampling both attempts up to `most` times has a chance of `worth` to make a claim.

    `pairs` are the criteria of the total, or the one criterion that is looked at.  False where the reading is
    clear already, and where nobody could tell the difference even then.
    """
    if read(compare_total(pairs), alpha=alpha, comparisons=comparisons) in _CLEAR:
        return False
    return chance_of_claim(pairs, most, alpha=alpha, comparisons=comparisons) >= worth


def chance_of_claim(pairs: Sequence[Pair], most: int, *, alpha: float = ERROR_RATE, comparisons: int = 1) -> float:
    """Return the chance that the difference is claimed once both attempts have `most` samples.

    Predictive power (Spiegelhalter, Freedman & Blackburn 1986): the final difference is normal around the
    one seen now with variance se_now^2 - se_then^2.  Noise not measured yet is taken to be the coin flip
    between two levels, so that a first difference can ask for the samples that measure it.
    """
    now = compare_total([_measured(pair) for pair in pairs])
    then = compare_total([_measured(_grown(pair, most)) for pair in pairs])
    if not now.se or not then.se or then.se >= now.se:
        return 0.0
    edge = then.rounding + t_quantile(1 - alpha / comparisons / 2, then.degrees) * then.se
    return _beyond(now, edge, math.sqrt(now.se**2 - then.se**2))


def _beyond(now: Change, edge: float, sd: float) -> float:
    return normal_cdf((now.difference - edge) / sd) + normal_cdf((-now.difference - edge) / sd)


def _grown(pair: Pair, most: int) -> Pair:
    """Return the pair as if its means stood after `most` samples, and as if the noise were as measured."""
    before, after = (_filled(levels, most) for levels in (pair.before, pair.after))
    added = len(before) + len(after) - len(pair.before) - len(pair.after)
    variance = pair.noise.variance if pair.noise.variance is not None else FLOOR * pair.step**2
    noise = Noise(
        squares=pair.noise.squares + added * variance,
        degrees=pair.noise.degrees + added,
        answers=pair.noise.answers,
    )
    return Pair(before=before, after=after, noise=noise, weight=pair.weight, step=pair.step, exact=pair.exact)


def _filled(levels: tuple[float, ...], most: int) -> tuple[float, ...]:
    mean = math.fsum(levels) / len(levels)
    return (mean,) * max(len(levels), most)


def _measured(pair: Pair) -> Pair:
    """Return the pair with the coin flip's variance where its own noise is not measured."""
    if pair.exact or compare_total([pair]).se is not None:
        return pair
    noise = Noise(squares=FLOOR * pair.step**2 * LEAST_DEGREES, degrees=LEAST_DEGREES)
    return Pair(before=pair.before, after=pair.after, noise=noise, weight=pair.weight, step=pair.step)
