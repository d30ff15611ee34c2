"""`report --merge`: the runs of several machines brought together, and one report of them all; nobody is asked."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec

from evalharness.calls.rules import open_calls
from evalharness.errors import InputError, StoreError
from evalharness.graders import Grader
from evalharness.graders.unasked import absent
from evalharness.grading.shards import Together, together
from evalharness.grading.workflow import Choice, Known, execute, plan_for, write_progress
from evalharness.load import Loaded
from evalharness.load.drift import known_breaks
from evalharness.load.workflow import load
from evalharness.model.run import Run
from evalharness.plugins import looking
from evalharness.reports.words import plural
from evalharness.store.runs import Store, store_now
from evalharness.store.writer import RUN
from evalharness.world import World, real_world

SHOWN = 3


def merge(folders: Iterable[Path], *, settings: Mapping[str, Any] | None = None, world: World | None = None) -> Run:
    """Copy every run under `folders` into the project's reports, and return the one run over what they were asked.

    Grader, samples and choice are those of the runs, as their `run.json` says; whole runs of more than one grader are
    brought together by the settings' own, over the whole project.  A run that is here already is left alone.  Nothing
    is sent.  Raises `InputError` where a folder holds no run, where a shard is missing or is part of another run, or
    where an answer has no grade yet, and `StoreError` where a run can't be copied.
    """
    world = world or real_world()
    loaded = load((), settings or {}, world)
    reports = loaded.root / loaded.config.reports
    names = {name for folder in folders for name in _bring(world.cwd / folder, reports)}
    every = store_now(reports, ())
    found = together({name: every.read_meta(name) for name in names})
    grader = absent(found.grader, found.runs.values()) if found else looking(loaded, world)
    breaks = known_breaks(loaded.root, grader.id)
    store = store_now(reports, breaks)
    part, choice = _narrowed(loaded, found, store), Choice(paths=found.asked if found else (), of=len(loaded.cases))
    plan = plan_for(part, grader, Choice(), store)
    stored = store.find(plan.slots.each_key())
    if calls := open_calls(plan.slots, grader, stored):
        raise _ungraded(tuple(dict.fromkeys(call.case.key for call in calls)), len(plan.cases), grader, found)
    runs = store.runs()
    done = execute(part, grader, plan, store, choice, world, Known(breaks=breaks))
    write_progress(loaded, store, world, whole=True, is_new=done.meta.id not in runs)
    return done


def _narrowed(loaded: Loaded, found: Together | None, store: Store) -> Loaded:
    """Return the project under the samples of the runs, with the answers that they took in; all where all were asked.

    Raises `InputError` where one of those answers is not in the project.
    """
    if found is None:
        return loaded
    part = loaded.with_config(msgspec.structs.replace(loaded.config, samples=found.samples))
    if not found.asked:
        return part
    asked = {attempt.key: None for name in found.runs for attempt in store.read(name).attempts}
    here = {case.key for case in loaded.cases}
    if gone := [key for key in asked if key not in here]:
        raise InputError(
            f"{plural(len(gone), 'answer')} of these runs {'are' if len(gone) > 1 else 'is'} not in this project: "
            f"{_listed(gone)}",
            hint="bring the runs together where the same files are checked out",
        )
    return replace(part, cases=tuple(case for case in loaded.cases if case.key in asked))


def _ungraded(cases: Sequence[str], of: int, grader: Grader, found: Together | None) -> InputError:
    early = ", ".join(found.early()) if found else ""
    return InputError(
        f"{len(cases)} of {of} answers are not graded by {grader.id.model or grader.id.name} yet: {_listed(cases)}",
        hint=f"{early}: run it again on its machine"
        if early
        else "the files or the rubric changed since, or a grade failed: evalharness run grades what is left"
        if found and found.of
        else "is the folder of one machine missing? evalharness run grades what is left",
    )


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return f"{', '.join(names[:SHOWN])}{more}"


def _bring(folder: Path, reports: Path) -> list[str]:
    """Copy the runs under `folder` that `reports` does not hold, each as a whole or not at all; return all names."""
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
    return [run.name for run in runs]


def _same(run: Path, place: Path) -> None:
    if (run / RUN).read_bytes() != (place / RUN).read_bytes():
        raise InputError(
            f"two different runs are called {run.name}: {run} and {place}",
            hint="rename the folder of one of them",
        )
