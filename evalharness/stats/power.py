"""sample size, spread -> the smallest difference that can be seen.

The digits of the published examples (1.35, .80, .53, .36, .25 levels) come from the exact power of the paired
t-test, that is from the noncentral t distribution.  The short formula with two normal quantiles,
(1.96 + .84) sd / sqrt(n), gives 1.00, .71, ... instead.
"""

from __future__ import annotations

import functools
import math

from evalharness.stats.distributions import crossing, normal_cdf, t_quantile

ALPHA = 0.05
POWER = 0.8
_PIECES = 600  # of Simpson's rule; the error stays below 1e-9 for one degree of freedom and more
_REACH = 9.0  # standard deviations of the spread estimate that are integrated over
_FARTHEST = 1e4


def noncentral_t_cdf(t: float, degrees: float, shift: float) -> float:
    """Return P(T <= t) for T = (Z + shift) / S, where `degrees` S^2 is chi-square distributed.

    Integral over S of P(Z <= t S - shift), by Simpson's rule (Johnson, Kotz & Balakrishnan 1995, chapter 31).
    """
    return sum(weight * normal_cdf(t * s - shift) for s, weight in _spreads(degrees))


@functools.lru_cache(maxsize=8)
def _spreads(degrees: float) -> tuple[tuple[float, float], ...]:
    """Return the values of S at which Simpson's rule looks, each with its weight: those of all shifts."""
    low = max(0.0, 1 - _REACH / math.sqrt(2 * degrees))
    width = (1 + _REACH / math.sqrt(2 * degrees) - low) / _PIECES
    log_front = math.log(2) + degrees / 2 * math.log(degrees / 2) - math.lgamma(degrees / 2)
    found = []
    for piece in range(_PIECES + 1):
        s = max(low + piece * width, 1e-12)
        weight = 1 if piece in (0, _PIECES) else 4 if piece % 2 else 2
        density = math.exp(log_front + (degrees - 1) * math.log(s) - degrees * s * s / 2)
        found.append((s, weight * density * width / 3))
    return tuple(found)


def t_power(shift: float, degrees: float, alpha: float = ALPHA) -> float:
    """Return the chance that a two-sided t-test at `alpha` sees an effect of `shift` standard errors."""
    edge = t_quantile(1 - alpha / 2, degrees)
    return 1 - noncentral_t_cdf(edge, degrees, shift) + noncentral_t_cdf(-edge, degrees, shift)


@functools.lru_cache(maxsize=1024)
def detectable_shift(degrees: float, power: float = POWER, alpha: float = ALPHA) -> float:
    """Return the effect, in standard errors, that a two-sided t-test at `alpha` sees with chance `power`."""
    high = 1.0
    while t_power(high, degrees, alpha) < power and high < _FARTHEST:
        high *= 2
    return crossing(lambda shift: t_power(shift, degrees, alpha) - power, 0.0, high)


def minimum_detectable_effect(n: int, sd: float, power: float = POWER, alpha: float = ALPHA) -> float:
    """Return the smallest mean difference, in the unit of `sd`, that `n` pairs show with chance `power`.

    `sd` is the standard deviation of the paired differences.

    Raises:
        ValueError: fewer than two pairs, or a negative `sd`.
    """
    if n < 2 or sd < 0:
        raise ValueError(f"{n} pairs with a spread of {sd} can't show a difference")
    return detectable_shift(float(n - 1), power, alpha) * sd / math.sqrt(n)
