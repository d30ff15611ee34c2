"""Differences that are not clear -> which samples may settle them, and what they cost.

Predictive power (Spiegelhalter, Freedman & Blackburn 1986, Controlled Clinical Trials 7:8): the difference after more
samples is normal around the one seen now, with the variance that the samples take away.  It is a forecast that chooses
what to ask next; what is claimed in the end is decided by the levels alone.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from evalharness.model.noun import Noun
from evalharness.noise.attempts import Comparison, Pair, shares_of_total
from evalharness.noise.change import CAUTION, ERROR_RATE, OF_TOTAL, Basis, Change, Ratio, Reading, read_attempt
from evalharness.stats import normal_quantile

WORTH = 0.2  # a chance below which nothing is bought
CLEAR = frozenset({Reading.BETTER, Reading.WORSE})


class Offer(Noun):
    """Calls that may settle one difference: `criterion` is its number, None for the total (or a joint call of all).

    `sides` are the samples of the attempt before and after, in all, once they are made.
    """

    criterion: int | None
    calls: int
    chance: float
    sides: tuple[int, int]

    @property
    def rate(self) -> float:
        """Return the chance for each call."""
        return self.chance / self.calls


def offers(
    pairs: Sequence[Pair],
    comparison: Comparison,
    *,
    calls: int,
    most: int,
    joint: bool = False,
    alpha: float = ERROR_RATE,
    worth: float = WORTH,
) -> tuple[Offer, ...]:
    """Return what up to `calls` calls may settle, best chance a call first; `most` samples an attempt at most.

    Nothing where every difference is clear already, or where nobody could tell even then.  With `joint` one call
    grades all criteria of an attempt.
    """
    total, criteria = _readings(comparison, alpha)
    found: list[Offer] = []
    if joint:
        found += _best(_joint(pairs, comparison, calls, most, alpha, (total, criteria)))
    else:
        for number, change in enumerate(comparison.criteria):
            if criteria[number] not in CLEAR and isinstance(change.law, Ratio):
                found += _best(_single(number, pairs, comparison, calls, most, alpha))
        if comparison.total and not comparison.total.exact and total not in CLEAR:
            found += _best(_rounds(pairs, comparison, calls, most, alpha))
    return tuple(sorted((each for each in found if each.chance >= worth), key=lambda each: -each.rate))


def grown(before: int, after: int, calls: int, most: int) -> tuple[int, int]:
    """Return the samples of both attempts after `calls` more, the shorter side first."""
    for _ in range(calls):
        if min(before, after) >= most:
            break
        if after <= before:
            after += 1
        else:
            before += 1
    return before, after


def _readings(comparison: Comparison, alpha: float) -> tuple[Reading, tuple[Reading, ...]]:
    if comparison.total is None:
        return Reading.WITHIN_NOISE, read_attempt(Change(difference=0.0, p=1.0), comparison.criteria, alpha=alpha)[1]
    return read_attempt(comparison.total, comparison.criteria, alpha=alpha)


def _best(found: Iterator[Offer]) -> list[Offer]:
    """Return the offer with the best chance a call."""
    kept = list(found)
    return [max(kept, key=lambda each: each.rate)] if kept else []


def _single(
    number: int, pairs: Sequence[Pair], comparison: Comparison, calls: int, most: int, alpha: float
) -> Iterator[Offer]:
    pair, change = pairs[number], comparison.criteria[number]
    now = (len(pair.before), len(pair.after))
    others = math.fsum(each.share for k, each in enumerate(comparison.criteria) if k != number and not each.exact)
    for more in range(1, calls + 1):
        sides = grown(*now, more, most)
        if sum(sides) < sum(now) + more:
            return
        share = 1 / _draws(sides)
        edge = _z(alpha * (1 - OF_TOTAL) * share / (share + others) / CAUTION[Basis.MEASURED])
        chance = _chance(change, _draws(sides) / _draws(now), edge)
        yield Offer(criterion=number, calls=more, chance=chance, sides=sides)


def _rounds(pairs: Sequence[Pair], comparison: Comparison, calls: int, most: int, alpha: float) -> Iterator[Offer]:
    """Return offers of one more sample of every criterion with weight, for one attempt or both, again and again."""
    total = comparison.total
    kept = [
        (share, pair) for share, pair in zip(shares_of_total(pairs), pairs, strict=True) if share and not pair.exact
    ]
    if total is None or not kept:
        return
    now = [(len(pair.before), len(pair.after)) for _, pair in kept]
    for rounds in range(1, calls // len(kept) + 1):
        then = [grown(*sides, rounds, most) for sides in now]
        cost = sum(map(sum, then)) - sum(map(sum, now))
        if cost == 0:
            return
        left = math.fsum(s * s * _draws(sides) for (s, _), sides in zip(kept, then, strict=True))
        whole = math.fsum(s * s * _draws(sides) for (s, _), sides in zip(kept, now, strict=True))
        yield Offer(
            criterion=None, calls=cost, chance=_chance(total, left / whole, _z(alpha * OF_TOTAL)), sides=then[0]
        )


def _joint(
    pairs: Sequence[Pair],
    comparison: Comparison,
    calls: int,
    most: int,
    alpha: float,
    readings: tuple[Reading, tuple[Reading, ...]],
) -> Iterator[Offer]:
    noisy = [number for number, change in enumerate(comparison.criteria) if not change.exact]
    if not noisy:
        return
    now = (len(pairs[noisy[0]].before), len(pairs[noisy[0]].after))
    edge = _z(alpha * (1 - OF_TOTAL) / len(noisy) / CAUTION[Basis.MEASURED])
    for more in range(1, calls + 1):
        sides = grown(*now, more, most)
        if sum(sides) < sum(now) + more:
            return
        left = _draws(sides) / _draws(now)
        open_ = [comparison.criteria[k] for k in noisy if readings[1][k] not in CLEAR]
        chances = [_chance(change, left, edge) for change in open_]
        if comparison.total and readings[0] not in CLEAR:
            chances.append(_chance(comparison.total, left, _z(alpha * OF_TOTAL)))
        yield Offer(criterion=None, calls=more, chance=max(chances, default=0.0), sides=sides)


def _draws(sides: tuple[int, int]) -> float:
    return 1 / sides[0] + 1 / sides[1]


def _chance(change: Change, left: float, edge: float) -> float:
    """Return the chance of a claim where the variance has shrunk to the part `left`."""
    se, moves = change.se * math.sqrt(left), change.se * math.sqrt(max(0.0, 1 - left))
    if moves <= 0:
        return 0.0
    return _above((change.difference - edge * se) / moves) + _above((-change.difference - edge * se) / moves)


def _above(z: float) -> float:
    return 0.5 * math.erfc(-z / math.sqrt(2))


def _z(p: float) -> float:
    """Return the z with P(|Z| > z) = p."""
    return -normal_quantile(p / 2)
