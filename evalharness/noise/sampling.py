"""Differences that are not clear -> which samples may settle them, and what they cost.

Predictive power (Spiegelhalter, Freedman & Blackburn 1986, Controlled Clinical Trials 7:8): the difference after more
samples is normal around the one seen now, with the variance that the samples take away.  It is a forecast that chooses
what to ask next; what is claimed in the end is decided by the levels alone.

The criterion and the attempt that are asked next are chosen by odds (`noise.odds`).  A sample takes noise away, and
where the attempts were graded on different days it takes a part of the days' moods away too: the older attempt, graded
again next to the newer one, shares its day.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from evalharness.model.noun import Noun
from evalharness.noise.attempts import PLAIN, Comparison, Pair, Setting, shares_of_total
from evalharness.noise.change import ERROR_RATE, OF_TOTAL, Change, Normal, Ratio, Reading, read_attempt, share_beside
from evalharness.noise.odds import odds, telling_side
from evalharness.noise.sittings import Sittings, moods, summed, variance_of
from evalharness.stats import normal_quantile

WORTH = 0.11  # a chance below which nothing is bought
BEYOND = 0.1  # of the error rate: a claim this clear needs no more grades, any other is asked on
STRICTER = 2.0  # by how much a claim by odds asks for a smaller chance than the normal law that forecasts it
CLEAR = frozenset({Reading.BETTER, Reading.WORSE})
BEFORE, AFTER = 0, 1

Buy = tuple[int | None, int]
"""One call: the number of a criterion (None: all of them), of the attempt BEFORE or AFTER."""


class Offer(Noun):
    """Calls that may settle one difference: `criterion` is its number, None for the total (or a joint call of all).

    `buys` are the calls in their order; `sides` the samples of the attempt before and after once they are made, of the
    criterion that has most; `again` says that the older attempt is graded again next to the newer for its day.
    """

    criterion: int | None
    chance: float
    buys: tuple[Buy, ...]
    sides: tuple[int, int]
    again: bool = False

    @property
    def calls(self) -> int:
        """Return how many calls it takes."""
        return len(self.buys)

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
    setting: Setting = PLAIN,
    now: int = 0,
    alpha: float = ERROR_RATE,
    beyond: float = BEYOND,
    worth: float = WORTH,
) -> Iterator[Offer]:
    """Yield what up to `calls` calls may settle, the likeliest change first; `most` samples an attempt at most.

    Among single criteria the order is that of the odds that they have moved: a criterion whose grades begin to speak
    against a change gives way to one whose grades do not.  The total comes first where it has the best chance a call.

    Nothing where every difference is clear already, or where nobody could tell even then.  `now` is the number of the
    sitting in which the calls would be made.
    """
    found = _Open(pairs, comparison, setting, now, most, (alpha, beyond))
    if setting.joint:
        yield from _best([found.joint(calls)], worth)
        return
    singles, whole = _best(found.singles(calls), worth), list(_best([found.whole(calls)], worth))
    first = next(singles, None)
    if first is None or any(offer.rate > first.rate for offer in whole):
        yield from whole
        whole = []
    if first is not None:
        yield from (first, *singles, *whole)


def _best(each: Iterable[Iterable[Offer]], worth: float) -> Iterator[Offer]:
    """Yield the offer with the best chance a call of each difference, where that chance is worth it."""
    best = (max(some, key=lambda offer: offer.rate) for some in map(list, each) if some)
    return (offer for offer in best if offer.chance >= worth)


class _Sampled(NamedTuple):
    """One criterion: its share of the difference, the variance of one grading, the sitting of each grade."""

    share: float
    unit: float
    sides: tuple[Sittings, Sittings]

    @property
    def noise(self) -> float:
        """Return the variance that the graders' noise leaves in the difference."""
        return self.share**2 * self.unit * draws(self.sides)

    def with_one(self, side: int, now: int) -> _Sampled:
        """Return it with one more grade of one attempt, made now."""
        before, after = self.sides
        return self._replace(sides=((*before, now), after) if side == BEFORE else (before, (*after, now)))


_State = dict[int, _Sampled]
"""The criteria that make up a difference, by their number."""


class _Open:
    """Two attempts whose difference is not clear, and what more grades may make of it."""

    def __init__(
        self,
        pairs: Sequence[Pair],
        comparison: Comparison,
        setting: Setting,
        now: int,
        most: int,
        rates: tuple[float, float],
    ) -> None:
        self.comparison, self.now, self.most, self.alpha = comparison, now, most, rates[0]
        self.day = math.fsum(weight * day * day for day, weight in setting.prior.days)
        first = Change(difference=0.0, p=1.0) if comparison.total is None else comparison.total
        self.total, self.criteria = read_attempt(first, comparison.criteria, alpha=math.prod(rates))
        sampled = zip(pairs, comparison.criteria, shares_of_total(pairs), strict=True)
        self.state = {
            number: _sampled(pair, change, share, now)
            for number, (pair, change, share) in enumerate(sampled)
            if not change.exact
        }
        self.apart = len({now, *(at for each in self.state.values() for side in each.sides for at in side)}) > 1

    def singles(self, calls: int) -> Iterator[Iterator[Offer]]:
        """Yield for each criterion that is not clear, the likeliest change first, offers of up to `calls` grades."""
        found = sorted((k for k in self.state if self.criteria[k] not in CLEAR), key=self.odds, reverse=True)
        return (self._single(k, calls) for k in found)

    def odds(self, number: int) -> float:
        """Return how much likelier the levels of a criterion are if it moved than if it did not."""
        law = self.comparison.criteria[number].law
        if not isinstance(law, Ratio) or isinstance(law.before, float):
            return 0.0
        return odds(law.noise, law.before, law.after, law.step, law.shifts)

    def _single(self, number: int, calls: int) -> Iterator[Offer]:
        criteria = self.comparison.criteria
        others = [criteria[k].share for k in self.state if k != number]
        state = {number: self.state[number]._replace(share=1.0)}
        for buys, then in self._bought(state, calls):
            share = 1 / draws(then[number].sides)
            edge = self._edge_of_criteria(share_beside(share, [share, *others]))
            yield self._offer(number, self._chance(criteria[number], state, then, edge), buys, state, then)

    def whole(self, calls: int) -> Iterator[Offer]:
        """Yield the offers of up to `calls` grades of any criteria, for the total."""
        total, state = self.comparison.total, {k: each for k, each in self.state.items() if each.share}
        if total is None or total.exact or self.total in CLEAR or not isinstance(total.law, Normal):
            return
        for buys, then in self._bought(state, calls):
            chance = self._chance(total, state, then, _z(self.alpha * OF_TOTAL))
            yield self._offer(None, chance, buys, state, then)

    def joint(self, calls: int) -> Iterator[Offer]:
        """Yield the offers of up to `calls` calls, each of which grades all criteria of an attempt."""
        for buys, then in self._bought(self.state, calls, joint=True):
            chances = []
            for number in (k for k in self.state if self.criteria[k] not in CLEAR):
                one, other = ({number: each[number]._replace(share=1.0)} for each in (self.state, then))
                edge = self._edge_of_criteria(1 / len(self.state))
                chances.append(self._chance(self.comparison.criteria[number], one, other, edge))
            if self.comparison.total and self.total not in CLEAR:
                edge = _z(self.alpha * OF_TOTAL)
                chances.append(self._chance(self.comparison.total, self.state, then, edge))
            yield self._offer(None, max(chances, default=0.0), buys, self.state, then)

    def _bought(self, state: _State, calls: int, *, joint: bool = False) -> Iterator[tuple[tuple[Buy, ...], _State]]:
        """Yield what 1, 2, ... calls come to where each takes away as much variance as one can."""
        names: list[int | None] = [None] if joint else [*state]
        buys: tuple[Buy, ...] = ()
        then = state
        while state and len(buys) < calls:
            each = [(name, side) for name in names for side in (AFTER, BEFORE) if self._has_room(then, name, side)]
            if not each:
                return
            (name, *others) = names
            if name is not None and not (buys or others or self.apart):
                each = [self._telling(name, [side for _, side in each])]
            found = [(buy, self._with(then, buy)) for buy in each]
            best, then = min(found, key=lambda one: self._left(one[1]))
            buys = (*buys, best)
            yield buys, then

    def _left(self, state: _State) -> float:
        """Return the variance that is left in a difference, the days' part included."""
        return _noise(state) + (self.day * _days(state) if self.apart else 0.0)

    def _telling(self, number: int, allowed: Sequence[int]) -> Buy:
        """Return the call that tells most of one criterion, where all grades are of one sitting."""
        law = self.comparison.criteria[number].law
        if not isinstance(law, Ratio) or isinstance(law.before, float):
            return number, allowed[0]
        return number, telling_side(law.noise, (law.before, law.after), law.step, allowed)

    def _has_room(self, state: _State, name: int | None, side: int) -> bool:
        return all(len(each.sides[side]) < self.most for each in (state.values() if name is None else (state[name],)))

    def _with(self, state: _State, buy: Buy) -> _State:
        name, side = buy
        return {k: each.with_one(side, self.now) if name in (None, k) else each for k, each in state.items()}

    def _edge_of_criteria(self, share: float) -> float:
        return _z(self.alpha * (1 - OF_TOTAL) * share / STRICTER)

    def _chance(self, change: Change, state: _State, then: _State, edge: float) -> float:
        """Return the chance that a difference is claimed once it is graded like `then`."""
        days, later = (self.day * _days(each) if self.apart else 0.0 for each in (state, then))
        noise = change.se**2 - (days if isinstance(change.law, Normal) else 0.0)
        left = noise * _noise(then) / _noise(state) + later
        se, moves = math.sqrt(left), math.sqrt(max(0.0, noise + days - left))
        if moves <= 0:
            return 0.0
        return _above((change.difference - edge * se) / moves) + _above((-change.difference - edge * se) / moves)

    def _offer(self, number: int | None, chance: float, buys: tuple[Buy, ...], state: _State, then: _State) -> Offer:
        before, after = (max(len(each.sides[side]) for each in then.values()) for side in (BEFORE, AFTER))
        again = self.apart and _days(then) < _days(state) and any(side == BEFORE for _, side in buys)
        return Offer(criterion=number, chance=chance, buys=buys, sides=(before, after), again=again)


def draws(sides: tuple[Sittings, Sittings]) -> float:
    """Return by how much the variance of one grade is in the difference of two means."""
    before, after = sides
    return 1 / len(before) + 1 / len(after)


def _sampled(pair: Pair, change: Change, share: float, now: int) -> _Sampled:
    counts = (len(pair.before), len(pair.after))
    known = all(len(side) == count for side, count in zip(pair.sittings, counts, strict=True))
    sides = pair.sittings if known else ((now,) * counts[BEFORE], (now,) * counts[AFTER])
    return _Sampled(share=share, unit=change.se**2 / draws(sides), sides=sides)


def _noise(state: _State) -> float:
    return math.fsum(each.noise for each in state.values())


def _days(state: _State) -> float:
    """Return how many days' moods the difference holds, as a variance."""
    return variance_of(summed((each.share, moods(*each.sides)) for each in state.values()))


def _above(z: float) -> float:
    return 0.5 * math.erfc(-z / math.sqrt(2))


def _z(p: float) -> float:
    """Return the z with P(|Z| > z) = p."""
    return -normal_quantile(p / 2)
