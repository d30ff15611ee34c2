"""a fixed set of answers -> recorded once, graded again on request, each check kept; never from stored grades."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from evalharness.core.audit import by_criterion
from evalharness.core.drift import Anchors, Drift, Levels, drift
from evalharness.core.labels import FOLDER
from evalharness.core.model import Case, Grade, Graded, Measure
from evalharness.core.plan import latest_of_each_series, make_calls, make_plan, needs_call
from evalharness.errors import InputError, StoreError
from evalharness.graders import Grader
from evalharness.load import find_root
from evalharness.pipeline import load, make_grader
from evalharness.runner import grade_all
from evalharness.store import lines_of, write_whole
from evalharness.world import World

ANCHORS, CHECKS = "anchors.json", "drift.jsonl"
MOST_ANCHORS = 8
SAMPLES = 3


def record(
    on: Sequence[str | Path] = (), *, settings: Mapping[str, Any], world: World, grader: Grader | None = None
) -> Anchors:
    """Grade the latest attempts (at most eight, or those under `on`) and keep them as anchors.

    Raises what stops a run (`BudgetReached`, `GradingStopped`): half a set of anchors is none.
    """
    loaded = load(on, settings, world)
    grader = grader or make_grader(loaded.config, world)
    latest = latest_of_each_series(loaded.cases, 1)
    cases = [case for case in loaded.cases if case.key in latest]
    cases = cases if on else cases[:: max(1, -(-len(cases) // MOST_ANCHORS))]
    levels = _graded(cases, grader, _samples(grader, loaded.config.samples), loaded.config.concurrency, world)
    made = Anchors(
        made=world.now(),
        grader=grader.id,
        cases=tuple(cases),
        levels=levels,
        fingerprints=make_plan(cases, grader.id, grader.reads).fingerprints,
    )
    write_whole(loaded.root / FOLDER / ANCHORS, msgspec.json.encode(made) + b"\n")
    return made


def check(*, settings: Mapping[str, Any], world: World, grader: Grader | None = None) -> Drift:
    """Grade the recorded anchors again, keep the check, and return what moved."""
    root = find_root((), world.cwd)
    anchors = read_anchors(root)
    loaded = load([], settings, world)
    grader = grader or make_grader(loaded.config, world)
    today = make_plan(anchors.cases, grader.id, grader.reads).fingerprints
    if today != anchors.fingerprints:
        raise InputError(
            "the anchors were recorded under another fingerprint (grader, model, mode, prompt or version)",
            hint="no silent change, so nothing to look for: evalharness drift --record",
        )
    samples = _samples(grader, loaded.config.samples)
    now = _graded(anchors.cases, grader, samples, loaded.config.concurrency, world)
    found = drift(anchors, now, at=world.now())
    path = root / FOLDER / CHECKS
    try:
        with path.open("ab") as file:
            file.write(msgspec.json.encode(found) + b"\n")
    except OSError as error:
        raise StoreError(f"cannot write {path}: {(error.strerror or str(error)).lower()}") from error
    return found


def read_anchors(root: Path) -> Anchors:
    """Return the recorded anchors of a project."""
    path = root / FOLDER / ANCHORS
    try:
        return msgspec.json.decode(path.read_bytes(), type=Anchors)
    except FileNotFoundError:
        raise InputError("no anchors are recorded yet", hint="evalharness drift --record") from None
    except (OSError, msgspec.MsgspecError) as error:
        raise StoreError(f"{path} is damaged: {error}", hint="record the anchors again") from error


def checks(root: Path) -> tuple[Drift, ...]:
    """Return all checks of a project, oldest first; a torn last line does not count."""
    return tuple(msgspec.json.decode(line, type=Drift) for line in lines_of(root / FOLDER / CHECKS))


def _samples(grader: Grader, asked: int) -> int:
    return 1 if grader.id.deterministic else max(SAMPLES, asked)


def _graded(cases: Sequence[Case], grader: Grader, samples: int, concurrency: int, world: World) -> Levels:
    grades: list[Grade] = []
    plan = make_plan(cases, grader.id, grader.reads, samples=samples)
    wanted = [s for s in plan.slots if needs_call(s) and not isinstance(s.criterion.kind, Measure)]
    calls = make_calls(wanted, grader.id.mode)

    async def ask() -> None:
        try:
            await grade_all(calls, grader, concurrency=concurrency, on_grade=grades.append, clock=world.now)
        finally:
            await grader.close()

    asyncio.run(ask())
    return by_criterion(
        (g.case, g.criterion, g.sample, g.outcome.level) for g in grades if isinstance(g.outcome, Graded)
    )
