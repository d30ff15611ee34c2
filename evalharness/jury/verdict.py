"""runs of several graders over the same attempts -> levels side by side, means, and where the graders disagree."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Iterator, Sequence

from evalharness.model.noun import Noun
from evalharness.model.nouns import HIGHEST, LOWEST, Case, Criterion, Measure
from evalharness.model.run import Run
from evalharness.results.aggregate import CaseResult, CriterionScore, summarise
from evalharness.stats.agreement import Weights, kappa

APART = 2.0
_LEVELS = tuple(float(level) for level in range(int(LOWEST), int(HIGHEST) + 1))


class Seat(Noun):
    """One grader of a jury by name, with its run, or why there is none."""

    name: str
    run: Run | None = None
    why: str = ""


class Ruling(Noun):
    """One criterion of one attempt: the level of each seat, None where it gave none; `read` says whose it reads."""

    criterion: Criterion
    levels: tuple[float | None, ...]
    read: tuple[bool, ...]

    @property
    def level(self) -> float | None:
        """Return the mean over the seats that read this criterion, None where one of them has no level for it."""
        found = [level for level, read in zip(self.levels, self.read, strict=True) if read]
        known = [level for level in found if level is not None]
        return statistics.fmean(known) if known and len(known) == len(found) else None

    @property
    def apart(self) -> float:
        """Return how many levels lie between the highest and the lowest."""
        known = [level for level in self.levels if level is not None]
        return max(known) - min(known) if known else 0.0

    @property
    def disputed(self) -> bool:
        """Return whether the graders disagree by two levels or more."""
        return self.apart >= APART


class Answer(Noun):
    """One attempt before the jury; `totals` has one entry a seat, None where a seat's grading is incomplete."""

    case: Case
    totals: tuple[float | None, ...]
    rulings: tuple[Ruling, ...]

    @property
    def total(self) -> float | None:
        """Return the mean total; None where any seat has none, because leaving one out would move it."""
        known = [total for total in self.totals if total is not None]
        return statistics.fmean(known) if known and len(known) == len(self.totals) else None


class Agreement(Noun):
    """Two seats over all criteria that both gave a level: share equal, mean distance in levels, weighted kappa."""

    first: str
    second: str
    n: int
    equal: float | None
    distance: float | None
    kappa: float | None


class Verdict(Noun):
    """What a jury found."""

    seats: tuple[Seat, ...]
    answers: tuple[Answer, ...]
    agreements: tuple[Agreement, ...]

    @property
    def complete(self) -> tuple[Answer, ...]:
        """Return the attempts that every seat has graded."""
        return tuple(answer for answer in self.answers if answer.total is not None)

    @property
    def disputed(self) -> tuple[tuple[Answer, Ruling], ...]:
        """Return what to look at, the widest disagreement first."""
        found = [(answer, ruling) for answer in self.answers for ruling in answer.rulings if ruling.disputed]
        return tuple(sorted(found, key=lambda pair: -pair[1].apart))


def verdict(seats: Sequence[Seat]) -> Verdict:
    """Return what the runs of a jury come to; a seat without a run leaves every attempt incomplete."""
    results = [{r.case.key: r for r in summarise(seat.run).results} if seat.run else {} for seat in seats]
    cases = {key: result.case for found in results for key, result in found.items()}
    answers = tuple(_answer(case, [found.get(key) for found in results]) for key, case in cases.items())
    pairs = itertools.combinations(range(len(seats)), 2)
    agreements = tuple(_agreement(seats, answers, first, second) for first, second in pairs)
    return Verdict(seats=tuple(seats), answers=answers, agreements=agreements)


def _answer(case: Case, results: Sequence[CaseResult | None]) -> Answer:
    by_id = [{score.criterion.id: score for score in result.scores} if result else {} for result in results]
    asked = [criterion for criterion in case.rubric.criteria if not isinstance(criterion.kind, Measure)]
    return Answer(
        case=case,
        totals=tuple(result.total if result else None for result in results),
        rulings=tuple(_ruling(criterion, [scores.get(criterion.id) for scores in by_id]) for criterion in asked),
    )


def _ruling(criterion: Criterion, scores: Sequence[CriterionScore | None]) -> Ruling:
    return Ruling(
        criterion=criterion,
        levels=tuple(score.level if score and score.read else None for score in scores),
        read=tuple(score is None or score.read for score in scores),
    )


def _agreement(seats: Sequence[Seat], answers: Sequence[Answer], first: int, second: int) -> Agreement:
    pairs = list(_pairs(answers, first, second))
    ones, others = [_rounded(one) for one, _ in pairs], [_rounded(other) for _, other in pairs]
    return Agreement(
        first=seats[first].name,
        second=seats[second].name,
        n=len(pairs),
        equal=statistics.fmean(one == other for one, other in zip(ones, others, strict=True)) if pairs else None,
        distance=statistics.fmean(abs(one - other) for one, other in pairs) if pairs else None,
        kappa=kappa(ones, others, _LEVELS, Weights.QUADRATIC) if pairs else None,
    )


def _pairs(answers: Sequence[Answer], first: int, second: int) -> Iterator[tuple[float, float]]:
    for answer in answers:
        for ruling in answer.rulings:
            one, other = ruling.levels[first], ruling.levels[second]
            if one is not None and other is not None:
                yield one, other


def _rounded(level: float) -> float:
    return float(int(level + 0.5))
