"""found drifts, times of grades -> were these grades made by one grader, or by two that share a name?

A check of the anchors finds that the grader changed, not when: some time after the last look that saw nothing, and
before the check.  Grades made on both sides of that time are as of two graders, although their fingerprints are
equal.  Everything that sets grades against each other asks here, and nowhere else.
"""

from __future__ import annotations

import datetime
import enum
from collections.abc import Iterable, Sequence

from evalharness.model.noun import Noun
from evalharness.model.nouns import By, Grade, Graded, GraderId

UNLIKELY = 0.05

Levels = dict[str, dict[str, dict[int, float]]]


class Verdict(enum.Enum):
    """What may be said about a shift since the anchors were recorded."""

    DRIFTED = "drifted"
    WITHIN_NOISE = "within noise"
    NOT_MEASURED = "not measured"
    SAME = "same"


class Moved(Noun):
    """One criterion of one rubric, or all of it: the mean shift in levels over `n` answers.

    `detectable` is the shift that would be seen in four of five checks.
    """

    rubric: str
    criterion: str
    verdict: Verdict
    shift: float
    n: int
    detectable: float | None = None
    p: float | None = None


class Drift(Noun):
    """One check, as `labels/drift.jsonl` keeps it: since when, what moved, and every level of it.

    Attempt key -> criterion id -> sample -> level, as in the anchors.
    """

    at: str
    since: str
    grader: GraderId
    moved: tuple[Moved, ...]
    fingerprints: tuple[str, ...] = ()
    levels: Levels = {}

    @property
    def drifted(self) -> bool:
        """Return whether anything moved beyond noise."""
        return any(moved.verdict is Verdict.DRIFTED for moved in self.moved)

    @property
    def clean(self) -> bool:
        """Return whether the check could see and saw nothing: what was not measured says nothing."""
        quiet = (Verdict.WITHIN_NOISE, Verdict.SAME)
        return bool(self.moved) and all(moved.verdict in quiet for moved in self.moved)


class Break(Noun):
    """A found drift: the grader changed after `clean`, the last look that saw nothing, and before `found`.

    Both are ISO 8601 in UTC; `found` is the time of the check that noticed.
    """

    clean: str
    found: str

    @property
    def day(self) -> str:
        """Return the day of the check that found it."""
        return self.found[:10]


def between(breaks: Iterable[Break], times: Iterable[str]) -> Break | None:
    """Return the first break that lies between the earliest and the latest of `times`, or None.

    Where times lie between the last clean look and the check nobody knows on which side they are.  Every moment of
    that stretch is as likely as any other, so that times apart by more than UNLIKELY of it count as on two sides: two
    grades of one run stay together, two of different weeks do not.
    """
    known = [moment for moment in map(seconds, times) if moment is not None]
    if not known:
        return None
    first, last = min(known), max(known)
    return next((one for one in breaks if _divides(one, first, last)), None)


def made_at(grades: Iterable[Grade]) -> list[str]:
    """Return when a grader made these grades; what a rule or the harness itself set has no side."""
    return [g.at for g in grades if g.at and isinstance(g.outcome, Graded) and g.outcome.by is By.GRADER]


def side(breaks: Sequence[Break], at: str) -> str:
    """Return a mark of the side on which a grade was made: empty before the first break, else the last one's time."""
    made = seconds(at)
    if made is None:
        return ""
    return max((one.found for one in breaks if _is_past(one, made)), default="")


def is_current(breaks: Sequence[Break], grade: Grade) -> bool:
    """Return whether a grade is by the grader as it is now: made after the last break, or by no grader at all."""
    return not breaks or all(side(breaks, at) == side(breaks, breaks[-1].found) for at in made_at((grade,)))


def _is_past(one: Break, made: float) -> bool:
    found = seconds(one.found)
    return found is not None and (found <= made or not _divides(one, made, found))


def _divides(one: Break, first: float, last: float) -> bool:
    clean, found = seconds(one.clean), seconds(one.found)
    if clean is None or found is None:
        return False
    if found <= clean:  # the anchors were recorded and checked within one second
        return first < found <= last
    return min(last, found) - max(first, clean) > UNLIKELY * (found - clean)


def is_moment(at: str) -> bool:
    """Return whether a text is a time as `between` reads it: one that it can't read counts for nothing there."""
    return seconds(at) is not None


def seconds(at: str) -> float | None:
    """Return a time of ISO 8601 as seconds since 1970, UTC where it names no zone; None where it is none."""
    try:
        found = datetime.datetime.fromisoformat(at)
    except ValueError:
        return None
    return found.replace(tzinfo=found.tzinfo or datetime.UTC).timestamp()
