"""people's and a grader's levels of one criterion -> answer by answer: how far off, and whether in people's order.

The distance alone does not show that a grader reads: where answers are alike, one level for all of them is near
everybody's.  So we also look at every pair of answers that people tell apart, and count those that the grader puts in
their order.  Chance is one half, whatever the range of the answers.
"""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Mapping

from evalharness.results.calibration import Answered

_SAME = 1e-9
_DIGITS = 4
Levels = Mapping[str, float]


def by_answer(people: Mapping[str, Levels], grader: Levels) -> dict[str, Answered]:
    """Return each answer that people labelled and the grader graded."""
    said = {key: [levels[key] for levels in people.values() if key in levels] for key in sorted(grader)}
    said = {key: levels for key, levels in said.items() if levels}
    mean = {key: statistics.fmean(levels) for key, levels in said.items()}
    won, pairs = dict.fromkeys(said, 0.0), dict.fromkeys(said, 0)
    for one, other in itertools.combinations(said, 2):
        theirs, its = mean[one] - mean[other], grader[one] - grader[other]
        if abs(theirs) > _SAME:
            point = 0.5 if abs(its) <= _SAME else float((theirs > 0) == (its > 0))
            for key in (one, other):
                won[key] += point
                pairs[key] += 1
    return {
        key: Answered(
            off=round(statistics.fmean(abs(level - grader[key]) for level in levels), _DIGITS),
            apart=_apart(levels),
            won=won[key],
            pairs=pairs[key],
        )
        for key, levels in said.items()
    }


def _apart(levels: list[float]) -> float | None:
    distances = [abs(one - other) for one, other in itertools.combinations(levels, 2)]
    return round(statistics.fmean(distances), _DIGITS) if distances else None
