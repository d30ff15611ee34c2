"""plan, the runs before -> what a new run leaves where it stands instead of copying it."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection
from itertools import islice

from evalharness.errors import StoreError
from evalharness.model.nouns import Grade, Graded, GraderId
from evalharness.model.run import Reuse, Run, RunState
from evalharness.plan.plan import Plan
from evalharness.store.linked import DEEPEST, Takeover, order_after
from evalharness.store.runs import Store

LEAST = 200  # grades: fewer are copied, which makes a small folder that rests on nothing
MOST = 400  # attempts and grades of the run before that no longer count: with more of them everything is stored again
RUNS = 3  # so many are looked at for one to take over from


def takeover(store: Store, plan: Plan, wide: Plan, stored: Collection[str], grader: GraderId) -> Takeover | None:
    """Return what a run of `plan` takes over from the newest run that holds most of it; None where it copies all.

    `stored` are the keys of grades that still count; `wide` is the plan with the samples that may be asked for.
    """
    if len(stored) < LEAST:
        return None
    for name in islice(store.runs(), RUNS):
        with contextlib.suppress(StoreError):
            meta = store.read_meta(name)
            is_fit = meta.state is RunState.FINISHED and meta.grader == grader and meta.planned >= LEAST
            if is_fit and (meta.reuses is None or meta.reuses.depth < DEEPEST):
                found = _from(store.read(name, meta), plan, wide, stored, store.fits)
                if found is not None:
                    return found
    return None


def _from(
    before: Run, plan: Plan, wide: Plan, stored: Collection[str], fits: Callable[[Grade], bool]
) -> Takeover | None:
    old, now = {each.key: each for each in before.attempts}, [case.key for case in plan.cases]
    after = order_after(list(old), now)
    heads = {case.question.id for case in plan.cases}, {case.rubric.id for case in plan.cases}
    lost = {q.id for q in before.meta.questions} - heads[0] or {r.id for r in before.meta.rubrics} - heads[1]
    if after is None or lost:
        return None
    stored_again = tuple(case.attempt for case in plan.cases if old.get(case.key) != case.attempt)
    gone = tuple(old.keys() - set(now))
    left_out = {attempt.key for attempt in stored_again} | set(gone)
    wanted = {slot.name: slot.key for slot in wide.slots}
    slots: set[tuple[str, str, int]] = set()
    without: list[tuple[str, str, int]] = []
    for grade in before.grades:
        if grade.case in left_out:
            continue
        is_same = isinstance(grade.outcome, Graded) and wanted.get(grade.slot) == grade.key
        if is_same and grade.key in stored and fits(grade):
            slots.add(grade.slot)
        else:
            without.append(grade.slot)
    if len(slots) < max(LEAST, len(plan.slots) // 2) or len(left_out) + len(without) > MOST:
        return None
    depth = before.meta.reuses.depth + 1 if before.meta.reuses else 1
    reuse = Reuse(run=before.meta.id, gone=gone, without=tuple(without), after=after, depth=depth)
    return Takeover(reuse, frozenset(slots), stored_again)
