"""Graders that are not asked: without a credential, or because only their stored grades are wanted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from evalharness.errors import GradingStopped
from evalharness.graders import Grader, Reply
from evalharness.model.nouns import Criterion, GraderId
from evalharness.model.run import RunMeta
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


class Absent:
    """The grader of runs that are there: its identity, and what it reads, as they say.  Nobody can ask it."""

    def __init__(self, id_: GraderId, unread: Sequence[Criterion]) -> None:
        self._id, self._unread = id_, unread

    @property
    def id(self) -> GraderId:
        """Return the identity that the runs were graded under."""
        return self._id

    def reads(self, criterion: Criterion) -> bool:
        """Return whether no run says that `criterion` was not read."""
        return criterion not in self._unread

    async def prepare(self, calls: Sequence[Call]) -> None:  # noqa: ARG002  # the shape of a grader
        """Refuse."""
        raise GradingStopped(_ABSENT)

    async def ask(self, call: Call, *, turn: int) -> Reply:  # noqa: ARG002  # the shape of a grader
        """Refuse."""
        raise GradingStopped(_ABSENT)

    async def close(self) -> None:
        """Do nothing."""


_ABSENT = "only stored grades are brought together"


def absent(id_: GraderId, runs: Iterable[RunMeta]) -> Absent:
    """Return the grader that made `runs`, to find their grades by."""
    unread = [
        criterion
        for meta in runs
        for rubric in meta.rubrics
        for criterion in rubric.criteria
        if f"{rubric.id}/{criterion.id}" in meta.not_read
    ]
    return Absent(id_, unread)
