"""what a change does to rubrics and settings -> what the check announces of it, and whose gates only advise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from evalharness.check.rows import (
    Announced,
    switches,
)
from evalharness.errors import Problem
from evalharness.lint import rubric_lint
from evalharness.load.change import ChangeSet
from evalharness.model.nouns import Case, GraderId, Rubric
from evalharness.plan.identity import fingerprint
from evalharness.text import speaking

NEW_RUBRIC = "new, so its gate is advisory until it is in the base"


OF_BASE = "this check goes by those of the base"


def apart_of(found: ChangeSet, grader: GraderId) -> dict[str, str]:
    """Return the rubrics whose gates can't block, each with why: criteria that differ from the base's, or all new.

    Grades of before and after can't be compared there, and a rubric that the change brings is a bar of its own.
    """
    touched = {name: rubric for name, rubric in found.loaded.rubrics.items() if rubric.path in found.touched}
    told = {
        name: _criteria(found.rubrics[name], rubric, grader) if name in found.rubrics else NEW_RUBRIC
        for name, rubric in touched.items()
    }
    return {name: text for name, text in told.items() if text}


def _criteria(before: Rubric, now: Rubric, grader: GraderId) -> str:
    earlier = {criterion.id: fingerprint(before, criterion, grader) for criterion in before.criteria}
    later = {criterion.id: fingerprint(now, criterion, grader) for criterion in now.criteria}
    parts = {
        "changed": [name for name, print_ in later.items() if name in earlier and earlier[name] != print_],
        "new": [name for name in later if name not in earlier],
        "gone": [name for name in earlier if name not in later],
    }
    return "; ".join(f"{what}: {', '.join(names)}" for what, names in parts.items() if names)


def switched(found: ChangeSet) -> list[Announced]:
    """Return what is announced of questions that change their rubric."""
    counts = Counter(one.now.question.path for one in found.changed if one.now)
    return [
        Announced(
            what=f"rubric {before}, now {now}; its gate is advisory", name=f"question {path}", attempts=counts[path]
        )
        for path, (before, now) in sorted(switches(found.changed).items())
    ]


def remarks(cases: Sequence[Case]) -> list[Problem]:
    """Return what a listener would stumble over in the changed answers, each with its line."""
    return [
        Problem(path=case.attempt.path, line=remark.line, message=remark.message, hint=remark.rule, slug=remark.slug)
        for case in cases
        for remark in speaking.remarks(case)
    ]


def rubric_advice(found: ChangeSet) -> list[Problem]:
    """Return what lint says of the rubrics that the change touches."""
    return [
        Problem(
            path=rubric.path,
            message=f"{advice.criterion}: {advice.message}" if advice.criterion else advice.message,
            hint=advice.hint or rubric_lint.RULES[advice.slug],
            slug=advice.slug,
        )
        for rubric in found.loaded.rubrics.values()
        if rubric.path in found.touched
        for advice in rubric_lint.advise(rubric)
    ]
