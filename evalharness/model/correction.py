"""A level as a grader gave it -> the level that people would have given, where enough of their labels say so."""

from __future__ import annotations

import bisect
from collections.abc import Sequence

from evalharness.model.breaks import Break
from evalharness.model.noun import Noun


class Knot(Noun):
    """One point of a correction: a level that the grader gave, and what people gave there on average."""

    raw: float
    corrected: float


class Correction(Noun):
    """How the levels of one criterion under one fingerprint are corrected, and what that gains.

    `knots` rise in both figures.  `raw_error` and `error` are mean distances to people's levels, without the
    correction and with it, both on attempts that the correction had not seen; `gain` is the difference and `gain_low`
    the low end of its interval.  `labels` counts attempts, in `series` series.
    """

    rubric: str
    criterion: str
    grader: str
    fingerprint: str
    labels: int
    series: int
    raw_error: float
    error: float
    gain: float
    gain_low: float
    knots: tuple[Knot, ...]

    def of(self, level: float) -> float:
        """Return what people would have given where the grader gave `level`."""
        return corrected(self.knots, level)


def corrected(knots: Sequence[Knot], level: float) -> float:
    """Return the corrected level: on a line between two knots, and beyond the last one as at it."""
    place = bisect.bisect_right([knot.raw for knot in knots], level)
    if place in (0, len(knots)):
        return knots[0 if place == 0 else -1].corrected
    left, right = knots[place - 1], knots[place]
    return left.corrected + (right.corrected - left.corrected) * (level - left.raw) / (right.raw - left.raw)


class NotCorrected(Noun):
    """A criterion whose levels stay as they are, and why."""

    rubric: str
    criterion: str
    grader: str
    why: str


class Corrections(Noun):
    """`labels/corrections.json`: which criteria are corrected, which are not, and since when."""

    made: str
    version: str
    corrected: tuple[Correction, ...] = ()
    left: tuple[NotCorrected, ...] = ()
    format: int = 1

    def that_hold(self, fingerprints: dict[str, str], breaks: Sequence[Break]) -> tuple[Correction, ...]:
        """Return the corrections made for these fingerprints (by `<rubric>/<criterion>`) and no other text or grader.

        None of them holds once a drift of the grader was found: they are of another grader under the same name.
        """
        if any(one.found > self.made for one in breaks):
            return ()
        return tuple(c for c in self.corrected if fingerprints.get(f"{c.rubric}/{c.criterion}") == c.fingerprint)
