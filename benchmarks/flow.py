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
    """Whether anything was claimed, the first criterion was, and the extra calls."""

    any: float
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
    drawn = [grade(cell.grader, known.sds, at, most, rng, day) for at, day in zip((places, then), days, strict=True)]
    again = grade(cell.grader, known.sds, places, most, rng, days[1])
    older = [first[:start] + more for first, more in zip(drawn[0], again, strict=True)]
    counts, spent, setting = [[start, start] for _ in places], 0, Setting()
    while True:
        pairs = [
            Pair(
                before=older[c][:b],
                after=drawn[1][c][:a],
                noise=known.noises[c],
                sittings=((0,) * start + (apart,) * (b - start), (apart,) * a),
            )
            for c, (b, a) in enumerate(counts)
        ]
        comparison = compare(pairs, setting)
        assert comparison.total is not None
        total, criteria = read_attempt(comparison.total, comparison.criteria)
        found = offers(pairs, comparison, calls=calls - spent, most=most, setting=setting, now=apart)
        if not found or spent == calls:
            claims = total in CLAIMS or any(each in CLAIMS for each in criteria)
            return FlowResult(float(claims), float(criteria[0] in CLAIMS), float(spent))
        for criterion, side in found[0].buys if found[0].criterion is None else found[0].buys[:1]:
            assert criterion is not None
            counts[criterion][side] += 1
            spent += 1
