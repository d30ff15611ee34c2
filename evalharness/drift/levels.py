"""levels of a fixed set then, levels of the same set now -> did the grader change under its name?

A provider may change a model without changing its name; nothing in a fingerprint shows that.  The same answers graded
again do: the mean shift over the anchor answers is held against the grader's own noise (repeats then and now,
pooled, with floor and surprise as in `core.noise.change`), Holm-corrected over the total and the criteria.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from evalharness.audit.card import composite
from evalharness.model.breaks import Break, Drift, Levels, Moved, Verdict
from evalharness.model.noun import Noun
from evalharness.model.nouns import Case, Criterion, GraderId
from evalharness.noise import ERROR_RATE, FLOOR, SURPRISE, step_of
from evalharness.noise.pooled import squares
from evalharness.stats import holm, t_quantile, t_two_sided

ALL = "all criteria"

__all__ = ["ALL", "Anchors", "Drift", "Levels", "Moved", "Verdict", "as_known", "breaks_of", "drift"]


class Anchors(Noun):
    """`labels/anchors.json`: the answers as they were, who graded them, and every level."""

    made: str
    grader: GraderId
    cases: tuple[Case, ...]
    levels: Levels
    fingerprints: dict[str, str]
    format: int = 1


def drift(anchors: Anchors, now: Levels, *, at: str) -> Drift:
    """Return what moved since `anchors` were recorded."""
    found = [_moved(anchors, now, rubric, group) for rubric, group in _groups(anchors)]
    kept = [each for each in found if each is not None]
    ps = [each.p for each in kept if each.p is not None]
    adjusted = iter(holm(ps))
    return Drift(
        at=at,
        since=anchors.made,
        grader=anchors.grader,
        moved=tuple(each if each.p is None else _read(each, next(adjusted)) for each in kept),
        fingerprints=tuple(sorted(set(anchors.fingerprints.values()))),
        levels=now,
    )


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


def _groups(anchors: Anchors) -> list[tuple[str, tuple[Criterion, ...]]]:
    """Return for each rubric all criteria with a level together, then each by itself."""
    found: list[tuple[str, tuple[Criterion, ...]]] = []
    for rubric in {case.rubric.id: case.rubric for case in anchors.cases}.values():
        keys = [case.key for case in anchors.cases if case.rubric.id == rubric.id]
        read = tuple(c for c in rubric.criteria if any(c.id in anchors.levels.get(key, {}) for key in keys))
        found.append((rubric.id, read))
        found += [(rubric.id, (criterion,)) for criterion in read if len(read) > 1]
    return [(name, group) for name, group in found if group]


def _moved(anchors: Anchors, now: Levels, rubric: str, group: Sequence[Criterion]) -> Moved | None:
    cases = [case for case in anchors.cases if case.rubric.id == rubric]
    sides = [(composite(anchors.levels, c.key, group), composite(now, c.key, group)) for c in cases]
    kept = [(then, today) for then, today in sides if then and today]
    if not kept:
        return None
    shift = statistics.fmean(statistics.fmean(today) - statistics.fmean(then) for then, today in kept)
    name = group[0].id if len(group) == 1 else ALL
    if anchors.grader.deterministic:
        same = all(abs(statistics.fmean(today) - statistics.fmean(then)) < 1e-9 for then, today in kept)
        verdict = Verdict.SAME if same else Verdict.DRIFTED
        return Moved(rubric=rubric, criterion=name, verdict=verdict, shift=shift, n=len(kept))
    error, degrees = _error(kept, _step(cases[0], group))
    if not degrees:
        return Moved(rubric=rubric, criterion=name, verdict=Verdict.NOT_MEASURED, shift=shift, n=len(kept))
    edge = t_quantile(1 - ERROR_RATE / 2, degrees) + t_quantile(0.8, degrees)
    return Moved(
        rubric=rubric,
        criterion=name,
        verdict=Verdict.WITHIN_NOISE,
        shift=shift,
        n=len(kept),
        detectable=edge * error,
        p=t_two_sided(shift / error, degrees),
    )


def _read(moved: Moved, p: float) -> Moved:
    verdict = Verdict.DRIFTED if p <= ERROR_RATE else Verdict.WITHIN_NOISE
    return Moved(
        rubric=moved.rubric,
        criterion=moved.criterion,
        verdict=verdict,
        shift=moved.shift,
        n=moved.n,
        detectable=moved.detectable,
        p=p,
    )


def _error(kept: Sequence[tuple[Sequence[float], Sequence[float]]], step: float) -> tuple[float, int]:
    """Return the standard error of the mean shift and its degrees, from the repeats on both sides."""
    repeats = [side for pair in kept for side in pair if len(side) > 1]
    degrees = sum(len(side) - 1 for side in repeats)
    if not degrees:
        return 0.0, 0
    variance = max((math.fsum(map(squares, repeats)) + SURPRISE * step) / degrees, FLOOR * step)
    draws = math.fsum(1 / len(then) + 1 / len(today) for then, today in kept)
    return math.sqrt(variance * draws) / len(kept), degrees


def _step(case: Case, group: Sequence[Criterion]) -> float:
    total = math.fsum(criterion.weight for criterion in group)
    weights: Mapping[str, float] = {c.id: c.weight / total if total else 1 / len(group) for c in group}
    return math.fsum((weights[c.id] * step_of(c.kind, len(case.claimed))) ** 2 for c in group)
