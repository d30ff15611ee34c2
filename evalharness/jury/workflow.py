"""`graders: [a, b, c]`: each grades the same attempts in a run of its own; then they are laid side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from evalharness.errors import GradingStopped, InputError
from evalharness.grading.workflow import Choice
from evalharness.grading.workflow import run as run_one
from evalharness.load import find_project
from evalharness.model.config import Juror
from evalharness.store.runs import Store
from evalharness.world import World, real_world

if TYPE_CHECKING:
    from evalharness.jury.verdict import Seat, Verdict

PAGE = "JURY.md"


def jurors(
    paths: Sequence[str | Path] = (), *, settings: Mapping[str, Any] | None = None, world: World | None = None
) -> tuple[Juror, ...]:
    """Return the graders of the configured jury; none where there is none, or where one grader was asked for."""
    world = world or real_world()
    if (settings or {}).get("grader"):
        return ()
    members = find_project([Path(path) for path in paths], cwd=world.cwd).config.graders
    if any(one.grader == "auto" for one in members):
        raise InputError("'auto' cannot be in a jury", hint="name anthropic or heuristic")
    return members


def run(
    paths: Sequence[str | Path] = (),
    *,
    settings: Mapping[str, Any] | None = None,
    choice: Choice | None = None,
    world: World | None = None,
) -> Verdict:
    """Grade the attempts by each grader of the jury and return what it found; `reports/JURY.md` says the same.

    Each grader has its own run: its own identity, cache, samples and noise; all spend from one budget.  One that
    cannot grade at all leaves its seat empty.
    """
    from evalharness.jury.page import page
    from evalharness.jury.verdict import verdict

    world = world or real_world()
    members = jurors(paths, settings=settings, world=world)
    among = msgspec.structs.replace(choice or Choice(), among=len(members))
    seats = [
        _seat(name, paths, {**(settings or {}), **own_settings(one)}, among, world)
        for name, one in zip(names(members), members, strict=True)
    ]
    found = verdict(seats)
    place = page_file(paths, settings=settings, world=world)
    Store(place.parent).write("", place.name, page(found), changed=True)
    return found


def page_file(
    paths: Sequence[str | Path] = (), *, settings: Mapping[str, Any] | None = None, world: World | None = None
) -> Path:
    """Return where the report of a jury is written."""
    project = find_project([Path(path) for path in paths], cwd=(world or real_world()).cwd)
    return project.root / ((settings or {}).get("reports") or project.config.reports) / PAGE


def own_settings(one: Juror) -> dict[str, Any]:
    """Return what a grader of a jury is asked with, beside the settings that all share."""
    return {name: value for name, value in msgspec.structs.asdict(one).items() if value}


def names(members: Sequence[Juror]) -> tuple[str, ...]:
    """Return a name for each grader: by its model or command where two would have the same."""
    short = [one.grader for one in members]
    longer = [" ".join(filter(None, (one.grader, one.model or one.command, one.mode, one.effort))) for one in members]
    taken = Counter(short)
    found = [name if taken[name] == 1 else long for name, long in zip(short, longer, strict=True)]
    twice = Counter(found)
    return tuple(name if twice[name] == 1 else f"{name} #{place}" for place, name in enumerate(found, start=1))


def _seat(name: str, paths: Sequence[str | Path], settings: Mapping[str, Any], choice: Choice, world: World) -> Seat:
    from evalharness.jury.verdict import Seat

    world.say(f"jury: {name}")
    try:
        return Seat(name=name, run=run_one(paths, settings=settings, choice=choice, world=world))
    except GradingStopped as stopped:
        world.say(f"jury: {name} can't grade: {stopped.message}")
        return Seat(name=name, why=stopped.message)
