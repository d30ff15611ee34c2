"""`check`: what a change does to the answers, graded against the base, held against the gates.  Writes no report."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from evalharness import plugins
from evalharness._version import __version__
from evalharness.calls.desk import RunDesk
from evalharness.check import links
from evalharness.check.announced import (
    apart_of,
    edited,
    proposed_settings,
    remarks,
    rubric_advice,
    switched,
    ungradable,
)
from evalharness.check.mean import means, standing_still
from evalharness.check.rows import (
    AT_BASE,
    Check,
    Row,
    by_base,
    by_base_text,
    rows,
    switches,
    unsettled,
)
from evalharness.check.sides import Sides, plan_both, results_of, sides_of, totals_of
from evalharness.console.paths import followed
from evalharness.errors import EvalHarnessError, GradingStopped, StoreError
from evalharness.gate.rulings import with_min_score
from evalharness.gate.steps import finer_than_steps
from evalharness.gate.workflow import by_nobody
from evalharness.graders import Grader
from evalharness.graders.choice import automatic, key_unused
from evalharness.graders.unasked import Unasked
from evalharness.grading.fill import Ending, Extra, Grading
from evalharness.load import Loaded, find_root
from evalharness.load.change import ChangeSet, base_breaks, base_checks, change_set
from evalharness.load.git import prefix
from evalharness.load.head import files_of
from evalharness.load.noise import prior_by
from evalharness.load.places import check_project
from evalharness.load.text_source import leaves
from evalharness.model.config import Gate
from evalharness.model.nouns import HEURISTIC, Case, Grade
from evalharness.model.run import Cost, Run, RunMeta, RunState
from evalharness.plan.identity import digest
from evalharness.plan.plan import Call, Plan, needs_call
from evalharness.plugins import looking
from evalharness.results.changes import Grading as Noise
from evalharness.results.changes import grading_of
from evalharness.store.claims import Claims, Others
from evalharness.store.runs import SAMPLE, Store, store_now
from evalharness.store.writer import GRADES, RUN
from evalharness.world import World, real_world


def check(
    base: str,
    *,
    head: str = "",
    settings: Mapping[str, Any] | None = None,
    gate: Mapping[str, Any] | None = None,
    out: Path | None = None,
    world: World | None = None,
) -> Check:
    """Return what changed between the merge base of `base` and `head`, and what the gates say.

    Without a `head` it is what a commit of everything here would hold; in a CI the last commit, in a hook of a commit
    that commit.  `settings` and `gate` override those of the base's configuration; grades made here are kept under
    `out`, else in the user's cache, never under `reports/`.  Raises what `change_set` raises.
    """
    world = world or real_world()
    check_project(world.cwd)
    found = change_set(base, world.cwd, head=head, environment=world.environment)
    given = {name: value for name, value in (settings or {}).items() if value is not None}
    config = msgspec.structs.replace(found.loaded.config, **given)
    config = msgspec.structs.replace(config, gate=_gate(config.gate, gate or {}))
    found = dataclasses.replace(found, loaded=found.loaded.with_config(config))
    grader = _grader(found.loaded, world)
    store = _store(_cache(out, found, world), found, grader)
    edited = apart_of(found, grader.id)
    apart = ungradable(found, edited)
    revised = [one.now for one in found.changed if one.now and one.now.rubric.id in edited.keys() - apart]
    found = dataclasses.replace(found, changed=tuple(by_base(one, found.rubrics, apart) for one in found.changed))
    graded, rows_ = _graded(found, grader, store, world, apart, revised)
    return _checked(found, base, graded, rows_, grader, world, edited)


def _gate(gate: Gate, given: Mapping[str, Any]) -> Gate:
    given = {name: value for name, value in given.items() if value is not None}
    min_score = given.pop("min_score", None)
    gate = msgspec.structs.replace(gate, **given)
    return gate if min_score is None else with_min_score(gate, min_score)


def _grader(loaded: Loaded, world: World) -> Grader:
    """Return the grader of the configuration, or one that is not asked where there is no credential for it."""
    config = loaded.config.chair
    name = automatic(world.environment) if config.grader == "auto" else config.grader
    config = msgspec.structs.replace(config, grader=name)
    try:
        return plugins.grader(name)(config, world)
    except GradingStopped as stopped:
        return Unasked(looking(loaded.with_config(config), world), stopped.message)


def _cache(out: Path | None, found: ChangeSet, world: World) -> Path:
    """Return where grades made here are kept, and looked for by the next check."""
    root = found.loaded.root
    # Never inside of the working tree: a change could bring grades to the very folder that --out names.
    if out is not None and leaves(str(world.cwd / out), str(found.git.top())):
        return world.cwd / out / "grades"
    return world.kept("check", root)


def _store(folder: Path, found: ChangeSet, grader: Grader) -> Store:
    """Return the store of grades made here.

    Where a grader is asked, nothing from before its last found drift is held against what it says now.
    """
    breaks = () if isinstance(grader, Unasked) else base_breaks(found, grader.id)
    return store_now(folder, breaks)


def _graded(
    found: ChangeSet, grader: Grader, store: Store, world: World, apart: Collection[str], revised: Sequence[Case]
) -> tuple[Graded | None, tuple[Row, ...]]:
    gate = found.loaded.config.gate
    still = tuple(by_base_text(case, found.rubrics) for case in standing_still(found.loaded.cases, found.changed))
    sides = sides_of(found.changed, grader.id, apart, revised)._replace(still=still)

    switched, unasked = switches(found.changed), by_nobody(grader.id, found.loaded.config.chair.grader)

    def rows_of(run: Run, noise: Noise) -> tuple[Row, ...]:
        known = msgspec.structs.replace(noise, grader=grader.id, calibration=found.calibration)
        results = results_of(sides, run)
        return rows(found.changed, results, gate, known, apart=apart, switched=switched, unasked=unasked)

    if not sides.now and not sides.before:
        return None, rows(found.changed, {}, gate, Noise())
    graded = grade_both(found, sides, grader, store, world, unclear=lambda run, noise: unsettled(rows_of(run, noise)))
    told = rows_of(graded.run, graded.noise)
    if isinstance(grader, Unasked) and any(row.ungraded for row in told):
        told = _with_surface(told, found, store, world)
    return graded, told


def _with_surface(told: tuple[Row, ...], found: ChangeSet, store: Store, world: World) -> tuple[Row, ...]:
    """Return the rows with the offline grader's totals beside them: all that can be said without a key."""
    grader = plugins.grader(HEURISTIC)(found.loaded.config, world)
    sides = sides_of(found.changed, grader.id, ())
    graded = grade_both(found, sides, grader, store, world, unclear=lambda *_: ())
    results = results_of(sides, graded.run)
    surface = rows(found.changed, results, Gate(), graded.noise)
    pairs = [(row.before.total if row.before else None, row.now.total if row.now else None) for row in surface]
    return tuple(msgspec.structs.replace(row, surface=pair) for row, pair in zip(told, pairs, strict=True))


def _checked(
    found: ChangeSet,
    ref: str,
    graded: Graded | None,
    told: tuple[Row, ...],
    grader: Grader,
    world: World,
    apart: Mapping[str, str],
) -> Check:
    gate = found.loaded.config.gate
    cases = [row.now.case for row in told if row.now]
    check = Check(
        ref=ref,
        base=found.base,
        head=found.head.commit,
        read=found.head.read,
        grader=grader.id,
        rows=told,
        gate=gate,
        announced=(*edited(found, apart, world), *switched(found, world), *proposed_settings(found, world)),
        advice=tuple(sorted({*remarks(cases, found.loaded.told), *rubric_advice(found)})),
        notices=(*found.notices, *_unused_key(found, world), *finer_than_steps(gate, cases)),
        prefix=prefix(found.loaded.root),
        needs=tuple(row.now.case.key for row in told if row.now and row.ungraded),
        started=world.now(),
        files=links.files(world.environment, found.head.commit),
        page=links.page(world.environment),
        drafts=tuple(draft for draft in found.loaded.drafts if draft.partition(":")[0] in found.touched),
    )
    if graded is None:
        return check
    of_base = [g for g in graded.run.grades if g.case.endswith(AT_BASE) and not g.reused_from and g.calls]
    cost = getattr(grader, "cost", None)
    return msgspec.structs.replace(
        check,
        state=graded.state,
        why=graded.why,
        cost=graded.cost,
        base_cost=cost(of_base) if cost else Cost(),
        base_graded=len({grade.case for grade in of_base}),
        reused=sum(bool(grade.reused_from) for grade in graded.run.grades),
        means=means(found.loaded.cases, told, graded.totals),
    )


def _unused_key(found: ChangeSet, world: World) -> tuple[str, ...]:
    told = key_unused(found.loaded.config.chair.grader, world.environment)
    return (told,) if told else ()


def project_prefix(cwd: Path) -> str:
    """Return the way from the repository's root to the project around a folder; empty where there is none."""
    with contextlib.suppress(EvalHarnessError):
        return prefix(find_root((), followed(cwd)))
    return ""


def write_texts(folder: Path, texts: Mapping[str, str]) -> None:
    """Write files into a folder that is made where it is missing; raises `StoreError` where that fails."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8", errors="replace")
    except OSError as error:
        raise StoreError(f"cannot write to {folder}: {(error.strerror or str(error)).lower()}") from error


Unclear = Callable[[Run, Noise], Collection[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckGrading(Grading):
    """Grading that buys more samples where a gate's verdict is open, and to confirm a fail."""

    unclear: Unclear
    repeated: tuple[tuple[Grade, ...], ...] = ()

    def noise(self, run: Run) -> Noise:
        """Return what is known of the grader's noise: from the base's runs and from this one."""
        return grading_of(self.grader.id, [*self.repeated, run.grades], run.meta.breaks, self.prior)

    def _more(self, plan: Plan, wide: Plan, extra: Extra) -> tuple[Call, ...]:  # noqa: ARG002  # as in Grading
        if self.grader.id.deterministic:
            return ()
        run = self.store.read(self.writer.meta.id, self.writer.meta)
        unclear = self.unclear(run, self.noise(run))
        names = {(s.case.key, s.criterion.id): place for place, s in enumerate(wide.slots) if s.case.key in unclear}
        return self._sample(run, wide, names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """Both sides graded: the run, the grader's noise, and what was paid."""

    run: Run
    noise: Noise
    cost: Cost
    state: RunState
    why: str
    totals: Mapping[str, float]


def grade_both(
    found: ChangeSet, sides: Sides, grader: Grader, cache: Store, world: World, *, unclear: Unclear
) -> Graded:
    """Return every grade of both sides: stored at the base, else in the cache, else by rule, else by the grader."""
    config = found.loaded.config
    deterministic = grader.id.deterministic
    samples = 1 if deterministic else config.samples
    plan = plan_both(sides, grader, samples, config)
    wide = plan_both(sides, grader, samples if deterministic else max(config.max_samples, samples), config)
    others = Others(cache)
    with _stored_at_base(found, cache) as base:
        totals = totals_of(sides.still, grader, config, base.find)
        stored = dict(base.find(wide.keys))  # the folder is gone after this
        repeated = base.repeated(set(plan.fingerprints.values())) if not deterministic else ()
    if not deterministic:
        stored = {**cache.find(wide.keys - stored.keys()), **stored}
        missing = {slot.case.key for slot in plan.slots if needs_call(slot) and slot.key not in stored}
        plan, wide = plan.without(missing & sides.optional), wide.without(missing & sides.optional)
    meta = _meta(found, grader, plan, samples, cache, world)
    meta = msgspec.structs.replace(meta, breaks=base_breaks(found, grader.id))
    prior = prior_by(base_checks(found), config, grader.id)
    writer = cache.create(meta, (case.attempt for case in plan.cases))
    world.watcher.begin(planned=len(plan.slots), reused=sum(slot.key in stored for slot in plan.slots))
    others.own(writer.meta.id)
    grading = CheckGrading(
        writer=writer,
        store=cache,
        grader=grader,
        config=config,
        world=world,
        desk=RunDesk(writer, Claims(cache.folder), others, world),
        unclear=unclear,
        repeated=repeated,
        prior=prior,
    )
    try:
        ending: Ending = grading.fill(plan, wide, stored)
        grading.close(plan, ending)
        run = cache.read(writer.meta.id)
        cost = getattr(grader, "cost", None)
        made = cost(run.grades) if cost else Cost()
        run = msgspec.structs.replace(
            run, meta=msgspec.structs.replace(run.meta, state=ending[0], why=ending[1], finished=world.now(), cost=made)
        )
        writer.update(run.meta)
    finally:
        writer.close()
    return Graded(run=run, noise=grading.noise(run), cost=made, state=ending[0], why=ending[1], totals=totals)


@contextlib.contextmanager
def _stored_at_base(found: ChangeSet, cache: Store) -> Iterator[Store]:
    """Yield the runs that the base holds, written where nobody else writes.

    What fits a grading of now is as in the `cache`.
    """
    reports = _in_project(found.loaded)
    with files_of(found.git, found.tree, _run_files(found, reports)) as folder:
        yield Store(folder / reports, cache.fits)


def _in_project(loaded: Loaded) -> str:
    """Return the reports folder from the project's root: on the command line it is a whole path."""
    reports = Path(loaded.config.reports)
    inside = reports.is_absolute() and reports.is_relative_to(loaded.root)
    return (reports.relative_to(loaded.root) if inside else reports).as_posix().strip("/")


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
