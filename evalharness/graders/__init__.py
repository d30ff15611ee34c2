"""Shelf: how a question reaches a grader.  To add one: one module with `Grader`'s shape, one line in `plugins`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, TypeAlias

from evalharness.model.draft import Draft
from evalharness.model.noun import Noun
from evalharness.model.nouns import Criterion, GraderId, Usage, Why
from evalharness.plan.plan import Call

__all__ = ["Answered", "Failed", "Grader", "Reply"]


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
