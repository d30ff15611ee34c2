"""`compare`: two stored runs, read and set side by side.  Nothing is sent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from evalharness.compare.comparison import Comparison, Standing
from evalharness.compare.comparison import compare as compare_runs
from evalharness.errors import InputError, UnknownName
from evalharness.history.workflow import history_of, say_headless, say_lost
from evalharness.load import find_root, read_config
from evalharness.load.drift import as_known_now, known_breaks
from evalharness.load.noise import prior_of
from evalharness.load.places import check_project
from evalharness.load.workflow import load
from evalharness.progress.series import Advice
from evalharness.progress.workflow import AGAIN, Looked, advice
from evalharness.results.changes import Grading, grading_of
from evalharness.store.runs import Store
from evalharness.world import World, real_world

_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


def compare(
    before: str,
    after: str,
    settings: Mapping[str, Any] | None = None,
    *,
    world: World | None = None,
    again: str = AGAIN,
) -> tuple[Comparison, Advice | None]:
    """Return the comparison of two stored runs, and the command that would make more of them comparable.

    A run is named by its id, the beginning of one, `latest`, `previous`, its folder, or a day (UTC): the newest run
    of that day or before.
    """
    world = world or real_world()
    root = find_root((), world.cwd)
    config = read_config(root).config
    store = Store(root / ((settings or {}).get("reports") or config.reports))
    say_headless(store, world)
    if not store.runs():
        check_project(world.cwd)
    names = [resolve(store, name) for name in (before, after)]
    if names[0] == names[1]:
        others = len(store.runs()) > 1
        raise InputError(
            f"both names mean run {names[0]}, which has nothing to be compared with",
            hint="`evalharness compare previous latest` compares the last two"
            if others
            else "it is the only one; change or add an answer, then: evalharness run",
        )
    runs = [as_known_now(store.read(name), root) for name in names]
    for run in runs:
        say_lost(run, world)
    prints = {value for run in runs for value in run.meta.fingerprints.values()}
    grader = max((run.meta for run in runs), key=lambda meta: meta.started).grader
    breaks = known_breaks(root, grader)
    repeated = () if grader.deterministic else store.repeated(prints)
    known = grading_of(grader, repeated, breaks, prior_of(root, config, grader))
    found = compare_runs(runs[0], runs[1], known)
    return found, _regrade(found, settings, world, again)


def resolve(store: Store, name: str) -> str:
    """Return the id of the run that a person means; a day is the newest run of that day or before, in UTC."""
    day = _DAY.fullmatch(name)
    if not day:
        return store.resolve(name)
    runs = store.runs()
    found = next((run for run in runs if run[:8] <= "".join(day.groups())), None)
    if found is None:
        raise UnknownName("run", name, runs, hint=f"no run is as old as that; the first is {runs[-1]}" if runs else "")
    return found


def _regrade(found: Comparison, settings: Mapping[str, Any] | None, world: World, again: str) -> Advice | None:
    """Return what grades the attempts that can't be compared under today's settings; None if not needed."""
    names = {row.series for row in found.of(Standing.NOT_COMPARABLE)}
    if not names:
        return None
    try:
        loaded = load([], settings or {}, world)
        store, history = history_of(loaded, world, others=False)
    except InputError:
        return None  # the runs are stored for good; the files may have moved on
    looked = Looked(loaded, store, history, Grading(), world)
    results = (result for result in history.results if result.case.attempt.series in names)
    return advice(looked, results, f"{again} --all")
