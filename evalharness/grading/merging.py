"""`report --merge`: the runs of several machines brought together, and one report of them all; nobody is asked."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from evalharness.calls.rules import open_calls
from evalharness.errors import InputError, StoreError
from evalharness.grading.workflow import Choice, Known, execute, plan_for, write_progress
from evalharness.load.drift import known_breaks
from evalharness.load.workflow import load
from evalharness.model.run import Run
from evalharness.plugins import looking
from evalharness.store.runs import store_now
from evalharness.store.writer import RUN
from evalharness.world import World, real_world

SHOWN = 3


def merge(folders: Iterable[Path], *, settings: Mapping[str, Any] | None = None, world: World | None = None) -> Run:
    """Copy every run under `folders` into the project's reports, and return the one run over all that is stored.

    A run that is here already is left alone.  Nothing is sent.  Raises `InputError` where a folder holds no run, or
    where an answer has no grade yet, and `StoreError` where a run can't be copied.
    """
    world = world or real_world()
    loaded = load((), settings or {}, world)
    reports = loaded.root / loaded.config.reports
    for folder in folders:
        _bring(world.cwd / folder, reports)
    grader = looking(loaded, world)
    breaks = known_breaks(loaded.root, grader.id)
    store = store_now(reports, breaks)
    plan = plan_for(loaded, grader, Choice(), store)
    stored = store.find(plan.slots.each_key())
    if calls := open_calls(plan.slots, grader, stored):
        cases = tuple(dict.fromkeys(call.case.key for call in calls))
        more = f" and {len(cases) - SHOWN} more" if len(cases) > SHOWN else ""
        raise InputError(
            f"{len(cases)} of {len(plan.cases)} answers are not graded by {grader.id.model or grader.id.name} yet: "
            f"{', '.join(cases[:SHOWN])}{more}",
            hint="is the folder of one machine missing? evalharness run grades what is left",
        )
    runs = store.runs()
    done = execute(loaded, grader, plan, store, Choice(of=len(loaded.cases)), world, Known(breaks=breaks))
    write_progress(loaded, store, world, whole=True, is_new=done.meta.id not in runs)
    return done


def _bring(folder: Path, reports: Path) -> None:
    """Copy the runs under `folder` that `reports` does not hold, each as a whole or not at all."""
    runs = [file.parent for file in sorted(folder.rglob(RUN))]
    if not runs:
        raise InputError(
            f"{folder.name} contains no run",
            hint="name a folder with the reports of a machine in it",
            slug="nothing-yet",
        )
    try:
        for run in runs:
            place = reports / run.name
            if place.exists():
                _same(run, place)
                continue
            reports.mkdir(parents=True, exist_ok=True)
            half = reports / f".{run.name}.copying"
            shutil.rmtree(half, ignore_errors=True)
            shutil.copytree(run, half)
            half.rename(place)
    except OSError as error:
        raise StoreError(f"cannot copy {folder} to {reports}: {(error.strerror or str(error)).lower()}") from error


def _same(run: Path, place: Path) -> None:
    if (run / RUN).read_bytes() != (place / RUN).read_bytes():
        raise InputError(
            f"two different runs are called {run.name}: {run} and {place}",
            hint="rename the folder of one of them",
        )
