"""values -> how far a proportion, a mean or a difference can be trusted.

All of them speak of sampling only.  An interval from grader scores says nothing about a biased grader: in a
simulation with one, such intervals never covered people's true mean.
"""

from __future__ import annotations

import math
import random
import statistics
from collections import defaultdict
from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

from evalharness.model.noun import Noun
from evalharness.stats.distributions import normal_cdf, normal_quantile, t_quantile

T = TypeVar("T")
CONFIDENCE = 0.95
_UNDEFINED = 0.1  # an interval is not drawn where more than this share of the resamples has no value


class Interval(Noun):
    """Bounds in the unit of the value, and the confidence (0 to 1) they were made for."""

    low: float
    high: float
    confidence: float = CONFIDENCE


class ClusteredMean(Noun):
    """A mean over clusters of values that hang together; `se` in their unit, `degrees` for Student's t."""

    mean: float
    se: float
    degrees: float
    values: int
    clusters: int

    def interval(self, confidence: float = CONFIDENCE) -> Interval:
        """Return mean plus and minus the t quantile times the standard error."""
        half = t_quantile((1 + confidence) / 2, self.degrees) * self.se
        return Interval(low=self.mean - half, high=self.mean + half, confidence=confidence)


def wilson_interval(successes: int, n: int, confidence: float = CONFIDENCE) -> Interval:
    """Return the score interval of a proportion (Wilson 1927; method 3 of Newcombe 1998).

    Raises:
        ValueError: n is not positive, or `successes` not between 0 and n.
    """
    if n < 1 or not 0 <= successes <= n:
        raise ValueError(f"{successes} of {n} is not a proportion")
    z = normal_quantile((1 + confidence) / 2)
    share = successes / n
    middle = (2 * successes + z * z) / (2 * (n + z * z))
    half = z * math.sqrt(z * z + 4 * n * share * (1 - share)) / (2 * (n + z * z))
    return Interval(
        low=middle - half if successes else 0.0,
        high=middle + half if successes < n else 1.0,
        confidence=confidence,
    )


def standard_error(values: Sequence[float]) -> float:
    """Return the standard error of a mean of independent values, sd / sqrt(n), with n - 1 in the sd."""
    return statistics.stdev(values) / math.sqrt(len(values))


def clustered_se(values: Sequence[float], clusters: Sequence[Hashable]) -> float:
    """Return the clustered standard error of a mean, sqrt(sum over clusters of (sum of residuals)^2) / n.

    Miller 2024 (arXiv:2411.00640), equation 4; no small-sample correction: `clustered_mean` has one.
    """
    mean = statistics.fmean(values)
    return math.sqrt(math.fsum(s * s for s, _ in _sums(values, clusters, mean))) / len(values)


def clustered_mean(values: Sequence[float], clusters: Sequence[Hashable]) -> ClusteredMean:
    """Return the mean with a standard error that holds for few clusters of unequal size.

    `clusters` names the cluster of each value.  The standard error is CR2 of Bell & McCaffrey (2002, Survey
    Methodology 28:169), which for a mean is `clustered_se` with each cluster's square divided by
    1 - n_g / n; the degrees are Satterthwaite's for it (Pustejovsky & Tipton 2018, JBES 36:672), both for
    independent values.  Where clusters move as one and differ in size, CR2 is too small, so it is raised to
    what is right then.  With clusters of equal size nothing is raised; of one value each, it is the t test's.

    Raises:
        ValueError: fewer than two clusters, which say nothing about the spread between clusters.
    """
    mean = statistics.fmean(values)
    found = _sums(values, clusters, mean)
    if len(found) < 2:
        raise ValueError("a mean over fewer than two clusters has no standard error")
    n = len(values)
    square = math.fsum(s * s / (1 - size / n) for s, size in found) / n**2
    shares = [size / n for _, size in found]
    return ClusteredMean(
        mean=mean,
        se=math.sqrt(square * _shortfall(shares)),
        degrees=_degrees(shares),
        values=n,
        clusters=len(found),
    )


def paired_clustered_difference(
    before: Sequence[float], after: Sequence[float], clusters: Sequence[Hashable]
) -> ClusteredMean:
    """Return the mean of after - before, pair by pair, with its clustered standard error.

    Pairing takes the difficulty of the questions out of the error (Miller 2024, section 4.2).
    """
    return clustered_mean([b - a for a, b in zip(before, after, strict=True)], clusters)


def bootstrap_interval(
    values: Sequence[T],
    statistic: Callable[[Sequence[T]], float | None],
    *,
    rng: random.Random,
    resamples: int = 2000,
    confidence: float = CONFIDENCE,
    corrected: bool = True,
) -> Interval | None:
    """Return the BCa interval of `statistic` (Efron 1987), or the percentile interval if not `corrected`.

    `values` are the independent units: rows, or whole clusters.  None where the statistic has no value for
    them, or for more than a tenth of the resamples.
    """
    point = statistic(values)
    drawn = (statistic(rng.choices(values, k=len(values))) for _ in range(resamples))
    found = sorted(value for value in drawn if value is not None)
    if point is None or len(found) < (1 - _UNDEFINED) * resamples:
        return None
    levels = ((1 - confidence) / 2, (1 + confidence) / 2)
    if corrected and found[0] < found[-1]:
        levels = _corrected(levels, point, found, _acceleration(values, statistic))
    low, high = (_quantile(found, level) for level in levels)
    return Interval(low=low, high=high, confidence=confidence)


# --- parts -----------------------------------------------------------------------------------------


def _sums(values: Sequence[float], clusters: Sequence[Hashable], mean: float) -> list[tuple[float, int]]:
    """Return (sum of residuals, size) of each cluster."""
    groups: dict[Hashable, list[float]] = defaultdict(list)
    for value, cluster in zip(values, clusters, strict=True):
        groups[cluster].append(value - mean)
    return [(math.fsum(group), len(group)) for group in groups.values()]


def _shortfall(shares: Sequence[float]) -> float:
    """Return true variance / expected CR2, at least 1, where clusters move as one; `shares` are n_g / n."""
    whole = math.fsum(s * s for s in shares)
    return max(1.0, whole / math.fsum(s * s * (1 - 2 * s + whole) / (1 - s) for s in shares))


def _degrees(shares: Sequence[float]) -> float:
    """Return Satterthwaite's (trace C)^2 / trace C^2 of CR2 where values are independent."""
    odds = [s * s / (1 - s) for s in shares]
    between = math.fsum(odds) ** 2 - math.fsum(o * o for o in odds)
    return 1 / (math.fsum(s * s for s in shares) + between)


def _corrected(
    levels: tuple[float, float], point: float, found: Sequence[float], acceleration: float
) -> tuple[float, float]:
    """Return the percentiles that remove the bias and the skew of the bootstrap distribution."""
    below = sum(value < point for value in found) + sum(value == point for value in found) / 2
    bias = normal_quantile(min(max(below, 0.5), len(found) - 0.5) / len(found))
    shifted = [bias + normal_quantile(level) for level in levels]
    low, high = (normal_cdf(bias + z / (1 - acceleration * z)) for z in shifted)
    return low, high


def _acceleration(values: Sequence[T], statistic: Callable[[Sequence[T]], float | None]) -> float:
    """Return a sixth of the skewness of the jackknife values; 0 where they do not vary."""
    left_out = (statistic([*values[:i], *values[i + 1 :]]) for i in range(len(values)))
    found = [value for value in left_out if value is not None]
    mean = statistics.fmean(found) if found else 0.0
    squares = math.fsum((mean - value) ** 2 for value in found)
    cubes = math.fsum((mean - value) ** 3 for value in found)
    return cubes / (6 * squares**1.5) if squares > 0 else 0.0


def _quantile(ordered: Sequence[float], level: float) -> float:
    """Return the quantile by linear interpolation between order statistics (Hyndman & Fan 1996, type 7)."""
    place = level * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])
