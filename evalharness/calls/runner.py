"""calls -> grades, as they arrive: bounded concurrency, fresh requests after an unusable reply, no retries.

Retrying a busy provider is the grader's business (it knows the provider); asking again because a reply can't be
trusted is this module's.  Calls that begin alike go together: the first fills the provider's prompt cache, the
others follow and read it, where the grader says that this is worth a moment (`head_start`).
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from evalharness.calls.rules import copy
from evalharness.criteria import Reading, read
from evalharness.errors import EvalHarnessError
from evalharness.graders import Answered, Concurrency, Failed, Grader, Reply, at_once, interrupt
from evalharness.model.noun import Noun
from evalharness.model.nouns import Grade, Outcome, Ungraded, Usage, Why
from evalharness.plan.plan import Call, Slot, shared_by

MOST_TURNS = 3

OnGrade = Callable[[Grade], None]
Clock = Callable[[], str]
_One = Callable[[Call], Coroutine[None, None, None]]


class Desk(Protocol):
    """Where a call is announced before it is made, so that nobody pays twice and nothing is paid for in vain."""

    async def take(self, call: Call) -> Mapping[str, Grade]:
        """Wait until nobody else makes this call; return the grades by key that were made of it meanwhile.

        Raises `StoreError` where what it would bring could not be kept.
        """
        ...

    def give_back(self, call: Call) -> None:
        """Let others make this call."""
        ...


class Open(Noun):
    """What is still to be filled of one call, and what its requests have used so far.

    `rejected` counts, by key, the quotations of earlier replies that are not in the answer.
    """

    slots: tuple[Slot, ...]
    usage: Usage | None = None
    calls: int = 0
    rejected: Mapping[str, int] = {}


async def grade_all(
    calls: Sequence[Call],
    grader: Grader,
    *,
    concurrency: Concurrency,
    on_grade: OnGrade,
    clock: Clock,
    desk: Desk | None = None,
) -> None:
    """Fill every slot of `calls` with a grade, handed to `on_grade` as soon as it is known.

    Raises the first thing that stops the run (`GradingStopped`, `BudgetReached`), but not before the calls under
    way have ended: they are paid for, so their grades are kept.  Once somebody asks it to end, no call is begun.
    """
    width = at_once(grader, concurrency)
    gate = asyncio.Semaphore(width)
    stopped: list[EvalHarnessError] = []
    await grader.prepare(calls)
    waiting = iter(group(calls, grader.id.mode))

    async def one(call: Call) -> None:
        async with gate:
            if stopped or interrupt.is_asked():
                return
            try:
                await _announced(call, grader, desk, on_grade=on_grade, clock=clock)
            except interrupt.Interrupted:
                return
            except EvalHarnessError as error:
                stopped.append(error)

    await _in_lanes(waiting, one, grader, width)
    if stopped:
        raise stopped[0]


async def _in_lanes(waiting: Iterator[list[Call]], one: _One, grader: Grader, width: int) -> None:
    try:
        async with asyncio.TaskGroup() as lanes:
            for _ in range(width):
                lanes.create_task(_lane(waiting, one, grader))
    except BaseExceptionGroup as group_:
        raise _first(group_) from None


async def _lane(
    waiting: Iterator[list[Call]], one: Callable[[Call], Coroutine[None, None, None]], grader: Grader
) -> None:
    """Work through groups of calls that begin alike, the first of each ahead of the others where that is worth it."""
    for first, *rest in waiting:
        async with asyncio.TaskGroup() as together:
            ahead = together.create_task(one(first))
            if rest:
                await _head_start(ahead, getattr(grader, "head_start", 0.0))
            for call in rest:
                together.create_task(one(call))


async def _head_start(ahead: asyncio.Task[None], seconds: float) -> None:
    """Wait for the call that goes ahead, but no longer than `seconds`."""
    if seconds > 0:
        await asyncio.wait([ahead], timeout=None if math.isinf(seconds) else seconds)


def group(calls: Iterable[Call], mode: str) -> list[list[Call]]:
    """Return calls grouped by what they begin with, the largest groups first so that none is left for the end."""
    together: dict[str, list[Call]] = {}
    for call in calls:
        together.setdefault(shared_by(call, mode), []).append(call)
    return sorted(together.values(), key=len, reverse=True)


def ordered(calls: Iterable[Call], mode: str) -> list[Call]:
    """Return calls in the order in which one lane would send them."""
    return [call for calls_ in group(calls, mode) for call in calls_]


async def _announced(call: Call, grader: Grader, desk: Desk | None, *, on_grade: OnGrade, clock: Clock) -> None:
    """Make one call as far as nobody else has made it meanwhile."""
    if desk is None:
        await grade_call(call, grader, on_grade=on_grade, clock=clock)
        return
    found = await desk.take(call)
    try:
        for slot in call.slots:
            if slot.key in found:
                on_grade(copy(found[slot.key], slot))
        left = tuple(slot for slot in call.slots if slot.key not in found)
        if left:
            await grade_call(Call(slots=left), grader, on_grade=on_grade, clock=clock)
    finally:
        desk.give_back(call)


async def grade_call(call: Call, grader: Grader, *, on_grade: OnGrade, clock: Clock) -> None:
    """Ask up to `MOST_TURNS` times until each slot has a grade; what stays open becomes `Ungraded`."""
    state = Open(slots=call.slots)
    for turn in range(1, MOST_TURNS + 1):
        reply = await grader.ask(Call(slots=state.slots), turn=turn)
        state, grades = absorb(state, reply, at=clock(), final=turn == MOST_TURNS)
        for grade in grades:
            on_grade(grade)
        if not state.slots:
            return
        interrupt.check()


def absorb(state: Open, reply: Reply, *, at: str, final: bool) -> tuple[Open, list[Grade]]:
    """Return what is still open after `reply`, and the grades it made."""
    usage, calls = _add(state.usage, reply.usage), state.calls + 1
    grades: list[Grade] = []
    still: list[Slot] = []
    rejected: dict[str, int] = {}
    for slot in state.slots:
        reading, again = _reading(slot, reply)
        invented = state.rejected.get(slot.key, 0) + reading.rejected
        if isinstance(reading.outcome, Ungraded) and again and not final:
            still.append(slot)
            rejected[slot.key] = invented
            continue
        grades.append(
            slot.grade(
                outcome=reading.outcome,
                at=at,
                model=reply.model,
                request=reply.request,
                usage=usage,
                calls=calls,
                rejected_quotes=invented,  # asking again does not take an invention back
            )
        )
        usage, calls = None, 0
    return Open(slots=tuple(still), usage=usage, calls=calls, rejected=rejected), grades


def _reading(slot: Slot, reply: Reply) -> tuple[Reading, bool]:
    """Return what the reply says about one slot, and whether a fresh request may say better."""
    match reply:
        case Failed():
            outcome: Outcome = Ungraded(why=reply.why, detail=reply.detail)
            return Reading(outcome=outcome), reply.again
        case Answered():
            draft = reply.drafts.get(slot.criterion.id)
            if draft is None:
                detail = reply.detail or "the reply says nothing about this criterion"
                return Reading(outcome=Ungraded(why=Why.INVALID_REPLY, detail=detail)), True
            return read(slot.case, slot.criterion, draft), True


def _add(one: Usage | None, other: Usage | None) -> Usage | None:
    if one is None or other is None:
        return one or other
    return one.plus(other)


def _first(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error
