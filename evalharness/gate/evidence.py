"""labelled answers, criterion by criterion -> what they show together of a grader: how far off, and in what order.

A gate on a total rests on all criteria of a rubric, so what is known of them counts together: the figures are means
over answers, each answer with all its criteria, with intervals over answers (criteria of one answer are not
independent).  That is also what makes long rubrics possible: twelve sections of eight answers are many levels.
"""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from collections.abc import Collection, Mapping

from evalharness.model.noun import Noun
from evalharness.results.calibration import Answered, Estimate
from evalharness.stats import Interval, t_quantile

FEWEST = 5
CHANCE = 0.5
SURE = 0.99  # of the order: it alone keeps out a grader that reads nothing where answers are alike
# Of a level: how far a second person is assumed to be from the first.  People who are off by half a level are that.
SECOND_PERSON = 0.6
_ALMOST = 1e-9


class Evidence(Noun):
    """What `n` labelled answers show: the mean distance from people, and the share of pairs in their order.

    `apart` is how far people are from each other, assumed where fewer than five answers have two of them.
    """

    n: int
    off: Estimate
    order: Estimate
    apart: float = SECOND_PERSON
    assumed: bool = True


def evidence(criteria: Collection[Mapping[str, Answered]]) -> Evidence:
    """Return what these criteria show together."""
    by_key: dict[str, list[Answered]] = defaultdict(list)
    for answers in criteria:
        for key, answer in answers.items():
            by_key[key].append(answer)
    off = [statistics.fmean(answer.off for answer in answers) for answers in by_key.values()]
    known = [[a.apart for a in answers if a.apart is not None] for answers in by_key.values()]
    apart = [statistics.fmean(distances) for distances in known if distances]
    enough = len(apart) >= FEWEST
    return Evidence(
        n=len(by_key),
        off=_mean(off),
        order=_ratio([(sum(a.won for a in each), sum(a.pairs for a in each)) for each in by_key.values()]),
        apart=statistics.fmean(apart) if enough else SECOND_PERSON,
        assumed=not enough,
    )


def _mean(values: list[float]) -> Estimate:
    if not values:
        return Estimate()
    mean = statistics.fmean(values)
    if len(values) < FEWEST:
        return Estimate(value=mean)
    half = t_quantile(0.975, len(values) - 1) * statistics.stdev(values) / math.sqrt(len(values))
    return Estimate(value=mean, interval=Interval(low=max(0.0, mean - half), high=mean + half))


def _ratio(counts: list[tuple[float, int]]) -> Estimate:
    """Return the share of ordered pairs with the jackknife interval over answers; both answers of a pair count it."""
    won, pairs, n = sum(w for w, _ in counts), sum(p for _, p in counts), len(counts)
    if not pairs:
        return Estimate()
    share = won / pairs
    left_out = [(won - 2 * w) / (pairs - 2 * p) for w, p in counts if pairs - 2 * p > _ALMOST]
    if n < FEWEST or len(left_out) < n:
        return Estimate(value=share)
    mean = statistics.fmean(left_out)
    error = math.sqrt((n - 1) / n * math.fsum((each - mean) ** 2 for each in left_out))
    half = t_quantile((1 + SURE) / 2, n - 1) * error
    low, high = max(0.0, share - half), min(1.0, share + half)
    return Estimate(value=share, interval=Interval(low=low, high=high, confidence=SURE))
