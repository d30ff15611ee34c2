"""Does a long history stay quick?  1,000 runs, 100,000 grades; `progress` and `compare` timed as whole processes.

    python benchmarks/history.py /tmp/long-history [--runs 1000] [--grades 100] [--repeat 5]

The history is of the shipped cases: most runs by a model under today's settings with one to three samples an attempt,
every fifth by the heuristic, every seventh by an older model, every eleventh under another rubric text.  There is no
index to delete: `reports/` is all there is, so warm and cold differ in the disk cache only.
"""

from __future__ import annotations

import argparse
import datetime
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from evalharness.graders.anthropic import without_sending
from evalharness.load import load_project
from evalharness.model.nouns import Case, Criterion, Grade, Graded, GraderId, Measure, Quote, Rubric
from evalharness.model.run import RunMeta, RunState
from evalharness.plan.plan import Plan, Slot, make_plan
from evalharness.store.runs import Store
from evalharness.world import World, real_world

HERE = Path(__file__).resolve().parent.parent
FIRST = datetime.datetime(2024, 1, 1, 7, 0, tzinfo=datetime.UTC)
REASON = "The quoted passage names what was done and what came of it, without a figure to compare it with."
SAMPLES = 3


def main() -> None:
    options = arguments()
    if not (options.folder / "reports").exists():
        started = time.perf_counter()
        grades = make(options.folder, runs=options.runs, each=options.grades)
        print(f"made {options.runs:,} runs with {grades:,} grades in {time.perf_counter() - started:.1f} s")
    size = sum(file.stat().st_size for file in (options.folder / "reports").rglob("*") if file.is_file())
    print(f"{size / 1e6:,.0f} MB under reports/; whole processes, best and worst of {options.repeat}")
    for command in commands(options.folder):
        times = [timed(command, options.folder) for _ in range(options.repeat)]
        print(f"{min(times):6.2f} s {max(times):6.2f} s  evalharness {' '.join(command)}")


def commands(folder: Path) -> list[list[str]]:
    """Return what is timed; the first run of all against the latest is the pair that lies farthest apart."""
    runs = Store(folder / "reports").runs()
    return [
        ["progress"],
        ["progress", "speed-vs-safety"],
        ["progress", "--grader", "heuristic"],
        ["compare"],
        ["compare", runs[-1], "latest"],
        ["compare", "2025-01-01", "latest"],
    ]


def timed(command: Sequence[str], folder: Path) -> float:
    """Return the seconds of one process from start to end; it must not fail."""
    environment = {**os.environ, "ANTHROPIC_API_KEY": "not-used", "CI": ""}
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "evalharness", *command], cwd=folder, env=environment, check=True, capture_output=True
    )
    return time.perf_counter() - started


# --- the history -------------------------------------------------------------------------------------------


def make(folder: Path, *, runs: int, each: int) -> int:
    """Write the project and its runs; return how many grades they hold."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("cases", "rubrics"):
        shutil.copytree(HERE / name, folder / name, dirs_exist_ok=True)
    (folder / "evalharness.yaml").write_text("grader: anthropic\n", encoding="utf-8")
    world = real_world()
    plans = [plan_of(folder, world, model) for model in ("claude-sonnet-5-5", "claude-haiku-4")]
    edited = plan_of(folder, world, "claude-sonnet-5-5", edited=True)
    offline = plan_of(folder, world, "")
    rng, store, count = random.Random(1), Store(folder / "reports"), 0
    for number in range(runs):
        plan = next(
            found for every, found in ((5, offline), (7, plans[1]), (11, edited), (1, plans[0])) if not number % every
        )
        count += write_run(store, number, plan, each, rng)
    return count


class Planned(msgspec.Struct):
    """What a grader could grade, and who it is."""

    plan: Plan
    grader: GraderId


def plan_of(folder: Path, world: World, model: str, *, edited: bool = False) -> Planned:
    """Return every grade a grader could make of the project; the heuristic's without `model`."""
    loaded = load_project([], cwd=folder)
    cases = [with_other_text(case) for case in loaded.cases] if edited else list(loaded.cases)
    if not model:
        from evalharness.graders.heuristic import HeuristicGrader

        heuristic = HeuristicGrader()
        return Planned(make_plan(cases, heuristic.id, heuristic.reads), heuristic.id)
    grader = without_sending(msgspec.structs.replace(loaded.config, model=model), world)
    return Planned(make_plan(cases, grader.id, grader.reads, samples=SAMPLES), grader.id)


def with_other_text(case: Case) -> Case:
    criteria = tuple(reworded(criterion) for criterion in case.rubric.criteria)
    return msgspec.structs.replace(case, rubric=msgspec.structs.replace(case.rubric, criteria=criteria))


def reworded(criterion: Criterion) -> Criterion:
    if isinstance(criterion.kind, Measure):
        return criterion
    return msgspec.structs.replace(criterion, look_for=f"{criterion.look_for} As it was said last year.")


def write_run(store: Store, number: int, planned: Planned, each: int, rng: random.Random) -> int:
    """Store one run with about `each` grades of a few attempts, and return how many it holds."""
    started = FIRST + datetime.timedelta(hours=20 * number)
    chosen = list(slots_of(planned.plan, number, each))
    cases = {slot.case.key: slot.case for slot in chosen}
    rubrics: dict[str, Rubric] = {case.rubric.id: case.rubric for case in cases.values()}
    writer = store.create(
        RunMeta(
            id=f"{started:%Y%m%dT%H%M%SZ}-{number:04x}",
            started=f"{started:%Y-%m-%dT%H:%M:%SZ}",
            version="0",
            grader=planned.grader,
            state=RunState.FINISHED,
            planned=len(chosen),
            fingerprints=planned.plan.fingerprints,
            not_read=planned.plan.not_read,
            questions=tuple({case.question.id: case.question for case in cases.values()}.values()),
            rubrics=tuple(rubrics.values()),
        ),
        [case.attempt for case in cases.values()],
    )
    writer.append(grade(slot, f"{started:%Y-%m-%dT%H:%M:%SZ}", rng) for slot in chosen)
    writer.close()
    return len(chosen)


def slots_of(plan: Plan, number: int, each: int) -> Iterator[Slot]:
    """Yield the slots of a run: attempt after attempt from another place each time; some runs hold one sample."""
    samples = 1 + number % SAMPLES
    names = [case.key for case in plan.cases]
    first = 7 * number % len(names)
    order = {name: place for place, name in enumerate(names[first:] + names[:first])}
    slots = sorted((slot for slot in plan.slots if slot.sample <= samples), key=lambda slot: order[slot.case.key])
    yield from slots[:each]


def grade(slot: Slot, at: str, rng: random.Random) -> Grade:
    text = slot.case.attempt.parts[0].text[:120]
    quote = Quote(part=slot.case.attempt.parts[0].id, start=0, end=len(text), text=text)
    outcome = Graded(level=float(rng.randint(1, 5)), evidence=(quote,), missing=REASON, reason=REASON)
    return slot.grade(outcome=outcome, at=at, model="claude", request="req_011CU", calls=1)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--grades", type=int, default=100)
    parser.add_argument("--repeat", type=int, default=5)
    return parser.parse_args()


if __name__ == "__main__":
    main()
