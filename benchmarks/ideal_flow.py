"""A reader who knows the noise, and buys samples as well as anybody could -> how often the default flow could see +1.

    python -m benchmarks.ideal_flow [--screens 4000] [--seed 1]

The default flow grades six criteria of two attempts once and buys up to six more grades, one by one.  This reader knows
what the program has to find out: the grader's sd, where answers stand, and that one criterion moved by just one level,
up or down.  It buys by dynamic programming in each criterion and by an index among them (Whittle 1988, J. Applied
Probability 25A:287), and claims by the likelihood ratio, with the threshold that keeps its false claims at the rate on
every kind of screen named.  No reader that must find those things out can be expected to see more.
"""

from __future__ import annotations

import argparse
import itertools
import math
import random
from collections.abc import Iterator, Sequence
from operator import mul
from typing import NamedTuple

from benchmarks.ideal import CUTS, places
from benchmarks.simulated_graders import CRITERIA, Grader, grade, place

LEVELS, MOST, CALLS = range(5), 5, 6
FACTORS = tuple(0.45 + 0.1375 * number for number in range(9))  # of noise that differs by answer: .4 to 1.6
Side = tuple[int, ...]
State = tuple[Side, Side]


class Null(NamedTuple):
    """A kind of screen on which nothing changed: noise by answer or not, all answers at one place or anywhere."""

    name: str
    by_answer: bool = False
    where: float | None = None


PLAIN, HALF_WAY, BY_ANSWER = Null("plain"), Null("half-way", where=2.5), Null("by answer", by_answer=True)


class Reader:
    """What the reader knows of one criterion in every state, and what another grade of it is worth."""

    def __init__(
        self, sd: float, nulls: Sequence[Null], calls: int = CALLS, price: float = 3.0, call: float = 0.002
    ) -> None:
        """Look through all states; `price` of a false claim and of a `call`, in claims that are right."""
        self.calls = calls
        self.sides = {n: list(itertools.combinations_with_replacement(LEVELS, n)) for n in range(1, MOST + 1)}
        self.states = [
            (before, after)
            for total in range(2 + calls, 1, -1)
            for n in range(max(1, total - MOST), min(MOST, total - 1) + 1)
            for before in self.sides[n]
            for after in self.sides[total - n]
        ]
        kinds = [self._likely(sd, null, 0.0) for null in nulls]
        up = self._likely(sd, PLAIN, 1.0)
        self.still = {state: sum(kind[state] for kind in kinds) / len(kinds) for state in self.states}
        self.moved = {(b, a): (up[b, a] + up[a, b]) / 2 for b, a in self.states}
        self.index: list[dict[State, tuple[float, int]]] = [{}]
        self._plan(price * CRITERIA, call)

    def ratio(self, state: State) -> float:
        """Return how much likelier a state is where the criterion moved."""
        return self.moved[state] / self.still[state]

    def _likely(self, sd: float, null: Null, change: float) -> dict[State, float]:
        """Return how likely each state is, as grades in a given order."""
        spots = [(at, w) for at, w in places(change) if null.where is None or at % 1 == 0.5]
        weights = [w / math.fsum(w for _, w in spots) for _, w in spots]
        first, second = (self._rows(sd, null, [at + by for at, _ in spots]) for by in (0.0, change))
        weighted = {side: list(map(mul, row, weights)) for side, row in first.items()}
        return {(b, a): sum(map(mul, weighted[b], second[a])) for b, a in self.states}

    def _rows(self, sd: float, null: Null, spots: Sequence[float]) -> dict[Side, list[float]]:
        factors = FACTORS if null.by_answer else (1.0,)
        found: dict[Side, list[float]] = {}
        tables = [[_chances(at, sd * factor) for at in spots] for factor in factors]
        for side in itertools.chain.from_iterable(self.sides.values()):
            rows = [[math.prod(chances[level] for level in side) for chances in table] for table in tables]
            found[side] = [math.fsum(column) / len(rows) for column in zip(*rows, strict=True)]
        return found

    def _plan(self, price: float, call: float) -> None:
        """Work out, for each number of calls left, what one more grade is worth, and of which attempt."""
        claim = {state: max(0.0, self.moved[state] - price * self.still[state]) for state in self.states}
        value = claim
        for _ in range(self.calls):
            index, new = {}, dict(claim)
            for state in self.states:
                found = [(sum(value[then] for then in ways), side) for side, ways in _next(state) if ways[0] in value]
                if found:
                    best, side = max(found)
                    best -= call * (self.moved[state] + (CRITERIA - 1) * self.still[state])
                    index[state] = ((best - claim[state]) / self.still[state], side)
                    new[state] = max(claim[state], best)
            self.index.append(index)
            value = new


def _next(state: State) -> Iterator[tuple[int, list[State]]]:
    """Yield the states that one more grade of each attempt may lead to."""
    before, after = state
    yield 0, [(tuple(sorted((*before, level))), after) for level in LEVELS]
    yield 1, [(before, tuple(sorted((*after, level)))) for level in LEVELS]


def _chances(at: float, sd: float) -> list[float]:
    below = [0.0, *(0.5 * math.erfc((at - cut) / (sd * math.sqrt(2))) for cut in CUTS), 1.0]
    return [high - low for low, high in itertools.pairwise(below)]


def play(reader: Reader, sd: float, null: Null, change: float, rng: random.Random) -> tuple[list[float], int]:
    """Return the likelihood ratios that one screen comes to, the changed criterion first, and the calls it took."""
    grader = Grader(sd=sd, by_answer=null.by_answer)
    at = [place(rng, by) if null.where is None else null.where for by in (change, *(0.0,) * (CRITERIA - 1))]
    then = [at[0] + change, *at[1:]]
    drawn = [
        [[int(level) - 1 for level in row] for row in grade(grader, [sd] * CRITERIA, spots, MOST, rng)]
        for spots in (at, then)
    ]
    states: list[State] = [((b[0],), (a[0],)) for b, a in zip(*drawn, strict=True)]
    order = rng.sample(range(CRITERIA), CRITERIA)  # among criteria that look alike none is preferred
    for spent in range(reader.calls):
        index = reader.index[reader.calls - spent]
        number = max(order, key=lambda each: index.get(states[each], (0.0, 0))[0])
        worth, side = index.get(states[number], (0.0, 0))
        if worth <= 0:
            return [reader.ratio(state) for state in states], spent
        sides = list(states[number])
        sides[side] = tuple(sorted((*sides[side], drawn[side][number][len(sides[side])])))
        states[number] = (sides[0], sides[1])
    return [reader.ratio(state) for state in states], reader.calls


def seen(
    sd: float, rate: float, nulls: Sequence[Null], screens: int, seed: int, calls: int = CALLS
) -> tuple[float, float, float]:
    """Return how often +1 is seen, its standard error, and the calls; at most `rate` false claims in each null."""
    reader, rng = Reader(sd, nulls, calls), random.Random(seed)
    edge = 0.0
    for null in nulls:
        highest = sorted(max(play(reader, sd, null, 0.0, rng)[0]) for _ in range(screens))
        edge = max(edge, highest[math.ceil(screens * (1 - rate)) - 1])
    found = [play(reader, sd, PLAIN, 1.0, rng) for _ in range(screens)]
    share = sum(ratios[0] > edge for ratios, _ in found) / screens
    return share, math.sqrt(share * (1 - share) / screens), sum(spent for _, spent in found) / screens


def main() -> None:
    """Print what such a reader sees."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--screens", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    print(
        "+1 in one of six criteria, single grades and up to 6 calls: seen by a reader who knows the noise, in percent"
    )
    for sd in (0.3, 0.5):
        for nulls in ((PLAIN, HALF_WAY), (PLAIN, HALF_WAY, BY_ANSWER)):
            for rate in (0.025, 0.05):
                share, error, calls = seen(sd, rate, nulls, asked.screens, asked.seed)
                names = ", ".join(null.name for null in nulls)
                told = f"{100 * share:.1f} (se {100 * error:.1f}) for {calls:.1f} calls"
                print(f"sd {sd:.1f}, false claims {100 * rate:.1f} % on each of {names}: {told}", flush=True)


if __name__ == "__main__":
    main()
