"""a run and those it takes over from -> its attempts and grades in one sequence each, read where they stand.

A run stores what it made.  What it takes over stays in the folder of the run that made it; `reuses` in `run.json`
names the run before it and what of that one no longer counts.  A chain of such runs ends at one that stores everything.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeVar, overload

import msgspec

from evalharness.model.lazy import Unkept
from evalharness.model.nouns import Attempt, Grade
from evalharness.model.run import Reuse
from evalharness.store.lines import StoredAttempts, StoredGrades

T = TypeVar("T")
DEEPEST = 40  # runs in a chain: the next one stores everything again, so that no run rests on hundreds of folders


class Link(NamedTuple):
    """One run of a chain: its own attempts and grades; `reuse` is None for the one that stores everything."""

    run: str
    attempts: StoredAttempts
    grades: StoredGrades
    reuse: Reuse | None


class _Linked(Unkept[T]):
    """The records of several files in one order; `places` says of each in which file and which row it stands."""

    def __init__(self, parts: Sequence[Sequence[T]], places: Sequence[tuple[int, int]]) -> None:
        self._parts, self._places = parts, places

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[T]:
        return (self._at(*place) for place in self._places)

    @overload
    def __getitem__(self, row: int) -> T: ...
    @overload
    def __getitem__(self, row: slice) -> tuple[T, ...]: ...
    def __getitem__(self, row: int | slice) -> T | tuple[T, ...]:
        if isinstance(row, slice):
            return tuple(self._at(*place) for place in self._places[row])
        return self._at(*self._places[row])

    def _at(self, part: int, row: int) -> T:
        return self._parts[part][row]


def linked_attempts(chain: Sequence[Link]) -> Sequence[Attempt]:
    """Return the attempts of the last run of a chain in its planned order."""
    places: dict[str, tuple[int, int]] = {}
    order: list[str] = []
    for number, link in enumerate(chain):
        reuse = link.reuse or Reuse(run="")
        gone = set(reuse.gone)
        order = [key for key in order if key not in gone] if gone else order
        for key, row in link.attempts.rows.items():
            if key not in places or key in gone:
                before = reuse.after.get(key)
                order.insert(len(order) if before is None else order.index(before) + 1 if before else 0, key)
            places[key] = (number, row)
    return _Linked([link.attempts for link in chain], [places[key] for key in order])


class LinkedGrades(_Linked[Grade]):
    """The grades of the last run of a chain, by attempt; one that was taken over says from which run."""

    def __init__(self, chain: Sequence[Link]) -> None:
        self._runs = [link.run for link in chain]
        self._of: dict[str, dict[tuple[str, int], tuple[int, int]]] = {}
        for number, link in enumerate(chain):
            self._leave_out(link)
            for case in link.grades.cases():
                self._of.setdefault(case, {}).update(
                    {name: (number, row) for name, row in link.grades.rows_of(case)},
                )
        places = [place for found in self._of.values() for place in found.values()]
        super().__init__([link.grades for link in chain], places)

    def _leave_out(self, link: Link) -> None:
        if link.reuse is None:
            return
        for case in (*link.reuse.gone, *link.attempts.rows):  # an attempt that is stored again takes over no grade
            self._of.pop(case, None)
        for case, criterion, sample in link.reuse.without:
            self._of.get(case, {}).pop((criterion, sample), None)

    @property
    def is_held(self) -> bool:
        """Return whether looking at a grade again costs nothing."""
        return all(getattr(part, "is_held", False) for part in self._parts)

    def of_case(self, case: str) -> tuple[Grade, ...]:
        """Return the grades of one attempt."""
        return tuple(self._at(*place) for place in self._of.get(case, {}).values())

    def has(self, slot: tuple[str, str, int]) -> bool:
        """Return whether there is a grade for this attempt, criterion and sample."""
        return slot[1:] in self._of.get(slot[0], {})

    def _at(self, part: int, row: int) -> Grade:
        grade = self._parts[part][row]
        if part == len(self._runs) - 1 or grade.reused_from:
            return grade
        return msgspec.structs.replace(grade, reused_from=self._runs[part])


class Takeover(NamedTuple):
    """What a run takes over from the run before: its slots need no copy; `attempts` are those to be stored."""

    reuse: Reuse
    slots: frozenset[tuple[str, str, int]]
    attempts: tuple[Attempt, ...]


def order_after(before: Sequence[str], now: Sequence[str]) -> dict[str, str] | None:
    """Return behind which key each new one comes (an empty one: first); None where the old ones changed their order."""
    old, new = set(before), set(now)
    if [key for key in before if key in new] != [key for key in now if key in old]:
        return None
    pairs = zip(["", *now], now, strict=False)
    return {key: previous for previous, key in pairs if key not in old}
