"""two results of one series, noise -> the difference between them; many differences -> their readings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from evalharness.model.breaks import between, made_at, side
from evalharness.model.noun import Noun
from evalharness.model.nouns import By, Graded, GraderId, Measure, Tags
from evalharness.noise import (
    ERROR_RATE,
    Change,
    Noise,
    Pair,
    Reading,
    RunChange,
    compare_total,
    compare_with_bar,
    noise_name,
    read_changes,
    step_of,
)
from evalharness.results.aggregate import CaseResult, CriterionScore
from evalharness.results.calibration import Stored
from evalharness.stats import t_quantile

POWER = 0.8
NO_NOISE = Noise()
_MEASURED = {Reading.BETTER_BY_SURFACE: Reading.BETTER, Reading.WORSE_BY_SURFACE: Reading.WORSE}


class Grading(Noun):
    """What is known of the grader: its noise by criterion fingerprint, and whether it has any.

    `grader` is who grades, `calibration` how far that agrees with people; only gates ask for these two.
    """

    noise: dict[str, Noise] = {}
    deterministic: bool = False
    grader: GraderId | None = None
    calibration: Stored | None = None


class Claims(Noun):
    """The readings of all differences that are shown together, in their order, and what they cost.

    None: there was nothing to subtract.  `tested` counts the comparisons that could be wrong by chance, that of
    the mean over questions included; `alpha` is the error rate shared by the single ones.
    """

    readings: tuple[Reading | None, ...]
    mean: Reading | None = None
    tested: int = 0
    alpha: float = ERROR_RATE


def fingerprints(score: CriterionScore) -> frozenset[str]:
    """Return the fingerprints under which a criterion's levels were made; one, where all is well."""
    return frozenset(grade.fingerprint for grade in score.grades if isinstance(grade.outcome, Graded))


def claims_differ(before: CaseResult | None, after: CaseResult | None) -> bool:
    """Return whether two attempts claim other tags, so that their levels of it are no measure of the answers alone."""
    if before is None or after is None or set(before.case.claimed) == set(after.case.claimed):
        return False
    return any(isinstance(score.criterion.kind, Tags) and score.criterion.weight > 0 for score in after.read)


def pair_of(
    before: CriterionScore, after: CriterionScore, results: tuple[CaseResult, CaseResult], grading: Grading
) -> Pair | None:
    """Return one criterion of two attempts, ready to be compared; None where it can't be.

    It can't be where one of them has no level, where the two were measured by different fingerprints, or where the
    grader drifted between the two: then one fingerprint stands for two graders.
    """
    prints = fingerprints(before) | fingerprints(after)
    if before.level is None or after.level is None or len(prints) != 1:
        return None
    breaks = results[1].breaks or results[0].breaks
    times = made_at((*before.grades, *after.grades))
    if between(breaks, times):
        return None
    known = noise_name(next(iter(prints)), side(breaks, max(times, default="")))
    kind = after.criterion.kind
    claimed = max(len(result.case.claimed) for result in results)
    by_code = all(score.graded is not None and score.graded.by is By.CODE for score in (before, after))
    return Pair(
        before=before.levels,
        after=after.levels,
        noise=grading.noise.get(known, NO_NOISE),
        weight=after.criterion.weight,
        step=step_of(kind, claimed),
        exact=grading.deterministic or isinstance(kind, Measure) or by_code,
    )


def pairs_of(before: CaseResult, after: CaseResult, grading: Grading) -> dict[str, Pair | None]:
    """Return the criteria that the grader reads in both attempts, by id; weights are those of `after`."""
    earlier = {score.criterion.id: score for score in before.read}
    return {
        score.criterion.id: pair_of(earlier[score.criterion.id], score, (before, after), grading)
        for score in after.read
        if score.criterion.id in earlier
    }


def change_of_total(before: CaseResult, after: CaseResult, grading: Grading) -> Change | None:
    """Return the difference of two totals with the weights of `after`; None where they can't be subtracted.

    Both must be graded, in the same criteria (those without weight don't count), by the same fingerprints.
    """
    if before.total is None or after.total is None:
        return None
    counted = {score.criterion.id for score in after.read if score.criterion.weight > 0}
    if counted - {score.criterion.id for score in before.read}:
        return None
    pairs = pairs_of(before, after, grading)
    found = [pairs[name] for name in counted]
    return compare_total([pair for pair in found if pair]) if all(found) else None


def change_of_pair(pair: Pair | None) -> Change | None:
    """Return the difference in one criterion, whatever its weight; None where there is none to make."""
    return None if pair is None else compare_total([_weighing_one(pair)])


def reading_of_criterion(score: CriterionScore, reading: Reading | None) -> Reading | None:
    """Return a criterion's reading: what the harness measures itself is exact and no surface feature."""
    return _MEASURED.get(reading, reading) if reading and isinstance(score.criterion.kind, Measure) else reading


def read_together(changes: Sequence[Change | None], mean: RunChange | None = None) -> Claims:
    """Return the readings of differences shown together: at most ERROR_RATE that any of them is a false claim.

    Where the mean over questions is tested beside single questions, it has half of the rate, and the single ones
    share the rest (Holm 1979, within their half).
    """
    found = [change for change in changes if change is not None]
    single = sum(change.p is not None and not change.exact for change in found)
    with_mean = mean is not None and mean.p is not None
    alpha = ERROR_RATE / 2 if single and with_mean else ERROR_RATE
    readings = iter(read_changes(found, alpha=alpha))
    return Claims(
        readings=tuple(None if change is None else next(readings) for change in changes),
        mean=mean.read(alpha=alpha) if mean else None,
        tested=single + with_mean,
        alpha=alpha,
    )


def detectable(change: Change, *, alpha: float = ERROR_RATE, comparisons: int = 1) -> float | None:
    """Return the smallest true difference that would be claimed with chance POWER, in levels.

    Bloom 1995 (Evaluation Review 19:547): (t_{1 - alpha/2} + t_{power}) standard errors, and what the test takes
    off for the coarseness of the scale.  None where the noise is not measured, or where there is none.
    """
    if not change.se:
        return None
    edge = t_quantile(1 - alpha / comparisons / 2, change.degrees) + t_quantile(POWER, change.degrees)
    return change.rounding + edge * change.se


def interval_of_total(result: CaseResult, grading: Grading) -> float | None:
    """Return half the width of the interval of one attempt's total from grader noise alone, in levels.

    At 1 - ERROR_RATE; None where the noise is not measured, where there is none, or without a total.
    """
    pairs = [pair_of(score, score, (result, result), grading) for score in result.read if score.criterion.weight > 0]
    if result.total is None or not all(pairs):
        return None
    change = compare_with_bar([pair for pair in pairs if pair], result.total)
    if not change.se:
        return None
    return change.rounding + t_quantile(1 - ERROR_RATE / 2, change.degrees) * change.se


def span(values: Iterable[float | None]) -> tuple[float, float] | None:
    """Return the smallest and the largest of the values that are there, or None."""
    found = [value for value in values if value is not None]
    return (min(found), max(found)) if found else None


def reweighted(result: CaseResult, weights: Mapping[str, float]) -> CaseResult:
    """Return a result with other weights by criterion id: its total follows from the levels that are stored."""
    scores = []
    for score in result.scores:
        weight = weights.get(score.criterion.id, score.criterion.weight)
        criterion = msgspec.structs.replace(score.criterion, weight=weight)
        scores.append(msgspec.structs.replace(score, criterion=criterion))
    return msgspec.structs.replace(result, scores=tuple(scores))


def _weighing_one(pair: Pair) -> Pair:
    return Pair(before=pair.before, after=pair.after, noise=pair.noise, step=pair.step, exact=pair.exact)
