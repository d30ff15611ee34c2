"""what a change does to rubrics and settings -> what the check announces of it, and whose gates only advise."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec

from evalharness.calls.rules import open_calls
from evalharness.calls.runner import ordered
from evalharness.check.rows import Announced, rubric_differs, switches
from evalharness.errors import Problem
from evalharness.grading.workflow import LATEST_OF_A_MODEL
from evalharness.lint import rubric_lint
from evalharness.load.change import ChangeSet, base_config
from evalharness.load.notes import LOOKS_PRIVATE
from evalharness.model.nouns import HEURISTIC, Case, GraderId, Rubric
from evalharness.plan.identity import content, fingerprint
from evalharness.plan.plan import latest_of_each_series, make_plan
from evalharness.plugins import looking
from evalharness.text import speaking
from evalharness.world import World

NEW_RUBRIC = "new, so its gate is advisory until it is in the base"
_FINGERPRINT = ("grader", "graders", "model", "effort", "mode", "base_url", "command", "redact")
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


def _halves(before: Rubric, now: Rubric, grader: GraderId) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the criteria of both rubrics whose grades can't be compared, and those whose grades can."""
    prints = {criterion.id: fingerprint(before, criterion, grader) for criterion in before.criteria}
    both = {criterion.id: fingerprint(now, criterion, grader) for criterion in now.criteria if criterion.id in prints}
    anew = tuple(name for name, found in both.items() if found != prints[name])
    return anew, tuple(name for name in both if name not in anew)


def ungradable(found: ChangeSet, apart: Collection[str]) -> frozenset[str]:
    """Return the changed rubrics by whose text of the base no answer of now can be graded: new, or of other parts."""
    return frozenset(
        name
        for name in apart
        if name not in found.rubrics or found.rubrics[name].parts != found.loaded.rubrics[name].parts
    )


def switched(found: ChangeSet, world: World) -> list[Announced]:
    """Return what is announced of questions that change their rubric."""
    cases = [one.now for one in found.changed if one.now]
    return [
        _priced(
            Announced(what=f"rubric {before}, now {now}; its gate is advisory", name=f"question {path}"),
            found,
            [case for case in cases if case.question.path == path],
            world,
        )
        for path, (before, now) in sorted(switches(found.changed).items())
    ]


def remarks(cases: Sequence[Case], told: Iterable[Problem]) -> list[Problem]:
    """Return what looks like a note in the changed answers and what a listener would stumble over, with their lines."""
    paths = {case.attempt.path for case in cases}
    noted = [one for one in told if one.slug == LOOKS_PRIVATE and one.path in paths]
    return noted + [
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


def edited(found: ChangeSet, apart: Mapping[str, str], world: World) -> list[Announced]:
    """Return what is announced of rubrics that the change edits or brings; `apart` is what `apart_of` says."""
    told = []
    for name, rubric in sorted(found.loaded.rubrics.items()):
        if name in apart:
            before = found.rubrics.get(name)
            announced = Announced(what=apart[name], name=f"rubric {name}")
            told.append(_priced(announced, found, _of({name}, found), world, before))
        elif name in found.rubrics and (what := rubric_differs(found.rubrics[name], rubric)):
            told.append(Announced(what=f"{what}; {OF_BASE}", name=f"rubric {name}", apart=False))
    return told


def proposed_settings(found: ChangeSet, world: World) -> list[Announced]:
    """Return what the change would bring to the settings; the check itself goes by those of the base."""
    before = base_config(found.git, found.tree)
    names = [name for name in before.__struct_fields__ if getattr(before, name) != getattr(found.proposed, name)]
    if not names:
        return []
    apart = any(name in _FINGERPRINT for name in names)
    told = Announced(
        what=f"{', '.join(names)}; this check goes by the settings of the base", name="settings", apart=apart
    )
    config = msgspec.structs.replace(found.proposed, gate=found.loaded.config.gate)
    again = dataclasses.replace(found, loaded=found.loaded.with_config(config))
    return [_priced(told, again, _of(found.loaded.rubrics, found), world) if apart else told]


def _of(rubrics: Collection[str], found: ChangeSet) -> list[Case]:
    return [case for case in found.loaded.cases if case.rubric.id in rubrics]


def _priced(
    told: Announced, found: ChangeSet, cases: Sequence[Case], world: World, before: Rubric | None = None
) -> Announced:
    """Return the announcement with what regrading the newest attempts would take; what `before` says too is there."""
    grader = looking(found.loaded, world)
    newest = latest_of_each_series(cases, LATEST_OF_A_MODEL)
    chosen = cases if grader.id.deterministic else [case for case in cases if case.key in newest]
    anew, same = _halves(before, found.loaded.rubrics[before.id], grader.id) if before else ((), ())
    told = msgspec.structs.replace(told, attempts=len(chosen), anew=anew, same=same)
    if grader.id.deterministic or not chosen:
        return told
    plan = make_plan(chosen, grader.id, grader.reads, redactions=found.loaded.config.redact)
    there = {fingerprint(before, criterion, grader.id) for criterion in before.criteria} if before else set()
    slots = [slot for slot in plan.slots if slot.fingerprint not in there]
    calls = ordered(open_calls(slots, grader, ()), grader.id.mode)
    estimate = getattr(grader, "estimate", None)
    if estimate is None:  # a program or a person's chat: what a call takes is not known, which is not zero
        return msgspec.structs.replace(told, calls=len(calls), usd=None if calls else 0.0)
    price = estimate(calls)
    return msgspec.structs.replace(told, calls=price.requests, usd=price.usd)
