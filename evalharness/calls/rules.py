"""slots -> the calls they need, and the grades that need no call: measures, rules, stored ones."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator

import msgspec

from evalharness.criteria import measured
from evalharness.graders import Grader
from evalharness.model.nouns import Grade, Measure, Outcome
from evalharness.plan import precheck
from evalharness.plan.plan import Call, Slot, make_calls, needs_call


def open_calls(slots: Iterable[Slot], grader: Grader, stored: Container[str]) -> tuple[Call, ...]:
    """Return the calls that fill the slots which neither a stored grade nor a rule fills, each key once."""
    wanted = {slot.key: slot for slot in slots if slot.key not in stored and needs_call(slot)}
    return make_calls(wanted.values(), grader.id.mode)


def by_rule(slots: Iterable[Slot], at: str) -> Iterator[Grade]:
    """Yield the grades that need no grader: measures, answers that are too short, parts that are missing."""
    for slot in slots:
        outcome: Outcome | None = precheck.by_rule(slot.case, slot.criterion)
        if outcome is None and isinstance(slot.criterion.kind, Measure):
            outcome = measured(slot.case, slot.criterion, slot.criterion.kind)
        if outcome is not None:
            yield slot.grade(outcome=outcome, at=at)


def copy(grade: Grade, slot: Slot) -> Grade:
    """Return a stored grade for `slot`, which may be another attempt with the same text, or a renamed one."""
    bare = msgspec.structs.replace(grade, case=slot.case.key, criterion=slot.criterion.id, sample=slot.sample)
    return bare if grade.case == slot.case.key else msgspec.structs.replace(bare, usage=None, calls=0)
