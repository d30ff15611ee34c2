"""Other readers of the same draws: any half level counts, t-tests with Holm, moderated t-tests.

The moderated t (Smyth 2004, Statistical Applications in Genetics and Molecular Biology 3:1) shrinks each criterion's
variance to what all of them have in common; it is what is used where there are many variables and few repeats.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence

from evalharness.noise.attempts import Pair

ALPHA = 0.05
_FEWEST = 1e-4
Claims = tuple[bool, tuple[bool, ...]]
"""Whether the total is claimed, and each criterion."""


def half_a_level(pairs: Sequence[Pair]) -> Claims:
    """Claim every difference of means above half a level."""
    found = [statistics.fmean(pair.after) - statistics.fmean(pair.before) for pair in pairs]
    return abs(statistics.fmean(found)) > 0.5, tuple(abs(each) > 0.5 for each in found)


def t_and_holm(pairs: Sequence[Pair]) -> Claims:
    """Claim by two-sample t-tests with pooled variance; the total from totals of samples.  Nothing from one sample."""
    if len(pairs[0].before) < 2:
        return False, (False,) * len(pairs)
    sides = [[statistics.fmean(each) for each in zip(*levels, strict=True)] for levels in _both(pairs)]
    total = _t(sides[0], sides[1], _squares(sides[0]) + _squares(sides[1]), len(sides[0]) + len(sides[1]) - 2)
    ps = [
        _t(p.before, p.after, _squares(p.before) + _squares(p.after), len(p.before) + len(p.after) - 2) for p in pairs
    ]
    return _holm([total, *ps])


def moderated_t(pairs: Sequence[Pair]) -> Claims:
    """Claim by t-tests whose variances are pooled with the history and shrunk to each other."""
    squares, degrees = zip(*map(_pooled, pairs), strict=True)
    if min(degrees) == 0:
        return False, (False,) * len(pairs)
    variances = [max(s / d, _FEWEST) for s, d in zip(squares, degrees, strict=True)]
    prior, degrees_prior = _shared(variances, degrees)
    shrunk = [(degrees_prior * prior + d * v) / (degrees_prior + d) for v, d in zip(variances, degrees, strict=True)]
    whole = [degrees_prior + d for d in degrees]
    differences = [statistics.fmean(p.after) - statistics.fmean(p.before) for p in pairs]
    errors = [v * (1 / len(p.before) + 1 / len(p.after)) for v, p in zip(shrunk, pairs, strict=True)]
    ps = [t_two_sided(d / math.sqrt(e), w) for d, e, w in zip(differences, errors, whole, strict=True)]
    total = t_two_sided(sum(differences) / math.sqrt(sum(errors)), min(1e6, degrees_prior + sum(degrees)))
    return _holm([total, *ps])


def _shared(variances: Sequence[float], degrees: Sequence[int]) -> tuple[float, float]:
    """Return the common variance and its degrees, by the moments of log variances (Smyth 2004, section 6.2)."""
    logs = [math.log(v) - _digamma(d / 2) + math.log(d / 2) for v, d in zip(variances, degrees, strict=True)]
    mean = statistics.fmean(logs)
    excess = statistics.variance(logs) - statistics.fmean(_trigamma(d / 2) for d in degrees)
    if excess <= 0:
        return math.exp(mean), 1e6
    half = _trigamma_inverse(excess)
    return math.exp(mean + _digamma(half) - math.log(half)), 2 * half


def _pooled(pair: Pair) -> tuple[float, int]:
    own = [pair.before, pair.after]
    squares = sum(map(_squares, own)) + sum(_squares(levels) * count for levels, count in pair.noise.repeats)
    return squares, sum(len(levels) - 1 for levels in own) + pair.noise.degrees


def _both(pairs: Sequence[Pair]) -> tuple[list[tuple[float, ...]], list[tuple[float, ...]]]:
    return [pair.before for pair in pairs], [pair.after for pair in pairs]


def _squares(levels: Sequence[float]) -> float:
    mean = statistics.fmean(levels)
    return sum((level - mean) ** 2 for level in levels)


def _t(before: Sequence[float], after: Sequence[float], squares: float, degrees: int) -> float:
    difference = statistics.fmean(after) - statistics.fmean(before)
    if squares <= 0:
        return 0.0 if difference else 1.0
    error = math.sqrt(squares / degrees * (1 / len(before) + 1 / len(after)))
    return t_two_sided(difference / error, degrees)


def _holm(ps: Sequence[float]) -> Claims:
    found = [False] * len(ps)
    for rank, number in enumerate(sorted(range(len(ps)), key=ps.__getitem__)):
        if ps[number] * (len(ps) - rank) > ALPHA:
            break
        found[number] = True
    return found[0], tuple(found[1:])


# --- special functions ------------------------------------------------------------------------------------


def t_two_sided(t: float, degrees: float) -> float:
    """Return P(|T| >= |t|): I_x(degrees/2, 1/2) at x = degrees / (degrees + t^2), Abramowitz & Stegun 26.7.1."""
    if degrees > 1e5:
        return math.erfc(abs(t) / math.sqrt(2))
    x = degrees / (degrees + t * t)
    return _beta(x, degrees / 2, 0.5)


def _beta(x: float, a: float, b: float) -> float:
    if x <= 0 or x >= 1:
        return float(x >= 1)
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _fraction(x, a, b) / a
    return 1 - front * _fraction(1 - x, b, a) / b


def _fraction(x: float, a: float, b: float) -> float:
    """Return the continued fraction of the incomplete beta function (DLMF 8.17.22), from the far end."""
    value = 1.0
    for step in range(200, 0, -1):
        m = step // 2
        if step % 2:
            term = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            term = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        value = 1 + term / value
    return 1 / value


def _digamma(x: float) -> float:
    """Return the digamma function, by recurrence and its asymptotic series (DLMF 5.11.2)."""
    found = 0.0
    while x < 8:
        found -= 1 / x
        x += 1
    return found + math.log(x) - 1 / (2 * x) - 1 / (12 * x**2) + 1 / (120 * x**4) - 1 / (252 * x**6)


def _trigamma(x: float) -> float:
    """Return the trigamma function, by recurrence and its asymptotic series."""
    found = 0.0
    while x < 8:
        found += 1 / x**2
        x += 1
    return found + 1 / x + 1 / (2 * x**2) + 1 / (6 * x**3) - 1 / (30 * x**5) + 1 / (42 * x**7)


def _trigamma_inverse(value: float) -> float:
    low, high = 1e-6, 1e9
    for _ in range(100):
        middle = math.sqrt(low * high)
        low, high = (middle, high) if _trigamma(middle) > value else (low, middle)
    return low
