"""What errors have in common -> the variance of a total: within one call, and from one day to the next.

Criteria that one call grades share a part of their errors, so that their variances do not just add up.  Totals per
sample show how large the part is: their squares are held against the variance that each part would give them
(normal likelihood).  Two attempts that were graded on different days may differ by a shift of all levels.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Sequence

import msgspec

from evalharness.model.noun import Noun
from evalharness.noise.change import Normal
from evalharness.noise.prior import Prior, Spread
from evalharness.noise.repeats import Totals
from evalharness.noise.scale import SDS, Weights, dot, moments

_LEAST = 1e-7
_MOST = 600.0


class Part(Noun):
    """One criterion's part of a total, for each noise of the grader.

    `share` of the total, `variance` of its mean or difference of means, `latent` sd as it moves levels, `draws` 1/n
    of each side.
    """

    share: float
    variance: Weights
    latent: Weights
    draws: tuple[float, ...]


class Seen(Noun):
    """A spread of totals, and for each noise the variance of one such total: `alone`, and what sharing would add."""

    totals: Totals
    alone: Weights
    together: Weights


def weighed(
    parts: Sequence[Part],
    grader: Weights,
    *,
    prior: Prior,
    seen: Sequence[Seen] | None = None,
    days: float = 0.0,
) -> Normal:
    """Return the law of a total from its parts, over all that is possible for the noise, the shared part, the days.

    `seen` are spreads of totals that say something about the shared part; None where each call grades one criterion.
    `days` is how many days' shifts the total holds, as a variance.
    """
    alone, together = alone_of(parts), together_of(parts) if seen is not None else (0.0,) * len(SDS)
    cases = [
        (weight * chance * _fit(seen or (), sd, part), alone[sd] + part * together[sd])
        for sd, weight in enumerate(grader)
        for part, chance in (((0.0, 1.0),) if seen is None else prior.shared)
    ]
    shifts = prior.days if days else ((0.0, 1.0),)
    spread = [(w * chance, v + days * day * day) for w, v in cases for day, chance in shifts]
    whole = math.fsum(w for w, _ in spread)
    kept = [(w / whole, v) for w, v in spread if w > _LEAST * whole]
    rest = math.fsum(w for w, _ in kept)
    return Normal(parts=tuple((w / rest, v) for w, v in kept))


def sample_totals(levels: Sequence[Sequence[float]], shares: Sequence[float]) -> tuple[float, ...]:
    """Return the total of each sample that all criteria have; one sequence of levels a criterion."""
    return tuple(dot(shares, each) for each in zip(*levels, strict=False))


def anywhere(step: float) -> tuple[Weights, Weights]:
    """Return variance and latent sd of one grading for each noise, averaged over the scale."""
    return _anywhere(step)


def prior_with_days(prior: Prior, shifts: Iterable[tuple[float, float]]) -> Prior:
    """Return the prior after anchors were graded again on other days: each mean shift and its standard error."""
    return msgspec.structs.replace(prior, days=_after(prior.days, list(shifts)))


def _after(days: Spread, shifts: Sequence[tuple[float, float]]) -> Spread:
    def fit(day: float) -> float:
        variances = [2 * day * day + error * error for _, error in shifts]
        return math.prod(
            math.exp(-shift * shift / (2 * v)) / math.sqrt(v) for (shift, _), v in zip(shifts, variances, strict=True)
        )

    found = [(day, weight * fit(day)) for day, weight in days]
    whole = math.fsum(weight for _, weight in found)
    return tuple((day, weight / whole) for day, weight in found)


def _fit(seen: Sequence[Seen], sd: int, part: float) -> float:
    """Return how well a shared part fits the totals that were seen, against no shared part."""
    found = 0.0
    for each in seen:
        alone = each.alone[sd]
        both = alone + part * each.together[sd]
        found -= each.totals.degrees / 2 * math.log(both / alone) + each.totals.squares / 2 * (1 / both - 1 / alone)
    return math.exp(min(found, _MOST))


def alone_of(parts: Sequence[Part]) -> Weights:
    """Return the variance of a total whose criteria share nothing."""
    return tuple(math.fsum(p.share**2 * p.variance[sd] for p in parts) for sd in range(len(SDS)))


def together_of(parts: Sequence[Part]) -> Weights:
    """Return what the covariances of all criteria add to a total, as if they shared everything."""
    pairs = [
        (2 * one.share * two.share * math.fsum(map(min, one.draws, two.draws)), one.latent, two.latent)
        for number, one in enumerate(parts)
        for two in parts[:number]
    ]
    return tuple(math.fsum(factor * a[sd] * b[sd] for factor, a, b in pairs) for sd in range(len(SDS)))


@functools.cache
def _anywhere(step: float) -> tuple[Weights, Weights]:
    variances, pulls = moments(step)
    mean = tuple(math.fsum(row) / len(row) for row in variances)
    return mean, tuple(sd * math.fsum(row) / len(row) for sd, row in zip(SDS, pulls, strict=True))
