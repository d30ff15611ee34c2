"""plan, store -> what attempts had before they were edited in place, so that the edit shows its change."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from itertools import islice

from evalharness.errors import StoreError
from evalharness.model.nouns import Attempt, Case, Grade, Graded, GraderId
from evalharness.model.run import Former, Run
from evalharness.store.runs import Store

MOST_RUNS = 20  # so many stored runs are looked through for the last one that holds an attempt


def former_of(store: Store, cases: Mapping[str, Case], grader: GraderId) -> tuple[Former, ...]:
    """Return for each attempt that was edited since a run graded it what it had then, newest run first.

    Where the newest run that holds an attempt graded the same text, what that run knew of an edit holds still.
    """
    left = dict(cases)
    found: list[Former] = []
    for run in islice(_runs(store, grader), MOST_RUNS):
        if not left:
            break
        known = {each.case: each for each in run.meta.former}
        grades = run.by_case()
        for attempt in run.attempts:
            case = left.pop(attempt.key, None)
            if case is None:
                continue
            if _said(attempt) == _said(case.attempt):
                found += [known[attempt.key]] if attempt.key in known else []
            elif kept := tuple(_bare(grade) for grade in grades.of_case(attempt.key) if _has_level(grade)):
                found.append(Former(case=attempt.key, run=run.meta.id, at=run.meta.started, grades=kept))
    return tuple(sorted(found, key=lambda each: each.case))


def _runs(store: Store, grader: GraderId) -> Iterator[Run]:
    for name in store.runs():
        with contextlib.suppress(StoreError):
            meta = store.read_meta(name)
            if meta.grader == grader:
                yield store.read(name, meta)


def _said(attempt: Attempt) -> tuple[tuple[str, str], ...]:
    return tuple((part.id, " ".join(part.text.split())) for part in attempt.parts)


def _has_level(grade: Grade) -> bool:
    return isinstance(grade.outcome, Graded)


def _bare(grade: Grade) -> Grade:
    """Return a grade without evidence and words: what a difference needs."""
    outcome = grade.outcome
    bare = Graded(level=outcome.level, by=outcome.by, value=outcome.value) if isinstance(outcome, Graded) else outcome
    return Grade(
        key=grade.key,
        fingerprint=grade.fingerprint,
        case=grade.case,
        criterion=grade.criterion,
        outcome=bare,
        sample=grade.sample,
        at=grade.at,
    )
