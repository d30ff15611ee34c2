"""what a change does to rubrics and settings -> what the check announces of it, and whose gates only advise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from evalharness.check.rows import (
    Announced,
    switches,
)
from evalharness.errors import Problem
from evalharness.lint import rubric_lint
from evalharness.load.change import ChangeSet
from evalharness.model.nouns import HEURISTIC, Case, GraderId, Rubric
from evalharness.plan.identity import content, fingerprint
from evalharness.text import speaking

NEW_RUBRIC = "new, so its gate is advisory until it is in the base"


OF_BASE = "this check goes by those of the base"


def apart_of(found: ChangeSet, grader: GraderId) -> dict[str, str]:
    """Return the rubrics whose text a change edits, each with what differs: criteria, or all new."""
    rubrics = found.loaded.rubrics.items()  # one of that name may also come from elsewhere: another folder, a fallback
    touched = {name: rubric for name, rubric in rubrics if rubric.path in found.touched or name in found.rubrics}
    told = {
        name: _criteria(found.rubrics[name], rubric, grader) if name in found.rubrics else NEW_RUBRIC
        for name, rubric in touched.items()
    }
    return {name: text for name, text in told.items() if text}


def _criteria(before: Rubric, now: Rubric, grader: GraderId) -> str:
    """Return which criteria a change touches; what is only graded anew beside them is counted, not named."""
    earlier, later = ({criterion.id: criterion for criterion in rubric.criteria} for rubric in (before, now))
    both = [name for name in later if name in earlier]
    signals = grader.name == HEURISTIC
    edited = [n for n in both if content(earlier[n], signals=signals) != content(later[n], signals=signals)]
    again = [n for n in both if fingerprint(before, earlier[n], grader) != fingerprint(now, later[n], grader)]
    parts = {
        "changed": edited,
        "new": [name for name in later if name not in earlier],
        "gone": [name for name in earlier if name not in later],
    }
    told = [f"{what}: {', '.join(names)}" for what, names in parts.items() if names]
    beside = len([name for name in again if name not in edited])
    told += [f"{grader.name} grades {beside} other{'s' * (beside > 1)} again with it"] if beside else []
    return "; ".join(told)


def ungradable(found: ChangeSet, apart: Collection[str]) -> frozenset[str]:
    """Return the changed rubrics by whose text of the base no answer of now can be graded: new, or of other parts."""
    return frozenset(
        name
        for name in apart
        if name not in found.rubrics or found.rubrics[name].parts != found.loaded.rubrics[name].parts
    )


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
