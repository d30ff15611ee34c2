"""levels before, levels after, noise -> how to read the difference.

The test is Student's t on the difference of two sample means, made honest for few samples of a coarse scale:

* **Variance** of one grading: (squares + SURPRISE) / degrees, pooled over all repeated gradings under this
  fingerprint.  SURPRISE, in steps squared, stands for two more pairs of repeats that differ by one step and
  have not been seen yet, so that a few gradings that happen to agree don't prove a perfect grader.
* **Floor**: never under FLOOR = 1/4 step squared, the variance of an answer that stands half-way between two
  levels and falls to either side like a coin.  The quietest grader does that, and pooled noise can't say
  which answers stand there.  The floor is a known number; only the estimated part takes degrees away:
  degrees (used / estimated)^2, as in Welch (1947) and Satterthwaite (1946).
* **Rounding**: means of whole levels move in jumps, so half a jump of each mean (averaged over both) is taken
  off the difference first: a continuity correction (Yates 1934) for two samples.
* **Censoring**: agreement at level 1 or 5 is no evidence of quiet (see `pooled`).  The two compared attempts'
  own repeats count in full, because there the question is how they vary just where they stand.

Simulated graders (benchmarks/noise_simulation.py) stay under the stated rate everywhere: noise of 0 to 1.2
levels, true levels at the ends, on a level and half-way, 1 to 5 samples.  Where any difference of single
grades counts, an answer half-way between two levels gives a false claim in every second comparison.
A checklist adds up many small steps: there the rate holds on average over answers whose items stand anywhere,
not where every single item stands half-way under a grader that is quiet elsewhere.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Sequence

from evalharness.model.noun import Noun
from evalharness.model.nouns import HIGHEST, LOWEST
from evalharness.noise.pooled import UNKNOWN, Noise, noise_of, squares
from evalharness.stats import Interval, holm, t_quantile, t_two_sided

ERROR_RATE = 0.05  # of all comparisons shown together, two-sided
LEAST_DEGREES = 20  # of pooled noise, below which one sample each is not a measurement
FLOOR = 0.25
SURPRISE = 1.0
_MOST_DEGREES = 1e6
_SAME = 1e-9


class Reading(enum.Enum):
    """What may be said about a difference."""

    BETTER = "better"
    WORSE = "worse"
    WITHIN_NOISE = "within_noise"
    NOT_MEASURED = "not_measured"
    BETTER_BY_SURFACE = "better_by_surface"
    WORSE_BY_SURFACE = "worse_by_surface"
    SAME = "same"


class Pair(Noun):
    """One criterion of two attempts: the level of each sample, and what is known about the grader.

    `noise` is what `pool` returns for the fingerprint, the two attempts' own samples included.  `step` is the
    smallest step the level can make (see `step_of`).  `exact` marks a criterion without noise: a measure, or
    any criterion of a deterministic grader.
    """

    before: tuple[float, ...]
    after: tuple[float, ...]
    noise: Noise = UNKNOWN
    weight: float = 1.0
    step: float = 1.0
    exact: bool = False


class Change(Noun):
    """A difference in levels (after minus before) and its error.

    `se` is None where the noise is not measured, 0 where there is none (`exact`).  `rounding` is what the
    coarseness of the scale may add; `degrees` are for Student's t.
    """

    difference: float
    se: float | None
    degrees: float = _MOST_DEGREES
    rounding: float = 0.0
    exact: bool = False

    @property
    def p(self) -> float | None:
        """Return the chance of such a difference, either way, where nothing changed; None if not measured."""
        if self.se is None:
            return None
        beyond = abs(self.difference) - self.rounding
        if beyond < _SAME:
            return 1.0
        return t_two_sided(beyond / self.se, self.degrees) if self.se > 0 else 0.0

    def interval(self, alpha: float = ERROR_RATE, comparisons: int = 1) -> Interval | None:
        """Return the interval of the true difference at 1 - alpha / comparisons; None if not measured."""
        if self.se is None:
            return None
        level = alpha / comparisons
        half = self.rounding + t_quantile(1 - level / 2, self.degrees) * self.se if self.se > 0 else 0.0
        reach = HIGHEST - LOWEST
        return Interval(
            low=max(-reach, self.difference - half),
            high=min(reach, self.difference + half),
            confidence=1 - level,
        )


# --- comparing -------------------------------------------------------------------------------------


def compare_criterion(
    before: Sequence[float],
    after: Sequence[float],
    noise: Noise = UNKNOWN,
    *,
    step: float = 1.0,
    exact: bool = False,
) -> Change:
    """Return the difference of two attempts in one criterion, from the level of each of their samples.

    Raises:
        ValueError: one of them has no sample.
    """
    pair = Pair(before=tuple(before), after=tuple(after), noise=noise, step=step, exact=exact)
    return compare_total([pair])


def compare_total(pairs: Sequence[Pair]) -> Change:
    """Return the difference of two attempts in their total, the weighted mean over the criteria.

    Not measured where one criterion of positive weight is not.

    Raises:
        ValueError: a criterion without a sample, or weights that are negative or all zero.
    """
    return _change([_Part.of_pair(pair) for pair in pairs], [pair.weight for pair in pairs])


def compare_with_bar(scores: Sequence[Pair], bar: float) -> Change:
    """Return the distance of a total from a fixed bar, such as a gate's; only `after` of each pair is read.

    Better reads as *pass*, worse as *fail*, within noise as *too close to call*.
    """
    parts = [_Part.of_score(score, bar) for score in scores]
    return _change(parts, [score.weight for score in scores])


# --- reading ---------------------------------------------------------------------------------------


def read(change: Change, *, alpha: float = ERROR_RATE, comparisons: int = 1) -> Reading:
    """Return the reading of one change, where `comparisons` of them are shown (Bonferroni)."""
    return _reading(change, None if change.p is None else min(1.0, change.p * comparisons), alpha)


def read_changes(
    changes: Sequence[Change], *, weights: Sequence[float] | None = None, alpha: float = ERROR_RATE
) -> tuple[Reading, ...]:
    """Return the readings of all changes that are shown together, in their order.

    The chance that any of them is a false claim is at most `alpha` (Holm 1979); `weights` give some a larger
    share of it.  What is not measured, or exact, is not tested and costs the others nothing.
    """
    shares = [1.0] * len(changes) if weights is None else list(weights)
    found = {i: change.p for i, change in enumerate(changes) if not change.exact}
    tested = {i: p for i, p in found.items() if p is not None}
    adjusted = dict(zip(tested, holm(list(tested.values()), [shares[i] for i in tested]), strict=True))
    return tuple(_reading(change, adjusted.get(i), alpha) for i, change in enumerate(changes))


def read_attempt(
    total: Change, criteria: Sequence[Change], *, alpha: float = ERROR_RATE
) -> tuple[Reading, tuple[Reading, ...]]:
    """Return the readings of a total and of its criteria, shown together.

    Whether the answer got better is the question that was asked, so the total has half of the error rate and
    the criteria share the rest; whichever is claimed hands its share on to the others.
    """
    first, *others = read_changes(
        [total, *criteria], weights=[max(1, len(criteria)), *(1 for _ in criteria)], alpha=alpha
    )
    return first, tuple(others)


def _reading(change: Change, p: float | None, alpha: float) -> Reading:
    up = change.difference > 0
    if change.exact:
        if abs(change.difference) < _SAME:
            return Reading.SAME
        return Reading.BETTER_BY_SURFACE if up else Reading.WORSE_BY_SURFACE
    if p is None:
        return Reading.NOT_MEASURED
    if p > alpha:
        return Reading.WITHIN_NOISE
    return Reading.BETTER if up else Reading.WORSE


# --- the error of a difference ---------------------------------------------------------------------


class _Part(Noun):
    """One criterion's share: `draws` is 1/n summed over the sides, `estimate` the variance of one grading.

    `estimate` is None where it is not measured.
    """

    difference: float
    draws: float
    jump: float
    estimate: float | None
    degrees: float
    floor: float
    exact: bool

    @staticmethod
    def of_pair(pair: Pair) -> _Part:
        sides = (pair.before, pair.after)
        return _Part._of(pair, sides, _mean(pair.after) - _mean(pair.before))

    @staticmethod
    def of_score(score: Pair, bar: float) -> _Part:
        return _Part._of(score, (score.after,), _mean(score.after) - bar)

    @staticmethod
    def _of(pair: Pair, sides: Sequence[tuple[float, ...]], difference: float) -> _Part:
        noise = _with_own(pair.noise, sides)
        single = all(len(side) == 1 for side in sides)
        known = noise.degrees > 0 and not (single and noise.degrees < LEAST_DEGREES)
        square = pair.step**2
        draws = sum(1 / len(side) for side in sides)
        return _Part(
            difference=difference,
            draws=draws,
            jump=pair.step * draws / (2 * len(sides)),
            estimate=(noise.squares + SURPRISE * square) / noise.degrees if known else None,
            degrees=noise.degrees,
            floor=FLOOR * square,
            exact=pair.exact or pair.step == 0,
        )


def _change(parts: Sequence[_Part], weights: Sequence[float]) -> Change:
    shares = _shares(weights)
    counted = [(part, share) for part, share in zip(parts, shares, strict=True) if share > 0]
    difference = math.fsum(share * part.difference for part, share in counted)
    noisy = [(part, share) for part, share in counted if not part.exact]
    if not noisy:
        return Change(difference=difference, se=0.0, exact=True)
    if any(part.estimate is None for part, _ in noisy):
        return Change(difference=difference, se=None)
    rounding = max(share * part.jump for part, share in noisy)
    variance, degrees = _error(noisy)
    return Change(difference=difference, se=math.sqrt(variance), degrees=degrees, rounding=rounding)


def _error(noisy: Sequence[tuple[_Part, float]]) -> tuple[float, float]:
    """Return variance and degrees of a weighted sum of differences, each variance not under its floor."""
    variance, doubt = 0.0, 0.0
    for part, share in noisy:
        estimate = part.estimate or 0.0
        scale = share * share * part.draws
        variance += scale * max(estimate, part.floor)
        doubt += (scale * estimate) ** 2 / part.degrees
    return variance, min(variance**2 / doubt, _MOST_DEGREES)


def _with_own(noise: Noise, sides: Sequence[Sequence[float]]) -> Noise:
    """Return the noise with the compared attempts' own repeats counted in full, also at the scale's ends."""
    own = noise_of(sides)
    full = sum(len(side) - 1 for side in sides)
    if noise.degrees < own.degrees:  # the caller's pool does not hold these samples
        noise = Noise(squares=noise.squares + math.fsum(map(squares, sides)), degrees=noise.degrees + own.degrees)
    return Noise(squares=noise.squares, degrees=noise.degrees + full - own.degrees, answers=noise.answers)


def _shares(weights: Sequence[float]) -> list[float]:
    total = math.fsum(weights)
    if total <= 0 or min(weights) < 0:
        raise ValueError(f"a total needs weights that are not negative and not all zero, found {list(weights)}")
    return [weight / total for weight in weights]


def _mean(levels: Sequence[float]) -> float:
    if not levels:
        raise ValueError("an attempt without a graded sample can't be compared")
    return math.fsum(levels) / len(levels)
