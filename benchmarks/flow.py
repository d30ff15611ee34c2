"""A simulated screen that buys samples where they decide -> what it claims, and the calls it took."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.simulated_graders import HALF_WAY, Known, grade, place
from evalharness.noise.attempts import Pair, Setting, compare
from evalharness.noise.change import Reading, read_attempt
from evalharness.noise.sampling import offers

if TYPE_CHECKING:
    from benchmarks.noise_simulation import Cell

CLAIMS = frozenset({Reading.BETTER, Reading.WORSE})
__all__ = ["HALF_WAY", "FlowResult", "flow"]


class FlowResult(NamedTuple):
    """Whether anything was claimed, the first criterion was, and the extra calls."""

    any: float
    first: float
    calls: float


def flow(cell: Cell, known: Known, start: int, calls: int, most: int, rng: random.Random) -> FlowResult:
    """Return what one screen comes to that starts with `start` samples and buys up to `calls` more."""
    places = [place(rng, change) if cell.where is None else cell.where for change in cell.changes]
    then = [spot + change for spot, change in zip(places, cell.changes, strict=True)]
    drawn = [grade(cell.grader, known.sds, each, most, rng) for each in (places, then)]
    counts = [[start, start] for _ in places]
    setting = Setting()
    for spent in range(calls + 1):
        pairs = [
            Pair(before=drawn[0][c][:b], after=drawn[1][c][:a], noise=known.noises[c])
            for c, (b, a) in enumerate(counts)
        ]
        comparison = compare(pairs, setting)
        assert comparison.total is not None
        total, criteria = read_attempt(comparison.total, comparison.criteria)
        found = FlowResult(
            float(total in CLAIMS or any(each in CLAIMS for each in criteria)),
            float(criteria[0] in CLAIMS),
            float(spent),
        )
        wanted = [
            each for each in offers(pairs, comparison, calls=calls - spent, most=most) if each.criterion is not None
        ]
        if not wanted or spent == calls:
            return found
        criterion = wanted[0].criterion
        assert criterion is not None
        before, after = counts[criterion]
        counts[criterion][int(after <= before)] += 1
    return found


def with_samples(pair: Pair, before: tuple[float, ...], after: tuple[float, ...]) -> Pair:
    """Return the pair with these samples."""
    return replace(pair, before=before, after=after)
