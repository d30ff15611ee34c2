"""people's labels, grader's levels -> how far they agree, criterion by criterion, and what that can carry.

Criteria are never pooled: a grader may read numbers well and tone not at all.  Each figure has an interval
over attempts.  Shares have Wilson's; bias and mean error Student's t over attempts, cut to what is possible (from
1 to 5 no bias is beyond 4, so no truth is cut off); kappa and alpha a jackknife over attempts on Fisher's z with
Student's t (Arvesen 1969, Annals of Mathematical Statistics 40:2076): among few attempts the bootstrap's intervals
are too short (kappa of 15 attempts: BCa covered 88 %, percentile 90 %, this one 94 %; the last figure is made by
benchmarks/calibration_coverage.py).  Nothing is drawn at random, so that the same labels say the same.
"""

from __future__ import annotations

import itertools
import math
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

from evalharness.calibrate.answers import by_answer
from evalharness.model.noun import Noun
from evalharness.results.calibration import Agreement, Calibrated, Estimate, GraderAgreement, Halo, Subject
from evalharness.results.health import LEVELS, nearest_level
from evalharness.stats import (
    Interval,
    Metric,
    Weights,
    confusion,
    disagreements,
    kappa_of_table,
    krippendorff_alpha,
    minimum_detectable_effect,
    ranks,
    spearman,
    t_quantile,
    wilson_interval,
)

T = TypeVar("T")
Pair = tuple[float, float]
Pairs = Sequence[Sequence[Pair]]
Levels = Mapping[str, float]

_MOST = 0.9999
_POWER = 0.8
_FEWEST = 5
_WIDEST = float(max(LEVELS) - min(LEVELS))
_QUADRATIC = disagreements(len(LEVELS), Weights.QUADRATIC)


class Ratings(Noun):
    """All that is known of one criterion: people's levels by rater, each grader's, both by attempt key."""

    rubric: str
    criterion: str
    people: dict[str, dict[str, float]]
    graders: tuple[tuple[Subject, dict[str, float]], ...] = ()
    title: str = ""


def calibrate(ratings: Ratings) -> Calibrated:
    """Return the agreement in one criterion; a grader that graded no labelled attempt is left out."""
    raters = tuple(sorted(rater for rater, levels in ratings.people.items() if levels))
    graders = [
        GraderAgreement(
            subject=subject,
            agreement=against_people(ratings.people, levels),
            answers=by_answer(ratings.people, levels),
        )
        for subject, levels in ratings.graders
        if any(levels.keys() & said.keys() for said in ratings.people.values())
    ]
    people = among_people(ratings.people)
    return Calibrated(
        rubric=ratings.rubric,
        criterion=ratings.criterion,
        title=ratings.title or ratings.criterion,
        labels=len({key for levels in ratings.people.values() for key in levels}),
        raters=raters,
        people=people,
        graders=tuple(graders),
        limits=tuple(limits(ratings.people, people, graders)),
    )


# --- agreement -------------------------------------------------------------------------------------------


def against_people(people: Mapping[str, Levels], grader: Levels) -> Agreement:
    """Return the grader against each person: pairs are (person, grader), attempts count once each.

    Alpha looks at these pairs alone.  Over all raters together it would credit the grader with the agreement of
    people among themselves: one that always says 3 had an alpha of .34 beside two people who agree.
    """
    keys = sorted(key for key in grader if any(key in said for said in people.values()))
    pairs = [[(said[key], grader[key]) for said in people.values() if key in said] for key in keys]
    return _agreement(pairs, jackknifed(pairs, _alpha_of_pairs))


def among_people(people: Mapping[str, Levels]) -> Agreement | None:
    """Return people against people, each pair both ways so that nobody is first; None below two raters."""
    keys = sorted({key for said in people.values() for key in said})
    pairs = [list(itertools.permutations([said[key] for said in people.values() if key in said], 2)) for key in keys]
    rows: list[list[float | None]] = [[said.get(key) for said in people.values()] for key in keys]
    kept = [(pair, row) for pair, row in zip(pairs, rows, strict=True) if pair]
    return _agreement([p for p, _ in kept], jackknifed([r for _, r in kept], _alpha)) if kept else None


def _agreement(pairs: Pairs, alpha: Estimate) -> Agreement:
    whole = [[(nearest_level(a), nearest_level(b)) for a, b in unit] for unit in pairs]
    tables = [confusion([a for a, _ in unit], [b for _, b in unit], LEVELS) for unit in whole]
    return Agreement(
        n=len(pairs),
        pairs=sum(map(len, pairs)),
        exact=share([statistics.fmean(a == b for a, b in unit) for unit in whole]),
        within_one=share([statistics.fmean(abs(a - b) <= 1 for a, b in unit) for unit in whole]),
        qwk=jackknifed(tables, _kappa),
        alpha=alpha,
        bias=_mean([statistics.fmean(b - a for a, b in unit) for unit in pairs]),
        mae=_mean([statistics.fmean(abs(b - a) for a, b in unit) for unit in pairs], lowest=0.0),
        matrix=_sum(tables),
    )


def _kappa(tables: Sequence[Sequence[Sequence[int]]]) -> float | None:
    return kappa_of_table(_sum(tables), _QUADRATIC)


def _alpha(rows: Sequence[Sequence[float | None]]) -> float | None:
    return krippendorff_alpha(list(zip(*rows, strict=True)), Metric.INTERVAL)


def _alpha_of_pairs(pairs: Pairs) -> float | None:
    flat = list(itertools.chain.from_iterable(pairs))
    return krippendorff_alpha([[first for first, _ in flat], [second for _, second in flat]], Metric.INTERVAL)


def _sum(tables: Sequence[Sequence[Sequence[int]]]) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(map(sum, zip(*rows, strict=True))) for rows in zip(*tables, strict=True))


# --- intervals -------------------------------------------------------------------------------------------


def share(values: Sequence[float]) -> Estimate:
    """Return a share over attempts with Wilson's interval, widened outwards where raters differ."""
    n, total = len(values), math.fsum(values)
    low, high = wilson_interval(math.floor(total + 1e-9), n), wilson_interval(math.ceil(total - 1e-9), n)
    return Estimate(value=total / n, interval=Interval(low=low.low, high=high.high))


def _mean(values: Sequence[float], lowest: float = -_WIDEST) -> Estimate:
    """Return a mean difference of levels over attempts with Student's t; no interval where nothing varies.

    The interval ends at `lowest` and at the width of the scale: two attempts would else bound a bias at 25 levels.
    """
    mean = statistics.fmean(values)
    if len(values) < 2 or max(values) - min(values) < 1e-9:
        return Estimate(value=mean)
    half = t_quantile(0.975, len(values) - 1) * statistics.stdev(values) / math.sqrt(len(values))
    return Estimate(value=mean, interval=Interval(low=max(lowest, mean - half), high=min(_WIDEST, mean + half)))


def jackknifed(units: Sequence[T], statistic: Callable[[Sequence[T]], float | None]) -> Estimate:
    """Return a coefficient of agreement with the jackknife interval of its Fisher z.

    No interval where leaving one attempt out changes nothing: full agreement among few proves little, and an
    interval of no width would say the opposite.
    """
    point = statistic(units)
    if point is None or len(units) < _FEWEST:
        return Estimate(value=point)
    left_out = [statistic([*units[:i], *units[i + 1 :]]) for i in range(len(units))]
    found = [_z(value) for value in left_out if value is not None]
    if len(found) < len(units) or max(found) - min(found) < 1e-9:
        return Estimate(value=point)
    n, mean = len(found), statistics.fmean(found)
    error = math.sqrt((n - 1) / n * math.fsum((value - mean) ** 2 for value in found))
    half = t_quantile(0.975, n - 1) * error
    low, high = math.tanh(_z(point) - half), math.tanh(_z(point) + half)
    return Estimate(value=point, interval=Interval(low=low, high=high))


def _z(value: float) -> float:
    return math.atanh(max(-_MOST, min(_MOST, value)))


# --- what so few labels can't show ---------------------------------------------------------------------


def limits(people: Mapping[str, Levels], among: Agreement | None, graders: Sequence[GraderAgreement]) -> Iterator[str]:
    """Yield in plain words what these labels leave open."""
    given = [level for said in people.values() for level in said.values()]
    if among is None:
        yield "One person labelled each attempt: how far people agree with each other is not known."
    elif among.n < _FEWEST:
        yield f"Two people labelled only {among.n} of the same attempts: how far they agree is only a guess."
    unused = [str(level) for level in LEVELS if level not in {nearest_level(level_) for level_ in given}]
    if unused:
        yield f"Nobody gave level {' or '.join(unused)}: how the grader reads such answers is not known."
    for found in graders:
        yield from _limits_of(found)


def _limits_of(found: GraderAgreement) -> Iterator[str]:
    name, agreement = found.subject.name, found.agreement
    qwk, spread = agreement.qwk, agreement.bias.interval
    if agreement.n < _FEWEST:
        yield f"{name}: {agreement.n} labelled attempts show next to nothing."
        return
    if qwk.interval is not None and qwk.interval.low <= 0:
        yield f"{name}: with {agreement.n} attempts this kappa can't be told from chance."
    elif qwk.interval is not None and qwk.interval.high - qwk.interval.low > 0.3:
        low, high = qwk.interval.low, qwk.interval.high
        yield f"{name}: with {agreement.n} attempts the true kappa may lie anywhere from {low:.2f} to {high:.2f}."
    elif qwk.interval is None:
        yield f"{name}: kappa has no interval, because too little varies among {agreement.n} attempts."
    if spread is not None and agreement.bias.value is not None:
        half = max(agreement.bias.value - spread.low, spread.high - agreement.bias.value)  # one end may be cut
        sd = half / t_quantile(0.975, agreement.n - 1) * math.sqrt(agreement.n)
        shown = min(_WIDEST, minimum_detectable_effect(agreement.n, sd, _POWER))
        yield f"{name}: a bias under {shown:.1f} of a level could hide behind {agreement.n} attempts."


# --- halo --------------------------------------------------------------------------------------------------


def halo(ratings: Sequence[Ratings]) -> tuple[Halo, ...]:
    """Return the halo of people and of each grader over the criteria of one rubric, people first.

    Criteria that are different things should move together no more in a grader than in people (Thorndike 1920).
    Only attempts that people labelled in every criterion count.
    """
    people = [mean_levels(each.people) for each in ratings]
    names = list(dict.fromkeys(subject.name for each in ratings for subject, _ in each.graders))
    keys = sorted(set.intersection(*(set(column) for column in people))) if people else []
    columns = {"people": people}
    for name in names:
        columns[name] = [next((lv for s, lv in each.graders if s.name == name), {}) for each in ratings]
    return tuple(_halo(who, found, keys) for who, found in columns.items())


def _halo(who: str, columns: Sequence[Levels], keys: Sequence[str]) -> Halo:
    shared = [key for key in keys if all(key in column for column in columns)]
    found = []
    if len(shared) >= _FEWEST:
        for one, other in itertools.combinations(columns, 2):
            value = spearman(ranks([one[key] for key in shared]), ranks([other[key] for key in shared]))
            found += [] if value is None else [value]
    return Halo(who=who, value=statistics.fmean(found) if found else None, attempts=len(shared))


def mean_levels(people: Mapping[str, Levels]) -> dict[str, float]:
    """Return the mean of people's levels of each attempt that anybody labelled."""
    keys = {key for said in people.values() for key in said}
    return {key: statistics.fmean(said[key] for said in people.values() if key in said) for key in keys}
