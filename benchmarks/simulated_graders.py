"""Simulated graders: two attempts in six criteria, and what was repeated before.

A grading is the answer's place plus normal noise, rounded to a whole level and clipped to 1 to 5.  Half of the places
are half-way between two levels, where the quietest grader falls to either side; the others are anywhere.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from evalharness.noise.attempts import Pair, Setting
from evalharness.noise.prior import MODEL, Prior
from evalharness.noise.repeats import Levels, Noise, Totals, noise_of, totals_of

CRITERIA = 6
ANSWERS, REPEATS = 15, 3  # of history
HALF_WAY = (1.5, 2.5, 3.5, 4.5)
_LOW, _HIGH = 0.4, 1.6  # factors of noise that differs


@dataclass(frozen=True, slots=True, kw_only=True)
class Grader:
    """How a simulated grader errs.

    `slips` is how often it is two levels off; `by_criterion` and `by_answer` make its noise differ by factors of 0.4 to
    1.6; `shared` is the part of the variance that the criteria of one call have in common (None: a call a criterion);
    `day` is the sd of a shift of all levels of one attempt.
    """

    sd: float
    slips: float = 0.0
    by_criterion: bool = False
    by_answer: bool = False
    shared: float | None = None
    day: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A grader's noise in each criterion, and what its earlier repeats have shown of it."""

    sds: tuple[float, ...]
    noises: tuple[Noise, ...]
    totals: Totals


def meet(grader: Grader, rng: random.Random, *, history: bool) -> Known:
    """Return one grader of this kind, with a history of repeats or without."""
    sds = tuple(grader.sd * (rng.uniform(_LOW, _HIGH) if grader.by_criterion else 1.0) for _ in range(CRITERIA))
    if not history:
        return Known(sds=sds, noises=(Noise(),) * CRITERIA, totals=Totals())
    places = [[rng.uniform(1, 5) for _ in sds] for _ in range(ANSWERS)]
    rows = [grade(grader, sds, place, REPEATS, rng) for place in places]
    noises = tuple(noise_of(row[criterion] for row in rows) for criterion in range(CRITERIA))
    totals = [[sum(sample) / CRITERIA for sample in zip(*row, strict=True)] for row in rows]
    return Known(sds=sds, noises=noises, totals=Totals() if grader.shared is None else totals_of(totals))


def grade(
    grader: Grader, sds: Sequence[float], places: Sequence[float], samples: int, rng: random.Random, day: float = 0.0
) -> list[Levels]:
    """Return the levels of one attempt, by criterion, then by sample."""
    factors = [rng.uniform(_LOW, _HIGH) if grader.by_answer else 1.0 for _ in sds]
    moods = [rng.gauss(0, 1) for _ in range(samples)]
    part = grader.shared or 0.0
    return [
        tuple(
            _level(
                place + day + sd * factor * (math.sqrt(part) * mood + math.sqrt(1 - part) * rng.gauss(0, 1)),
                grader,
                rng,
            )
            for mood in moods
        )
        for place, sd, factor in zip(places, sds, factors, strict=True)
    ]


def _level(latent: float, grader: Grader, rng: random.Random) -> float:
    level = math.floor(latent + 0.5)
    if grader.slips and rng.random() < grader.slips:
        level += rng.choice((-2, 2))
    return float(min(5, max(1, level)))


def place(rng: random.Random, change: float = 0.0) -> float:
    """Return where an answer stands, half-way between levels in every second case, with room to change."""
    while True:
        found = rng.choice(HALF_WAY) if rng.random() < 0.5 else rng.uniform(1, 5)
        if 1 <= found + change <= 5:
            return found


def attempts(
    grader: Grader,
    known: Known,
    changes: Sequence[float],
    samples: int,
    rng: random.Random,
    *,
    where: float | None = None,
    apart: bool | None = None,
    prior: Prior = MODEL,
) -> tuple[list[Pair], Setting]:
    """Return two attempts, ready to be compared; `where` puts all answers at one place."""
    places = [place(rng, change) if where is None else where for change in changes]
    then = [spot + change for spot, change in zip(places, changes, strict=True)]
    days = [rng.gauss(0, grader.day) if grader.day else 0.0 for _ in range(2)]
    before = grade(grader, known.sds, places, samples, rng, days[0])
    after = grade(grader, known.sds, then, samples, rng, days[1])
    other = int(grader.day > 0 if apart is None else apart)
    pairs = [
        Pair(before=b, after=a, noise=noise, sittings=((0,) * samples, (other,) * samples))
        for b, a, noise in zip(before, after, known.noises, strict=True)
    ]
    return pairs, Setting(prior=prior, joint=grader.shared is not None, totals=known.totals)
