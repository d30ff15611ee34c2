"""changed attempts, stored grades of the base -> one run that holds both sides.  Samples are bought near the line."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import msgspec

from evalharness._version import __version__
from evalharness.check.base import LINKS, ChangeSet, write_files
from evalharness.criteria.labels import FOLDER
from evalharness.drift.anchors import CHECKS, checks_in
from evalharness.drift.levels import breaks_of
from evalharness.errors import GradingStopped
from evalharness.graders import Grader, Reply
from evalharness.grading.fill import Ending, Grading
from evalharness.model.breaks import Break
from evalharness.model.config import Config
from evalharness.model.nouns import HEURISTIC, Case, Criterion, Grade, GraderId
from evalharness.model.run import Cost, Run, RunMeta, RunState
from evalharness.noise import pool
from evalharness.plan.identity import digest
from evalharness.plan.plan import Call, Plan, make_plan, needs_call
from evalharness.results.changes import Grading as Noise
from evalharness.store.runs import GRADES, RUN, SAMPLE, Store
from evalharness.world import World

Unclear = Callable[[Run, Noise], Collection[str]]


class Unasked:
    """A grader that is not asked, because there is no credential: only what is stored counts."""

    def __init__(self, grader: Grader, why: str) -> None:
        self._grader, self._why = grader, why

    @property
    def id(self) -> GraderId:
        """Return the identity of the grader that would be asked."""
        return self._grader.id

    def reads(self, criterion: Criterion) -> bool:
        """Return whether that grader reads `criterion`."""
        return self._grader.reads(criterion)

    async def prepare(self, calls: Sequence[Call]) -> None:
        """Refuse."""
        raise GradingStopped(f"{self._why}: {len(calls)} grades are still to be made")

    async def ask(self, call: Call, *, turn: int) -> Reply:  # noqa: ARG002  # the shape of a grader
        """Refuse."""
        raise GradingStopped(self._why)

    async def close(self) -> None:
        """Do nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckGrading(Grading):
    """Grading that buys more samples where a gate's verdict is open, and to confirm a fail."""

    unclear: Unclear
    repeated: tuple[tuple[Grade, ...], ...] = ()

    def noise(self, run: Run) -> Noise:
        """Return what is known of the grader's noise: from the base's runs and from this one."""
        known = pool([*self.repeated, run.grades], run.meta.breaks)
        return Noise(noise=known, deterministic=self.grader.id.deterministic)

    def _more(self, plan: Plan, wide: Plan, sample: int) -> tuple[Call, ...]:  # noqa: ARG002  # as in Grading
        if self.grader.id.deterministic or sample <= self.config.samples:
            return ()
        run = self.store.read(self.writer.meta.id, self.writer.meta)
        return self._sample(sample, run, wide, self.unclear(run, self.noise(run)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """Both sides graded: the run, the grader's noise, and what was paid."""

    run: Run
    noise: Noise
    cost: Cost
    state: RunState
    why: str


class Sides(NamedTuple):
    """The attempts of both sides, those of the base under keys of their own; `optional` ones only where stored."""

    now: tuple[Case, ...]
    before: tuple[Case, ...]
    optional: frozenset[str] = frozenset()


def grade_both(
    found: ChangeSet, sides: Sides, grader: Grader, cache: Store, world: World, *, unclear: Unclear
) -> Graded:
    """Return every grade of both sides: stored at the base, else in the cache, else by rule, else by the grader."""
    config = found.loaded.config
    deterministic = grader.id.deterministic
    samples = 1 if deterministic else config.samples
    plan = plan_both(sides, grader, samples, config)
    wide = plan_both(sides, grader, samples if deterministic else max(config.max_samples, samples), config)
    with _stored_at_base(found, cache, needed=not deterministic) as base:
        stored: dict[str, Grade] = dict(base.find(wide.keys))  # the folder is gone after this
        repeated = base.repeated(set(plan.fingerprints.values())) if not deterministic else ()
    if not deterministic:
        stored = {**cache.find(wide.keys - stored.keys()), **stored}
        missing = {slot.case.key for slot in plan.slots if needs_call(slot) and slot.key not in stored}
        plan, wide = plan.without(missing & sides.optional), wide.without(missing & sides.optional)
    meta = _meta(found, grader, plan, samples, cache, world)
    meta = msgspec.structs.replace(meta, breaks=base_breaks(found, grader.id))
    writer = cache.create(meta, (case.attempt for case in plan.cases))
    world.watcher.begin(planned=len(plan.slots), reused=sum(slot.key in stored for slot in plan.slots))
    grading = CheckGrading(
        writer=writer, store=cache, grader=grader, config=config, world=world, unclear=unclear, repeated=repeated
    )
    try:
        ending: Ending = grading.fill(plan, wide, stored)
        grading.close(plan, ending)
        run = cache.read(meta.id)
        cost = getattr(grader, "cost", None)
        made = cost(run.grades) if cost else Cost()
        run = msgspec.structs.replace(
            run, meta=msgspec.structs.replace(run.meta, state=ending[0], why=ending[1], finished=world.now(), cost=made)
        )
        writer.update(run.meta)
    finally:
        writer.close()
    return Graded(run=run, noise=grading.noise(run), cost=made, state=ending[0], why=ending[1])


def plan_both(sides: Sides, grader: Grader, samples: int, config: Config) -> Plan:
    """Return one plan over two: each side is graded by its own rubrics, which may have one name."""
    redactions = () if grader.id.name == HEURISTIC else config.redact
    now, before = (
        make_plan(cases, grader.id, grader.reads, samples=samples, redactions=redactions)
        for cases in (sides.now, sides.before)
    )
    return Plan(
        cases=(*now.cases, *before.cases),
        slots=(*now.slots, *before.slots),
        fingerprints={**before.fingerprints, **now.fingerprints},
        not_read=tuple(dict.fromkeys((*now.not_read, *before.not_read))),
    )


def base_breaks(found: ChangeSet, grader: GraderId) -> tuple[Break, ...]:
    """Return the drifts of a grader that the base knows of; a change can't bring one, nor take one away."""
    blob = found.tree.get(f"{FOLDER}/{CHECKS}")
    if blob is None or blob.mode in LINKS:
        return ()
    (data,) = found.git.contents([blob.id])
    return breaks_of(checks_in(data, f"the base's {FOLDER}/{CHECKS}"), grader)


@contextlib.contextmanager
def _stored_at_base(found: ChangeSet, cache: Store, *, needed: bool) -> Iterator[Store]:
    """Yield the runs that the base holds, written where nobody else writes; none where they are not needed.

    What fits a grading of now is as in the `cache`.
    """
    with tempfile.TemporaryDirectory(prefix="evalharness-reports-") as name:
        folder, reports = Path(name), found.loaded.config.reports.strip("/")
        if needed:
            write_files(found.git, found.tree, list(_run_files(found, reports)), folder)
        yield Store(folder / reports, cache.fits)


def _run_files(found: ChangeSet, reports: str) -> Iterator[str]:
    for path, blob in found.tree.items():
        if path.startswith(f"{reports}/") and blob.mode.startswith("100"):
            run, _, name = path.removeprefix(f"{reports}/").partition("/")
            if run != SAMPLE and name in (RUN, GRADES):
                yield path


def _meta(found: ChangeSet, grader: Grader, plan: Plan, samples: int, cache: Store, world: World) -> RunMeta:
    return RunMeta(
        id=cache.next_id(world.new_id(world.clock())),
        started=world.now(),
        version=__version__,
        grader=grader.id,
        samples=samples,
        digest=digest((found.base, sorted(plan.keys))),
        planned=len(plan.slots),
        fingerprints=plan.fingerprints,
        not_read=plan.not_read,
        questions=tuple({case.question.id: case.question for case in plan.cases}.values()),
        rubrics=tuple({case.rubric.id: case.rubric for case in plan.cases}.values()),
    )
