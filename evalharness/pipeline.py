"""The whole story on one screen: load, plan, reuse, grade, verify, store, report."""

from __future__ import annotations

import asyncio
import dataclasses
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import msgspec

from evalharness import plugins
from evalharness._version import __version__
from evalharness.batch_runner import BatchesPending, BatchRun, Waiting
from evalharness.core.aggregate import Summary, summarise
from evalharness.core.config import Config
from evalharness.core.identity import HEURISTIC, digest
from evalharness.core.model import Case, Grade, Measure, Noun, Ungraded, Why
from evalharness.core.plan import Call, Plan, Slot, latest_of_each_series, make_calls, make_plan, needs_call
from evalharness.core.precheck import level_by_rule
from evalharness.core.run import Run, RunMeta, RunState
from evalharness.criteria import measured
from evalharness.errors import BudgetReached, GradingStopped, InputError
from evalharness.graders import Grader
from evalharness.graders.choice import automatic
from evalharness.load import Loaded, find_root, load_project, read_config
from evalharness.reports import FILES
from evalharness.runner import grade_all
from evalharness.store import RunWriter, Store
from evalharness.world import World, real_world

__all__ = ["Choice", "World", "load", "make_grader", "plan_for", "read_run", "real_world", "run", "summary"]

LATEST_OF_A_MODEL = 2


class Choice(Noun):
    """Which attempts of a project take part, and how a run is stored.

    `select` holds patterns of attempt keys; `latest` keeps to the newest attempt of each series, `every` asks for
    all; `formats` are written beside `report.md`; `is_sample` marks a run for show, which reuses nothing.
    """

    select: tuple[str, ...] = ()
    latest: bool = False
    every: bool = False
    formats: tuple[str, ...] = ()
    is_sample: bool = False
    run_id: str = ""


def run(
    paths: Sequence[str | Path] = (),
    *,
    settings: Mapping[str, Any] | None = None,
    choice: Choice | None = None,
    world: World | None = None,
) -> Run:
    """Grade the attempts under `paths` (default: the project's cases) and return the stored run.

    `settings` override `evalharness.yaml`.  Raises `InvalidFiles` with every problem of every file before anything
    is written, and `StoreError` where the reports folder can't be used.  A run that was stopped, interrupted or
    ran out of budget is returned all the same, with that state and everything that was graded.
    """
    world, choice = world or real_world(), choice or Choice()
    loaded = load(paths, settings or {}, world)
    grader = make_grader(loaded.config, world)
    store = Store(loaded.root / loaded.config.reports)
    plan = plan_for(loaded, grader, choice, store)
    return execute(loaded, grader, plan, store, choice, world)


def load(paths: Sequence[str | Path], settings: Mapping[str, Any], world: World) -> Loaded:
    """Return the project under `paths` with `settings` laid over its configuration."""
    loaded = load_project([Path(path) for path in paths], cwd=world.cwd)
    if not loaded.cases:
        raise InputError("there is no attempt to grade", hint="write one, or see `evalharness init --help`")
    given = {name: value for name, value in settings.items() if value is not None}
    return dataclasses.replace(loaded, config=msgspec.structs.replace(loaded.config, **given))


def make_grader(config: Config, world: World) -> Grader:
    """Return the configured grader; `auto` takes the model where a credential is found and no CI, else the heuristic."""
    name = config.grader
    if name == "auto":
        name = automatic(world.environment, config.base_url)
        world.say(f"grader: {name} (chosen by itself; --grader chooses another)")
    return plugins.grader(name)(config, world)


def plan_for(loaded: Loaded, grader: Grader, choice: Choice, store: Store) -> Plan:
    """Return every wanted grade of the chosen attempts; older attempts of a model's series only where stored."""
    cases = select(loaded.cases, choice.select)
    redactions = () if grader.id.name == HEURISTIC else loaded.config.redact
    samples = _samples(loaded.config, grader)
    plan = make_plan(cases, grader.id, grader.reads, samples=samples, redactions=redactions)
    most = 1 if choice.latest else 0 if choice.every or grader.id.deterministic else LATEST_OF_A_MODEL
    if not most:
        return plan
    older = {case.key for case in cases} - latest_of_each_series(cases, most)
    asked = [slot for slot in plan.slots if slot.case.key in older and needs_call(slot)]
    stored = store.find([slot.key for slot in asked])
    return plan.without({slot.case.key for slot in asked if slot.key not in stored})


def open_calls(plan: Plan, grader: Grader, stored: Collection[str]) -> tuple[Call, ...]:
    """Return the calls that the plan still needs."""
    wanted = {slot.key: slot for slot in plan.open_slots(stored) if needs_call(slot)}
    return make_calls(wanted.values(), grader.id.mode)


def execute(loaded: Loaded, grader: Grader, plan: Plan, store: Store, choice: Choice, world: World) -> Run:
    """Fill the plan from what is stored, by rule and by the grader; store and return the run."""
    identity = _digest(plan, loaded, grader)
    latest = None if choice.is_sample else store.latest_finished()
    if latest and latest.digest == identity and not latest.ungraded:
        world.say(f"nothing changed since run {latest.id}: {latest.planned} grades reused, none made")
        same = store.read(latest.id)
        _write_reports(store, same, [name for name in choice.formats if not store.has(latest.id, FILES[name])])
        return same
    stored = {} if choice.is_sample else store.find(plan.keys)
    meta = _new_meta(loaded, grader, plan, choice, world, reused=len(stored))
    meta = msgspec.structs.replace(meta, digest=identity)
    writer = store.create(meta, (case.attempt for case in plan.cases))
    world.watcher.begin(planned=len(plan.slots), reused=len(stored))
    try:
        writer.append(_copy(stored[slot.key], slot) for slot in plan.slots if slot.key in stored)
        writer.append(by_rule(plan.open_slots(stored), world.now()))
        calls = open_calls(plan, grader, stored)
        state, why = _grade(writer, store, grader, calls, loaded.config, world)
        return _finish(writer, store, grader, plan, state, why, choice, world)
    finally:
        writer.close()


def select(cases: Sequence[Case], patterns: Collection[str]) -> tuple[Case, ...]:
    """Return the cases whose key holds one of the patterns (`*` matches anything); all without patterns."""
    if not patterns:
        return tuple(cases)
    found = tuple(case for case in cases if any(fnmatchcase(case.key, f"*{p}*") for p in patterns))
    if not found:
        raise InputError(
            f"no attempt matches {' or '.join(map(repr, patterns))}",
            hint=f"attempts are named like '{cases[0].key}'",
        )
    return found


def by_rule(slots: Sequence[Slot], at: str) -> list[Grade]:
    """Return the grades that need no grader: measures, and answers below the floor of words."""
    grades = []
    for slot in slots:
        if isinstance(slot.criterion.kind, Measure):
            grades.append(slot.grade(outcome=measured(slot.case, slot.criterion, slot.criterion.kind), at=at))
        elif outcome := level_by_rule(slot.case, slot.criterion):
            grades.append(slot.grade(outcome=outcome, at=at))
    return grades


def _grade(
    writer: RunWriter, store: Store, grader: Grader, calls: Sequence[Call], config: Config, world: World
) -> tuple[RunState, str]:
    """Ask the grader for what is open; return how the run ended and why."""
    if not calls:
        return RunState.FINISHED, ""

    def keep(grade: Grade) -> None:
        writer.append((grade,))
        world.watcher.graded(grade)

    async def work() -> None:
        try:
            if config.batch:
                await _batch_run(writer, store, grader, keep, config, world).grade(calls)
            else:
                await grade_all(calls, grader, concurrency=config.concurrency, on_grade=keep, clock=world.now)
        finally:
            await grader.close()

    try:
        asyncio.run(work())
    except KeyboardInterrupt:
        return RunState.INTERRUPTED, "what was graded is kept, the same command goes on from here"
    except BatchesPending as pending:
        return RunState.PENDING, f"{pending.message}; {pending.hint}"
    except BudgetReached as stopped:
        return RunState.BUDGET, f"{stopped.message}; {stopped.hint}"
    except GradingStopped as stopped:
        return RunState.STOPPED, f"{stopped.message}; {stopped.hint}" if stopped.hint else stopped.message
    return RunState.FINISHED, ""


def _batch_run(
    writer: RunWriter, store: Store, grader: Grader, keep: Any, config: Config, world: World
) -> BatchRun:
    batches = getattr(grader, "batches", None)
    if batches is None:
        raise InputError(f"the grader '{grader.id.name}' has no batches", hint="run without --batch")
    return BatchRun(
        grader,
        batches(),
        store.journal(writer, grader.id.host),
        host=grader.id.host,
        on_grade=keep,
        clock=world.now,
        say=world.say,
        sleep=asyncio.sleep,
        waiting=Waiting(poll=config.retry.poll, wait=config.wait),
    )


def other_models(grades: Sequence[Grade], asked: str) -> tuple[str, ...]:
    """Return a notice for each model the provider says it used although another one was asked for."""
    used = Counter(g.model for g in grades if g.model and asked and not g.model.startswith(asked))
    return tuple(
        f"{count} grades came from {name}, not from {asked} that was asked for" for name, count in used.items()
    )


_WHY = {RunState.BUDGET: Why.BUDGET, RunState.PENDING: Why.PENDING}


def _finish(
    writer: RunWriter,
    store: Store,
    grader: Grader,
    plan: Plan,
    state: RunState,
    why: str,
    choice: Choice,
    world: World,
) -> Run:
    """Say of every open slot why it is open, then write the reports; return the run as stored."""
    run = store.read(writer.meta.id)
    made = {grade.key: grade for grade in run.grades}
    filled = {grade.slot for grade in run.grades}
    left = [slot for slot in plan.slots if slot.name not in filled]
    reason = _WHY.get(state, Why.STOPPED)
    writer.append(
        _copy(made[slot.key], slot)  # the same text stands in two attempts: one measurement for both
        if slot.key in made
        else slot.grade(outcome=Ungraded(why=reason, detail=why), at=world.now())
        for slot in left
    )
    run = store.read(writer.meta.id) if left else run
    cost = getattr(grader, "cost", None)
    meta = msgspec.structs.replace(
        writer.meta,
        state=state,
        why=why,
        finished=world.now(),
        ungraded=sum(isinstance(grade.outcome, Ungraded) for grade in run.grades),
        cost=cost(run.grades) if cost else writer.meta.cost,
        notices=(*writer.meta.notices, *other_models(run.grades, grader.id.model)),
    )
    writer.update(meta)
    run = msgspec.structs.replace(run, meta=meta)
    _write_reports(store, run, ("md", *choice.formats))
    return run


def _copy(grade: Grade, slot: Slot) -> Grade:
    """Return a stored grade for `slot`, which may be another attempt with the same text, or a renamed one."""
    bare = msgspec.structs.replace(grade, case=slot.case.key, criterion=slot.criterion.id, sample=slot.sample)
    return bare if grade.case == slot.case.key else msgspec.structs.replace(bare, usage=None, calls=0)


def _write_reports(store: Store, run: Run, names: Collection[str]) -> None:
    for name in names:
        store.write(run.meta.id, FILES[name], plugins.report(name)(run))


def _samples(config: Config, grader: Grader) -> int:
    return 1 if grader.id.deterministic else config.samples


def _digest(plan: Plan, loaded: Loaded, grader: Grader) -> str:
    """Return what two runs share that would say the same: grades, the texts around them, weights."""
    questions, rubrics = _used(plan)
    attempts = [case.attempt for case in plan.cases]
    keys = [slot.key for slot in plan.slots]
    return digest((keys, attempts, questions, rubrics, grader.id, loaded.drafts, __version__))


def _used(plan: Plan) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    questions = {case.question.id: case.question for case in plan.cases}
    rubrics = {case.rubric.id: case.rubric for case in plan.cases}
    return tuple(questions.values()), tuple(rubrics.values())


def _new_meta(loaded: Loaded, grader: Grader, plan: Plan, choice: Choice, world: World, *, reused: int) -> RunMeta:
    questions, rubrics = _used(plan)
    left_out = len(select(loaded.cases, choice.select)) - len(plan.cases)
    older = f"{left_out} older attempts have no grade by this grader and were left out; --all grades them too"
    return RunMeta(
        id=choice.run_id or world.new_id(world.clock()),
        started=world.now(),
        version=__version__,
        grader=grader.id,
        samples=_samples(loaded.config, grader),
        planned=len(plan.slots),
        reused=reused,
        fingerprints=plan.fingerprints,
        not_read=plan.not_read,
        drafts=loaded.drafts,
        notices=(older,) if left_out else (),
        is_sample=choice.is_sample,
        questions=questions,
        rubrics=rubrics,
    )


def read_run(name: str, *, settings: Mapping[str, Any] | None = None, world: World | None = None) -> Run:
    """Return a stored run by id, beginning of an id, `latest`, `previous`, `sample` or path."""
    world = world or real_world()
    root = find_root((), world.cwd)
    store = Store(root / ((settings or {}).get("reports") or read_config(root).config.reports))
    return store.read(store.resolve(name))


def summary(run: Run) -> Summary:
    """Return levels, totals and next steps of a run."""
    return summarise(run)
