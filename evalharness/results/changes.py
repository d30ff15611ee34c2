"""two results of one series, noise -> the difference between them; many differences -> their readings."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from evalharness.model.breaks import Break, between, made_at, side
from evalharness.model.noun import Noun
from evalharness.model.nouns import By, Grade, Graded, GraderId, Measure, Tags
from evalharness.noise import (
    ERROR_RATE,
    MODEL,
    NO_DAYS,
    PLUG_IN,
    Answers,
    Basis,
    Change,
    Noise,
    Pair,
    Prior,
    Reading,
    RunChange,
    Setting,
    Sittings,
    Spread,
    Totals,
    compare,
    compare_total,
    compare_with_bar,
    joint_answers,
    noise_name,
    pool,
    read_changes,
    step_of,
    totals_of,
)
from evalharness.results.aggregate import CaseResult, CriterionScore
from evalharness.results.calibration import Stored
from evalharness.results.sittings import numbered
from evalharness.stats import normal_quantile

POWER = 0.8
NO_NOISE = Noise()
NO_SITTINGS: Mapping[str, int] = {}
_MEASURED = {Reading.BETTER_BY_SURFACE: Reading.BETTER, Reading.WORSE_BY_SURFACE: Reading.WORSE}


class Grading(Noun):
    """What is known of the grader: its repeats by criterion fingerprint, and whether it has any noise.

    `grader` is who grades, `prior` what is assumed of its noise where nothing else is said (else by its kind),
    `calibration` how far it agrees with people; only gates ask for that.
    `answers` are the samples of joint calls, whose totals show how much of its errors the criteria of a call share.
    """

    noise: dict[str, Noise] = {}
    deterministic: bool = False
    grader: GraderId | None = None
    prior: Prior | None = None
    calibration: Stored | None = None
    answers: Answers = {}

    @property
    def assumed(self) -> Prior:
        """Return what is assumed of the noise before it is measured."""
        return self.prior or assumed_of(self.grader)

    @property
    def joint(self) -> bool:
        """Return whether one call grades all criteria of an attempt."""
        return self.grader is not None and self.grader.mode == "joint"


def grading_of(
    grader: GraderId,
    repeated: Sequence[Sequence[Grade]],
    breaks: Sequence[Break] = (),
    prior: Prior | None = None,
) -> Grading:
    """Return what is known of a grader's noise; `repeated` holds runs in which attempts were graded more than once.

    `breaks` are its found drifts: the noise of each side is its own.
    """
    joint = grader.mode == "joint" and not grader.deterministic
    return Grading(
        noise=pool(repeated, breaks),
        deterministic=grader.deterministic,
        grader=grader,
        prior=prior,
        answers=joint_answers(repeated, breaks) if joint else {},
    )


def assumed_of(grader: GraderId | None) -> Prior:
    """Return what is assumed of a kind of grader: of a plug-in nothing is known, of what is prompted a little is."""
    return PLUG_IN if grader is not None and not grader.prompt else MODEL


class Claims(Noun):
    """The readings of all differences that are shown together, in their order, and what they cost.

    None: there was nothing to subtract.  `tested` counts the comparisons that could be wrong by chance, that of
    the mean over questions included; `alpha` is the error rate shared by the single ones; `basis` is where the noise
    comes from that they are held against: assumed, where it is so for any of them.
    """

    readings: tuple[Reading | None, ...]
    mean: Reading | None = None
    tested: int = 0
    alpha: float = ERROR_RATE
    basis: Basis | None = None


def fingerprints(score: CriterionScore) -> frozenset[str]:
    """Return the fingerprints under which a criterion's levels were made; one, where all is well."""
    return frozenset(grade.fingerprint for grade in score.grades if isinstance(grade.outcome, Graded))


def claims_differ(before: CaseResult | None, after: CaseResult | None) -> bool:
    """Return whether two attempts claim other tags, so that their levels of it are no measure of the answers alone."""
    if before is None or after is None or set(before.case.claimed) == set(after.case.claimed):
        return False
    return any(isinstance(score.criterion.kind, Tags) and score.criterion.weight > 0 for score in after.read)


def pair_of(
    before: CriterionScore,
    after: CriterionScore,
    results: tuple[CaseResult, CaseResult],
    grading: Grading,
    sittings: Mapping[str, int] = NO_SITTINGS,
) -> Pair | None:
    """Return one criterion of two attempts, ready to be compared; None where it can't be.

    `sittings` numbers the times of their grades by the day's mood that they share.

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
    known = grading.noise.get(noise_name(next(iter(prints)), side(breaks, max(times, default=""))), NO_NOISE)
    kind = after.criterion.kind
    claimed = max(len(result.case.claimed) for result in results)
    by_code = all(score.graded is not None and score.graded.by is By.CODE for score in (before, after))
    return Pair(
        before=before.levels,
        after=after.levels,
        noise=known.without(before.levels, after.levels if after is not before else ()),
        weight=after.criterion.weight,
        step=step_of(kind, claimed),
        exact=grading.deterministic or isinstance(kind, Measure) or by_code,
        sittings=(_sat(before, sittings), _sat(after, sittings)),
    )


def _sat(score: CriterionScore, sittings: Mapping[str, int]) -> Sittings:
    return tuple(sittings[at] for at in made_at(score.grades) if at in sittings)


def sittings_of(results: Iterable[CaseResult], now: str = "") -> dict[str, int]:
    """Return the number of the sitting of each grade's time in some results, and of `now`."""
    return numbered([*(at for result in results for score in result.read for at in made_at(score.grades)), now])


def pairs_of(before: CaseResult, after: CaseResult, grading: Grading) -> dict[str, Pair | None]:
    """Return the criteria that the grader reads in both attempts, by id; weights are those of `after`."""
    earlier = {score.criterion.id: score for score in before.read}
    sittings = NO_SITTINGS if grading.deterministic else sittings_of((before, after))
    return {
        score.criterion.id: pair_of(earlier[score.criterion.id], score, (before, after), grading, sittings)
        for score in after.read
        if score.criterion.id in earlier
    }


def setting_of(results: tuple[CaseResult, CaseResult], grading: Grading) -> Setting:
    """Return how two attempts were graded, as far as the errors of their levels hang together by it."""
    if not grading.joint or grading.deterministic:
        return Setting(prior=grading.assumed)
    return Setting(prior=grading.assumed, joint=True, totals=_earlier_totals(results, grading))


def _earlier_totals(results: tuple[CaseResult, CaseResult], grading: Grading) -> Totals:
    """Return how the totals of other answers' joint calls spread, in the criteria and weights of the newer attempt."""
    own = {grade.key for result in results for score in result.read for grade in score.grades}
    before, after = results
    counted = [score for score in after.read if score.criterion.weight > 0]
    whole = math.fsum(score.criterion.weight for score in counted)
    mark = side(after.breaks or before.breaks, max(made_at(g for s in counted for g in s.grades), default=""))
    shares = {
        noise_name(name, mark): score.criterion.weight / whole
        for score in counted
        if not isinstance(score.criterion.kind, Measure)
        for name in fingerprints(score)
    }
    return totals_of(
        [math.fsum(share * sample[name] for name, share in shares.items()) for sample in samples]
        for key, samples in grading.answers.items()
        if key.partition(" ")[0] not in own and all(sample.keys() >= shares.keys() for sample in samples)
    )


def days_of(grading: Grading, moods: float) -> Spread:
    """Return the variances that so many days' moods may add to a mean over all answers of a run, with their weights."""
    return tuple((moods * day * day, weight) for day, weight in grading.assumed.days) if moods else NO_DAYS


def counted_pairs(before: CaseResult, after: CaseResult, grading: Grading) -> list[Pair] | None:
    """Return the criteria that make up the totals, with the weights of `after`; None where they can't be subtracted.

    Both must be graded, in the same criteria (those without weight don't count), by the same fingerprints.
    """
    if before.total is None or after.total is None:
        return None
    pairs = pairs_of(before, after, grading)
    found = [pairs.get(score.criterion.id) for score in after.read if score.criterion.weight > 0]
    known = [pair for pair in found if pair is not None]
    return known if known and len(known) == len(found) else None


def change_of_total(before: CaseResult, after: CaseResult, grading: Grading) -> Change | None:
    """Return the difference of two totals; None where they can't be subtracted (see `counted_pairs`)."""
    pairs = counted_pairs(before, after, grading)
    return compare_total(pairs, setting_of((before, after), grading)) if pairs else None


def changes_of_criteria(before: CaseResult, after: CaseResult, grading: Grading) -> dict[str, Change | None]:
    """Return the difference in each criterion of both attempts, whatever its weight; None where there is none."""
    pairs = pairs_of(before, after, grading)
    known = {name: pair for name, pair in pairs.items() if pair is not None}
    if not known:
        return dict.fromkeys(pairs)
    found = compare(list(known.values()), setting_of((before, after), grading)).criteria
    return dict.fromkeys(pairs) | dict(zip(known, found, strict=True))


def reading_of_criterion(score: CriterionScore, reading: Reading | None) -> Reading | None:
    """Return a criterion's reading: what the harness measures itself is exact and no surface feature."""
    return _MEASURED.get(reading, reading) if reading and isinstance(score.criterion.kind, Measure) else reading


def read_together(changes: Sequence[Change | None], mean: RunChange | None = None) -> Claims:
    """Return the readings of differences shown together: at most ERROR_RATE that any of them is a false claim.

    Where the mean over questions is tested beside single questions, it has half of the rate, and the single ones
    share the rest (Holm 1979, within their half).
    """
    found = [change for change in changes if change is not None]
    single = sum(not change.exact for change in found)
    with_mean = mean is not None and mean.p is not None
    alpha = ERROR_RATE / 2 if single and with_mean else ERROR_RATE
    readings = iter(read_changes(found, alpha=alpha))
    return Claims(
        readings=tuple(None if change is None else next(readings) for change in changes),
        mean=mean.read(alpha=alpha) if mean else None,
        tested=single + with_mean,
        alpha=alpha,
        basis=basis_of(found),
    )


def basis_of(changes: Iterable[Change | None]) -> Basis | None:
    """Return where the noise of some differences comes from: assumed, where it is so for any; None without noise."""
    found = {change.basis for change in changes if change is not None and not change.exact}
    return next((basis for basis in (Basis.ASSUMED, Basis.MEASURED) if basis in found), None)


def detectable(change: Change, *, alpha: float = ERROR_RATE, comparisons: int = 1) -> float | None:
    """Return the smallest true difference that would be claimed with chance POWER, in levels.

    Half the width of the interval and what POWER asks for beyond it (Bloom 1995, Evaluation Review 19:547).  None
    where there is no noise.
    """
    if change.exact:
        return None
    interval = change.interval(alpha, comparisons, whole=True)
    return (interval.high - interval.low) / 2 + normal_quantile(POWER) * change.se


def interval_of_total(result: CaseResult, grading: Grading) -> float | None:
    """Return half the width of the interval of one attempt's total from grader noise alone, in levels.

    At 1 - ERROR_RATE; None where there is no noise, or without a total.
    """
    if grading.deterministic:
        return None
    pairs = [pair_of(score, score, (result, result), grading) for score in result.read if score.criterion.weight > 0]
    known = [pair for pair in pairs if pair]
    if result.total is None or not known or len(known) != len(pairs):
        return None
    change = compare_with_bar(known, result.total, setting_of((result, result), grading))
    if change.exact:
        return None
    interval = change.interval(whole=True)
    return (interval.high - interval.low) / 2


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
