"""labels/anchors.json, labels/drift.jsonl -> what is known of a grader's drift; and the anchors graded again.

Nothing here takes a grade of the anchors from a run: graded again is the point of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from evalharness._version import __version__
from evalharness.audit.card import by_criterion
from evalharness.calls.aside import ANCHORS as FOLDER_ASIDE
from evalharness.calls.aside import Stopped, Work, begun, grade_aside, open_rounds, stored
from evalharness.criteria.labels import FOLDER
from evalharness.drift.levels import Anchors, Drift, as_known, breaks_of, drift
from evalharness.errors import BudgetReached, InputError, StoreError
from evalharness.graders import Grader
from evalharness.model.breaks import Break, Levels, is_current, is_moment
from evalharness.model.config import Config
from evalharness.model.nouns import Case, Grade, Graded, GraderId
from evalharness.model.run import RunMeta
from evalharness.plan.identity import digest
from evalharness.plan.plan import Call, make_plan, needs_call
from evalharness.store.runs import Store, append_line, is_json, write_whole
from evalharness.world import World

ANCHORS, CHECKS = "anchors.json", "drift.jsonl"
SAMPLES = 3
RECORD = "evalharness drift --record"

_MERGE_MARKS = (b"<<<<<<<", b"=======", b">>>>>>>")

_checks = msgspec.json.Decoder(Drift)


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
        "command goes on from there within a day"
    )


def read_anchors(root: Path) -> Anchors:
    """Return the recorded anchors of a project."""
    path = root / FOLDER / ANCHORS
    try:
        return msgspec.json.decode(path.read_bytes(), type=Anchors)
    except FileNotFoundError:
        raise InputError(
            "no anchors are recorded yet", hint=f"{RECORD} (once; it grades up to eight answers)"
        ) from None
    except (OSError, msgspec.MsgspecError) as error:
        raise StoreError(f"{path} is damaged: {error}", hint="record the anchors again") from error


def checks(root: Path) -> tuple[Drift, ...]:
    """Return all checks of a project, oldest first."""
    path = root / FOLDER / CHECKS
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise StoreError(f"{path} can't be read: {error.strerror}", hint="a found drift may stand there") from error
    return checks_in(data, f"{FOLDER}/{CHECKS}")


def checks_in(data: bytes, name: str) -> tuple[Drift, ...]:
    """Return the checks that stand in a `drift.jsonl`, which messages call `name`, oldest first.

    Merge marks don't count, and neither does a last line that a crash tore.  Raises `StoreError` for any other line
    that is no check: passed over, a found drift would be forgotten.
    """
    *whole, last = data.split(b"\n")
    found = [_check(line, f"{name}:{n}") for n, line in enumerate(whole, start=1) if not line.startswith(_MERGE_MARKS)]
    if is_json(last):  # only its newline is missing, as some editors leave it
        found.append(_check(last, f"{name}:{len(whole) + 1}"))
    return tuple(sorted(found, key=lambda check: check.at))


def _check(line: bytes, place: str) -> Drift:
    try:
        check = _checks.decode(line)
        for name, moment in (("at", check.at), ("since", check.since)):
            if not is_moment(moment):
                raise msgspec.ValidationError(f"`{name}` is no time: {moment!r}")
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise StoreError(
            f"{place} is no check of the anchors ({error}); a found drift may stand there, so nothing is compared",
            hint="take the line from Git again; delete it only if you know that it held no found drift",
        ) from error
    return check


def known_breaks(root: Path, grader: GraderId) -> tuple[Break, ...]:
    """Return the found drifts of a grader in a project."""
    return breaks_of(checks(root), grader)


def store_now(folder: Path, breaks: Sequence[Break]) -> Store:
    """Return the store for a grading that is made now: what was graded before a found drift is not reused.

    It keeps its key and is comparable with its like, but a run that held both would mix two graders.
    """
    return Store(folder, lambda grade: is_current(breaks, grade))


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
