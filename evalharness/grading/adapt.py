"""summary, noise -> which criterion of which attempt is worth another call, the most telling call first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from evalharness.model.noun import Noun
from evalharness.model.nouns import Case
from evalharness.noise import Offer
from evalharness.results.aggregate import CaseResult, SeriesResult
from evalharness.results.changes import Grading
from evalharness.results.settling import EXTRA_CALLS, best_offer, known_pairs

SHARE_OF_BUDGET = 0.25  # of --max-usd, for all extra samples of one run together


class Wanted(Noun):
    """One more sample: of one criterion of one attempt, and how much it may settle for each call."""

    series: str
    case: Case
    criterion: str
    rate: float


def worth_a_call(
    series: Iterable[SeriesResult], grading: Grading, *, most: int, now: str, spent: dict[str, int] | None = None
) -> tuple[Wanted, ...]:
    """Return the next calls for every series whose change is not clear yet, the most telling first.

    A claim is about to be made wherever two attempts of a series are side by side.  Samples are asked for where up to
    `most` of them may settle it, never of a grader without noise, and at most EXTRA_CALLS for a series; `spent` holds
    how many each has had.  `now` is when they would be made: an older attempt that is graded again next to the newer
    one shares its day.
    """
    found: list[Wanted] = []
    for each in series:
        name = each.latest.case.attempt.series
        left = EXTRA_CALLS - (spent or {}).get(name, 0)
        offer = best_offer(each, grading, most=most, now=now, calls=left) if left > 0 else None
        if offer is not None and each.previous is not None:
            found += _next(each.previous, each.latest, offer, name, grading)
    return tuple(sorted(found, key=lambda wanted: -wanted.rate))


def _next(before: CaseResult, after: CaseResult, offer: Offer, series: str, grading: Grading) -> Iterator[Wanted]:
    """Yield the first call of an offer; where it is about a total, all of them, since none says much by itself."""
    names = [*known_pairs(before, after, grading)]
    for name, side in offer.buys if offer.criterion is None and not grading.joint else offer.buys[:1]:
        for each in names if name is None else [names[name]]:
            yield Wanted(series=series, case=(before, after)[side].case, criterion=each, rate=offer.rate)
