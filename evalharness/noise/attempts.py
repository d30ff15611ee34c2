"""Two attempts, criterion by criterion -> the differences between them, each with what is known of its error."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Sequence

import msgspec

from evalharness.model.noun import Noun
from evalharness.noise.change import Basis, Change, Normal, Ratio, exact
from evalharness.noise.evidence import ONE_SITTING, Evidence, Levels, Shifts, evidence, free_peaks, side
from evalharness.noise.odds import chance_of, odds
from evalharness.noise.prior import FLAT, MODEL, Prior, down, normalised, of_grader, times, up, without_each
from evalharness.noise.repeats import NO_TOTALS, UNKNOWN, Noise, Totals, totals_of
from evalharness.noise.scale import FINE, SDS, Weights, dot
from evalharness.noise.shared import Part, Seen, alone_of, anywhere, sample_totals, together_of, weighed
from evalharness.noise.sittings import Sittings, moods, summed, variance_of

MEASURED = 15  # repeats that outweigh the prior
SHARED = 0.5  # of the errors of one call, about


class Pair(Noun):
    """One criterion of two attempts: the level of each sample, and the repeats of other answers under it.

    `step` is the smallest step the level can make.  `exact` marks a criterion without noise: a measure, or any
    criterion of a deterministic grader.  `sittings` says when the grades of both attempts were made; two attempts that
    were graded side by side share the mood of that day.  For a bar only `after` is read.
    """

    before: Levels
    after: Levels
    noise: Noise = UNKNOWN
    weight: float = 1.0
    step: float = 1.0
    exact: bool = False
    sittings: tuple[Sittings, Sittings] = ((), ())


class Setting(Noun):
    """How two attempts were graded: what is assumed of the grader, and what their errors have in common.

    `joint`: one call graded all criteria of a sample.
    `totals`: how the totals of other answers' repeated joint calls spread.  `elsewhere`: what criteria that are not
    compared here say of the grader's noise (`grader_weights`).
    """

    prior: Prior = MODEL
    joint: bool = False
    totals: Totals = NO_TOTALS
    elsewhere: Weights = FLAT


PLAIN = Setting()


class Comparison(Noun):
    """The difference of the totals (None where no criterion has weight), and of each criterion, in order."""

    total: Change | None
    criteria: tuple[Change, ...]


def compare(pairs: Sequence[Pair], setting: Setting = PLAIN) -> Comparison:
    """Return all differences between two attempts.

    Raises:
        ValueError: a criterion without a sample, or a negative weight.
    """
    seen = _Seen(pairs, setting)
    return Comparison(total=seen.total(), criteria=seen.criteria())


def compare_total(pairs: Sequence[Pair], setting: Setting = PLAIN) -> Change:
    """Return the difference of two attempts in their total alone; it is the one that `compare` returns.

    Raises:
        ValueError: a criterion without a sample, or weights that are negative or all zero.
    """
    total = _Seen(pairs, setting).total()
    if total is None:
        raise ValueError("a total needs a criterion with weight")
    return total


class _Seen:
    """Two attempts, and what their levels say of each other and of the noise."""

    def __init__(self, pairs: Sequence[Pair], setting: Setting) -> None:
        _check([*pairs, *(msgspec.structs.replace(pair, after=pair.before) for pair in pairs)])
        self.pairs = pairs
        self.noisy = [pair for pair in pairs if not is_exact(pair)]
        self.shifts = [_shifts(setting.prior, variance_of(moods(*pair.sittings))) for pair in self.noisy]
        self.found = [
            evidence(*_sides(pair), pair.step, shifts) for pair, shifts in zip(self.noisy, self.shifts, strict=True)
        ]
        common = _common(self.noisy)
        together = [evidence(*_sides(pair), pair.step, common) for pair in self.noisy]
        self.values = [_values(*each, setting) for each in zip(self.found, together, strict=True)]
        own = [likely for likely, _, _ in self.values]
        self.view = View(self.noisy, own, setting, [each.same for each in together])

    def criteria(self) -> tuple[Change, ...]:
        """Return the difference in each criterion."""
        changes = map(self._single, range(len(self.noisy)))
        return tuple(exact(difference_of(pair)) if is_exact(pair) else next(changes) for pair in self.pairs)

    def total(self) -> Change | None:
        """Return the difference of the totals; None where no criterion has weight."""
        if not any(pair.weight for pair in self.pairs):
            return None
        shares = shares_of_total(self.pairs)
        difference = math.fsum(s * difference_of(pair) for s, pair in zip(shares, self.pairs, strict=True))
        if not any(pair.weight and not is_exact(pair) for pair in self.pairs):
            return exact(difference)
        if sum(pair.weight > 0 for pair in self.pairs) == 1:  # it is that criterion, and reads like it
            number = next(number for number, pair in enumerate(self.noisy) if pair.weight > 0)
            return msgspec.structs.replace(self._single(number), share=1.0)
        sides = [[pair.before for pair in self.noisy], [pair.after for pair in self.noisy]]
        kept = _kept(self.pairs, shares)
        days = variance_of(summed((s, moods(*pair.sittings)) for s, pair in zip(kept, self.noisy, strict=True)))
        law = self.view.law(kept, self.values, sides, days)
        return Change(difference=difference, p=law.chance(abs(difference)), law=law, basis=self.view.basis)

    def _single(self, number: int) -> Change:
        """Return the difference in one criterion."""
        pair, found, shifts, view = self.noisy[number], self.found[number], self.shifts[number], self.view
        local = view.local(number)
        before, after = _sides(pair)
        peaks = free_peaks(before, after, pair.step)
        weights = _restricted(local, found.free, peaks)
        law = Ratio(
            before=before,
            after=after,
            step=pair.step,
            weights=weights,
            noise=local,
            spread=dot(times(local, found.free), found.variance[1]),
            shifts=shifts,
            basis=view.basis,
        )
        p = chance_of(odds(local, before, after, pair.step, shifts), local, pair.step)
        share = 1 / (1 / len(pair.before) + 1 / len(pair.after))
        return Change(difference=difference_of(pair), p=p, law=law, basis=view.basis, share=share)


def compare_with_bar(scores: Sequence[Pair], bar: float, setting: Setting = PLAIN) -> Change:
    """Return the distance of a total (of one criterion: of its level) from a bar; only `after` of each is read.

    Better reads as *pass*, worse as *fail*, within noise as *too close to call*.
    """
    _check(scores)
    noisy = [
        msgspec.structs.replace(s, before=()) for s in scores if not is_exact(s) and (s.weight > 0 or len(scores) == 1)
    ]
    sides = [side(_sorted(score.after), score.step) for score in noisy]
    view = View(noisy, [each.whole for each in sides], setting)
    shares = shares_of_total(scores)
    difference = math.fsum(s * _mean(score.after) for s, score in zip(shares, scores, strict=True)) - bar
    if not noisy:
        return exact(difference)
    law: Normal | Ratio
    if len(scores) == 1:
        near = dot(times(view.local(0), sides[0].whole), sides[0].variance)
        weights = _restricted(view.local(0), sides[0].whole, sides[0].peak)
        law = Ratio(
            before=float(bar),
            after=_sorted(noisy[0].after),
            step=noisy[0].step,
            weights=weights,
            noise=view.local(0),
            spread=near,
            shifts=ONE_SITTING,
            basis=view.basis,
        )
        p = law.chance(0)
    else:
        values = [
            (each.whole, times_each(each.whole, each.variance), times_each(each.whole, each.pull)) for each in sides
        ]
        kept = [share for share, score in zip(shares, scores, strict=True) if share and not is_exact(score)]
        law = view.law(kept, values, [[score.after for score in noisy]], 0.0)
        p = law.chance(abs(difference))
    return Change(difference=difference, p=p, law=law, basis=view.basis)


def grader_weights(noises: Iterable[tuple[Noise, float]], prior: Prior = MODEL) -> Weights:
    """Return what criteria that are not compared say of the grader; each is its noise and its step."""
    return times(FLAT, *(up(noise.weights(step, prior), prior.criteria) for noise, step in noises))


# --- the noise, weighed -----------------------------------------------------------------------------------

Values = tuple[Weights, Weights, Weights]
"""One criterion, for each noise: likelihood, and variance and pull, each times the likelihood."""


class View:
    """What is known of the noise in all criteria together, from the top of the hierarchy and from below."""

    def __init__(
        self, pairs: Sequence[Pair], own: Sequence[Weights], setting: Setting, common: Sequence[Weights] = ()
    ) -> None:
        """Weigh the noise by the `own` likelihood of each pair and by what came before.

        `common` is the likelihood of each pair if all have moved alike: how far they scatter around what they have in
        common shows the noise, however far they moved.
        """
        prior = setting.prior
        self.setting, self.pairs, self.basis = setting, pairs, _basis(pairs)
        self._history = [pair.noise.weights(pair.step, prior) for pair in pairs]
        said = [normalised(self._up(number, each)) for number, each in enumerate(own)]
        top = times(of_grader(prior), setting.elsewhere)
        weight = _weight_of_one(len(pairs)) if setting.joint else 1.0  # totals of samples make up for it in `law`
        self._rest = without_each([tuple(x**weight for x in each) for each in said], top)
        self.grader = times(top, *([self._moved_alike(own, common)] if common else said))

    def _moved_alike(self, own: Sequence[Weights], common: Sequence[Weights]) -> Weights:
        """Return what all pairs say of the grader: each moved or stayed by itself, or all moved alike."""
        part = self.setting.prior.together
        apart, alike = [1.0] * len(SDS), [1.0] * len(SDS)
        for number, (each, other) in enumerate(zip(own, common, strict=True)):
            one, two = self._up(number, each), self._up(number, other)
            most = max(*one, *two)
            apart = [a * b / most for a, b in zip(apart, one, strict=True)]
            alike = [a * b / most for a, b in zip(alike, two, strict=True)]
        return normalised([(1 - part) * a + part * b for a, b in zip(apart, alike, strict=True)])

    def local(self, number: int) -> Weights:
        """Return the weights of the noise in one pair from everything but its own levels."""
        prior = self.setting.prior
        return normalised(down(times(down(self._rest[number], prior.criteria), self._history[number]), prior.answers))

    def law(
        self, shares: Sequence[float], values: Sequence[Values], sides: Sequence[Sequence[Levels]], days: float
    ) -> Normal:
        """Return the law of a total: each criterion's share and values, the levels of each side, the days' moods."""
        setting = self.setting
        parts = []
        for number, (share, (likely, variance, pull)) in enumerate(zip(shares, values, strict=True)):
            latent = self._lifted(number, likely, times_each(pull, SDS)) if setting.joint else FLAT
            draws = tuple(1 / len(side[number]) for side in sides)
            spread = self._lifted(number, likely, variance)
            parts.append(Part(share=share, variance=spread, latent=latent, draws=draws))
        seen = self._seen(parts, sides) if setting.joint else None
        return weighed(parts, self.grader, prior=setting.prior, seen=seen, days=days)

    def _seen(self, parts: Sequence[Part], sides: Sequence[Sequence[Levels]]) -> tuple[Seen, ...]:
        """Return what totals of samples say of the shared part: those of these attempts, those of earlier ones."""
        shares = [part.share for part in parts]
        own = totals_of([sample_totals(side, shares) for side in sides])
        single = [
            msgspec.structs.replace(
                part, variance=tuple(v / math.fsum(part.draws) for v in part.variance), draws=(1.0,)
            )
            for part in parts
        ]
        found = [Seen(totals=own, alone=alone_of(single), together=together_of(single))]
        if self.setting.totals.degrees:
            usual = [self._usual(number, part.share) for number, part in enumerate(parts)]
            found.append(Seen(totals=self.setting.totals, alone=alone_of(usual), together=together_of(usual)))
        return tuple(found)

    def _usual(self, number: int, share: float) -> Part:
        """Return the part of one grading of an answer that may stand anywhere."""
        variance, latent = (self._lifted(number, FLAT, each) for each in anywhere(self.pairs[number].step))
        return Part(share=share, variance=variance, latent=latent, draws=(1.0,))

    def _lifted(self, number: int, likely: Weights, values: Weights) -> Weights:
        """Return the mean of a criterion's value for each noise of the grader; `values` come times `likely`."""
        above, below = self._up(number, values), self._up(number, likely)
        return tuple(a / b for a, b in zip(above, below, strict=True))

    def _up(self, number: int, values: Weights) -> Weights:
        prior = self.setting.prior
        return up(times_each(self._history[number], up(values, prior.answers)), prior.criteria)


def _weight_of_one(criteria: int) -> float:
    """Return how much one criterion of joint calls says about the noise; each of its errors is partly that of others.

    Squares of deviations that are correlated by `SHARED` are themselves correlated by its square.
    """
    return 1 / (1 + (criteria - 1) * SHARED**2)


def _sums(rows: Sequence[Weights]) -> Weights:
    return tuple(map(math.fsum, zip(*rows, strict=True)))


def times_each(first: Sequence[float], second: Sequence[float]) -> Weights:
    """Return the products, value by value."""
    return tuple(map(float.__mul__, first, second))


def _values(found: Evidence, common: Evidence, setting: Setting) -> Values:
    """Return likelihood, and variance and pull of the difference times it, however the criterion may have moved.

    What the criteria of one call share looks like a move of all of them, so joint calls keep the larger variance of a
    place in between.
    """
    prior = setting.prior
    stayed = 1 - prior.together - prior.changed
    between = found if setting.joint else common
    cases = (
        (stayed, found.same, found.variance[0], found.pull[0]),
        (prior.together, common.same, between.variance[0], between.pull[0]),
        (prior.changed, found.free, found.variance[1], found.pull[1]),
    )
    rows = [tuple(part * like for like in likely) for part, likely, _, _ in cases]
    return (
        _sums(rows),
        _sums([times_each(row, case[2]) for row, case in zip(rows, cases, strict=True)]),
        _sums([times_each(row, case[3]) for row, case in zip(rows, cases, strict=True)]),
    )


def _common(pairs: Sequence[Pair]) -> Shifts:
    """Return what all criteria together moved by, on the grid of places."""
    mean = math.fsum(map(difference_of, pairs)) / len(pairs) if pairs else 0.0
    return ((round(mean / FINE), 1.0),)


def _restricted(local: Weights, whole: Weights, peak: Weights) -> Weights:
    """Return the weights of the noise for a ratio of peaks.

    Places are fitted at the peak, and a noise looks smaller where places are fitted.  The volume around the peak over
    its height makes up for that, as restricted likelihood does (Patterson & Thompson 1971, Biometrika 58:545).
    """
    return normalised([w * volume / height for w, volume, height in zip(local, whole, peak, strict=True)])


@functools.lru_cache(maxsize=1_000)
def _shifts(prior: Prior, apart: float) -> Shifts:
    """Return what two days may differ by, in steps of FINE, with the weights of the prior (a mixture of normals)."""
    if not apart:
        return ONE_SITTING
    steps = range(-6, 7, 2)
    weights = [
        math.fsum(w / day * math.exp(-((step * FINE / day) ** 2) / (2 * apart)) for day, w in prior.days)
        for step in steps
    ]
    whole = math.fsum(weights)
    return tuple((step, weight / whole) for step, weight in zip(steps, weights, strict=True))


def _basis(pairs: Sequence[Pair]) -> Basis:
    own = sum(len(levels) - 1 for pair in pairs for levels in (pair.before, pair.after) if levels)
    return Basis.MEASURED if own + sum(pair.noise.degrees for pair in pairs) >= MEASURED else Basis.ASSUMED


# --- sums -------------------------------------------------------------------------------------------------


def is_exact(pair: Pair) -> bool:
    """Return whether a criterion has no noise."""
    return pair.exact or pair.step == 0


def difference_of(pair: Pair) -> float:
    """Return after minus before, in levels."""
    return _mean(pair.after) - _mean(pair.before)


def shares_of_total(pairs: Sequence[Pair]) -> list[float]:
    """Return each criterion's share of the total."""
    total = math.fsum(pair.weight for pair in pairs)
    return [pair.weight / total if total else 1 / len(pairs) for pair in pairs]


def _kept(pairs: Sequence[Pair], shares: Sequence[float]) -> list[float]:
    return [share for share, pair in zip(shares, pairs, strict=True) if not is_exact(pair)]


def _sides(pair: Pair) -> tuple[Levels, Levels]:
    return _sorted(pair.before), _sorted(pair.after)


def _sorted(levels: Levels) -> Levels:
    return tuple(sorted(levels))


def _mean(levels: Sequence[float]) -> float:
    return math.fsum(levels) / len(levels)


def _check(pairs: Sequence[Pair]) -> None:
    if not all(pair.after for pair in pairs):
        raise ValueError("an attempt without a graded sample can't be compared")
    if min(pair.weight for pair in pairs) < 0:
        raise ValueError("a total needs weights that are not negative")
