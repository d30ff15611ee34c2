"""slots of no run -> grades in a folder of their own, from which the same work goes on after any end.

    reports/audit/<id>/      an audit's grades, in the form of a run: run.json, attempts.jsonl, grades.jsonl
            anchors/<id>/    those of a check of the anchors

Nothing that reads runs looks there: what is graded here is no person's attempt, or was graded before on purpose.
"""

from __future__ import annotations

import contextlib
import datetime
import time
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from evalharness.calls.desk import LOOK
from evalharness.calls.rules import by_rule
from evalharness.calls.runner import grade_all
from evalharness.errors import BudgetReached, GradingStopped, StoreError
from evalharness.graders import Concurrency, Grader, interrupt
from evalharness.model.nouns import Attempt, Grade, Graded, Why
from evalharness.model.run import RunMeta, RunState
from evalharness.plan.plan import Call, Slot, make_calls, needs_call
from evalharness.store.claims import Claims
from evalharness.store.runs import Store
from evalharness.store.writer import RunWriter
from evalharness.world import World

AUDIT, ANCHORS = "audit", "anchors"
_MOST_SHOWN = 3
STALE = datetime.timedelta(days=1)
_LOST = (Why.GAVE_UP, Why.STOPPED, Why.BUDGET, Why.EXPIRED, Why.PENDING)

Stopped = BudgetReached | GradingStopped | None
Make = Callable[[], Grader]


class Work(NamedTuple):
    """What is to be graded: `rounds` of slots, each asked once the one before it is done.

    `meta.digest` says which work it is: what was begun under it is gone on with.  With `afresh` that holds for a day,
    and only until it is finished.  Slots with a key in `shared` may be filled from other work of the same kind.
    """

    meta: RunMeta
    attempts: tuple[Attempt, ...]
    rounds: tuple[tuple[Slot, ...], ...]
    shared: frozenset[str] = frozenset()
    afresh: bool = False

    @property
    def slots(self) -> dict[str, Slot]:
        """Return all slots by their keys."""
        return {slot.key: slot for slots in self.rounds for slot in slots}


class Done(NamedTuple):
    """Every grade of the work so far, those that were made now, and what ended it early."""

    grades: tuple[Grade, ...]
    made: tuple[Grade, ...]
    stopped: Stopped


def grade_aside(work: Work, store: Store, make: Make, world: World, *, concurrency: Concurrency) -> Done:
    """Grade what is not stored yet, each grade on disk as it arrives, and return all of it.

    A grader is made only where a call is needed.
    """
    with _claimed(work, store, world):
        return _grade_aside(work, store, make, world, concurrency)


@contextlib.contextmanager
def _claimed(work: Work, store: Store, world: World) -> Iterator[None]:
    """Hold this work while it is done: another process that wants the same waits, and finds it stored."""
    claims = Claims(store.folder)
    if not claims.take(work.meta.digest):
        world.say("another process grades the same; this one waits for it instead of paying twice")
        while not claims.take(work.meta.digest):
            time.sleep(LOOK)
    try:
        yield
    finally:
        claims.give_back(work.meta.digest)


def _grade_aside(work: Work, store: Store, make: Make, world: World, concurrency: Concurrency) -> Done:
    known = begun(work, store, world)
    kept = stored(work, store, known)
    for told in _lost(work, store, known):
        world.say(told)
    rounds = open_rounds(work, kept)
    made: list[Grade] = []
    stopped: Stopped = None
    grader = make() if any(rounds) else None
    if known is None or grader:
        writer = store.reopen(known) if known else _begin(work, store, kept)
        ended = RunState.INTERRUPTED
        try:
            stopped = _ask(rounds, grader, writer, made, world, concurrency) if grader else None
            ended = _state(stopped)
        finally:
            now, why = world.now(), stopped.message if stopped else ""
            writer.update(msgspec.structs.replace(writer.meta, state=ended, why=why, finished=now))
            writer.close()
    found = {**kept, **{grade.key: grade for grade in made}}
    rules = by_rule([slot for slot in work.slots.values() if not needs_call(slot)], "")
    return Done((*rules, *found.values()), tuple(made), stopped)


def begun(work: Work, store: Store, world: World) -> str | None:
    """Return the newest folder in which this work was begun, or None."""
    for run in store.runs():
        try:
            meta = store.read_meta(run)
        except StoreError:
            continue  # a damaged folder is no reason to ask nothing
        if meta.digest == work.meta.digest:
            usable = meta.state is not RunState.FINISHED and _age(meta.started, world) < STALE
            return run if usable or not work.afresh else None
    return None


def stored(work: Work, store: Store, known: str | None) -> dict[str, Grade]:
    """Return the grades that stand, by key: those of the work itself, else those that it shares with other work.

    An outcome without a level stands too, where it is an answer: asking until one comes would hide how many don't.
    """
    slots, wanted = work.slots, work.shared
    found: dict[str, Grade] = {}
    if known is not None:
        found = _answered(store, known, frozenset(slots))
    else:
        for run in store.runs() if wanted else ():
            found = {**_answered(store, run, wanted), **found}
    return {key: _in_place(grade, slots[key]) for key, grade in found.items()}


def _in_place(grade: Grade, slot: Slot) -> Grade:
    """Return a grade as that of the slot whose key it has: its names may have been edited, its key says what it is."""
    return msgspec.structs.replace(grade, case=slot.case.key, criterion=slot.criterion.id, sample=slot.sample)


def _lost(work: Work, store: Store, known: str | None) -> Iterator[str]:
    """Yield which grades were stored and can't be read any more: they are paid for again."""
    where = store.folder.name
    if known is None:
        if found := _unread(store):
            listed = ", ".join(found[:_MOST_SHOWN]) + (", ..." if len(found) > _MOST_SHOWN else "")
            yield (
                f"left out, grades without a whole run.json in {where}/: {listed}; put run.json back, or delete the "
                "folder; what it held is graded again where it is needed"
            )
        return
    wanted = {slot.key for slots in work.rounds for slot in slots if needs_call(slot)}
    try:
        meta = store.read_meta(known)
        lost = len(wanted - {grade.key for grade in store.read(known, meta).grades})
    except StoreError as error:
        yield f"{error.message}; the grades of {where}/{known} are made again"
        return
    if lost and meta.state is RunState.FINISHED:
        yield f"{lost} of {len(wanted)} grades in {where}/{known} can't be read any more; they are made again"


def _unread(store: Store) -> list[str]:
    """Return the folders with grades whose `run.json` is gone or damaged."""
    found = list(store.headless())
    for run in store.runs():
        try:
            store.read_meta(run)
        except StoreError:
            found.append(run)
    return sorted(found)


def open_rounds(work: Work, kept: dict[str, Grade]) -> list[tuple[Call, ...]]:
    """Return the calls of each round that are still to be made."""
    mode = work.meta.grader.mode
    return [make_calls((s for s in slots if needs_call(s) and s.key not in kept), mode) for slots in work.rounds]


def _begin(work: Work, store: Store, kept: dict[str, Grade]) -> RunWriter:
    meta = msgspec.structs.replace(work.meta, id=store.next_id(work.meta.id))
    writer = store.create(meta, work.attempts)
    writer.append(kept.values())
    return writer


def _ask(
    rounds: Sequence[tuple[Call, ...]],
    grader: Grader,
    writer: RunWriter,
    made: list[Grade],
    world: World,
    concurrency: Concurrency,
) -> Stopped:
    def keep(grade: Grade) -> None:
        writer.check()
        writer.append((grade,))
        made.append(grade)

    async def ask() -> None:
        try:
            for calls in rounds:
                if calls and not interrupt.is_asked():
                    writer.check()
                    await grade_all(calls, grader, concurrency=concurrency, on_grade=keep, clock=world.now)
        finally:
            await grader.close()

    try:
        interrupt.run(ask, say=world.say, grace=interrupt.grace_of(grader))
    except (BudgetReached, GradingStopped) as stopped:
        return stopped
    return None


def _state(stopped: Stopped) -> RunState:
    match stopped:
        case None:
            return RunState.FINISHED
        case BudgetReached():
            return RunState.BUDGET
        case GradingStopped():
            return RunState.STOPPED


def _answered(store: Store, run: str, keys: frozenset[str]) -> dict[str, Grade]:
    """Return the grades of one folder that were answered, with a level or without; none where it is damaged."""
    try:
        grades = store.read(run).grades
        found = {grade.key: grade for grade in grades if grade.key in keys and store.fits(grade)}
    except StoreError:
        return {}
    return {key: grade for key, grade in found.items() if not _is_lost(grade)}


def _is_lost(grade: Grade) -> bool:
    return not isinstance(grade.outcome, Graded) and grade.outcome.why in _LOST


def _age(started: str, world: World) -> datetime.timedelta:
    try:
        return world.clock() - datetime.datetime.fromisoformat(started)
    except (ValueError, TypeError):
        return STALE
