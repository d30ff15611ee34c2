"""`check`: what a change does to the answers, graded against the base, held against the gates.  Writes no report."""

from __future__ import annotations

import dataclasses
import hashlib
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from evalharness import plugins
from evalharness.calls.runner import ordered
from evalharness.check.base import ChangeSet, base_config, change_set
from evalharness.check.changed import Changed
from evalharness.check.grades import Graded, Sides, Unasked, base_breaks, grade_both
from evalharness.check.rows import (
    AT_BASE,
    Announced,
    Check,
    Row,
    at_base,
    by_base,
    rows,
    rubric_differs,
    switches,
    unsettled,
)
from evalharness.drift.anchors import store_now
from evalharness.errors import GradingStopped, Problem, StoreError
from evalharness.gate.rulings import with_min_score
from evalharness.gate.steps import finer_than_steps
from evalharness.graders import Grader
from evalharness.graders.choice import automatic
from evalharness.grading.fill import open_calls
from evalharness.grading.workflow import LATEST_OF_A_MODEL
from evalharness.history.workflow import looking
from evalharness.lint import rubric_lint
from evalharness.load import Loaded
from evalharness.load.text_source import leaves
from evalharness.model.config import Gate
from evalharness.model.nouns import HEURISTIC, Case, Grade, GraderId, Rubric
from evalharness.model.run import Cost, Run
from evalharness.plan.identity import fingerprint
from evalharness.plan.plan import latest_of_each_series, make_plan
from evalharness.results.aggregate import CaseResult, case_result
from evalharness.results.changes import Grading as Noise
from evalharness.store.runs import Store
from evalharness.text import speaking
from evalharness.world import World, real_world

_SETTINGS = ("grader", "model", "effort", "mode", "base_url", "samples", "max_samples", "redact", "gate", "author")
NEW_RUBRIC = "new, so its gate is advisory until it stands in the base"
OF_BASE = "this check goes by those of the base"
_FINGERPRINT = ("grader", "model", "effort", "mode", "base_url", "redact")


def check(
    base: str,
    *,
    settings: Mapping[str, Any] | None = None,
    gate: Mapping[str, Any] | None = None,
    out: Path | None = None,
    world: World | None = None,
) -> Check:
    """Return what changed between the merge base of `base` and the files as they are now, and what the gates say.

    `settings` and `gate` override those of the base's configuration; grades made here are kept under `out`, else in
    the user's cache, never under `reports/`.  Raises `InputError` and `InvalidFiles` as `change_set` does.
    """
    world = world or real_world()
    found = change_set(base, world.cwd)
    given = {name: value for name, value in (settings or {}).items() if value is not None}
    config = msgspec.structs.replace(found.loaded.config, **given)
    config = msgspec.structs.replace(config, gate=_gate(config.gate, gate or {}))
    found = dataclasses.replace(found, loaded=found.loaded.with_config(config))
    grader = _grader(found.loaded, world)
    store = _store(_cache(out, found, world), found, grader)
    apart = _apart(found, grader.id)
    found = dataclasses.replace(found, changed=tuple(by_base(one, found.rubrics, apart) for one in found.changed))
    graded, rows_ = _graded(found, grader, store, world, apart)
    return _checked(found, base, graded, rows_, grader, world, apart)


def _gate(gate: Gate, given: Mapping[str, Any]) -> Gate:
    given = {name: value for name, value in given.items() if value is not None}
    min_score = given.pop("min_score", None)
    gate = msgspec.structs.replace(gate, **given)
    return gate if min_score is None else with_min_score(gate, min_score)


def _grader(loaded: Loaded, world: World) -> Grader:
    """Return the grader of the configuration, or one that is not asked where there is no credential for it."""
    name = loaded.config.grader
    if name == "auto":
        name = automatic(world.environment)
    config = msgspec.structs.replace(loaded.config, grader=name)
    try:
        return plugins.grader(name)(config, world)
    except GradingStopped as stopped:
        return Unasked(looking(loaded.with_config(config), world), stopped.message)


def _cache(out: Path | None, found: ChangeSet, world: World) -> Path:
    """Return where grades made here are kept, and looked for by the next check."""
    root = found.loaded.root
    # Never inside of the working tree: a change could bring grades to the very folder that --out names.
    if out is not None and leaves(str(world.cwd / out), str(found.git.top())):
        return world.cwd / out / "grades"
    environment = world.environment
    home = environment.get("XDG_CACHE_HOME") or str(Path(environment.get("HOME", "~")).expanduser() / ".cache")
    name = hashlib.sha256(str(root).encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return Path(home) / "evalharness" / "check" / name


def _store(folder: Path, found: ChangeSet, grader: Grader) -> Store:
    """Return the store of grades made here.

    Where a grader is asked, nothing from before its last found drift is held against what it says now.
    """
    breaks = () if isinstance(grader, Unasked) else base_breaks(found, grader.id)
    return store_now(folder, breaks)


def _graded(
    found: ChangeSet, grader: Grader, store: Store, world: World, apart: Collection[str]
) -> tuple[Graded | None, tuple[Row, ...]]:
    gate = found.loaded.config.gate
    sides = _sides(found.changed, grader.id, apart)

    def rows_of(run: Run, noise: Noise) -> tuple[Row, ...]:
        known = msgspec.structs.replace(noise, grader=grader.id, calibration=found.calibration)
        return rows(found.changed, _results(sides, run), gate, known, apart=apart, switched=switches(found.changed))

    if not sides.now and not sides.before:
        return None, rows(found.changed, {}, gate, Noise())
    graded = grade_both(found, sides, grader, store, world, unclear=lambda run, noise: unsettled(rows_of(run, noise)))
    told = rows_of(graded.run, graded.noise)
    if isinstance(grader, Unasked) and any(row.ungraded for row in told):
        told = _with_surface(told, found, store, world)
    return graded, told


def _sides(changed: Sequence[Changed], grader: GraderId, apart: Collection[str]) -> Sides:
    """Return what is graded: every attempt as it is now, and what it is held against."""
    now = {one.now.key: one.now for one in changed if one.now}
    before = {case.key: case for one in changed if one.now and one.against for case in (at_base(one.against),)}
    gone = {case.key: case for one in changed if not one.now and one.before for case in (at_base(one.before),)}
    free = grader.deterministic
    optional = {key for key, case in before.items() if case.rubric.id in apart and not free} | (
        set() if free else set(gone)
    )
    return Sides(tuple(now.values()), tuple({**before, **gone}.values()), frozenset(optional))


def _results(sides: Sides, run: Run) -> dict[str, CaseResult]:
    by_case: dict[str, dict[str, list[Grade]]] = defaultdict(lambda: defaultdict(list))
    for grade in run.grades:
        by_case[grade.case][grade.criterion].append(grade)
    not_read, samples = frozenset(run.meta.not_read), run.meta.samples
    there = {attempt.key for attempt in run.attempts}
    cases = [case for case in (*sides.now, *sides.before) if case.key in there]
    breaks = run.meta.breaks
    return {case.key: case_result(case, by_case[case.key], not_read, samples, breaks=breaks) for case in cases}


def _with_surface(told: tuple[Row, ...], found: ChangeSet, store: Store, world: World) -> tuple[Row, ...]:
    """Return the rows with the offline grader's totals beside them: all that can be said without a key."""
    grader = plugins.grader(HEURISTIC)(found.loaded.config, world)
    sides = _sides(found.changed, grader.id, ())
    graded = grade_both(found, sides, grader, store, world, unclear=lambda *_: ())
    results = _results(sides, graded.run)
    surface = rows(found.changed, results, Gate(), graded.noise)
    pairs = [(row.before.total if row.before else None, row.now.total if row.now else None) for row in surface]
    return tuple(msgspec.structs.replace(row, surface=pair) for row, pair in zip(told, pairs, strict=True))


def _checked(
    found: ChangeSet,
    ref: str,
    graded: Graded | None,
    told: tuple[Row, ...],
    grader: Grader,
    world: World,
    apart: Mapping[str, str],
) -> Check:
    gate = found.loaded.config.gate
    cases = [row.now.case for row in told if row.now]
    check = Check(
        ref=ref,
        base=found.base,
        grader=grader.id,
        rows=told,
        gate=gate,
        announced=(*_rubrics(found, apart, world), *_switched(found), *_settings(found, world)),
        advice=tuple(sorted({*_remarks(cases), *_rubric_advice(found)})),
        notices=(*found.notices, *finer_than_steps(gate, cases)),
        needs=tuple(row.now.case.key for row in told if row.now and row.ungraded),
        drafts=tuple(draft for draft in found.loaded.drafts if draft.partition(":")[0] in found.touched),
    )
    if graded is None:
        return check
    of_base = [g for g in graded.run.grades if g.case.endswith(AT_BASE) and not g.reused_from and g.calls]
    cost = getattr(grader, "cost", None)
    return msgspec.structs.replace(
        check,
        state=graded.state,
        why=graded.why,
        cost=graded.cost,
        base_cost=cost(of_base) if cost else Cost(),
        base_graded=len({grade.case for grade in of_base}),
        reused=sum(bool(grade.reused_from) for grade in graded.run.grades),
    )


def _remarks(cases: Sequence[Case]) -> list[Problem]:
    return [
        Problem(path=case.attempt.path, line=remark.line, message=remark.message, hint=remark.rule, slug=remark.slug)
        for case in cases
        for remark in speaking.remarks(case)
    ]


def _rubric_advice(found: ChangeSet) -> list[Problem]:
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


# --- rubrics and settings ----------------------------------------------------------------------------


def _apart(found: ChangeSet, grader: GraderId) -> dict[str, str]:
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


def _rubrics(found: ChangeSet, apart: Mapping[str, str], world: World) -> list[Announced]:
    told = []
    for name, rubric in sorted(found.loaded.rubrics.items()):
        if name in apart:
            told.append(_priced(Announced(what=apart[name], name=f"rubric {name}"), found, {name}, world))
        elif name in found.rubrics and (what := rubric_differs(found.rubrics[name], rubric)):
            told.append(Announced(what=f"{what}; {OF_BASE}", name=f"rubric {name}", apart=False))
    return told


def _switched(found: ChangeSet) -> list[Announced]:
    counts = Counter(one.now.question.path for one in found.changed if one.now)
    return [
        Announced(
            what=f"rubric {before}, now {now}; its gate is advisory", name=f"question {path}", attempts=counts[path]
        )
        for path, (before, now) in sorted(switches(found.changed).items())
    ]


def _settings(found: ChangeSet, world: World) -> list[Announced]:
    """Return what the change would bring to the settings; the check itself goes by those of the base."""
    before = base_config(found.git, found.tree)
    names = [name for name in _SETTINGS if getattr(before, name) != getattr(found.proposed, name)]
    if not names:
        return []
    apart = any(name in _FINGERPRINT for name in names)
    told = Announced(
        what=f"{', '.join(names)}; this check goes by the settings of the base", name="settings", apart=apart
    )
    config = msgspec.structs.replace(found.proposed, gate=found.loaded.config.gate)
    again = dataclasses.replace(found, loaded=found.loaded.with_config(config))
    return [_priced(told, again, set(found.loaded.rubrics), world) if apart else told]


def _priced(told: Announced, found: ChangeSet, rubrics: Collection[str], world: World) -> Announced:
    """Return the announcement with what regrading the newest attempts would take."""
    grader = looking(found.loaded, world)
    cases = [case for case in found.loaded.cases if case.rubric.id in rubrics]
    newest = latest_of_each_series(cases, LATEST_OF_A_MODEL)
    chosen = cases if grader.id.deterministic else [case for case in cases if case.key in newest]
    told = msgspec.structs.replace(told, attempts=len(chosen))
    estimate = getattr(grader, "estimate", None)
    if estimate is None or not chosen:
        return told
    plan = make_plan(chosen, grader.id, grader.reads, redactions=found.loaded.config.redact)
    price = estimate(ordered(open_calls(plan.slots, grader, ()), grader.id.mode))
    return msgspec.structs.replace(told, calls=price.requests, usd=price.usd)


def write_texts(folder: Path, texts: Mapping[str, str]) -> None:
    """Write files into a folder that is made where it is missing; raises `StoreError` where that fails."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8", errors="replace")
    except OSError as error:
        raise StoreError(f"cannot write to {folder}: {(error.strerror or str(error)).lower()}") from error
