"""totals of the same questions in two runs -> whether the runs differ, and what could have been seen.

This is the other source of error: not how a grader wavers over one answer, but how the change differs from
question to question.  Pairing by question takes out how hard each is; clusters (an author, a family of
questions) keep answers that hang together from counting as independent ones.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence

from evalharness.model.noun import Noun
from evalharness.model.nouns import HIGHEST
from evalharness.noise.change import ERROR_RATE, Reading
from evalharness.noise.prior import Spread
from evalharness.stats import (
    ClusteredMean,
    Interval,
    clustered_mean,
    detectable_shift,
    minimum_detectable_effect,
    t_two_sided,
)

POWER = 0.8
NO_DAYS: Spread = ((0.0, 1.0),)
_FINE = 1e-4
_ROUGH = 0.5  # from here on one decimal says enough


class RunChange(Noun):
    """The mean change over the questions of two runs, in levels.

    `mean` is None where there was only one cluster, or none: nothing is known then of the spread.  `surface`
    marks runs of a deterministic grader.  `days` are the variances by which two days' moods may move the mean, with
    their weights; the spread over questions can't show what all questions of a day have in common.
    """

    difference: float
    mean: ClusteredMean | None
    pairs: int
    surface: bool = False
    days: Spread = NO_DAYS

    @property
    def p(self) -> float | None:
        """Return the chance of such a mean where no question changed; None if not measured.

        Where every question moved by exactly the same amount there is no spread to test against, and the sign
        test over clusters answers instead.
        """
        if self.mean is None:
            return None
        if self.mean.se < 1e-9:
            return 1.0 if abs(self.difference) < 1e-9 else min(1.0, 2.0 ** (1 - self.mean.clusters))
        return self._chance(abs(self.mean.mean))

    @property
    def sure(self) -> float | None:
        """Return how sure it is that the mean moved the way it looks, from .5 to 1; None if not measured."""
        return None if self.p is None else 1 - self.p / 2

    @property
    def detectable(self) -> float | None:
        """Return the smallest mean change these pairs show with power .8, in levels; None if not measured."""
        if self.mean is None:
            return None
        return detectable_shift(round(self.mean.degrees, 3), POWER, ERROR_RATE) * self.mean.se

    def interval(self, alpha: float = ERROR_RATE) -> Interval | None:
        """Return the interval of the mean change, in levels, or None if not measured."""
        if self.mean is None or self.days == NO_DAYS:
            return self.mean.interval(1 - alpha) if self.mean else None
        low, high = 0.0, float(HIGHEST)
        while high - low > _FINE:
            middle = (low + high) / 2
            low, high = (middle, high) if self._chance(middle) > alpha else (low, middle)
        return Interval(low=self.mean.mean - high, high=self.mean.mean + high, confidence=1 - alpha)

    def _chance(self, distance: float) -> float:
        """Return the chance of being at least `distance` off, either way: Student's t, over what days may add."""
        assert self.mean is not None  # noqa: S101  # the callers have looked
        se, degrees = self.mean.se, self.mean.degrees
        return math.fsum(
            weight * (t_two_sided(distance / math.sqrt(se * se + variance), degrees) if se or variance else 0.0)
            for variance, weight in self.days
        )

    def read(self, *, alpha: float = ERROR_RATE, comparisons: int = 1) -> Reading:
        """Return the reading of the mean change, where `comparisons` are shown together (Bonferroni)."""
        if self.p is None:
            return Reading.NOT_MEASURED
        if self.p * comparisons > alpha:
            return Reading.WITHIN_NOISE
        if self.surface:
            return Reading.BETTER_BY_SURFACE if self.difference > 0 else Reading.WORSE_BY_SURFACE
        return Reading.BETTER if self.difference > 0 else Reading.WORSE


def compare_runs(
    pairs: Sequence[tuple[float, float]],
    clusters: Sequence[Hashable] | None = None,
    *,
    surface: bool = False,
    days: Spread = NO_DAYS,
) -> RunChange:
    """Return the mean change over questions; each pair is (total before, total after) of one question.

    `clusters` names for each pair what it hangs together with; without them every question stands alone.

    Raises:
        ValueError: no pairs, or not one cluster for each pair.
    """
    if not pairs:
        raise ValueError("two runs without a common question can't be compared")
    names: Sequence[Hashable] = range(len(pairs)) if clusters is None else clusters
    if len(names) != len(pairs):
        raise ValueError(f"{len(pairs)} pairs need as many clusters, found {len(names)}")
    changes = [after - before for before, after in pairs]
    mean = clustered_mean(changes, names) if len(set(names)) > 1 else None
    return RunChange(difference=sum(changes) / len(changes), mean=mean, pairs=len(pairs), surface=surface, days=days)


def mde_sentence(n: int, sd: float) -> str:
    """Return in plain words what `n` paired questions can show, where their changes spread by `sd` levels."""
    if n < 2:
        return f"with {n} question{'s' * (n != 1)} no change between runs can be noticed"
    return (
        f"with {n} questions a change of less than {_levels(minimum_detectable_effect(n, sd, POWER))} may go unnoticed"
    )


def _levels(size: float) -> str:
    if size >= _ROUGH:
        text = f"{size:.1f}"
        return f"{text} of a level" if size < 1 and text != "1.0" else f"{text} levels" if text != "1.0" else "1 level"
    return f"{size:.2f} of a level"
