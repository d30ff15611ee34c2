"""values -> how far a proportion, a mean or a difference can be trusted.

All of them speak of sampling only.  An interval from grader scores says nothing about a biased grader: in a
simulation with one, such intervals never covered people's true mean.
"""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from collections.abc import Hashable, Sequence

from evalharness.model.noun import Noun
from evalharness.stats.distributions import normal_quantile, t_quantile

CONFIDENCE = 0.95


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


def clustered_mean(values: Sequence[float], clusters: Sequence[Hashable]) -> ClusteredMean:
    """Return the mean with a standard error that holds for few clusters of unequal size.

    `clusters` names the cluster of each value.  The standard error is CR2 of Bell & McCaffrey (2002, Survey
    Methodology 28:169), for a mean sqrt(sum over clusters of (sum of residuals)^2 / (1 - n_g / n)) / n; the
    degrees are Satterthwaite's for it (Pustejovsky & Tipton 2018, JBES 36:672), both for independent values.
    Where clusters move as one and differ in size, CR2 is too small, so it is raised to what is right then.  With
    clusters of equal size nothing is raised; of one value each, it is the t test's.

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
