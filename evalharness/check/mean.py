"""all attempts of a project, the changed ones, totals -> its mean before and after the change.

The mean is over the latest attempt of each series: where everybody stands.  A series counts only where its totals are
known on the sides on which it exists, or a grade that is missing would look like a change.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from statistics import fmean

from evalharness.check.rows import Means, Row
from evalharness.model.noun import Noun
from evalharness.model.nouns import EXAMPLE, Case
from evalharness.plan.changed import Changed

MOST = 0.8  # of all series have to be known, or it would be nobody's mean


class _Series(Noun):
    """Both latest attempts of one series; None: it is not there on that side."""

    before: Case | None
    now: Case | None


def standing_still(cases: Sequence[Case], changed: Sequence[Changed]) -> tuple[Case, ...]:
    """Return the latest attempts, of either side, that the change does not touch."""
    still = {case.key for case in cases} - {one.now.key for one in changed if one.now}
    sides = [case for one in _series(cases, changed).values() for case in (one.before, one.now) if case]
    return tuple({case.key: case for case in sides if case.key in still}.values())


def means(cases: Sequence[Case], rows: Sequence[Row], totals: Mapping[str, float]) -> Means | None:
    """Return the means, or None where too few series are known; `totals` are those of what stands still."""
    now = {row.now.case.key: row.now.total for row in rows if row.now}
    before = {row.changed.before.key: row.before.total for row in rows if row.changed.before and row.before}
    found = _series(cases, [row.changed for row in rows])
    old: list[float] = []
    new: list[float] = []
    known = 0
    for one in found.values():
        levels = [
            side.get(case.key, totals.get(case.key)) for case, side in ((one.before, before), (one.now, now)) if case
        ]
        if any(level is None for level in levels):
            continue
        known += 1
        pair = iter(level for level in levels if level is not None)
        old += [next(pair)] if one.before else []
        new += [next(pair)] if one.now else []
    enough = old and new and known >= MOST * len(found)
    return Means(before=fmean(old), now=fmean(new), known=known, of=len(found)) if enough else None


def _series(cases: Sequence[Case], changed: Sequence[Changed]) -> dict[str, _Series]:
    moved = {one.now.key for one in changed if one.now}
    earlier: dict[str, list[Case]] = defaultdict(list)
    later: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        if case.attempt.author == EXAMPLE:
            continue
        later[case.attempt.series].append(case)
        if case.key not in moved:
            earlier[case.attempt.series].append(case)
    for one in changed:
        if one.before:
            earlier[one.before.attempt.series].append(one.before)
    return {
        name: _Series(before=_latest(earlier.get(name, [])), now=_latest(later.get(name, [])))
        for name in dict.fromkeys((*later, *earlier))
    }


def _latest(cases: Sequence[Case]) -> Case | None:
    return max(cases, key=lambda case: (case.attempt.date, case.attempt.id), default=None)
