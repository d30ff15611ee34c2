"""Shelf: what each kind of criterion asks, and how its answer becomes an outcome.

To add a kind: one module with `describe` and `read`, one line here, one class in `core.model.Kind`.
"""

from __future__ import annotations

from typing import assert_never

from evalharness.criteria import checklist, measure, scale, tags
from evalharness.criteria.reading import Reading, invalid
from evalharness.model.draft import Draft
from evalharness.model.nouns import Case, Checklist, Criterion, Measure, Scale, Tags
from evalharness.text.quotes import Verifier, verifier

__all__ = ["Reading", "describe", "measured", "read"]


def describe(case: Case, criterion: Criterion) -> str:
    """Return what a grader is asked about `criterion`, in words a person can read."""
    match criterion.kind:
        case Scale():
            return scale.describe(criterion, criterion.kind)
        case Checklist():
            return checklist.describe(criterion, criterion.kind)
        case Tags() as kind:
            return tags.describe(criterion, case.tags(kind), case.claimed)
        case Measure():
            raise TypeError(f"'{criterion.id}' is measured, never asked")
        case _:
            assert_never(criterion.kind)


def read(case: Case, criterion: Criterion, draft: Draft) -> Reading:
    """Return the checked outcome of a grader's draft: quotes first, then what the level rests on."""
    evidence: Verifier | None = verifier(case, criterion)
    if evidence is None:
        return invalid(f"the attempt has no part '{criterion.part}'")
    match criterion.kind:
        case Scale():
            return scale.read(draft, evidence)
        case Checklist():
            return checklist.read(criterion.kind, draft, evidence)
        case Tags() as kind:
            return tags.read(case.tags(kind), case.claimed, draft, evidence)
        case Measure():
            raise TypeError(f"'{criterion.id}' is measured, never asked")
        case _:
            assert_never(criterion.kind)


measured = measure.measured
