"""The recorded anchors of a grader, and which found drifts are its own."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from evalharness.model.breaks import Break, Drift, Levels
from evalharness.model.noun import Noun
from evalharness.model.nouns import Case, GraderId


class Anchors(Noun):
    """`labels/anchors.json`: the answers as they were, who graded them, and every level."""

    made: str
    grader: GraderId
    cases: tuple[Case, ...]
    levels: Levels
    fingerprints: dict[str, str]
    format: int = 1


def as_known(anchors: Anchors, checks: Iterable[Drift]) -> Anchors:
    """Return the anchors with the levels that stand for the grader as it is known: those since its last drift.

    What a check found once is no news in the next one: a grader that has drifted is held against itself since then.
    """
    for check in checks:
        ours = tuple(sorted(set(anchors.fingerprints.values()))) == check.fingerprints
        if ours and check.drifted and check.levels and check.at >= anchors.made:
            anchors = msgspec.structs.replace(anchors, made=check.at, levels=check.levels)
    return anchors


def breaks_of(checks: Iterable[Drift], grader: GraderId) -> tuple[Break, ...]:
    """Return the found drifts of `grader`, oldest first.

    It is the model behind its name that drifts, so what was found in one mode or with one effort, on some criteria,
    holds for all of them.  Between the anchors and the check that noticed, a check against the same levels that saw
    nothing narrows down when it happened.
    """
    mine = [check for check in checks if _same_model(check.grader, grader)]
    found = []
    for place, check in enumerate(mine):
        if check.drifted:
            quiet = [c.at for c in mine[:place] if c.clean and c.grader == check.grader and c.since == check.since]
            found.append(Break(clean=max([check.since, *quiet]), found=check.at))
    return tuple(sorted(found, key=lambda one: one.found))


def _same_model(one: GraderId, other: GraderId) -> bool:
    if one.deterministic or other.deterministic:
        return one == other
    return (one.name, one.model, one.host) == (other.name, other.model, other.host)
