"""A reader who knows the grader's noise exactly -> how often anybody could see a change at all.

The most powerful test of "nothing changed" against "up or down by so much", over all places where an answer may stand
(Neyman & Pearson 1933): whatever is claimed as often as `alpha` where nothing changed sees a change no more often.
"""

from __future__ import annotations

import itertools
import math
import random
from collections import Counter
from collections.abc import Iterator

from benchmarks.simulated_graders import CRITERIA, HALF_WAY

CUTS = (1.5, 2.5, 3.5, 4.5)
_PLACES = tuple(1 + number / 16 for number in range(65))
Outcome = tuple[int, ...]


def seen_at_best(sd: float, change: float, samples: int, alpha: float) -> float:
    """Return the highest chance of a claim in the right direction, of one criterion with so many samples a side."""
    outcomes = list(itertools.combinations_with_replacement(range(5), samples))
    still, up = (_chances(outcomes, sd, by) for by in (0.0, change))
    moved = {pair: (up[pair] + up[pair[::-1]]) / 2 for pair in still}
    left, seen = alpha, 0.0
    for pair in sorted(still, key=lambda each: -moved[each] / still[each]):
        part = min(1.0, left / still[pair])
        seen += part * moved[pair]
        left -= part * still[pair]
        if left <= 0:
            break
    return seen


def total_seen_at_best(sd: float, change: float, samples: int, rate: float, screens: int, rng: random.Random) -> float:
    """Return how often a change of all criteria alike is seen by a likelihood ratio over all of them."""
    outcomes = list(itertools.combinations_with_replacement(range(5), samples))
    still, up = (_chances(outcomes, sd, by) for by in (0.0, change))

    def draw(by: dict[tuple[Outcome, Outcome], float]) -> float:
        pairs = rng.choices(list(by), list(by.values()), k=CRITERIA)
        return sum(math.prod(up[one if forward else one[::-1]] / still[one] for one in pairs) for forward in (1, 0))

    null = sorted(draw(still) for _ in range(screens))
    edge = null[math.ceil(screens * (1 - rate)) - 1]
    return sum(draw(up) > edge for _ in range(screens)) / screens


def _chances(outcomes: list[Outcome], sd: float, change: float) -> dict[tuple[Outcome, Outcome], float]:
    found: Counter[tuple[Outcome, Outcome]] = Counter()
    for place, weight in places(change):
        before, after = ([_chance(each, spot, sd) for each in outcomes] for spot in (place, place + change))
        for (one, p), (two, q) in itertools.product(
            zip(outcomes, before, strict=True), zip(outcomes, after, strict=True)
        ):
            found[one, two] += weight * p * q  # type: ignore[assignment]  # a counter of chances
    return dict(found)


def places(change: float) -> Iterator[tuple[float, float]]:
    """Yield places and their weights: half of them half-way between two levels, with room to change."""
    known = [*((at, 0.5 / len(_PLACES)) for at in _PLACES), *((at, 0.5 / len(HALF_WAY)) for at in HALF_WAY)]
    fit = [(at, weight) for at, weight in known if at + change <= 5]  # the highest level
    whole = math.fsum(weight for _, weight in fit)
    return ((at, weight / whole) for at, weight in fit)


def _chance(outcome: Outcome, place: float, sd: float) -> float:
    below = [0.0, *(0.5 * math.erfc((place - cut) / (sd * math.sqrt(2))) for cut in CUTS), 1.0]
    ways, counts = math.factorial(len(outcome)), Counter(outcome)
    for count in counts.values():
        ways //= math.factorial(count)
    return ways * math.prod((below[level + 1] - below[level]) ** count for level, count in counts.items())
