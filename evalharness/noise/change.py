"""A difference, and what is known of its error -> how sure it is, and how it reads beside others.

Two laws of a difference:

* `Normal`: a total, the mean of several criteria.  Its variance is not known but weighed: a mixture of normals.
* `Ratio`: a single criterion.  Whether it moved at all is decided by odds (`noise.odds`).  By how much, and on which
  side of a bar it is, by the generalised likelihood ratio (Wilks 1938, Annals of Mathematical Statistics 9:60), the
  noise weighed out, held against chi-square with one degree.  On few and coarse levels that is too sharp; simulated
  graders ask for CAUTION times the chance.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Callable, Sequence

import msgspec

from evalharness.model.noun import Noun
from evalharness.noise.evidence import Levels, Shifts, free_peaks, peaks
from evalharness.noise.scale import FINE, HIGHEST, LOWEST, Weights, dot
from evalharness.stats import Interval

ERROR_RATE = 0.05  # of all comparisons shown together, two-sided
OF_TOTAL = 0.45  # of the error rate, where a total and its criteria are shown together
ASKED_UNMEASURED = 2.5  # by how much a chance grows that was looked for where noise is only assumed: as simulated
_SAME = 1e-9
_REACH = HIGHEST - LOWEST


class Reading(enum.Enum):
    """What may be said about a difference."""

    BETTER = "better"
    WORSE = "worse"
    WITHIN_NOISE = "within_noise"
    NOT_MEASURED = "not_measured"
    BETTER_BY_SURFACE = "better_by_surface"
    WORSE_BY_SURFACE = "worse_by_surface"
    SAME = "same"


class Basis(enum.Enum):
    """Where the noise comes from that a difference is held against."""

    ASSUMED = "assumed"
    MEASURED = "measured"
    NONE = "none"  # a grader that gives the same text the same levels


CAUTION = {Basis.ASSUMED: 2.5, Basis.MEASURED: 1.15, Basis.NONE: 1.0}
"""By how much chi-square is too sharp on few and coarse levels, as simulated graders show."""


class Normal(Noun):
    """Normal around the difference; each part is (weight, variance)."""

    parts: tuple[tuple[float, float], ...]

    def chance(self, distance: float) -> float:
        """Return the chance of being at least `distance` off, either way."""
        return math.fsum(weight * math.erfc(distance / math.sqrt(2 * v)) for weight, v in self.parts)

    @property
    def variance(self) -> float:
        """Return the mean variance."""
        return math.fsum(weight * v for weight, v in self.parts)


class Ratio(Noun):
    """Two attempts in one criterion (or one attempt and a bar), and the weights of the noise without this pair.

    `weights` are for ratios of peaks, `noise` for odds.  `spread` is the variance of the difference, at the noise as it
    is weighed, for forecasts and display only.
    """

    before: Levels | float
    after: Levels
    step: float
    weights: Weights
    noise: Weights
    spread: float
    shifts: Shifts
    basis: Basis

    @property
    def variance(self) -> float:
        """Return the variance of the difference."""
        return self.spread

    def chance(self, moved_by: int) -> float:
        """Return the chance of such levels, or any as far from it, if the true change were `moved_by` steps of FINE."""
        free = dot(self.weights, free_peaks(self.before, self.after, self.step))
        return ratio_chance(
            free, dot(self.weights, peaks(self.before, self.after, self.step, moved_by, self.shifts)), self.basis
        )


def ratio_chance(free: float, bound: float, basis: Basis) -> float:
    """Return the chance that belongs to a likelihood ratio, with CAUTION."""
    if bound <= 0:
        return 0.0
    return min(1.0, CAUTION[basis] * math.erfc(math.sqrt(max(0.0, math.log(free / bound)))))


class Change(Noun):
    """A difference in levels (after minus before) and what is known of its error; no law where there is none.

    `p` is the chance of such a difference, either way, where nothing changed.  `share` is how much of the error rate
    it is given beside others: as much as its samples are worth.
    """

    difference: float
    p: float
    law: Normal | Ratio | None = None
    basis: Basis = Basis.NONE
    share: float = 1.0

    @property
    def exact(self) -> bool:
        """Return whether there is no noise in it."""
        return self.law is None

    @property
    def se(self) -> float:
        """Return the standard error of the difference, in levels; 0 where there is none."""
        return math.sqrt(self.law.variance) if self.law else 0.0

    @property
    def sure(self) -> float:
        """Return how sure it is that the change goes the way it looks: from .5 to 1.

        With no opinion beforehand about the direction this is 1 - p/2 (Casella & Berger 1987, JASA 82:106).
        """
        return 1 - self.p / 2 if abs(self.difference) > _SAME else 0.5

    def interval(self, alpha: float = ERROR_RATE, comparisons: int = 1, *, whole: bool = False) -> Interval:
        """Return the true changes that the levels do not speak against, at 1 - alpha / comparisons.

        It is cut to what a change of levels can be, unless it is asked for `whole`.
        """
        level = alpha / comparisons
        low, high = _range(self.law, self.difference, level)
        if whole:
            return Interval(low=low, high=high, confidence=1 - level)
        return Interval(low=max(-_REACH, low), high=min(_REACH, high), confidence=1 - level)


def exact(difference: float) -> Change:
    """Return a change without noise."""
    return Change(difference=difference, p=1.0 if abs(difference) < _SAME else 0.0)


# --- reading ----------------------------------------------------------------------------------------------


def read(change: Change, *, alpha: float = ERROR_RATE, comparisons: int = 1) -> Reading:
    """Return the reading of one change, where `comparisons` of them are shown (Bonferroni)."""
    return _reading(change, claimed=change.p * comparisons <= alpha)


def read_changes(
    changes: Sequence[Change], *, shares: Sequence[float] | None = None, alpha: float = ERROR_RATE
) -> tuple[Reading, ...]:
    """Return the readings of all changes that are shown together, in their order.

    The chance that any of them is a false claim is at most `alpha` (Holm 1979, Scandinavian Journal of Statistics
    6:65, with weights).  What is exact is not tested and costs the others nothing.  `shares` are parts of the rate.
    """
    given = [change.share for change in changes] if shares is None else list(shares)
    most = math.inf if shares is None else 1.0
    tested = [number for number, change in enumerate(changes) if not change.exact]
    claimed: set[int] = set()
    left = min(most, math.fsum(given[number] for number in tested))
    for number in sorted(tested, key=lambda each: changes[each].p / given[each]):
        if changes[number].p * left > alpha * given[number] * (1 + _SAME):
            break
        claimed.add(number)
        left -= given[number]
    return tuple(_reading(change, claimed=number in claimed) for number, change in enumerate(changes))


def read_attempt(
    total: Change, criteria: Sequence[Change], *, alpha: float = ERROR_RATE
) -> tuple[Reading, tuple[Reading, ...]]:
    """Return the readings of a total and of its criteria, shown together.

    Whether the answer got better is the question that was asked, so the total has OF_TOTAL of the error rate.
    """
    usual = usual_share([change.share for change in criteria if not change.exact])
    tested = [_with_care(change, usual) for change in criteria]
    first, *others = read_changes([total, *tested], shares=shares_of(criteria), alpha=alpha)
    return first, tuple(others)


def _with_care(change: Change, usual: float) -> Change:
    """Return a change with the chance it is tested with, where it was asked more often and the noise is assumed."""
    if change.share <= usual * (1 + _SAME) or change.basis is not Basis.ASSUMED:
        return change
    return msgspec.structs.replace(change, p=min(1.0, ASKED_UNMEASURED * change.p))


def share_of_total(tested: int) -> float:
    """Return the total's part of the error rate where so many differences, its own included, are tested."""
    return OF_TOTAL if tested > 1 else 1.0


def shares_of(criteria: Sequence[Change]) -> tuple[float, ...]:
    """Return the shares of the error rate of a total and of its criteria, before anything is claimed."""
    noisy = [change.share for change in criteria if not change.exact]
    return (OF_TOTAL, *((1 - OF_TOTAL) * share_beside(change.share, noisy) for change in criteria))


def share_beside(share: float, noisy: Sequence[float]) -> float:
    """Return one criterion's part of the criteria's error rate, from what the samples of all `noisy` ones are worth.

    A criterion that was asked again is held against others that were not: samples bought for a second one take nothing
    from the first.  One with few samples can hardly be claimed, and needs less of the rate: worth counts squared.
    """
    return share / (share + max(0, len(noisy) - 1) * usual_share(noisy))


def usual_share(noisy: Sequence[float]) -> float:
    """Return what the samples of a criterion are worth that was not asked again; a third may have fewer samples."""
    return sorted(noisy)[(len(noisy) - 1) // 3] if noisy else 0.0


def _reading(change: Change, *, claimed: bool) -> Reading:
    up = change.difference > 0
    if change.exact:
        if abs(change.difference) < _SAME:
            return Reading.SAME
        return Reading.BETTER_BY_SURFACE if up else Reading.WORSE_BY_SURFACE
    if not claimed or abs(change.difference) < _SAME:
        return Reading.WITHIN_NOISE
    return Reading.BETTER if up else Reading.WORSE


# --- ranges -----------------------------------------------------------------------------------------------


def _range(law: Normal | Ratio | None, difference: float, level: float) -> tuple[float, float]:
    match law:
        case None:
            return difference, difference
        case Normal():
            half = _last(lambda k: law.chance(k / 256) > level, 256 * 8) / 256
            return difference - half, difference + half
        case Ratio():
            centre = round(difference / FINE)
            up = _last(lambda k: law.chance(centre + k) > level, 80)
            down = _last(lambda k: law.chance(centre - k) > level, 80)
            return FINE * (centre - down), FINE * (centre + up)


def _last(holds: Callable[[int], bool], most: int) -> int:
    """Return the last number from 0 to `most` where `holds` is true, taken to be true up to there."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low
