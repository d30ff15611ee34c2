"""project, store -> history: the grades that today's settings would make, as far as they are stored.  No call."""

from __future__ import annotations

import contextlib
import itertools
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from evalharness.calls.rules import by_rule, copy
from evalharness.console.regular import opener
from evalharness.errors import StoreError
from evalharness.graders import Grader
from evalharness.history.elsewhere import Head, elsewhere
from evalharness.history.nouns import History
from evalharness.load import Asked, Loaded
from evalharness.load.drift import known_breaks
from evalharness.load.workflow import load
from evalharness.model import records
from evalharness.model.breaks import Break, is_current, made_at, side
from evalharness.model.nouns import HEURISTIC, Grade, GraderId
from evalharness.model.run import Former, Run, RunState
from evalharness.plan.plan import Plan, Slot, make_plan, needs_call
from evalharness.plugins import looking
from evalharness.reports import words as wording
from evalharness.results.aggregate import CaseResult, all_series, case_result, of_criteria, rows_of_series
from evalharness.results.steps import Timing
from evalharness.store.lines import Found
from evalharness.store.runs import Store, lines_of
from evalharness.store.writer import GRADES, RUN
from evalharness.world import World, real_world

_BULK = b'\n  "questions": ['
_HEAD_BYTES = 16_384
MOST_RUNS = 20  # so many are looked through for the last one that holds an attempt
_heads = records.Decoder(Head)


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


def lost_of(run: Run) -> str:
    """Return what is gone of what a run promised, in words; nothing where all is there."""
    grades, attempts = run.meta.planned - len(run.grades), run.meta.attempts - len(run.attempts)
    told = [wording.plural(count, name) for count, name in ((grades, "grade"), (attempts, "attempt")) if count > 0]
    return " and ".join(told)


def say_lost(run: Run, world: World) -> None:
    """Say what a run that came to its end has lost since."""
    lost = lost_of(run) if run.meta.state is RunState.FINISHED else ""
    if lost:
        world.say(f"{lost} of run {run.meta.id} can't be read any more; `evalharness run` makes them again")


def history_of(loaded: Loaded, world: World, *, others: bool = True) -> tuple[Store, History]:
    """Return the store of a loaded project, and every attempt of it as `history` does.

    Without `others` nobody looks for grades under other identities, which takes a look at every run.
    """
    grader = looking(loaded, world)
    store = Store(loaded.root / loaded.config.reports)
    breaks = known_breaks(loaded.root, grader.id)
    redactions = () if grader.id.name == HEURISTIC else loaded.config.redact
    samples = 1 if grader.id.deterministic else loaded.config.samples_read
    plan = make_plan(loaded.cases, grader.id, grader.reads, samples=samples, redactions=redactions)
    timing = Timing(today=world.clock().astimezone().date().isoformat(), interview=loaded.config.interview)
    found = _history(loaded, store, grader, plan, breaks, others=others)
    return store, msgspec.structs.replace(found, timing=timing)


def _history(
    loaded: Loaded, store: Store, grader: Grader, plan: Plan, breaks: tuple[Break, ...], *, others: bool
) -> History:
    stored = _one_side(store.find(plan.slots.each_key()), plan, breaks)
    runs = store.runs()
    former = _former(store, runs, grader.id)
    result = _results(plan, stored, breaks, former, capped=grader.id.name == HEURISTIC)
    rows = rows_of_series(case.attempt for case in plan.cases)
    ungraded: set[str] = set()
    stale: set[str] = set()
    for found in map(result, range(len(plan.cases)) if breaks else _incomplete(plan, stored)):
        if found.ungraded:
            ungraded.add(found.case.key)
        if breaks and _is_stale(found):
            stale.add(found.case.key)
    return History(
        grader=grader.id,
        series=all_series(rows, result, is_held=stored.is_held),
        rubrics=tuple(loaded.rubrics.values()),
        elsewhere=elsewhere(_Heads(store), runs, plan, grader.id, ungraded) if others else (),
        runs=len(runs),
        fingerprints=plan.fingerprints,
        breaks=breaks,
        stale=frozenset(stale),
        ungraded=frozenset(ungraded),
    )


def _former(store: Store, runs: Sequence[str], grader: GraderId) -> dict[str, Former]:
    """Return what attempts had before they were edited in place, as the newest run that holds each of them knew it."""
    seen: set[str] = set()
    found: dict[str, Former] = {}
    for name in runs[:MOST_RUNS]:
        with contextlib.suppress(StoreError):
            meta = store.read_meta(name)
            if meta.grader != grader:
                continue
            found = {each.case: each for each in meta.former if each.case not in seen} | found
            if meta.attempts >= meta.of:
                break
            seen.update(attempt.key for attempt in store.attempts(name))
    return found


def _results(
    plan: Plan, stored: Found, breaks: tuple[Break, ...], former: Mapping[str, Former], *, capped: bool
) -> Callable[[int], CaseResult]:
    """Return what makes the result of one of the plan's attempts, by its place."""
    slots, not_read = plan.slots, frozenset(plan.not_read)
    counts = Counter(slots.rows)
    first = array("I", itertools.accumulate((counts[row] for row in range(len(plan.cases))), initial=0))

    def result(row: int) -> CaseResult:
        wanted = (slots[number] for number in range(first[row], first[row + 1]))
        grades = of_criteria(grade for slot in wanted if (grade := _grade(slot, stored)))
        found = case_result(plan.cases[row], grades, not_read, 1, capped=capped, breaks=breaks)
        key = found.case.key
        return msgspec.structs.replace(found, former=former[key]) if key in former else found

    return result


def _incomplete(plan: Plan, stored: Found) -> list[int]:
    """Return the places of the attempts that lack a stored grade: what they have is looked at, the others have all."""
    lacking = {row for row, key in zip(plan.slots.rows, plan.slots.each_key(), strict=True) if key not in stored}
    return sorted(lacking)


def _grade(slot: Slot, stored: Found) -> Grade | None:
    """Return what is stored for a slot, else what a rule says of it, else None."""
    grade = stored.bare(slot.key)
    if grade is None:
        return None if slot.sample > 1 or needs_call(slot) else next(by_rule([slot], ""))
    return grade if grade.slot == slot.name else copy(grade, slot)


def _is_stale(result: CaseResult) -> bool:
    """Return whether an attempt has a grade from before the grader's last found drift."""
    return not all(is_current(result.breaks, grade) for score in result.read for grade in score.grades)


def _one_side(stored: Found, plan: Plan, breaks: tuple[Break, ...]) -> Found:
    """Return the stored grades without those that would mix two graders in one attempt.

    Where an attempt was graded on two sides of a found drift, the side with more of its criteria stands, of equal
    ones the newer.
    """
    if not breaks:
        return stored
    dropped: set[str] = set()
    for _, slots in itertools.groupby(plan.slots, key=lambda slot: slot.case.key):
        marks: list[tuple[str, str]] = []
        sides: dict[str, set[str]] = defaultdict(set)
        for slot in slots:
            grade = stored.get(slot.key)
            if grade is not None and made_at((grade,)):
                mark = side(breaks, grade.at)
                marks.append((mark, slot.key))
                sides[mark].add(slot.criterion.id)
        best = max(sides, key=lambda mark: (len(sides[mark]), mark), default="")
        dropped.update(key for mark, key in marks if mark != best)
    return stored.without(dropped) if dropped else stored


class _Heads:
    """The heads of stored runs.

    `run.json` carries the questions and rubrics of its day, which are most of it; they are at its end and are cut off
    before it is parsed.
    """

    def __init__(self, store: Store) -> None:
        self._folder = store.folder

    def head(self, run: str) -> Head | None:
        """Return who graded a run, or None where its `run.json` is damaged or gone."""
        try:
            with open(f"{self._folder}/{run}/{RUN}", "rb", opener=opener) as file:  # Paths cost more
                data = file.read(_HEAD_BYTES)
                before, bulk, _ = data.partition(_BULK)
                data = data if bulk else data + file.read()
        except OSError:
            return None
        try:
            return _heads.decode(before.rstrip().rstrip(b",") + b"}" if bulk else data)
        except msgspec.MsgspecError:
            return None

    def lines(self, run: str) -> Iterator[bytes]:
        """Return the lines of a run's grades."""
        return lines_of(self._folder / run / GRADES)
