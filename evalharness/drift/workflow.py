"""`drift`: a fixed set of answers, recorded once and graded again on request; every check is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from evalharness._version import __version__
from evalharness.calls.aside import ANCHORS as FOLDER_ASIDE
from evalharness.calls.aside import Stopped, Work, begun, grade_aside, open_rounds, stored
from evalharness.criteria.labels import FOLDER
from evalharness.drift.levels import Drift, by_criterion, drift
from evalharness.errors import BudgetReached, InputError
from evalharness.graders import Grader
from evalharness.load import find_root
from evalharness.load.drift import ANCHORS, CHECKS, RECORD, checks, is_cut_off, read_anchors
from evalharness.load.places import check_project
from evalharness.load.workflow import load
from evalharness.model.breaks import Levels
from evalharness.model.config import Config
from evalharness.model.drift import Anchors, as_known
from evalharness.model.nouns import Case, Grade, Graded
from evalharness.model.run import RunMeta
from evalharness.plan.identity import digest
from evalharness.plan.plan import Call, latest_of_each_series, make_plan, needs_call
from evalharness.plugins import make_grader
from evalharness.store.files import append_line, write_whole
from evalharness.store.runs import Store
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
    check_project(world.cwd)
    read_anchors(find_root((), world.cwd))
    loaded = load([], settings, world)
    done = check_now(loaded.root, loaded.config, grader or make_grader(loaded.config, world), world)
    if done.found is None:
        assert done.stopped is not None  # noqa: S101  # a check has an end of one kind or the other
        raise done.stopped
    return done.found


SAMPLES = 3


class Checked(NamedTuple):
    """What a check of the anchors came to.

    `found` is None where it ended early (`stopped`) or could not begin (`why_not`); `made` are the grades that it
    paid for, `grades` how many it has so far, of `planned`.
    """

    found: Drift | None = None
    made: tuple[Grade, ...] = ()
    grades: int = 0
    planned: int = 0
    stopped: Stopped = None
    why_not: str = ""


def missing(checked: Checked) -> str:
    """Return why a check has found nothing, in words."""
    if checked.why_not:
        return f"not graded again: {checked.why_not}"
    ended = "the budget ended" if isinstance(checked.stopped, BudgetReached) else "grading stopped"
    return (
        f"{checked.grades} of {checked.planned} grades made before {ended}, so nothing is known of a drift; the same "
        "command continues there within a day"
    )


def fitting(root: Path, grader: Grader) -> Anchors:
    """Return the anchors as they are known of `grader`; raises `InputError` where others are recorded, or none."""
    anchors = read_anchors(root)
    if make_plan(anchors.cases, grader.id, grader.reads).fingerprints != anchors.fingerprints:
        raise InputError(
            "the anchors were recorded under another fingerprint (grader, model, mode, prompt or version)",
            hint=f"no silent change, so nothing to look for: {RECORD}",
        )
    return as_known(anchors, checks(root))


def record_now(cases: Sequence[Case], root: Path, config: Config, grader: Grader, world: World) -> Anchors:
    """Grade `cases` and keep them as anchors; raises what stops a run, and goes on from there the next time."""
    work = _work("record", cases, grader, config, world)
    done = grade_aside(work, _store(root, config), lambda: grader, world, concurrency=config.concurrency)
    if done.stopped:
        raise done.stopped
    made = Anchors(
        made=world.now(),
        grader=grader.id,
        cases=tuple(cases),
        levels=_levels(done.grades),
        fingerprints=make_plan(cases, grader.id, grader.reads).fingerprints,
    )
    write_whole(root / FOLDER / ANCHORS, msgspec.json.encode(made) + b"\n")
    return made


def check_now(root: Path, config: Config, grader: Grader, world: World) -> Checked:
    """Grade the recorded anchors again and keep the check; what ends early is gone on with by the next check."""
    anchors = fitting(root, grader)
    if is_cut_off(root):
        world.say(f"the last line of {FOLDER}/{CHECKS} was cut off and does not count; Git may have it whole")
    work = _work(anchors.made, anchors.cases, grader, config, world)
    world.say(f"anchors: {len(anchors.cases)} recorded answers are graded again")
    done = grade_aside(work, _store(root, config), lambda: grader, world, concurrency=config.concurrency)
    if done.stopped:
        return Checked(made=done.made, grades=len(done.grades), planned=len(work.slots), stopped=done.stopped)
    found = drift(anchors, _levels(done.grades), at=world.now())
    append_line(root / FOLDER / CHECKS, msgspec.json.encode(found))
    return Checked(found=found, made=done.made, grades=len(done.grades), planned=len(work.slots))


def calls_of_check(root: Path, config: Config, grader: Grader, world: World) -> tuple[Call, ...]:
    """Return the calls that a check would make now; raises as `fitting` does."""
    anchors = fitting(root, grader)
    work, store = _work(anchors.made, anchors.cases, grader, config, world), _store(root, config)
    kept = stored(work, store, begun(work, store, world))
    return tuple(call for calls in open_rounds(work, kept) for call in calls)


def _store(root: Path, config: Config) -> Store:
    return Store(root / config.reports / FOLDER_ASIDE)


def _levels(grades: Iterable[Grade]) -> Levels:
    graded = ((g.case, g.criterion, g.sample, g.outcome) for g in grades)
    return by_criterion((case, name, n, out.level) for case, name, n, out in graded if isinstance(out, Graded))


def _work(what: str, cases: Sequence[Case], grader: Grader, config: Config, world: World) -> Work:
    samples = 1 if grader.id.deterministic else max(SAMPLES, config.samples)
    redactions = () if grader.id.deterministic else config.redact
    plan = make_plan(cases, grader.id, grader.reads, samples=samples, redactions=redactions)
    # Two anchors may hold the same words: each is graded by itself.
    slots = tuple(
        msgspec.structs.replace(slot, key=digest((slot.key, slot.case.key))) for slot in plan.slots if needs_call(slot)
    )
    meta = RunMeta(
        id=world.new_id(world.clock()),
        started=world.now(),
        version=__version__,
        grader=grader.id,
        samples=samples,
        digest=digest((what, [slot.key for slot in slots])),
        planned=len(slots),
        fingerprints=plan.fingerprints,
        questions=tuple({case.question.id: case.question for case in cases}.values()),
        rubrics=tuple({case.rubric.id: case.rubric for case in cases}.values()),
    )
    return Work(meta, tuple(case.attempt for case in cases), (slots,), afresh=True)
