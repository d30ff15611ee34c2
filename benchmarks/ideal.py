"""A reader who knows the grader's noise exactly -> how often anybody could see a change at all.

The most powerful test of "nothing changed" against "up or down by so much", over all places where an answer may stand
(Neyman & Pearson 1933): whatever is claimed as often as `alpha` where nothing changed sees a change no more often.
"""

from __future__ import annotations

import itertools
import math
import random
from collections import Counter
from collections.abc import Iterator, Sequence

from benchmarks.simulated_graders import CRITERIA, HALF_WAY, Grader, grade, place

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


class JointReader:
    """A reader of one joint call each, who knows which graders there may be, and not which of them it has met."""

    def __init__(self, graders: Sequence[Grader], change: float, rate: float, screens: int, rng: random.Random) -> None:
        """Find the claim that is made in `rate` of `screens` where nothing changed, whichever grader it is."""
        self.change, self.screens, self.rng = change, screens, rng
        self._tables = {
            by: [_joint_table(grader, by) for grader in graders] for by in (0.0, change, -change)
        }  # fmt: skip
        last = math.ceil(screens * (1 - rate)) - 1
        self._edge = max(sorted(self._ratio(grader, 0.0) for _ in range(screens))[last] for grader in graders)

    def seen(self, grader: Grader) -> float:
        """Return how often the change is seen."""
        return sum(self._ratio(grader, self.change) > self._edge for _ in range(self.screens)) / self.screens

    def _ratio(self, grader: Grader, by: float) -> float:
        at, sds = [place(self.rng, by) for _ in range(CRITERIA)], (grader.sd,) * CRITERIA
        sides = [grade(grader, sds, spots, 1, self.rng) for spots in (at, [spot + by for spot in at])]
        pairs = [(int(one[0]), int(two[0])) for one, two in zip(*sides, strict=True)]
        still, up, down = (
            sum(sum(map(math.prod, zip(*(table[pair] for pair in pairs), strict=True))) for table in tables)
            for tables in self._tables.values()
        )
        return (up + down) / still


def _joint_table(grader: Grader, change: float) -> dict[tuple[int, int], tuple[float, ...]]:
    """Return for each pair of levels how likely it is under each pair of moods that two calls may have had."""
    part = grader.shared or 0.0
    steps = [-2.8 + 0.7 * number for number in range(9)]  # of a standard normal mood
    chances = [math.exp(-step * step / 2) for step in steps]
    moods = [grader.sd * math.sqrt(part) * step for step in steps]
    spots = [(spot - min(0.0, change), weight) for spot, weight in places(abs(change))]  # a fall ends where rises begin
    alone = grader.sd * math.sqrt(1 - part)
    before, after = (
        [[[_chance((level,), at + by + mood, alone) for at, _ in spots] for level in range(5)] for mood in moods]
        for by in (0.0, change)
    )
    factors = [(one * two / math.fsum(chances) ** 2) ** (1 / CRITERIA) for one in chances for two in chances]
    return {
        (one + 1, two + 1): tuple(
            factor * sum(w * p * q for (_, w), p, q in zip(spots, b[one], a[two], strict=True))
            for factor, (b, a) in zip(factors, itertools.product(before, after), strict=True)
        )
        for one, two in itertools.product(range(5), range(5))
    }


def _chances(outcomes: list[Outcome], sd: float, change: float) -> dict[tuple[Outcome, Outcome], float]:
    found: Counter[tuple[Outcome, Outcome]] = Counter()
    for at, weight in places(change):
        before, after = ([_chance(each, spot, sd) for each in outcomes] for spot in (at, at + change))
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


def _chance(outcome: Outcome, at: float, sd: float) -> float:
    below = [0.0, *(0.5 * math.erfc((at - cut) / (sd * math.sqrt(2))) for cut in CUTS), 1.0]
    ways, counts = math.factorial(len(outcome)), Counter(outcome)
    for count in counts.values():
        ways //= math.factorial(count)
    return ways * math.prod((below[level + 1] - below[level]) ** count for level, count in counts.items())
