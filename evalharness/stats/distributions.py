"""probability <-> value: tails and quantiles of the distributions the harness needs, standard library only.

An upper tail is computed as itself and not as one minus the rest, so that small ones keep their digits.
Relative error is below 1e-9 for what a run can ask (tests/stats/test_stats.py holds printed oracle values).
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from statistics import NormalDist

_TINY = 1e-300
_PRECISE = 1e-16
_CLOSE = 1e-12
_MOST_TERMS = 100_000
_NORMAL = NormalDist()


# --- normal ----------------------------------------------------------------------------------------


def normal_cdf(z: float) -> float:
    """Return P(Z <= z) of the standard normal distribution, by the complementary error function."""
    return 0.5 * math.erfc(-z / math.sqrt(2))


def normal_quantile(probability: float) -> float:
    """Return the z with P(Z <= z) = `probability` (Wichura 1988, AS 241).

    Raises:
        ValueError: `probability` is not strictly between 0 and 1.
    """
    _check_open(probability)
    return _NORMAL.inv_cdf(probability)


# --- Student t -------------------------------------------------------------------------------------


def t_upper_tail(t: float, degrees: float) -> float:
    """Return P(T > t) of Student's distribution with `degrees` > 0 (need not be whole; may be infinite).

    P(|T| > t) = I_x(degrees/2, 1/2) at x = degrees / (degrees + t^2): Abramowitz & Stegun 26.7.1.
    """
    if degrees <= 0:
        raise ValueError(f"degrees of freedom must be positive, found {degrees}")
    if math.isinf(degrees):
        return normal_cdf(-t)
    square = t * t
    both = _beta(degrees / (degrees + square), square / (degrees + square), degrees / 2, 0.5)
    return both / 2 if t >= 0 else 1 - both / 2


def t_two_sided(t: float, degrees: float) -> float:
    """Return P(|T| >= |t|) of Student's distribution."""
    return 2 * t_upper_tail(abs(t), degrees)


@functools.lru_cache(maxsize=4096)
def t_quantile(probability: float, degrees: float) -> float:
    """Return the t with P(T <= t) = `probability`; ValueError outside the open interval from 0 to 1."""
    _check_open(probability)
    if math.isinf(degrees):
        return normal_quantile(probability)
    if probability < 0.5:
        return -t_quantile(1 - probability, degrees)
    return _decreasing_root(lambda t: t_upper_tail(t, degrees), 1 - probability)


# --- F ---------------------------------------------------------------------------------------------


def f_upper_tail(ratio: float, above: float, below: float) -> float:
    """Return P(F > ratio) of Fisher's distribution with `above` and `below` degrees of freedom, both > 0.

    I_x(below/2, above/2) at x = below / (below + above ratio): Abramowitz & Stegun 26.6.2.
    """
    whole = below + above * ratio
    return _beta(below / whole, above * ratio / whole, below / 2, above / 2)


# --- incomplete beta -------------------------------------------------------------------------------


def _beta(x: float, rest: float, a: float, b: float) -> float:
    """Return the regularised incomplete beta function I_x(a, b); `rest` is 1 - x, known with more digits.

    Continued fraction 8.17.22 of the NIST Digital Library of Mathematical Functions, on the side
    where it converges quickly, by Lentz's method (Press et al., Numerical Recipes, 6.4).
    """
    if x <= 0 or rest <= 0:
        return float(x > 0)
    front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log(rest)
    if x < (a + 1) / (a + b + 2):
        return math.exp(front) * _beta_fraction(x, a, b) / a
    return 1 - math.exp(front) * _beta_fraction(rest, b, a) / b


def _beta_fraction(x: float, a: float, b: float) -> float:
    def term(step: int) -> float:
        m = step // 2
        if step % 2:
            return -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        return m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))

    return 1 / _lentz(1.0, term, lambda _: 1.0)


def _lentz(first: float, above: Callable[[int], float], below: Callable[[int], float]) -> float:
    """Return first + above(1) / (below(1) + above(2) / (below(2) + ...)), by the modified Lentz method."""
    value = c = first or _TINY
    d = 0.0
    for step in range(1, _MOST_TERMS):
        numerator, denominator = above(step), below(step)
        d = 1 / ((denominator + numerator * d) or _TINY)
        c = (denominator + numerator / c) or _TINY
        value *= c * d
        if abs(c * d - 1) < _PRECISE * 4:
            return value
    raise ArithmeticError(f"a continued fraction does not settle, it has come to {value}")


# --- inversion -------------------------------------------------------------------------------------


def _decreasing_root(tail: Callable[[float], float], target: float) -> float:
    """Return the x >= 0 at which the decreasing `tail` reaches `target`, by doubling, then halving."""
    high = 1.0
    while tail(high) > target:
        high *= 2
    return bisect(lambda x: tail(x) <= target, 0.0, high)


def bisect(reached: Callable[[float], bool], low: float, high: float) -> float:
    """Return where `reached` turns true between `low` and `high`, to the last digits of a float."""
    while True:
        middle = (low + high) / 2
        if not low < middle < high or high - low < _PRECISE * high:
            return high
        if reached(middle):
            high = middle
        else:
            low = middle


def crossing(rising: Callable[[float], float], low: float, high: float) -> float:
    """Return where `rising` is 0 between `low` and `high`, by regula falsi, Illinois rule (Dowell & Jarratt 1971).

    It asks for a tenth of the values that halving does, which matters where one of them is an integral.
    """
    below, above, side = rising(low), rising(high), 0
    while high - low > _CLOSE * high:
        middle = min(max((low * above - high * below) / (above - below), low), high)
        value = rising(middle)
        if abs(value) < _CLOSE:
            return middle
        if value > 0:
            high, above = middle, value
            below, side = (below / 2 if side == 1 else below), 1
        else:
            low, below = middle, value
            above, side = (above / 2 if side == -1 else above), -1
    return high


def _check_open(probability: float) -> None:
    if not 0 < probability < 1:
        raise ValueError(f"a quantile needs a probability between 0 and 1, found {probability}")
