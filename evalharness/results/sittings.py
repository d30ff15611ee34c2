"""times of grades -> how much two attempts' gradings have a day's mood in common.

A model is a little stricter on one day than on another, and all grades of a day move together.  Grades with less than
PAUSE between them count as one sitting.  Two attempts graded in one sitting share its mood, and their difference holds
none of it; of two sittings the difference holds both moods.
"""

from __future__ import annotations

import datetime
import math
from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

PAUSE = 8 * 3600.0  # seconds


def apart(before: Iterable[str], after: Iterable[str]) -> float:
    """Return how many moods the difference of two attempts holds, as a variance: 0 for one sitting, 2 for two days.

    Each attempt is given by the times of its grades, ISO 8601; an attempt with grades of several days holds a part of
    each.  Grades without a time say nothing.
    """
    sides = [[moment for moment in map(_seconds, times) if moment is not None] for times in (before, after)]
    if not all(sides):
        return 0.0
    starts = _starts(sorted({moment for side in sides for moment in side}))
    counts = [Counter(max(start for start in starts if start <= moment) for moment in side) for side in sides]
    shares = [[count[start] / len(side) for start in starts] for count, side in zip(counts, sides, strict=True)]
    return math.fsum((one - other) ** 2 for one, other in zip(*shares, strict=True))


def _starts(moments: list[float]) -> list[float]:
    """Return when each sitting began."""
    return [moments[0], *(later for earlier, later in pairwise(moments) if later - earlier > PAUSE)]


def _seconds(at: str) -> float | None:
    try:
        found = datetime.datetime.fromisoformat(at)
    except ValueError:
        return None
    return found.replace(tzinfo=found.tzinfo or datetime.UTC).timestamp()
