"""stored runs, today's plan -> what is stored of its series under another identity, and what differs.

Grades are looked at by their first three fields, without parsing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

import msgspec

from evalharness.history.nouns import Elsewhere
from evalharness.model.nouns import Criterion, GraderId, Measure, Rubric
from evalharness.plan.identity import fingerprint, grader_parts
from evalharness.plan.plan import Plan

RUBRIC_TEXT, OTHER_TEXT = "rubric text", "question or answer text"
_LINE = re.compile(rb'\{"key":"([0-9a-f]+)","fingerprint":"([0-9a-f]+)","case":"([^"\\]+)"')
_UNGRADED = b'"type":"ungraded"'  # inside a text the quotation marks would be escaped


class Head(msgspec.Struct):
    """Who graded a run, and under which fingerprints."""

    grader: GraderId
    fingerprints: dict[str, str] = {}


class Stored(Protocol):
    """Where runs are stored, as far as this module looks at them."""

    def head(self, run: str) -> Head | None:
        """Return who graded a run; None where that can't be read."""
        ...

    def lines(self, run: str) -> Iterable[bytes]:
        """Return the lines of a run's grades."""
        ...


class _Other(NamedTuple):
    """One series under one other identity."""

    series: str
    grader: GraderId
    differs: tuple[str, ...]


def elsewhere(
    store: Stored, runs: Sequence[str], plan: Plan, grader: GraderId, ungraded: Collection[str]
) -> tuple[Elsewhere, ...]:
    """Return what is stored of the plan's series under other identities, the one graded last first.

    `runs` are ids, newest first.  `ungraded` are the attempts that lack a grade today: for those a grade under
    today's fingerprint counts too if its key is another one, because their text or their question has changed since.
    """
    today = _Today(plan, grader, ungraded)
    found: dict[_Other, set[str]] = defaultdict(set)
    newest: dict[_Other, str] = {}
    for run in runs:
        head = store.head(run)
        differs = today.differs(head) if head else {}
        if head and differs:
            for case, parts in sorted(_stored(store.lines(run), differs, today.keys)):
                if today.counts(case, parts):
                    other = _Other(case.rpartition("/")[0], head.grader, parts)
                    newest.setdefault(other, run)
                    found[other].add(case)
    return tuple(
        Elsewhere(series=o.series, grader=o.grader, attempts=len(found[o]), run=run, differs=o.differs)
        for o, run in newest.items()
    )


class _Today:
    """What today's plan would measure, to hold other runs against."""

    def __init__(self, plan: Plan, grader: GraderId, ungraded: Collection[str]) -> None:
        self._prints = plan.fingerprints
        self._grader = grader
        self._ungraded = ungraded
        rows = zip(plan.slots.rows, plan.slots.each_key(), strict=True) if ungraded else ()
        self.keys = frozenset(key.encode() for row, key in rows if plan.cases[row].key in ungraded)
        self._series = {case.attempt.series for case in plan.cases}
        rubrics = {case.rubric.id: case.rubric for case in plan.cases}
        self._criteria = {f"{r.id}/{c.id}": (r, c) for r in rubrics.values() for c in r.criteria}
        self._known: dict[tuple[GraderId, str, str], tuple[str, ...]] = {}

    def differs(self, head: Head) -> dict[bytes, tuple[str, ...]]:
        """Return by fingerprint what differs from today; what can't differ in an interesting way is left out."""
        found = {}
        for name, print_ in head.fingerprints.items():
            rubric_and_criterion = self._criteria.get(name)
            if rubric_and_criterion and isinstance(rubric_and_criterion[1].kind, Measure):
                continue  # computed again whenever it is looked at
            if print_ != self._prints.get(name):
                found[print_.encode()] = self._parts(name, print_, head.grader, rubric_and_criterion)
            elif self._ungraded:
                found[print_.encode()] = (OTHER_TEXT,)
        return found

    def counts(self, case: str, parts: tuple[str, ...]) -> bool:
        """Return whether a grade of `case` is one to list."""
        if parts == (OTHER_TEXT,):
            return case in self._ungraded
        return case.rpartition("/")[0] in self._series

    def _parts(
        self, name: str, print_: str, grader: GraderId, known: tuple[Rubric, Criterion] | None
    ) -> tuple[str, ...]:
        key = (grader, name, print_)
        if key not in self._known:
            same_text = known is not None and fingerprint(*known, grader) == print_
            self._known[key] = (*grader_parts(grader, self._grader), *(() if same_text else (RUBRIC_TEXT,)))
        return self._known[key]


def _stored(
    lines: Iterable[bytes], differs: Mapping[bytes, tuple[str, ...]], of_today: Collection[bytes]
) -> set[tuple[str, tuple[str, ...]]]:
    """Return attempts with a stored level under one of these fingerprints, each with what differs.

    `of_today` are keys of today: what is stored under one differs in nothing, and others of its attempt are missing.
    """
    found = {
        (match[3], match[2])
        for line in lines
        if (match := _LINE.match(line)) and match[2] in differs and match[1] not in of_today and _UNGRADED not in line
    }
    return {(case.decode(errors="replace"), differs[print_]) for case, print_ in found}
