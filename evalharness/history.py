"""project, store -> history: the grades that today's settings would make, as far as they are stored.  No call."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from evalharness.anchors import known_breaks
from evalharness.core.aggregate import case_result, group
from evalharness.core.breaks import Break, is_current, made_at, side
from evalharness.core.history import History
from evalharness.core.model import HEURISTIC, Grade, Measure
from evalharness.core.plan import Plan, make_plan, needs_call
from evalharness.elsewhere import elsewhere
from evalharness.graders import Grader
from evalharness.graders.choice import automatic
from evalharness.grading import by_rule
from evalharness.load import Asked, Loaded
from evalharness.pipeline import load
from evalharness.store import Store
from evalharness.world import World, real_world


def history(
    paths: Sequence[str | Path] = (),
    *,
    settings: Mapping[str, Any] | None = None,
    world: World | None = None,
    asked: Asked | None = None,
) -> tuple[Loaded, Store, History]:
    """Return the project, its store, and every attempt with the grades stored under today's settings.

    With `asked`, what is broken in other questions is left out and said.
    Measures and answers below the floor of words are graded here and now: they need no grader and no store.
    """
    world = world or real_world()
    loaded = load(paths, settings or {}, world, asked=asked)
    store, found = history_of(loaded, world)
    say_headless(store, world)
    return loaded, store, found


def say_headless(store: Store, world: World) -> None:
    """Say which folders of the store hold grades that nothing reads."""
    if found := store.headless():
        folders = ", ".join(found[:3]) + (", ..." if len(found) > 3 else "")
        what = f"{store.folder.name}/: {folders}"
        world.say(f"left out, grades without run.json in {what}; put run.json back, or delete the folder")


def history_of(loaded: Loaded, world: World, *, others: bool = True) -> tuple[Store, History]:
    """Return the store of a loaded project, and every attempt of it as `history` does.

    Without `others` nobody looks for grades under other identities, which takes a look at every run.
    """
    grader = looking(loaded, world)
    store = Store(loaded.root / loaded.config.reports)
    breaks = known_breaks(loaded.root, grader.id)
    redactions = () if grader.id.name == HEURISTIC else loaded.config.redact
    samples = 1 if grader.id.deterministic else max(loaded.config.samples, loaded.config.max_samples)
    plan = make_plan(loaded.cases, grader.id, grader.reads, samples=samples, redactions=redactions)
    found = _history(loaded, store, grader, plan, breaks, others=others)
    return store, msgspec.structs.replace(found, breaks=breaks, stale=_stale(found, breaks))


def looking(loaded: Loaded, world: World) -> Grader:
    """Return the configured grader for looking only: no credential is needed, nothing can be sent."""
    name = loaded.config.grader
    if name == "auto":
        name = automatic(world.environment)
    if name == HEURISTIC:
        from evalharness.graders.heuristic import HeuristicGrader

        return HeuristicGrader()
    from evalharness.graders.anthropic import without_sending

    return without_sending(loaded.config, world)


def _stale(found: History, breaks: Sequence[Break]) -> frozenset[str]:
    """Return the attempts with a grade from before the grader's last found drift."""
    grades = ((result.case.key, grade) for result in found.results for s in result.read for grade in s.grades)
    return frozenset(key for key, grade in grades if not is_current(breaks, grade))


def _history(
    loaded: Loaded, store: Store, grader: Grader, plan: Plan, breaks: tuple[Break, ...], *, others: bool
) -> History:
    stored = _one_side(store.find(plan.keys), plan, breaks)
    by_case: dict[str, dict[str, list[Grade]]] = defaultdict(lambda: defaultdict(list))
    graded_at: dict[str, str] = {}
    for slot in plan.slots:
        grade = stored.get(slot.key)
        if grade is None:
            if slot.sample > 1 or needs_call(slot):
                continue
            (grade,) = by_rule([slot], "")
        elif not isinstance(slot.criterion.kind, Measure):
            graded_at[slot.case.key] = max(graded_at.get(slot.case.key, ""), grade.at)
        named = msgspec.structs.replace(grade, case=slot.case.key, criterion=slot.criterion.id, sample=slot.sample)
        by_case[slot.case.key][slot.criterion.id].append(named)
    not_read = frozenset(plan.not_read)
    results = [
        case_result(case, by_case[case.key], not_read, 1, capped=grader.id.name == HEURISTIC, breaks=breaks)
        for case in plan.cases
    ]
    runs = store.runs()
    ungraded = {result.case.key for result in results if result.ungraded}
    return History(
        grader=grader.id,
        series=group(results),
        rubrics=tuple(loaded.rubrics.values()),
        graded_at=graded_at,
        elsewhere=elsewhere(store, runs, plan, grader.id, ungraded) if others else (),
        runs=len(runs),
        fingerprints=plan.fingerprints,
    )


def _one_side(stored: dict[str, Grade], plan: Plan, breaks: tuple[Break, ...]) -> dict[str, Grade]:
    """Return the stored grades without those that would mix two graders in one attempt.

    Where an attempt was graded on two sides of a found drift, the side with more of its criteria stands, of equal
    ones the newer.
    """
    if not breaks:
        return stored
    sides: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    marks: dict[str, str] = {}
    for slot in plan.slots:
        grade = stored.get(slot.key)
        if grade is not None and made_at((grade,)):
            marks[slot.key] = side(breaks, grade.at)
            sides[slot.case.key][marks[slot.key]].add(slot.criterion.id)
    best = {case: max(found, key=lambda mark: (len(found[mark]), mark)) for case, found in sides.items()}
    dropped = {s.key for s in plan.slots if s.key in marks and marks[s.key] != best[s.case.key]}
    return {key: grade for key, grade in stored.items() if key not in dropped}
