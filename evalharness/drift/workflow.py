"""a fixed set of answers -> recorded once, graded again on request, each check kept; never from stored grades."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evalharness.drift.anchors import ANCHORS, CHECKS, check_now, checks, read_anchors, record_now
from evalharness.drift.levels import Anchors, Drift
from evalharness.graders import Grader
from evalharness.grading.workflow import load, make_grader
from evalharness.load import find_root
from evalharness.plan.plan import latest_of_each_series
from evalharness.world import World

__all__ = ["ANCHORS", "CHECKS", "check", "checks", "read_anchors", "record"]

MOST_ANCHORS = 8


def record(
    on: Sequence[str | Path] = (), *, settings: Mapping[str, Any], world: World, grader: Grader | None = None
) -> Anchors:
    """Grade the latest attempts (at most eight, or those under `on`) and keep them as anchors.

    Raises what stops a run (`BudgetReached`, `GradingStopped`): half a set of anchors is none, but what was graded is
    kept for a day, and the same command goes on.
    """
    loaded = load(on, settings, world)
    grader = grader or make_grader(loaded.config, world)
    latest = latest_of_each_series(loaded.cases, 1)
    cases = [case for case in loaded.cases if case.key in latest]
    cases = cases if on else cases[:: max(1, -(-len(cases) // MOST_ANCHORS))]
    return record_now(cases, loaded.root, loaded.config, grader, world)


def check(*, settings: Mapping[str, Any], world: World, grader: Grader | None = None) -> Drift:
    """Grade the recorded anchors again, keep the check, and return what moved; raises what stops a run."""
    read_anchors(find_root((), world.cwd))
    loaded = load([], settings, world)
    done = check_now(loaded.root, loaded.config, grader or make_grader(loaded.config, world), world)
    if done.found is None:
        assert done.stopped is not None  # noqa: S101  # a check has an end of one kind or the other
        raise done.stopped
    return done.found
