"""which sitting each grade was made in -> how much of the days' moods a difference between two attempts holds.

All grades of one sitting may be shifted alike.  What both attempts have of a sitting cancels in their difference: an
older attempt that is graded again next to the newer one loses most of the days' part by that.
"""

from __future__ import annotations

import functools
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from types import MappingProxyType

Sittings = tuple[int, ...]
"""The number of the sitting in which each grade was made; empty where nobody knows."""

Moods = Mapping[int, float]
"""How much of each sitting's mood is in a difference: 1 for all of it, -1 where it is in what is subtracted."""


@functools.lru_cache(maxsize=4_096)
def moods(before: Sittings, after: Sittings) -> Moods:
    """Return what the difference of two means holds of each sitting; nothing where one side's are not known."""
    if not before or not after:
        return MappingProxyType({})
    parts = ((Counter(before), -1 / len(before)), (Counter(after), 1 / len(after)))
    held = {at: math.fsum(part * counts[at] for counts, part in parts) for at in {*before, *after}}
    return MappingProxyType(held)


def summed(each: Iterable[tuple[float, Moods]]) -> Moods:
    """Return what a total holds of each sitting; each criterion comes with its share."""
    found: dict[int, float] = {}
    for share, held in each:
        for at, part in held.items():
            found[at] = found.get(at, 0.0) + share * part
    return found


def variance_of(held: Moods) -> float:
    """Return how many moods that is, as a variance: 0 for one sitting, 2 where each attempt has a day of its own."""
    found = math.fsum(part * part for part in held.values())
    return found if found > 1e-9 else 0.0
