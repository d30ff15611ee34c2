"""What is assumed of a grader's noise before it is measured, and how measurements outweigh it.

Noise is known as a weight for each of NOISES.  Three storeys, each log-normal around the one above:
the grader, its criteria, one answer under a criterion.  This is the usual hierarchical model, with the weights of the
upper storeys found from all that was repeated (empirical Bayes; Efron & Morris 1973, JASA 68:117).
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence

from evalharness.model.noun import Noun
from evalharness.noise.scale import GRID, NOISES, SDS, Weights, dot

Spread = tuple[tuple[float, float], ...]
"""Values and their weights."""


class Prior(Noun):
    """What is assumed of one kind of grader; docs/noise.md gives the figures and their sources.

    `sd`: noise of one grading in levels, right within a factor of exp(`spread`) in two of three cases.
    `criteria`, `answers`: by what factor (its log's sd) criteria differ from the grader, answers from their criterion.
    `slips`: how likely it is that the grader gives any level at all now and then, and not hardly ever.
    `together`, `changed`: how often a criterion of a rewritten answer has moved as all have, or by itself.
    `shared`: the part of the latent variance that criteria graded in one call have in common.
    `days`: standard deviation, in levels, by which all levels of one day are shifted.
    """

    sd: float = 0.35
    spread: float = 1.2
    criteria: float = 0.3
    answers: float = 0.35
    slips: float = 0.2
    together: float = 0.2
    changed: float = 0.1
    shared: Spread = ((0.0, 0.04), (0.2, 0.12), (0.4, 0.26), (0.55, 0.33), (0.7, 0.2), (0.85, 0.05))
    days: Spread = ((0.03, 0.08), (0.08, 0.18), (0.13, 0.24), (0.2, 0.26), (0.3, 0.24))


MODEL = Prior()
PLUG_IN = Prior(sd=0.5)  # nothing is known of it: assumed noisier

FLAT: Weights = (1.0,) * len(SDS)


def of_grader(prior: Prior) -> Weights:
    """Return the prior weights of a grader's noise."""
    around = _around(prior.sd, prior.spread)
    return tuple(part * weight for part in (1 - prior.slips, prior.slips) for weight in around)


@functools.lru_cache(maxsize=10_000)
def up(weights: Weights, spread: float) -> Weights:
    """Return what a likelihood of an sd below says of the sd above; a grader slips alike in all it does."""
    rows = _kernel(spread)
    return tuple(dot(row, weights[at : at + len(GRID)]) for at in range(0, len(NOISES), len(GRID)) for row in rows)


def down(weights: Weights, spread: float) -> Weights:
    """Return what weights of an sd above say of the sd below."""
    rows = _columns(spread)
    return tuple(dot(row, weights[at : at + len(GRID)]) for at in range(0, len(NOISES), len(GRID)) for row in rows)


def times(*factors: Sequence[float]) -> Weights:
    """Return the product of weights, scaled to a sum of one."""
    return normalised([math.prod(values) for values in zip(*factors, strict=True)])


def normalised(weights: Sequence[float]) -> Weights:
    """Return weights that sum to one; all alike where nothing is left of them."""
    total = math.fsum(weights)
    return tuple(weight / total for weight in weights) if total > 0 else (1 / len(weights),) * len(weights)


def without_each(factors: Sequence[Weights], first: Weights) -> list[Weights]:
    """Return, for each factor, the product of `first` and all the others."""
    before, after = [first], [FLAT]
    for factor in factors:
        before.append(times(before[-1], factor))
    for factor in reversed(factors):
        after.append(times(after[-1], factor))
    return [times(b, a) for b, a in zip(before, reversed(after[:-1]), strict=False)]


def mean_sd(weights: Weights) -> float:
    """Return the standard deviation in the middle of the weights, on the scale of logarithms."""
    return math.exp(dot(normalised(weights), [math.log(sd) for sd in SDS]))


@functools.lru_cache(maxsize=64)
def _around(centre: float, spread: float) -> tuple[float, ...]:
    return normalised([math.exp(-((math.log(sd / centre) / spread) ** 2) / 2) for sd in GRID])


@functools.lru_cache(maxsize=64)
def _kernel(spread: float) -> tuple[tuple[float, ...], ...]:
    return tuple(_around(sd, spread) for sd in GRID)


@functools.lru_cache(maxsize=64)
def _columns(spread: float) -> tuple[tuple[float, ...], ...]:
    return tuple(zip(*_kernel(spread), strict=True))
