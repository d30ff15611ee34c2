"""store, what a run would say -> the run that says it already, where nothing changed since."""

from __future__ import annotations

from evalharness.errors import StoreError
from evalharness.grading.adapt import worth_a_call
from evalharness.history.workflow import lost_of
from evalharness.model.config import Config
from evalharness.model.run import Run, RunMeta, RunState
from evalharness.noise import Prior
from evalharness.plan.plan import Plan, needs_call
from evalharness.results.aggregate import summarise
from evalharness.results.changes import grading_of
from evalharness.store.runs import Store
from evalharness.world import World


def repeated(
    store: Store, identity: str, plan: Plan, world: World, among: int, more: tuple[Config, Prior] | None = None
) -> Run | None:
    """Return the newest run, or one of the `among` newest, that this one would only repeat; else None.

    With `more`, extra samples were asked for: what they may settle is no repetition.
    """
    latest = next(filter(None, (_finished_as(store, run, identity) for run in store.runs()[:among])), None)
    if latest is None:
        return None
    same = store.read(latest.id)
    if lost := lost_of(same):
        world.say(f"{lost} of run {latest.id} can't be read any more (a bad merge?) and will be made again")
        return None
    asked = {slot.key for slot in plan.slots if needs_call(slot)}
    if not _as_planned(same, plan) or len(store.find(asked)) < len(asked):
        world.say(f"run {latest.id} does not hold any more what it was made of, so it is made again")
        return None
    if more is not None and _wants_more(same, store, *more, world.now()):
        return None
    world.say(f"nothing changed since run {latest.id}: it is shown again, and nothing was graded")
    return same


def _as_planned(run: Run, plan: Plan) -> bool:
    """Return whether a stored run says of every attempt what was planned, as its identity promises."""
    planned = {case.key: case.attempt for case in plan.cases}
    questions = {case.question.id: case.question for case in plan.cases}
    rubrics = {case.rubric.id: case.rubric for case in plan.cases}
    return (
        questions.items() <= {each.id: each for each in run.meta.questions}.items()
        and rubrics.items() <= {each.id: each for each in run.meta.rubrics}.items()
        and all(planned.get(attempt.key) == attempt for attempt in run.attempts)
    )


def _wants_more(run: Run, store: Store, config: Config, prior: Prior, now: str) -> bool:
    """Return whether a change of this run is not clear and more samples may settle it."""
    grader = run.meta.grader
    if grader.deterministic:
        return False
    repeated_ = store.repeated(set(run.meta.fingerprints.values()))
    known = grading_of(grader, [*repeated_, run.grades], run.meta.breaks, prior)
    return bool(worth_a_call(summarise(run).series, known, most=config.max_samples, now=now))


def _finished_as(store: Store, run: str, identity: str) -> RunMeta | None:
    """Return a run's head where it came to its end with nothing ungraded, and would say what `identity` stands for."""
    try:
        meta = store.read_meta(run)
    except StoreError:
        return None
    fits = meta.state is RunState.FINISHED and meta.digest == identity and not meta.ungraded
    return meta if fits else None
