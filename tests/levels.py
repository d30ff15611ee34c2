"""Runs of a model that were never made: a project whose `reports/` hold the levels a test asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from evalharness.criteria import measured
from evalharness.graders.anthropic import without_sending
from evalharness.load import load_project
from evalharness.model.nouns import By, Grade, Graded, Measure, Quote, Ungraded, Why
from evalharness.model.run import Run, RunMeta, RunState
from evalharness.noise import noise_of
from evalharness.plan.plan import Slot, make_plan
from evalharness.store.runs import Store
from tests.support import ANSWER, world_at

# What is known of a grader that repeats itself nearly always: 40 answers graded twice, four of them a level apart.
QUIET = noise_of([(3.0, 3.0)] * 36 + [(3.0, 4.0)] * 4)

Levels = Mapping[str, Mapping[str, Sequence[float | None]]]


def store_run(root: Path, run: str, levels: Levels, *, model: str = "model-1", mode: str = "per_criterion") -> Run:
    """Store a run of `model` over the project in `root`; `levels` by attempt and criterion, None: ungraded.

    Its id is `run`, a UTC timestamp with four digits; what code measures is measured.
    """
    loaded = load_project([], cwd=root)
    config = msgspec.structs.replace(loaded.config, model=model, mode=mode, grader="anthropic")
    grader = without_sending(config, world_at(root)).id
    cases = [case for case in loaded.cases if case.key in levels]
    samples = max(len(found) for criteria in levels.values() for found in criteria.values())
    plan = make_plan(cases, grader, lambda c: not isinstance(c.kind, Measure), samples=samples)
    at = f"{run[:4]}-{run[4:6]}-{run[6:8]}T{run[9:11]}:{run[11:13]}:{run[13:15]}Z"
    grades = [grade for slot in plan.slots if (grade := _grade(slot, levels, at))]
    meta = RunMeta(
        id=run,
        started=at,
        version="0",
        grader=grader,
        state=RunState.FINISHED,
        planned=len(grades),
        ungraded=sum(isinstance(grade.outcome, Ungraded) for grade in grades),
        fingerprints=plan.fingerprints,
        questions=tuple({case.question.id: case.question for case in cases}.values()),
        rubrics=tuple({case.rubric.id: case.rubric for case in cases}.values()),
    )
    store = Store(root / "reports")
    writer = store.create(meta, [case.attempt for case in cases])
    writer.append(grades)
    writer.close()
    return store.read(run)


def _grade(slot: Slot, levels: Levels, at: str) -> Grade | None:
    if isinstance(slot.criterion.kind, Measure):
        return slot.grade(outcome=measured(slot.case, slot.criterion, slot.criterion.kind), at=at)
    found = levels[slot.case.key].get(slot.criterion.id, ())
    if len(found) < slot.sample:
        return None
    level = found[slot.sample - 1]
    if level is None:
        return slot.grade(outcome=Ungraded(why=Why.REFUSED), at=at)
    words = slot.case.attempt.parts[0].text.split(".")[0]
    quote = Quote(part="answer", start=0, end=len(words), text=words)
    return slot.grade(outcome=Graded(level=level, evidence=(quote,), by=By.GRADER), at=at, calls=1)


def answers(*names: str) -> dict[str, str]:
    """Return a different answer for each file name."""
    return {name: ANSWER.replace("March", f"March of year {place}") for place, name in enumerate(names, 1)}
