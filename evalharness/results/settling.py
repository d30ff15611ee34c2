"""an unclear change of one series -> the calls that may settle it, of the criterion in doubt."""

from __future__ import annotations

from evalharness.noise import BEYOND, Offer, Pair, compare, offers
from evalharness.results.aggregate import CaseResult, SeriesResult
from evalharness.results.changes import Grading, pairs_of, setting_of, sittings_of

EXTRA_CALLS = 6  # for one series in one run


def best_offer(
    series: SeriesResult,
    grading: Grading,
    *,
    most: int,
    now: str = "",
    calls: int = EXTRA_CALLS,
    beyond: float = BEYOND,
) -> Offer | None:
    """Return the calls that may settle this series' change with the best chance for each; None where none may.

    `now` is when they would be made, for grades of one day share its mood; by default right after the last grade.  What
    is claimed is asked again until it is clear at `beyond` of the error rate; 1 leaves it alone.
    """
    before, after = series.previous, series.latest
    if grading.deterministic or before is None or series.difference is None:
        return None
    pairs = list(known_pairs(before, after, grading).values())
    if not pairs:
        return None
    setting = setting_of((before, after), grading)
    sittings = sittings_of((before, after), now)
    today = sittings.get(now, max(sittings.values(), default=0))
    found = offers(pairs, compare(pairs, setting), calls=calls, most=most, setting=setting, now=today, beyond=beyond)
    return next(found, None)


def known_pairs(before: CaseResult, after: CaseResult, grading: Grading) -> dict[str, Pair]:
    """Return the criteria that can be compared, by id."""
    return {name: pair for name, pair in pairs_of(before, after, grading).items() if pair is not None}
