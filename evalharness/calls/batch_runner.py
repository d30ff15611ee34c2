"""calls -> batches -> grades.  What was submitted is noted first, so that no crash submits it twice."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Protocol

from evalharness.calls.runner import MOST_TURNS, Clock, OnGrade, Open, absorb, grade_call
from evalharness.errors import EvalHarnessError, GradingStopped
from evalharness.graders import Grader, Reply
from evalharness.model.noun import Noun
from evalharness.plan.batch import BatchNote, BatchState, CreateLost, item_id
from evalharness.plan.identity import digest
from evalharness.plan.plan import Call

Sleep = Callable[[float], Awaitable[None]]


class BatchesPending(EvalHarnessError):
    """Batches are under way at the provider and nobody waits for them here."""

    slug = "batch-pending"


class Batches(Protocol):
    """The batch side of a grader."""

    def chunks(self, calls: Sequence[Call]) -> Iterable[list[Call]]:
        """Yield calls in lots that fit one batch, as many as the budget has room for."""
        ...

    async def create(self, calls: Sequence[Call], turn: int) -> str:
        """Submit one lot; return the batch's id."""
        ...

    async def find_lost(self, note: BatchNote) -> str | None:
        """Return the id of a batch that was intended and, unknown to us, sent."""
        ...

    async def has_ended(self, batch: str) -> tuple[bool, str]:
        """Return whether a batch has ended, and its state in words."""
        ...

    def results(self, batch: str, calls: Mapping[str, Call]) -> AsyncGenerator[tuple[str, Reply], None]:
        """Yield the replies of an ended batch."""
        ...


class Journal(Protocol):
    """Where batches are remembered between processes."""

    def pending(self) -> tuple[BatchNote, ...]:
        """Return the batches of earlier processes that were not collected."""
        ...

    def note(self, note: BatchNote) -> None:
        """Remember, on disk, before anything else happens."""
        ...


class Waiting(Noun):
    """How to wait for batches: seconds between looks, or not at all."""

    poll: float
    wait: bool = True


class BatchRun:
    """One run's way through batches: pick up, check one, submit, wait, collect, again for what is left."""

    def __init__(
        self,
        grader: Grader,
        batches: Batches,
        journal: Journal,
        *,
        host: str,
        on_grade: OnGrade,
        clock: Clock,
        say: Callable[[str], None],
        sleep: Sleep,
        waiting: Waiting,
    ) -> None:
        self._grader, self._batches, self._journal = grader, batches, journal
        self._host, self._on_grade, self._clock = host, on_grade, clock
        self._say, self._sleep, self._waiting = say, sleep, waiting

    async def grade(self, calls: Sequence[Call]) -> None:
        """Fill every slot of `calls`; raises `BatchesPending` where it should not wait."""
        state = {item_id(call, 1): Open(slots=call.slots) for call in calls}
        await self._grader.prepare(calls)
        state = await self._pick_up(state)
        for turn in range(1, MOST_TURNS + 1):
            state = {item_id(Call(slots=open_.slots), turn): open_ for open_ in state.values() if open_.slots}
            if not state:
                return
            state = await self._round(state, turn)

    async def _pick_up(self, state: dict[str, Open]) -> dict[str, Open]:
        """Collect what earlier processes submitted; return what is still open."""
        for note in self._journal.pending():
            wanted = [name for name in note.items if _first_turn(name) in state]
            if not wanted:
                continue
            found = note.id or await self._batches.find_lost(note)
            if found is None:
                self._journal.note(BatchNote(note=note.note, state=BatchState.COLLECTED))
                continue
            self._say(f"batch {found}, submitted {note.at}, is picked up: {len(wanted)} requests")
            named = {name: state[_first_turn(name)] for name in wanted}
            after = await self._collect(BatchNote(note=note.note, state=note.state, id=found), named, 1)
            state |= {_first_turn(name): open_ for name, open_ in after.items()}
        return state

    async def _round(self, state: dict[str, Open], turn: int) -> dict[str, Open]:
        calls = [Call(slots=open_.slots) for open_ in state.values()]
        if turn == 1:
            # A batch checks its requests only while it works through them: one sent now finds a mistake at once.
            await grade_call(calls[0], self._grader, on_grade=self._on_grade, clock=self._clock)
            del state[item_id(calls[0], turn)]
            calls = calls[1:]
        while calls:  # what does not fit the budget together goes when the rest is paid
            submitted = [await self._submit(lot, turn) for lot in self._batches.chunks(calls)]
            calls = calls[sum(len(note.items) for note in submitted) :]
            for note in submitted:
                named = {name: state[name] for name in note.items}
                state |= await self._collect(note, named, turn)
        return state

    async def _submit(self, calls: Sequence[Call], turn: int) -> BatchNote:
        items = tuple(item_id(call, turn) for call in calls)
        intent = BatchNote(
            note=digest((items, self._clock())),
            state=BatchState.INTENDED,
            items=items,
            at=self._clock(),
            host=self._host,
        )
        self._journal.note(intent)
        found = await self._create(calls, turn, intent)
        submitted = BatchNote(
            note=intent.note, state=BatchState.SUBMITTED, items=items, id=found, at=intent.at, host=self._host
        )
        self._journal.note(submitted)
        self._say(f"batch {found}: {len(items)} requests submitted")
        return submitted

    async def _create(self, calls: Sequence[Call], turn: int, intent: BatchNote) -> str:
        """Create a batch; where the answer was lost, look for it before anything is sent a second time."""
        try:
            return await self._batches.create(calls, turn)
        except CreateLost:
            found = await self._batches.find_lost(intent)
            if found is not None:
                return found
        try:
            return await self._batches.create(calls, turn)
        except CreateLost as lost:
            raise GradingStopped(
                f"nobody knows whether a batch was made: {lost}", hint="the same command looks for it before it sends"
            ) from None

    async def _collect(self, note: BatchNote, named: Mapping[str, Open], turn: int) -> dict[str, Open]:
        """Wait for a batch and store its results as they are read; return what each item left open."""
        await self._wait_for(note)
        state = dict(named)
        calls = {name: Call(slots=open_.slots) for name, open_ in named.items()}
        async with contextlib.aclosing(self._batches.results(note.id, calls)) as results:
            async for name, reply in results:
                state[name], grades = absorb(state[name], reply, at=self._clock(), final=turn == MOST_TURNS)
                for grade in grades:
                    self._on_grade(grade)
        self._journal.note(BatchNote(note=note.note, state=BatchState.COLLECTED, id=note.id, host=self._host))
        return state

    async def _wait_for(self, note: BatchNote) -> None:
        said = ""
        while True:
            ended, words = await self._batches.has_ended(note.id)
            if ended:
                return
            if not self._waiting.wait:
                raise BatchesPending(
                    f"{words}; not waiting", hint="the same command, with or without --no-wait, fetches the results"
                )
            if words != said:
                self._say(f"{words}; Ctrl-C leaves it running, the same command returns to it")
                said = words
            await self._sleep(self._waiting.poll)


def _first_turn(name: str) -> str:
    return f"{name.rpartition('-')[0]}-1"
