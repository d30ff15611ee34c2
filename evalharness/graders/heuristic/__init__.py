"""Grader `heuristic`: embedded, deterministic, instant.  It reads surface features and says so."""

from __future__ import annotations

from collections.abc import Sequence

from evalharness.graders import Answered, Reply
from evalharness.graders.heuristic.grader import VERSION, grade, reads
from evalharness.model.nouns import HEURISTIC, Criterion, GraderId
from evalharness.plan.plan import Call

__all__ = ["HeuristicGrader", "make"]


class HeuristicGrader:
    """The embedded grader in the shape of every grader."""

    at_once = 1  # nothing is waited for, so that more at a time would only mix the order
    id = GraderId(name=HEURISTIC, version=VERSION, deterministic=True)

    def reads(self, criterion: Criterion) -> bool:
        """Return whether the rubric's author declared signals for `criterion`."""
        return reads(criterion)

    async def prepare(self, calls: Sequence[Call]) -> None:
        """Do nothing: there is nothing to warm up and nothing to pay."""

    async def ask(self, call: Call, *, turn: int) -> Reply:
        """Return the drafts of one call; the same answer gets the same draft, always."""
        return Answered(drafts={criterion.id: grade(call.case, criterion) for criterion in call.criteria})

    async def close(self) -> None:
        """Do nothing: nothing is held."""


def make(config: object, world: object) -> HeuristicGrader:
    """Return the grader; it needs no configuration and no credential."""
    return HeuristicGrader()
