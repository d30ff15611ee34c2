"""result, the stored grades of its former text -> what an edit in place has changed."""

from __future__ import annotations

from typing import NamedTuple

from evalharness.results.aggregate import CaseResult, case_result, drift_between, of_criteria


class Edit(NamedTuple):
    """An attempt whose text was changed under its name: its result before, the difference in levels, and the day."""

    before: CaseResult
    difference: float
    day: str


def former_result(result: CaseResult) -> CaseResult | None:
    """Return the result of an attempt's former text by the criteria of today; None where it was not edited."""
    if result.former is None:
        return None
    not_read = frozenset(f"{result.case.rubric.id}/{score.criterion.id}" for score in result.not_read)
    grades = of_criteria(result.former.grades)
    return case_result(result.case, grades, not_read, 1, capped=result.by_surface, breaks=result.breaks)


def edit(result: CaseResult) -> Edit | None:
    """Return how an edit in place changed the total; None where nothing was edited, or one of the two has none."""
    before = former_result(result)
    if before is None or result.former is None or result.total is None or before.total is None:
        return None
    if drift_between(before, result):
        return None
    return Edit(before, result.total - before.total, result.former.at[:10])
