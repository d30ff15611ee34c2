"""gate, rubric -> a bar that lies between two totals which one grading can reach, so that it asks for the upper one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from evalharness.gate.rulings import gate_for
from evalharness.model.config import Gate
from evalharness.model.nouns import HIGHEST, LOWEST, Case, Criterion, Measure, Rubric
from evalharness.noise import step_of

COARSE = 0.05  # of a level: a finer grid needs no remark
_MOST = 4_000  # totals: so many lie closer together than anybody would notice
_ROUND = 6


def finer_than_steps(gate: Gate, cases: Iterable[Case]) -> tuple[str, ...]:
    """Return one line for each bar or floor that is finer than the steps of the rubric it is held against."""
    asked: dict[tuple[str, int, float | None, bool], Case] = {}  # thousands of attempts ask the same few questions
    for case in cases:
        one = gate_for(gate, case)
        asked.setdefault((case.rubric.id, len(set(case.claimed)), one.min_score, one.floors), case)
    lines = (
        line
        for (_, claimed, min_score, floors), case in asked.items()
        for line in _lines(case.rubric, claimed, min_score, floors=floors)
    )
    return tuple(dict.fromkeys(lines))


def _lines(rubric: Rubric, claimed: int, min_score: float | None, *, floors: bool) -> Iterator[str]:
    if min_score is not None and (step := _between(min_score, rubric.criteria, claimed)):
        yield _line(f"min_score {min_score:g}", f"the totals of {rubric.id}", step)
    for criterion in rubric.criteria if floors else ():
        if criterion.floor is not None and (step := _between(criterion.floor, [criterion], claimed)):
            yield _line(f"floor {criterion.floor:g}", f"the levels of {criterion.id}", step)


def reachable(criteria: Iterable[Criterion], claimed: int) -> list[float] | None:
    """Return every weighted mean that one grading can reach, in order; None where they are too many to count."""
    counted = [criterion for criterion in criteria if criterion.weight > 0]
    weight = sum(criterion.weight for criterion in counted)
    totals = {0.0}
    for criterion in counted:
        share = criterion.weight / weight
        totals = {round(total + share * level, _ROUND) for total in totals for level in _levels(criterion, claimed)}
        if len(totals) > _MOST:
            return None
    return sorted(totals)


def _between(bar: float, criteria: Sequence[Criterion], claimed: int) -> tuple[float, float] | None:
    """Return the two reachable totals around a bar that is not one itself; None where the grid is fine."""
    single = criteria if len(criteria) > 1 else [_alone(criteria[0])]
    totals = reachable(single, claimed)
    if not totals:
        return None
    below = max((total for total in totals if total <= bar + COARSE / 100), default=None)
    above = min((total for total in totals if total >= bar - COARSE / 100), default=None)
    if below is None or above is None or above - below <= COARSE:
        return None
    return below, above


def _levels(criterion: Criterion, claimed: int) -> list[float]:
    if isinstance(criterion.kind, Measure):
        return sorted({float(band.level) for band in criterion.kind.bands})
    step = step_of(criterion.kind, claimed)
    count = round((HIGHEST - LOWEST) / step)
    return [LOWEST + step * number for number in range(count + 1)]


def _alone(criterion: Criterion) -> Criterion:
    return Criterion(id=criterion.id, title=criterion.title, kind=criterion.kind)


def _line(bar: str, what: str, step: tuple[float, float]) -> str:
    low, high = step
    return (
        f"{bar} is finer than the steps of one grading: {what} go from {low:.2f} to {high:.2f}, "
        f"so it asks for {high:.2f}"
    )
