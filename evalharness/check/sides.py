"""changed attempts -> both sides of the change: what is graded now, and what it is held against."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import NamedTuple

from evalharness.check.rows import (
    at_base,
    proposed,
)
from evalharness.graders import Grader
from evalharness.model.config import Config
from evalharness.model.nouns import HEURISTIC, Case, Grade, GraderId
from evalharness.model.run import Run
from evalharness.plan.changed import Changed
from evalharness.plan.plan import Plan, make_plan
from evalharness.results.aggregate import CaseResult, case_result


def sides_of(
    changed: Sequence[Changed], grader: GraderId, apart: Collection[str], revised: Sequence[Case] = ()
) -> Sides:
    """Return what is graded: every attempt as it is now, and what it is held against.

    `revised` are attempts of now with a rubric that the change edits: they are graded by that one too.
    """
    now = {one.now.key: one.now for one in changed if one.now}
    before = {case.key: case for one in changed if one.now and one.against for case in (at_base(one.against),)}
    gone = {case.key: case for one in changed if not one.now and one.before for case in (at_base(one.before),)}
    free = grader.deterministic
    optional = {key for key, case in before.items() if case.rubric.id in apart and not free} | (
        set() if free else set(gone)
    )
    beside = tuple(proposed(case) for case in revised)
    return Sides(tuple(now.values()), tuple({**before, **gone}.values()), frozenset(optional), beside)


def results_of(sides: Sides, run: Run) -> dict[str, CaseResult]:
    """Return the result of every attempt of both sides that the run holds, by attempt key."""
    by_case: dict[str, dict[str, list[Grade]]] = defaultdict(lambda: defaultdict(list))
    for grade in run.grades:
        by_case[grade.case][grade.criterion].append(grade)
    not_read, samples = frozenset(run.meta.not_read), run.meta.samples
    there = {attempt.key for attempt in run.attempts}
    cases = [case for case in (*sides.now, *sides.before, *sides.proposed) if case.key in there]
    breaks, capped = run.meta.breaks, run.meta.grader.name == HEURISTIC
    return {
        case.key: case_result(case, by_case[case.key], not_read, samples, capped=capped, breaks=breaks)
        for case in cases
    }


class Sides(NamedTuple):
    """The attempts of both sides, those of the base under keys of their own; `optional` ones only where stored.

    `proposed` are those of now by the rubric that the change brings, under keys of their own too.
    """

    now: tuple[Case, ...]
    before: tuple[Case, ...]
    optional: frozenset[str] = frozenset()
    proposed: tuple[Case, ...] = ()


def plan_both(sides: Sides, grader: Grader, samples: int, config: Config) -> Plan:
    """Return one plan over two: each side is graded by its own rubrics, which may have one name."""
    redactions = () if grader.id.name == HEURISTIC else config.redact
    now, before, beside = (
        make_plan(cases, grader.id, grader.reads, samples=samples, redactions=redactions)
        for cases in (sides.now, sides.before, sides.proposed)
    )
    return Plan(
        cases=(*now.cases, *before.cases, *beside.cases),
        slots=now.slots.then(before.slots, len(now.cases)).then(beside.slots, len(now.cases) + len(before.cases)),
        fingerprints={**beside.fingerprints, **before.fingerprints, **now.fingerprints},
        not_read=tuple(dict.fromkeys((*now.not_read, *before.not_read, *beside.not_read))),
    )
