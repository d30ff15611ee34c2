"""store, what a run would say -> the run that says it already, where nothing changed since."""

from __future__ import annotations

from evalharness.errors import StoreError
from evalharness.grading.fill import lost_of
from evalharness.model.run import Run, RunMeta, RunState
from evalharness.store.runs import Store
from evalharness.world import World


def repeated(store: Store, identity: str, world: World, among: int) -> Run | None:
    """Return the newest run, or one of the `among` newest, that this one would only repeat; else None."""
    latest = next(filter(None, (_finished_as(store, run, identity) for run in store.runs()[:among])), None)
    if latest is None:
        return None
    same = store.read(latest.id)
    if lost := lost_of(same):
        world.say(f"{lost} of run {latest.id} can't be read any more (a bad merge?) and are made again")
        return None
    world.say(f"nothing changed since run {latest.id}: {latest.planned} grades reused, none made")
    return same


def _finished_as(store: Store, run: str, identity: str) -> RunMeta | None:
    """Return a run's head where it came to its end with nothing ungraded, and would say what `identity` stands for."""
    try:
        meta = store.read_meta(run)
    except StoreError:
        return None
    fits = meta.state is RunState.FINISHED and meta.digest == identity and not meta.ungraded
    return meta if fits else None
