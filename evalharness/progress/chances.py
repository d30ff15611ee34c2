"""noise, claims -> how often a page claims wrongly, and what could be seen at all, in plain words."""

from __future__ import annotations

from evalharness.model.nouns import HIGHEST, LOWEST, GraderId, Measure
from evalharness.noise import ERROR_RATE, MEASURED, Basis, Change, Reading, RunChange, mde_sentence
from evalharness.progress.series import SeriesProgress
from evalharness.reports import words as wording
from evalharness.results.aggregate import CaseResult
from evalharness.results.calibration import SAMPLING_ONLY
from evalharness.results.changes import Claims, basis_of

_MORE = "more samples make smaller changes visible"
_PERCENT = f"{ERROR_RATE * 100:g} %"
EXACT = (
    "This grader gives the same text the same levels every time, so a change comes from the text; better by surface "
    "features is still not a better answer."
)
ASSUMED = (
    "Noise assumed: how much this grader's levels vary when it grades the same text again is not measured here yet, so "
    f"the usual size is used. From about {MEASURED} repeats on the measurement counts for more than that."
)
MEASURED_HERE = "Noise measured: how much the levels vary is known from answers that were graded more than once."
_OF = {Basis.ASSUMED: ASSUMED, Basis.MEASURED: MEASURED_HERE}
_SURELY = 0.995
_HARDLY = 0.8


def sure(change: Change | None, reading: Reading | None) -> str:
    """Return how sure a claim is, for a table; nothing where nothing is claimed, or where there is no noise."""
    if change is None or change.exact or reading not in (Reading.BETTER, Reading.WORSE):
        return ""
    return f"{percent(change.sure)} sure"


def percent(share: float) -> str:
    """Return how sure something is in percent, never a hundred."""
    return "over 99 %" if share >= _SURELY else f"{round(100 * share)} %"


def surely(found: SeriesProgress) -> str:
    """Return how sure it is which way a score and the criteria that are claimed moved; nothing without noise."""
    told = (
        [f"{_how_sure(found.change)} sure that the score is {_way(found.change)}"] if _is_likely(found.change) else []
    )
    told += [
        f"{one.criterion.title or one.criterion.id}: {_how_sure(one.change)} {_way(one.change)}"
        for one in found.criteria
        if sure(one.change, one.reading)
    ]
    text = "; ".join(told)
    return f"{text[0].upper()}{text[1:]}." if text else ""


def _is_likely(change: Change | None) -> bool:
    return change is not None and not change.exact and change.sure >= _HARDLY


def _how_sure(change: Change | None) -> str:
    return percent(change.sure) if change else ""


def _way(change: Change | None) -> str:
    return "better" if change and change.difference > 0 else "worse"


def interval(found: RunChange) -> str:
    """Return the 95 % interval of a mean change in brackets, or nothing where it is not known.

    It is cut to what a change of levels can be (-4 to +4): Student's t knows no ends of a scale.  JSON keeps it whole.
    """
    bounds = found.interval()
    if bounds is None:
        return ""
    widest = HIGHEST - LOWEST
    low, high = (wording.signed_finely(min(max(edge, -widest), widest)) for edge in (bounds.low, bounds.high))
    return f" (95 % interval {low} to {high})"


def could_be_seen(found: RunChange | None) -> str:
    """Return in plain words what the mean over these questions can show."""
    if found is None or found.mean is None or found.mean.se < 1e-9:
        return ""
    clusters = found.mean.clusters
    if (found.detectable or 0.0) > HIGHEST - LOWEST:
        return f"In the mean over {clusters} questions no change can be noticed at all."
    told = mde_sentence(clusters, found.mean.se * clusters**0.5)
    return f"In the mean, {told} (of that size, 80 % are noticed)."


def chance(claims: Claims, grader: GraderId) -> tuple[str, ...]:
    """Return how often a page like this one makes a false claim, over how many comparisons, and by what noise."""
    found = []
    if claims.tested:
        compared = wording.plural(claims.tested, "comparison")
        found.append(f"{compared} tested. {_risk(claims.tested)}.")
        found += [] if grader.deterministic else [SAMPLING_ONLY]
    if grader.deterministic:
        found += [EXACT] if any(claims.readings) else []
    elif claims.basis:
        found.append(_OF[claims.basis])
    return tuple(found)


def smallest(found: tuple[float, float] | None) -> str:
    """Return what a change of one series must at least be, in plain words."""
    if found is None:
        return ""
    low, high = found
    best = "" if size(low) == size(high) else f" ({size(low)} in the best of these series)"
    return f"In a single series a change of less than {size(high)} may go unnoticed{best}; {_MORE}."


def size(levels: float) -> str:
    """Return a size in levels, in words."""
    told = f"{levels:.1f}"
    return "1 level" if told == "1.0" else f"{told} levels" if levels > 1 else f"{told} of a level"


def smallest_total(found: SeriesProgress) -> str:
    """Return what a change of this series' score must at least be, in plain words."""
    if found.detectable is None or found.series.previous is None:
        return ""
    counts = " and ".join(str(samples(result)) for result in (found.series.previous, found.series.latest))
    return (
        f"With {counts} samples of the two attempts a change of less than {size(found.detectable)} may go unnoticed; "
        f"{_MORE}."
    )


def chance_of_series(found: SeriesProgress, grader: GraderId) -> str:
    """Return how often a series like this one makes a false claim."""
    if grader.deterministic:
        return EXACT if found.change else ""
    if not found.tested:
        return ""
    compared = wording.plural(found.tested, "comparison")
    return f"{compared} tested. {_risk(found.tested)}. {SAMPLING_ONLY}"


def _risk(tested: int) -> str:
    which = "it" if tested == 1 else "any of them"
    return f"The risk that {which} reads better or worse only by chance is at most {_PERCENT}"


def basis_of_series(found: SeriesProgress) -> str:
    """Return where the noise comes from that this series' differences are held against."""
    basis = basis_of([found.change, *(one.change for one in found.criteria)])
    return _OF[basis] if basis else ""


def samples(result: CaseResult) -> int:
    """Return how often an attempt was graded, by the criterion graded least often among those a grader reads."""
    counts = [len(score.levels) for score in result.read if not isinstance(score.criterion.kind, Measure)]
    return min(counts, default=1)
