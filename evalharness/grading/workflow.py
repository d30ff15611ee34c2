"""The whole story on one screen: load, plan, reuse, grade, verify, store, report."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

import msgspec

from evalharness import plugins
from evalharness._version import __version__
from evalharness.calls.desk import RunDesk
from evalharness.drift.workflow import Checked, check_now, missing
from evalharness.errors import BudgetReached, InputError
from evalharness.gate.workflow import Judged
from evalharness.graders import Grader
from evalharness.grading.choice import Choice
from evalharness.grading.fill import Ending, Grading, other_models
from evalharness.grading.former import former_of
from evalharness.grading.remarks import remarks
from evalharness.grading.repeated import repeated
from evalharness.grading.takeover import takeover
from evalharness.history.workflow import lost_of, say_headless, say_lost
from evalharness.load import EXAMPLE, Loaded, find_root, load_project, nothing, read_config, without_examples
from evalharness.load.corrections import known_corrections
from evalharness.load.drift import as_known_now, known_breaks
from evalharness.load.git import prefix
from evalharness.load.noise import prior_of
from evalharness.load.places import check_project
from evalharness.load.workflow import load
from evalharness.model.breaks import Break, Drift
from evalharness.model.config import Config
from evalharness.model.lazy import View
from evalharness.model.nouns import HEURISTIC, Case, Grade, Ungraded, Why
from evalharness.model.run import Run, RunMeta, RunState
from evalharness.plan.identity import digest_of_lists
from evalharness.plan.plan import Plan, in_shard, latest_of_each_series, make_plan, needs_call
from evalharness.plugins import make_grader
from evalharness.reports import FILES, markdown, voice
from evalharness.reports import words as wording
from evalharness.results.aggregate import Summary, summarise
from evalharness.store.claims import Claims, Others
from evalharness.store.runs import Store, store_now
from evalharness.world import World, real_world

__all__ = ["Choice", "World", "load", "make_grader", "plan_for", "read_run", "real_world", "run", "summary"]

LATEST_OF_A_MODEL = 2
PROGRESS = "PROGRESS.md"


def run(
    paths: Sequence[str | Path] = (),
    *,
    settings: Mapping[str, Any] | None = None,
    choice: Choice | None = None,
    world: World | None = None,
) -> Run:
    """Grade the attempts under `paths` (default: the project's cases) and return the stored run.

    `settings` override `evalharness.yaml`.  Raises `InvalidFiles` with every problem of every file before anything
    is written, and `StoreError` where the reports folder can't be used.  A run that was stopped, interrupted or
    ran out of budget is returned all the same, with that state and everything that was graded.
    """
    world, choice = world or real_world(), choice or Choice()
    loaded = load(paths, settings or {}, world, say_examples=True)
    grader = make_grader(loaded.config, world)
    checked = check_anchors(loaded, grader, choice, world)
    breaks = () if choice.is_sample else known_breaks(loaded.root, grader.id)
    store = store_now(loaded.root / loaded.config.reports, breaks, (choice.reuse and world.cwd / choice.reuse) or None)
    say_headless(store, world)
    plan = plan_for(loaded, grader, choice, store)
    for line in remarks(loaded, grader, plan):
        world.say(line)
    runs = store.runs()
    of = 0 if choice.alone else len(_whole(loaded).cases) if paths else len(loaded.cases)
    asked = {"more": (settings or {}).get("max_samples") is not None, "of": of}
    choice = msgspec.structs.replace(choice, paths=tuple(Path(path).as_posix() for path in paths), **asked)
    done = execute(loaded, grader, plan, store, choice, world, Known(checked=checked, breaks=breaks))
    # one machine's part is no progress; `merge` writes that of all
    if not (choice.is_sample or choice.alone) and choice.shard[1] == 1:
        write_progress(loaded, store, world, whole=not paths, is_new=done.meta.id not in runs)
    return done


def _whole(loaded: Loaded) -> Loaded:
    """Return all attempts of a project of which a part is loaded."""
    whole = load_project([], cwd=loaded.root, asked=nothing).with_config(loaded.config)
    return whole if any(case.attempt.author == EXAMPLE for case in loaded.cases) else without_examples(whole)


def write_progress(loaded: Loaded, store: Store, world: World, *, whole: bool, is_new: bool) -> None:
    """Write `PROGRESS.md` after a new run, or where it is missing; a run that changes nothing does not load it."""
    if is_new or not store.has("", PROGRESS):
        from evalharness.progress import workflow as progress

        progress.write(loaded, world, whole=whole)


class Known(NamedTuple):
    """What is known of the grader before a run: its found drifts, and the check of the anchors made with this run."""

    checked: Checked | None = None
    breaks: tuple[Break, ...] = ()


NOTHING = Known()


def check_anchors(loaded: Loaded, grader: Grader, choice: Choice, world: World) -> Checked | None:
    """Grade the recorded anchors again where that is wanted, and return what it came to; None where it is not.

    Raises `InputError` where it was asked for and no anchors fit; where the configuration asks, the run says so.
    """
    wanted = loaded.config.anchors.every_run if choice.anchors is None else choice.anchors
    if not wanted or choice.is_sample:
        return None
    try:
        checked = check_now(loaded.root, loaded.config, grader, world)
    except InputError as error:
        if choice.anchors:
            raise
        checked = Checked(why_not=f"{error.message}; {error.hint}")
    world.say(f"anchors: {wording.drift_found(checked.found) if checked.found else missing(checked)}")
    return checked


def plan_for(loaded: Loaded, grader: Grader, choice: Choice, store: Store) -> Plan:
    """Return every wanted grade of the chosen attempts; older attempts of a model's series only where stored."""
    cases = in_shard(select(loaded.cases, choice.select), choice.shard)
    redactions = () if grader.id.name == HEURISTIC else loaded.config.redact
    samples = _samples(loaded.config, grader)
    plan = make_plan(cases, grader.id, grader.reads, samples=samples, redactions=redactions)
    most = 1 if choice.latest else 0 if choice.every or grader.id.deterministic else LATEST_OF_A_MODEL
    if not most:
        return plan
    older = {case.key for case in cases} - latest_of_each_series(cases, most)
    asked = [(slot.key, slot.case.key) for slot in plan.slots if slot.case.key in older and needs_call(slot)]
    stored = store.find(key for key, _ in asked)
    return plan.without({case for key, case in asked if key not in stored})


def execute(
    loaded: Loaded, grader: Grader, plan: Plan, store: Store, choice: Choice, world: World, known: Known = NOTHING
) -> Run:
    """Fill the plan from what is stored, by rule and by the grader; store and return the run."""
    corrections = known_corrections(loaded.root, plan.fingerprints, known.breaks)
    identity = _digest(plan, loaded, grader, (known.breaks, corrections) if corrections else known.breaks)
    stopped = known.checked.stopped if known.checked else None
    prior = prior_of(loaded.root, loaded.config, grader.id)
    more = (loaded.config, prior) if choice.more else None
    same = None if choice.is_sample or stopped else repeated(store, identity, plan, world, choice.among, more)
    if same is not None:
        missing_forms = [form for form in choice.formats if not store.has(same.meta.id, FILES[form])]
        _write_reports(store, same, missing_forms)
        return _with_check(same, known.checked)
    others = Others(store)
    wide = widened(plan, loaded, grader)
    stored: Mapping[str, Grade] = {} if choice.is_sample else store.find(wide.slots.each_key())
    taken = None if choice.is_sample else takeover(store, plan, wide, stored.keys(), grader.id)
    name = choice.run_id or store.next_id(world.new_id(world.clock()))
    meta = _new_meta(name, loaded, grader, plan, choice, world)
    meta = msgspec.structs.replace(
        meta,
        former=() if choice.is_sample else former_of(store, {case.key: case for case in plan.cases}, grader.id),
        digest=identity,
        reused=sum(key in stored for key in wide.slots.each_key()),
        reuses=taken.reuse if taken else None,
        breaks=known.breaks,
        corrections=() if choice.is_sample else corrections,
        anchors=_without_levels(known.checked),
        notices=(*meta.notices, *_notices(known.checked)),
    )
    writer = store.create(meta, taken.attempts if taken else (case.attempt for case in plan.cases))
    name = writer.meta.id
    world.watcher.begin(planned=len(plan.slots), reused=sum(key in stored for key in plan.slots.each_key()))
    others.own(name)
    desk = RunDesk(writer, Claims(store.folder), others, world)
    grading = Grading(
        writer=writer,
        store=store,
        grader=grader,
        config=loaded.config,
        world=world,
        desk=desk,
        taken_over=taken.slots if taken else frozenset(),
        prior=prior,
    )
    try:
        ending = _ending(grading.fill(plan, wide, stored), known.checked)
        grading.close(plan, ending)
        run = store.read(name, writer.meta)
        if lost := lost_of(run):
            ending = RunState.STOPPED, f"{lost} went from {store.folder.name}/{name} while the run was made"
        made = known.checked.made if known.checked else ()
        run = msgspec.structs.replace(run, meta=_finish(run, grader, ending, world.now(), made))
        writer.update(run.meta)
    finally:
        writer.close()
    store.write(run.meta.id, FILES["md"], markdown.pieces(run, brief=run.meta.reuses is not None))
    _write_reports(store, run, choice.formats)
    return run


def _asked(choice: Choice) -> Iterator[str]:
    yield from ["--latest"] if choice.latest else []
    yield from ["--shard {}/{}".format(*choice.shard)] if choice.shard[1] > 1 else []


def widened(plan: Plan, loaded: Loaded, grader: Grader) -> Plan:
    """Return `plan` with every further sample that may be asked for, or that an earlier run has bought."""
    most = max(loaded.config.max_samples, loaded.config.samples)
    if grader.id.deterministic or most == loaded.config.samples or not plan.has_series:
        return plan
    redactions = () if grader.id.name == HEURISTIC else loaded.config.redact
    return make_plan(plan.cases, grader.id, grader.reads, samples=most, redactions=redactions)


def select(cases: Sequence[Case], patterns: Collection[str]) -> tuple[Case, ...]:
    """Return the cases whose key holds one of the patterns (`*` matches anything); all without patterns."""
    if not patterns:
        return tuple(cases)
    found = tuple(case for case in cases if any(fnmatchcase(case.key, f"*{p}*") for p in patterns))
    if not found:
        raise InputError(
            f"no attempt matches {' or '.join(map(repr, patterns))}",
            hint=_folder_named(cases, patterns)
            or f"attempts are named like '{cases[0].key}'; a draft has no answer to grade yet",
        )
    return found


def _folder_named(cases: Iterable[Case], patterns: Collection[str]) -> str:
    """Return the hint for a pattern that is a folder's name, "" where none is."""
    for folder in (parent for case in cases for parent in PurePosixPath(case.attempt.path).parents):
        if folder.name in patterns:
            return f"'{folder.name}' is a folder: evalharness run {folder}"
    return ""


def _ending(ending: Ending, checked: Checked | None) -> Ending:
    """Return how the run ended; a check of the anchors that ended early is an end too."""
    if ending[0] is not RunState.FINISHED or checked is None or checked.stopped is None:
        return ending
    state = RunState.BUDGET if isinstance(checked.stopped, BudgetReached) else RunState.STOPPED
    return state, "; ".join(filter(None, (checked.stopped.message, checked.stopped.hint)))


def _notices(checked: Checked | None) -> tuple[str, ...]:
    return () if checked is None or checked.found else (f"Anchors: {missing(checked)}",)


def _with_check(run: Run, checked: Checked | None) -> Run:
    """Return a run that is only repeated with the check that was made now; what is stored of it stays as it is."""
    if checked is None or checked.found is None:
        return run
    return msgspec.structs.replace(run, meta=msgspec.structs.replace(run.meta, anchors=_without_levels(checked)))


def _without_levels(checked: Checked | None) -> Drift | None:
    found = checked.found if checked else None
    return None if found is None else msgspec.structs.replace(found, levels={})


def _finish(run: Run, grader: Grader, ending: Ending, now: str, anchors: Sequence[Grade]) -> RunMeta:
    """Return what `run.json` says once a run has ended; `anchors` are the grades that its check of them paid for."""
    cost = getattr(grader, "cost", None)
    return msgspec.structs.replace(
        run.meta,
        state=ending[0],
        why=ending[1],
        finished=now,
        planned=max(len(run.grades), run.meta.planned),
        ungraded=sum(isinstance(g.outcome, Ungraded) and g.outcome.why is not Why.TOO_SHORT for g in run.grades),
        cost=cost(itertools.chain(run.grades, anchors)) if cost else run.meta.cost,
        notices=(*run.meta.notices, *other_models(run)),
    )


def _write_reports(store: Store, run: Run, names: Collection[str]) -> None:
    written = (each for name in names for each in plugins.files(name, run))
    for file, text in (*written, *voice.pictures(summary(run))):
        store.write(run.meta.id, file, text)


def _samples(config: Config, grader: Grader) -> int:
    return 1 if grader.id.deterministic else config.samples


def _digest(plan: Plan, loaded: Loaded, grader: Grader, known: Sequence[object]) -> str:
    """Return what two runs share that would say the same: grades, texts around them, weights, `known` of the grader."""
    attempts = [case.attempt for case in plan.cases]
    questions, rubrics = _used(plan)
    said = (View(len(plan.slots), plan.slots.key), attempts, questions, rubrics, grader.id, loaded.drafts, __version__)
    more = () if grader.id.deterministic else (loaded.config.max_samples,)  # what was unclear may be asked again
    return digest_of_lists((*said, *more, *((known,) if known else ())))


def _used(plan: Plan) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    questions = {case.question.id: case.question for case in plan.cases}
    rubrics = {case.rubric.id: case.rubric for case in plan.cases}
    return tuple(questions.values()), tuple(rubrics.values())


def _new_meta(name: str, loaded: Loaded, grader: Grader, plan: Plan, choice: Choice, world: World) -> RunMeta:
    questions, rubrics = _used(plan)
    left_out = len(in_shard(select(loaded.cases, choice.select), choice.shard)) - len(plan.cases)
    older = f"{left_out} older attempts have no grade by this grader and were left out; --all grades them too"
    return RunMeta(
        id=name,
        started=world.now(),
        version=__version__,
        grader=grader.id,
        samples=_samples(loaded.config, grader),
        planned=len(plan.slots),
        fingerprints=plan.fingerprints,
        not_read=plan.not_read,
        drafts=loaded.drafts,
        notices=(older,) if left_out else (),
        is_sample=choice.is_sample,
        asked=(*choice.paths, *(f"--select {p}" for p in choice.select), *_asked(choice)),
        of=choice.of,
        attempts=len(plan.cases),
        prefix=prefix(loaded.root),
        interview=loaded.config.interview,
        questions=questions,
        rubrics=rubrics,
    )


def read_run(name: str, *, settings: Mapping[str, Any] | None = None, world: World | None = None) -> Run:
    """Return a stored run by id, beginning of an id, `latest`, `previous`, `sample` or path."""
    world = world or real_world()
    store = store_here(settings or {}, world)
    run = store.read(store.resolve(name))
    say_lost(run, world)
    return as_known_now(run, find_root((), world.cwd))


def write_report(
    name: str, form: str, *, settings: Mapping[str, Any] | None = None, world: World | None = None
) -> Path:
    """Write a stored run's report in one format into its folder and return the file's path."""
    world = world or real_world()
    store = store_here(settings or {}, world)
    run = store.resolve(name)
    known = as_known_now(store.read(run), find_root((), world.cwd))
    first, *_ = [store.write(run, file, text) for file, text in plugins.files(form, known)]
    return first


def reports_folder(
    paths: Sequence[str | Path] = (), *, settings: Mapping[str, Any] | None = None, world: World | None = None
) -> Path:
    """Return the folder of stored runs."""
    world = world or real_world()
    root = find_root([Path(path) for path in paths], world.cwd)
    return root / ((settings or {}).get("reports") or read_config(root).config.reports)


def store_here(settings: Mapping[str, Any], world: World) -> Store:
    """Return the store of the project around the working folder, without loading its cases."""
    root = find_root((), world.cwd)
    folder = root / (settings.get("reports") or read_config(root).config.reports)
    if not folder.is_dir():
        check_project(world.cwd)
    return Store(folder)


def summary(run: Run) -> Summary:
    """Return levels, totals and next steps of a run."""
    return summarise(run)


def write_junit(
    run: Run,
    judged: Judged,
    paths: Sequence[str | Path] = (),
    *,
    settings: Mapping[str, Any] | None = None,
    world: World | None = None,
) -> Path:
    """Write the run's `junit.xml` again with what the gate says, and return its path."""
    from evalharness.reports import junit

    world = world or real_world()
    root = find_root([Path(path) for path in paths], world.cwd)
    reports = (settings or {}).get("reports") or read_config(root).config.reports
    return Store(root / reports).write(run.meta.id, FILES["junit"], junit.render(run, judged.rulings))
