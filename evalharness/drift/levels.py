"""levels of a fixed set then, levels of the same set now -> did the grader change under its name?

A provider may change a model without changing its name; nothing in a fingerprint shows that.  The same answers graded
again do: the mean shift over the anchor answers is held against the grader's own noise (repeats then and now,
pooled as in `noise.composites`), Holm-corrected over the total and the criteria.
"""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from evalharness.model.breaks import Drift, Levels, Moved, Verdict
from evalharness.model.drift import Anchors, as_known, breaks_of
from evalharness.model.nouns import Case, Criterion
from evalharness.noise import ERROR_RATE, pooled_variance, step_of
from evalharness.stats import holm, t_quantile, t_two_sided

ALL = "all criteria"

__all__ = ["ALL", "Anchors", "Drift", "Levels", "Moved", "Verdict", "as_known", "breaks_of", "drift"]


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
    variance, degrees = pooled_variance([side for pair in kept for side in pair], step)
    if not degrees:
        return 0.0, 0
    draws = math.fsum(1 / len(then) + 1 / len(today) for then, today in kept)
    return math.sqrt(variance * draws) / len(kept), degrees


def _step(case: Case, group: Sequence[Criterion]) -> float:
    total = math.fsum(criterion.weight for criterion in group)
    weights: Mapping[str, float] = {c.id: c.weight / total if total else 1 / len(group) for c in group}
    return math.fsum((weights[c.id] * step_of(c.kind, len(case.claimed))) ** 2 for c in group)


def composite(levels: Levels, key: str, group: Sequence[Criterion]) -> list[float]:
    """Return the weighted mean over `group` of each sample in which all of it has a level."""
    found = levels.get(key, {})
    if len(group) == 1:
        return [level for _, level in sorted(found.get(group[0].id, {}).items())]
    weights = _weights(group)
    samples = set.intersection(*(set(found.get(criterion.id, ())) for criterion in group)) if group else set()
    return [
        math.fsum(weight * found[criterion.id][sample] for criterion, weight in zip(group, weights, strict=True))
        for sample in sorted(samples)
    ]


def _weights(group: Sequence[Criterion]) -> list[float]:
    total = math.fsum(criterion.weight for criterion in group)
    return [criterion.weight / total if total else 1 / len(group) for criterion in group]


def by_criterion(found: Iterable[tuple[str, str, int, float]]) -> dict[str, dict[str, dict[int, float]]]:
    """Return (attempt, criterion, sample, level) as nested mappings."""
    levels: dict[str, dict[str, dict[int, float]]] = defaultdict(lambda: defaultdict(dict))
    for case, criterion, sample, level in found:
        levels[case][criterion][sample] = level
    return {case: {name: dict(samples) for name, samples in each.items()} for case, each in levels.items()}
