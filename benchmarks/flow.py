"""A simulated screen that buys samples where they decide, as a run does -> what it claims, and the calls it took."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.simulated_graders import Known, grade, place
from evalharness.noise.attempts import Pair, Setting, compare
from evalharness.noise.change import Reading, read_attempt
from evalharness.noise.sampling import offers

if TYPE_CHECKING:
    from benchmarks.noise_simulation import Cell

CLAIMS = frozenset({Reading.BETTER, Reading.WORSE})
Levels = list[list[tuple[float, ...]]]


class FlowResult(NamedTuple):
    """Whether anything was claimed, the total was, the first criterion was, and the extra calls."""

    any: float
    total: float
    first: float
    calls: float


def flow(cell: Cell, known: Known, start: int, calls: int, most: int, rng: random.Random) -> FlowResult:
    """Return what one screen comes to that starts with `start` samples and buys up to `calls` more.

    Where the attempts met different days, the second day is also that of every sample that is bought.
    """
    places = [place(rng, change) if cell.where is None else cell.where for change in cell.changes]
    then = [spot + change for spot, change in zip(places, cell.changes, strict=True)]
    days = [rng.gauss(0, cell.grader.day) if cell.grader.day else 0.0 for _ in range(2)]
    apart = int(cell.grader.day > 0 if cell.apart is None else cell.apart)
    first, newer, again = (
        grade(cell.grader, known.sds, at, most, rng, day)
        for at, day in ((places, days[0]), (then, days[1]), (places, days[1]))
    )
    sides = [one[:start] + more for one, more in zip(first, again, strict=True)], newer
    days_of = (0,) * start + (apart,) * most, (apart,) * most
    counts, spent = [[start, start] for _ in places], 0
    setting = Setting(joint=cell.grader.shared is not None, totals=known.totals)
    while True:
        pairs = [
            Pair(
                before=sides[0][c][:b],
                after=sides[1][c][:a],
                noise=known.noises[c],
                sittings=(days_of[0][:b], days_of[1][:a]),
            )
            for c, (b, a) in enumerate(counts)
        ]
        comparison = compare(pairs, setting)
        assert comparison.total is not None
        found = next(offers(pairs, comparison, calls=calls - spent, most=most, setting=setting, now=apart), None)
        if found is None or spent == calls:
            total, criteria = read_attempt(comparison.total, comparison.criteria)
            claims = [each in CLAIMS for each in (total, *criteria)]
            return FlowResult(float(any(claims)), float(claims[0]), float(claims[1]), float(spent))
        whole = found.criterion is None and not setting.joint
        for name, side in found.buys if whole else found.buys[:1]:
            spent += 1
            for each in counts if name is None else (counts[name],):
                each[side] += 1
