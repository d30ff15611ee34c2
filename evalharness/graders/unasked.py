"""A grader that is not asked, because there is no credential for it: only what is stored counts."""

from __future__ import annotations

from collections.abc import Sequence

from evalharness.errors import GradingStopped
from evalharness.graders import Grader, Reply
from evalharness.model.nouns import Criterion, GraderId
from evalharness.plan.plan import Call


class Unasked:
    """A grader that is not asked, because there is no credential: only what is stored counts."""

    def __init__(self, grader: Grader, why: str) -> None:
        self._grader, self._why = grader, why

    @property
    def id(self) -> GraderId:
        """Return the identity of the grader that would be asked."""
        return self._grader.id

    def reads(self, criterion: Criterion) -> bool:
        """Return whether that grader reads `criterion`."""
        return self._grader.reads(criterion)

    async def prepare(self, calls: Sequence[Call]) -> None:
        """Refuse."""
        raise GradingStopped(f"{self._why}: {len(calls)} grades are still to be made")

    async def ask(self, call: Call, *, turn: int) -> Reply:  # noqa: ARG002  # the shape of a grader
        """Refuse."""
        raise GradingStopped(self._why)

    async def close(self) -> None:
        """Do nothing."""
