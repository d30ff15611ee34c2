"""Shelf: how a question reaches a grader.  To add one: one module with `Grader`'s shape, one line in `plugins`.

What a grader may have besides, and what happens without it:

    without_sending   beside `make`: the grader for looking only; without it `make` is asked
    at_once           how many calls it takes at a time; 64
    head_start        for how many seconds the first of calls that begin alike goes ahead; nobody waits
    grace             for how many seconds calls under way go on after Ctrl-C; 5
    estimate          requests, tokens and price of calls; only the calls are counted
    request           what is sent for a call, in words; `prompt` can't show it
    cost              what the grades of a run cost; nothing is said
    budget, batches   what was spent so far; calls collected into batches
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal, Protocol, TypeAlias

from evalharness.model.draft import Draft
from evalharness.model.noun import Noun
from evalharness.model.nouns import Criterion, GraderId, Usage, Why
from evalharness.plan.plan import Call

__all__ = ["Answered", "Concurrency", "Failed", "Grader", "Reply", "at_once"]


class Answered(Noun):
    """What a grader said, by criterion id; a criterion that is missing here was not answered usably."""

    drafts: Mapping[str, Draft]
    usage: Usage | None = None
    model: str = ""
    request: str = ""
    detail: str = ""


class Failed(Noun):
    """No usable reply to one call, and why.  Never a score.  `again` says that a fresh request may help."""

    why: Why
    detail: str
    again: bool = False
    usage: Usage | None = None
    model: str = ""
    request: str = ""


Reply: TypeAlias = Answered | Failed


AT_ONCE: Final = 64
Concurrency: TypeAlias = int | Literal["auto"]


class Grader(Protocol):
    """What turns a call into drafts.  Expected failures are returned; `GradingStopped` ends the run."""

    @property
    def id(self) -> GraderId:
        """Everything about this grader that can change a grade."""
        ...

    def reads(self, criterion: Criterion) -> bool:
        """Return whether this grader can read `criterion` at all."""
        ...

    async def prepare(self, calls: Sequence[Call]) -> None:
        """Look at all calls before the first: say what will happen, refuse what cannot work."""
        ...

    async def ask(self, call: Call, *, turn: int) -> Reply:
        """Return the reply to one call; `turn` counts fresh requests for the same call, from 1."""
        ...

    async def close(self) -> None:
        """Give back what the grader holds (connections)."""
        ...


def at_once(grader: Grader, asked: Concurrency) -> int:
    """Return how many calls go to a grader at a time at most: as many as were asked for, else as it takes."""
    return asked if isinstance(asked, int) else int(getattr(grader, "at_once", AT_ONCE))
