"""times of grades -> how much two attempts' gradings have a day's mood in common.

A model is a little stricter on one day than on another, and all grades of a day move together.  Grades with less than
PAUSE between them count as one sitting.  Two attempts graded in one sitting share its mood, and their difference holds
none of it; of two sittings the difference holds both moods.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from itertools import pairwise

from evalharness.model.breaks import seconds
from evalharness.noise import moods, variance_of

PAUSE = 8 * 3600.0  # seconds


def numbered(times: Iterable[str]) -> dict[str, int]:
    """Return the number of the sitting in which each time lies, the first is 0; what is no time is left out."""
    moments = {at: moment for at in times if (moment := seconds(at)) is not None}
    ordered = sorted(set(moments.values()))
    starts = [later for earlier, later in pairwise(ordered) if later - earlier > PAUSE]
    return {at: bisect_right(starts, moment) for at, moment in moments.items()}


def apart(before: Iterable[str], after: Iterable[str]) -> float:
    """Return how many moods the difference of two means holds, as a variance: 0 for one sitting, 2 for two days.

    Each is given by the times of its grades, ISO 8601; one with grades of several days holds a part of each.  Grades
    without a time say nothing.
    """
    sides = [list(times) for times in (before, after)]
    numbers = numbered([at for times in sides for at in times])
    return variance_of(moods(*(tuple(numbers[at] for at in times if at in numbers) for times in sides)))
