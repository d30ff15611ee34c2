"""rubric, cases, grader -> report card: builds the variants, has them graded, judges.

What a model says is kept under `reports/audit/`, apart from the runs, so that an audit goes on where it ended.  A
deterministic grader costs nothing and is asked anew.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from evalharness._version import __version__
from evalharness.audit.card import Card, Counts, Seen, judge
from evalharness.audit.variants import Variant, variants
from evalharness.calls.aside import AUDIT, Make, Work, grade_aside
from evalharness.calls.rules import by_rule
from evalharness.calls.runner import grade_all
from evalharness.drift.levels import by_criterion
from evalharness.errors import BudgetReached, GradingStopped, InputError, UnknownName
from evalharness.graders import Concurrency, Grader, interrupt
from evalharness.load import Loaded
from evalharness.load.drift import known_breaks
from evalharness.load.workflow import load
from evalharness.model.nouns import Case, Grade, Graded, Measure, Ungraded, Why
from evalharness.model.run import RunMeta
from evalharness.plan.identity import digest
from evalharness.plan.plan import Call, Slot, latest_of_each_series, make_calls, make_plan, needs_call
from evalharness.plugins import looking, make_grader
from evalharness.store.runs import Store, store_now
from evalharness.world import World

MOST_ATTEMPTS = 8
SAMPLES = 3
_ECHOES = ("anchors", "question")  # a quote of these stands there, and is refused as an echo
ATTACKS = Path(__file__).parent / "attacks.json"


class Ask(NamedTuple):
    """Where to grade and how: grader, requests at a time, clock.

    Grades are kept in `store`, where there is one; then `make` returns the grader that is asked, where one is needed.
    """

    grader: Grader
    concurrency: Concurrency
    world: World
    store: Store | None = None
    make: Make | None = None
    redactions: tuple[tuple[str, str], ...] = ()


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
    variants once.  Where the budget ends or grading stops, the card says so and judges what it has seen; the same
    audit asks the next time only for what is missing.
    """
    loaded = load(on, settings or {}, world)
    seen = grader or looking(loaded, world)
    free = seen.id.deterministic
    cases = chosen(loaded, _name(rubric), free=free, named=bool(on))
    samples = 2 if free else max(SAMPLES, loaded.config.samples)
    ask = Ask(seen, loaded.config.concurrency, world)
    if not free:
        breaks = known_breaks(loaded.root, seen.id)
        ask = ask._replace(
            store=store_now(loaded.root / loaded.config.reports / AUDIT, breaks),
            make=lambda: grader or make_grader(loaded.config, world),
            redactions=loaded.config.redact,
        )
    return audit_cases(cases, ask, samples=samples)


def audit_cases(cases: Sequence[Case], ask: Ask, *, samples: int) -> Card:
    """Return the report card of a grader on `cases`, which share one rubric."""
    grader = ask.grader
    every = grader.id.deterministic
    found = variants(cases, attacks(), every=every, joint=grader.id.mode == "joint")
    again = [_again(case) for case in cases]
    plans = _plans(cases, found, [variant.case for variant in again], ask, samples)
    grades, stopped = _kept(plans, cases, ask, samples) if ask.store else _now(plans, ask)
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
        raise InputError(
            f"no attempt is graded by the rubric '{rubric}'",
            hint="write one, or name others with --on",
            slug="nothing-yet",
        )
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


def _plans(
    cases: Sequence[Case], found: Sequence[Variant], again: Sequence[Case], ask: Ask, samples: int
) -> list[list[Slot]]:
    """Return the slots in two rounds: attempts and their variants, then `again`, which is graded last of all.

    The key of each names its attempt or variant too: a twin has the words of its original, and an attack those of the
    same attack on another answer; each is graded by itself.
    """
    changed = {variant.case.key: variant.case for variant in found}
    return [[*_slots(cases, ask, samples), *_slots(list(changed.values()), ask, 1)], _slots(again, ask, 1)]


def _slots(cases: Sequence[Case], ask: Ask, samples: int) -> list[Slot]:
    grader = ask.grader
    plan = make_plan(cases, grader.id, grader.reads, samples=samples, redactions=ask.redactions)
    return [msgspec.structs.replace(slot, key=digest((slot.key, slot.case.key))) for slot in plan.slots]


def _kept(
    rounds: Sequence[Sequence[Slot]], cases: Sequence[Case], ask: Ask, samples: int
) -> tuple[list[Grade], BudgetReached | GradingStopped | None]:
    """Return all grades, stored or made now.

    The same audit (attempts, rubric, grader, samples) goes on from where it ended.  Another one takes over what has
    the same key, but never what is graded again at the end: that has to come after everything else.
    """
    assert ask.store is not None  # noqa: S101  # the caller has looked
    grader, world = ask.grader.id, ask.world
    keys = [slot.key for slots in rounds for slot in slots]
    asked = [slot for slots in rounds for slot in slots if needs_call(slot)]
    meta = RunMeta(
        id=world.new_id(world.clock()),
        started=world.now(),
        version=__version__,
        grader=grader,
        samples=samples,
        digest=digest((AUDIT, keys)),
        planned=len(keys),
        questions=tuple({case.question.id: case.question for case in cases}.values()),
        rubrics=(cases[0].rubric,),
    )
    shared = frozenset(slot.key for slot in rounds[0])
    work = Work(meta, tuple(case.attempt for case in cases), tuple(map(tuple, rounds)), shared)
    done = grade_aside(work, ask.store, ask.make or (lambda: ask.grader), world, concurrency=ask.concurrency)
    keys_of = {grade.key for grade in done.grades}
    left = sum(1 for slot in asked if slot.key not in keys_of)
    if 0 < left < len(asked):
        world.say(f"{len(asked) - left} of {len(asked)} grades are kept; the same command asks for the {left} others")
    elif not left and not done.made:
        world.say(f"all {len(asked)} grades of this audit were stored; nothing was asked")
    return list(done.grades), done.stopped


def _now(rounds: Sequence[Sequence[Slot]], ask: Ask) -> tuple[list[Grade], BudgetReached | GradingStopped | None]:
    grace = interrupt.grace_of(ask.grader)
    return interrupt.run(lambda: _grades(rounds, ask), say=ask.world.say, grace=grace)


async def _grades(
    rounds: Sequence[Sequence[Slot]], ask: Ask
) -> tuple[list[Grade], BudgetReached | GradingStopped | None]:
    """Return all grades, nothing stored, and why it ended early, if it did."""
    grades: list[Grade] = []
    try:
        for slots in rounds:
            grades += by_rule([slot for slot in slots if not needs_call(slot)], "")
            calls = make_calls((slot for slot in slots if needs_call(slot)), ask.grader.id.mode)
            await _ask(calls, ask, grades)
    except (BudgetReached, GradingStopped) as stopped:
        return grades, stopped
    finally:
        await ask.grader.close()
    return grades, None


async def _ask(calls: Sequence[Call], ask: Ask, grades: list[Grade]) -> None:
    if calls:
        await grade_all(calls, ask.grader, concurrency=ask.concurrency, on_grade=grades.append, clock=ask.world.now)


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
    from evalharness.audit.views import page
    from evalharness.graders.heuristic import HeuristicGrader
    from evalharness.load import load_project

    loaded = load_project([], cwd=root)
    cards = []
    for rubric in sorted({case.rubric.id for case in loaded.cases}):
        cases = chosen(loaded, rubric, free=True, named=False)
        cards.append(audit_cases(cases, Ask(HeuristicGrader(), loaded.config.concurrency, world), samples=2))
    return page(cards)


def _name(rubric: str) -> str:
    return Path(rubric).stem if rubric.endswith((".yaml", ".yml")) or "/" in rubric else rubric
