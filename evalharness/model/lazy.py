"""how many, how to make one -> a sequence whose members are made when they are looked at, and not kept.

What grows with the number of attempts (grades with their evidence, the results made of them) is not held in memory:
whoever goes through it sees one series at a time.  Two passes make everything twice, so figures over all of it
are taken in one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar, overload

T = TypeVar("T", covariant=True)


class Unkept(Sequence[T]):
    """A sequence that does not hold its members; it equals every sequence of equal members."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        """Return whether `other` is a sequence of equal members, as a tuple would be."""
        if not isinstance(other, Sequence) or isinstance(other, str | bytes):
            return NotImplemented
        return len(self) == len(other) and all(mine == theirs for mine, theirs in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]  # equal to what is not hashed alike

    def __repr__(self) -> str:
        return f"<{len(self)} members, made when looked at>"


class View(Unkept[T]):
    """A sequence of `count` members that `make` makes by place; it remembers the one looked at last.

    A slice is a tuple: whoever takes one means to keep it.
    """

    __slots__ = ("_count", "_last", "_make")

    def __init__(self, count: int, make: Callable[[int], T]) -> None:
        self._count = count
        self._make = make
        self._last: tuple[int, T] | None = None

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[T]:
        return map(self.__getitem__, range(self._count))

    @overload
    def __getitem__(self, place: int) -> T: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[T, ...]: ...
    def __getitem__(self, place: int | slice) -> T | tuple[T, ...]:
        if isinstance(place, slice):
            return tuple(self[each] for each in range(*place.indices(self._count)))
        real = place + self._count if place < 0 else place
        if not 0 <= real < self._count:
            raise IndexError(place)
        last = self._last
        if last is None or last[0] != real:
            last = self._last = (real, self._make(real))
        return last[1]


class Once(View[T]):
    """A sequence whose members are made when they are looked at, each once, and kept as long as it lives.

    It is for a few of them, or for what is made of things that are in memory anyhow.
    """

    __slots__ = ()

    def __init__(self, count: int, make: Callable[[int], T]) -> None:
        made: dict[int, T] = {}

        def once(place: int) -> T:
            found = made.get(place)
            if found is None:
                found = made[place] = make(place)
            return found

        super().__init__(count, once)
