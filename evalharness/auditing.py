"""rubric, cases, grader -> report card: builds the variants, has them graded, judges.  Nothing is stored."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from evalharness.core.audit import Card, Counts, Seen, by_criterion, judge
from evalharness.core.metamorphic import Variant, variants
from evalharness.core.model import Case, Grade, Graded, Measure, Ungraded, Why
from evalharness.core.plan import Call, Plan, latest_of_each_series, make_calls, make_plan, needs_call
from evalharness.errors import BudgetReached, GradingStopped, InputError, UnknownName
from evalharness.graders import Grader
from evalharness.grading import by_rule
from evalharness.load import Loaded
from evalharness.pipeline import load, make_grader
from evalharness.runner import grade_all
from evalharness.world import World

MOST_ATTEMPTS = 8
SAMPLES = 3
_ECHOES = ("anchors", "question")  # a quote of these stands there, and is refused as an echo
ATTACKS = Path(__file__).parent / "data" / "attacks.json"


class Ask(NamedTuple):
    """Where to grade and how: grader, requests at a time, clock."""

    grader: Grader
    concurrency: int
    world: World


def audit(
    rubric: str,
    on: Sequence[str | Path] = (),
    *,
    settings: Mapping[str, Any] | None = None,
    world: World,
    grader: Grader | None = None,
) -> Card:
    """Return the report card of the configured grader on a rubric's attempts (by default the latest ones).

    A model is asked about at most eight attempts, each graded `samples` times (three by default) and each of its
    variants once.  Where the budget ends or grading stops, the card says so and judges what it has seen.
    """
    loaded = load(on, settings or {}, world)
    grader = grader or make_grader(loaded.config, world)
    cases = chosen(loaded, _name(rubric), free=grader.id.deterministic, named=bool(on))
    samples = 2 if grader.id.deterministic else max(SAMPLES, loaded.config.samples)
    return audit_cases(cases, Ask(grader, loaded.config.concurrency, world), samples=samples)


def audit_cases(cases: Sequence[Case], ask: Ask, *, samples: int) -> Card:
    """Return the report card of a grader on `cases`, which share one rubric."""
    grader = ask.grader
    every = grader.id.deterministic
    found = variants(cases, attacks(), every=every, joint=grader.id.mode == "joint")
    again = [_again(case) for case in cases]
    grades, stopped = asyncio.run(_grades(cases, found, [variant.case for variant in again], ask, samples))
    seen = Seen(
        cases=tuple(cases),
        variants=(*found, *again),
        levels=by_criterion(
            (g.case, g.criterion, g.sample, g.outcome.level) for g in grades if isinstance(g.outcome, Graded)
        ),
        reads=frozenset(c.id for c in cases[0].rubric.criteria if not isinstance(c.kind, Measure) and grader.reads(c)),
        counts=_counts(grades),
    )
    card = judge(seen, grader.id, samples=samples)
    if stopped is None:
        return card
    told = "; ".join(filter(None, (stopped.message, stopped.hint)))
    return msgspec.structs.replace(card, incomplete=told, over_budget=isinstance(stopped, BudgetReached))


def chosen(loaded: Loaded, rubric: str, *, free: bool, named: bool) -> tuple[Case, ...]:
    """Return the attempts to audit on: all where calls are free, else the latest of each series.

    Of a model at most eight, unless the attempts were named.
    """
    if rubric not in loaded.rubrics:
        raise UnknownName("rubric", rubric, loaded.rubrics)
    cases = tuple(case for case in loaded.cases if case.rubric.id == rubric)
    if not cases:
        raise InputError(f"no attempt is graded by the rubric '{rubric}'", hint="write one, or name others with --on")
    if free:
        return cases
    latest = latest_of_each_series(cases, 1)
    found = tuple(case for case in cases if case.key in latest)
    return found if named else found[:MOST_ATTEMPTS]


def attacks() -> dict[str, list[str]]:
    """Return the shipped corpus of attacks: family -> texts."""
    families: dict[str, list[str]] = defaultdict(list)
    for attack in json.loads(ATTACKS.read_text(encoding="utf-8")):
        families[attack["family"]].append(attack["text"])
    return dict(families)


async def _grades(
    cases: Sequence[Case], found: Sequence[Variant], again: Sequence[Case], ask: Ask, samples: int
) -> tuple[list[Grade], BudgetReached | GradingStopped | None]:
    """Return all grades, the repeats of `again` made last of all, and why it ended early, if it did."""
    grades: list[Grade] = []
    changed = {variant.case.key: variant.case for variant in found}
    plans = [
        [_plan(cases, ask.grader, samples), _plan(list(changed.values()), ask.grader, 1)],
        [_plan(again, ask.grader, 1)],
    ]
    try:
        for together in plans:
            for plan in together:
                grades += by_rule([slot for slot in plan.slots if not needs_call(slot)], "")
            await _ask([call for plan in together for call in _calls(plan, ask.grader)], ask, grades)
    except (BudgetReached, GradingStopped) as stopped:
        return grades, stopped
    finally:
        await ask.grader.close()
    return grades, None


async def _ask(calls: Sequence[Call], ask: Ask, grades: list[Grade]) -> None:
    if calls:
        await grade_all(calls, ask.grader, concurrency=ask.concurrency, on_grade=grades.append, clock=ask.world.now)


def _plan(cases: Sequence[Case], grader: Grader, samples: int) -> Plan:
    return make_plan(cases, grader.id, grader.reads, samples=samples)


def _calls(plan: Plan, grader: Grader) -> tuple[Call, ...]:
    return make_calls((slot for slot in plan.slots if needs_call(slot)), grader.id.mode)


def _again(case: Case) -> Variant:
    attempt = msgspec.structs.replace(case.attempt, id=f"{case.attempt.id}~rerun")
    return Variant(of="rerun", origin=case.key, before=case.key, case=msgspec.structs.replace(case, attempt=attempt))


def _counts(grades: Sequence[Grade]) -> Counts:
    """Return the tally over what the grader said, without variants that hold words which are never evidence."""
    asked = [grade for grade in grades if grade.calls and grade.case.rpartition("~")[2] not in _ECHOES]
    invented = sum(grade.rejected_quotes for grade in asked)
    found = sum(len(g.outcome.evidence) for g in asked if isinstance(g.outcome, Graded))
    found += sum(bool(f.evidence) for g in asked if isinstance(g.outcome, Graded) for f in g.outcome.findings)
    ungraded = [g for g in asked if isinstance(g.outcome, Ungraded) and g.outcome.why is not Why.BUDGET]
    return Counts(planned=len(asked), ungraded=len(ungraded), quotes=found + invented, invented=invented)


def heuristic_page(root: Path, world: World) -> str:
    """Return docs/report-card.md: the heuristic's own cards on every rubric of the project at `root`."""
    from evalharness.graders.heuristic import HeuristicGrader
    from evalharness.load import load_project
    from evalharness.reports.audit import page

    loaded = load_project([], cwd=root)
    cards = []
    for rubric in sorted({case.rubric.id for case in loaded.cases}):
        cases = chosen(loaded, rubric, free=True, named=False)
        cards.append(audit_cases(cases, Ask(HeuristicGrader(), loaded.config.concurrency, world), samples=2))
    return page(cards)


def _name(rubric: str) -> str:
    return Path(rubric).stem if rubric.endswith((".yaml", ".yml")) or "/" in rubric else rubric
