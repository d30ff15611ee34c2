"""cases, grader, what is stored -> which grades stand, which are set by rule, which calls are needed."""

from __future__ import annotations

import operator
from array import array
from collections import defaultdict
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping, Sequence

from evalharness.model.lazy import View
from evalharness.model.noun import Noun
from evalharness.model.nouns import HEURISTIC, Case, Criterion, Grade, GraderId, Measure
from evalharness.plan.identity import (
    DIGITS,
    asked_of_grader,
    case_content,
    digest,
    encoded,
    fingerprint,
    grade_key,
    reads_alike,
)
from evalharness.plan.precheck import applies, by_rule

Reads = Callable[[Criterion], bool]


class Slot(Noun):
    """A grade that is wanted: one criterion of one attempt, one sample, under one identity."""

    key: str
    fingerprint: str
    case: Case
    criterion: Criterion
    sample: int

    @property
    def name(self) -> tuple[str, str, int]:
        """Return what the grade is for: attempt, criterion, sample."""
        return (self.case.key, self.criterion.id, self.sample)

    def grade(self, **fields: object) -> Grade:
        """Return the grade that fills this slot."""
        return Grade(
            key=self.key,
            fingerprint=self.fingerprint,
            case=self.case.key,
            criterion=self.criterion.id,
            sample=self.sample,
            **fields,  # type: ignore[arg-type]  # the caller names fields of Grade
        )


class Call(Noun):
    """One question to a grader: the slots it should fill (one, or all of an attempt in joint mode)."""

    slots: tuple[Slot, ...]

    @property
    def case(self) -> Case:
        """Return the attempt in question."""
        return self.slots[0].case

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """Return the criteria that are asked for."""
        return tuple(slot.criterion for slot in self.slots)

    @property
    def sample(self) -> int:
        """Return the number of the sample, from 1."""
        return self.slots[0].sample


class Slots(View[Slot]):
    """The slots of a plan in order, made where they are looked at; keys, and whose they are, without making any.

    `rows` says of each at which place among the plan's attempts its own is.
    """

    __slots__ = ("key", "rows")

    def __init__(self, rows: array[int], key: Callable[[int], str], make: Callable[[int], Slot]) -> None:
        super().__init__(len(rows), make)
        self.rows, self.key = rows, key

    def each_key(self) -> Iterator[str]:
        """Yield the key of each slot."""
        return map(self.key, range(len(self)))

    def among(self, kept: Sequence[int], rows: array[int]) -> Slots:
        """Return the slots at some places, which have other `rows` in their plan."""
        return Slots(rows, lambda place: self.key(kept[place]), lambda place: self[kept[place]])

    def then(self, others: Slots, cases: int) -> Slots:
        """Return these slots, of so many `cases`, and behind them `others`, whose cases come behind those."""
        own = len(self)
        rows = self.rows + array("I", (row + cases for row in others.rows))
        return Slots(
            rows,
            lambda place: self.key(place) if place < own else others.key(place - own),
            lambda place: self[place] if place < own else others[place - own],
        )


class Plan(Noun):
    """Every wanted grade of a run.  `not_read` and `fingerprints` are keyed by `<rubric>/<criterion>`.

    What can't be read in one attempt alone (`precheck.applies`) has no slot there, and is in neither.

    `slots` are in the order of `cases` and are made where they are looked at.
    """

    cases: tuple[Case, ...]
    slots: Slots
    fingerprints: dict[str, str]
    not_read: tuple[str, ...]

    @property
    def keys(self) -> frozenset[str]:
        """Return the keys of all wanted grades."""
        return frozenset(self.slots.each_key())

    @property
    def has_series(self) -> bool:
        """Return whether any two attempts stand side by side, so that a change may be claimed."""
        return len({case.attempt.series for case in self.cases}) < len(self.cases)

    def open_slots(self, stored: Container[str]) -> Iterator[Slot]:
        """Yield the slots that no stored grade fills."""
        return (self.slots[place] for place, key in enumerate(self.slots.each_key()) if key not in stored)

    def without(self, cases: Collection[str]) -> Plan:
        """Return the plan without the named attempts."""
        left = {row: place for place, row in enumerate(n for n, case in enumerate(self.cases) if case.key not in cases)}
        kept = array("I", (place for place, row in enumerate(self.slots.rows) if row in left))
        return Plan(
            cases=tuple(self.cases[row] for row in left),
            slots=self.slots.among(kept, array("I", (left[self.slots.rows[place]] for place in kept))),
            fingerprints=self.fingerprints,
            not_read=self.not_read,
        )


def make_plan(
    cases: Sequence[Case],
    grader: GraderId,
    reads: Reads,
    *,
    samples: int = 1,
    redactions: Sequence[tuple[str, str]] = (),
) -> Plan:
    """Return all wanted grades in order of attempt, criterion, sample."""
    prints: dict[str, str] = {}
    not_read: dict[str, None] = {}
    for case in cases:
        for criterion in case.rubric.criteria:
            name = f"{case.rubric.id}/{criterion.id}"
            if name in prints or name in not_read:
                continue
            if isinstance(criterion.kind, Measure) or reads(criterion):
                prints[name] = fingerprint(case.rubric, criterion, grader)
            else:
                not_read[name] = None
    of = (prints, samples, tuple(redactions), grader.name == HEURISTIC)
    if of != _Last.of or not _are_same(cases, _Last.cases):
        slots = _packed(tuple(cases), prints, samples, redactions, by_surface=grader.name == HEURISTIC)
        _Last.cases, _Last.of, _Last.slots = tuple(cases), of, slots
    return Plan(cases=_Last.cases, slots=_Last.slots, fingerprints=prints, not_read=tuple(not_read))


class _Last:
    """What was planned last: a run and its page of progress ask for the same one after the other."""

    cases: tuple[Case, ...] = ()
    of: tuple[object, ...] = ()
    slots: Slots


def _are_same(some: Sequence[Case], others: Sequence[Case]) -> bool:
    return len(some) == len(others) and all(map(operator.is_, some, others))


def _packed(
    cases: tuple[Case, ...],
    prints: Mapping[str, str],
    samples: int,
    redactions: Sequence[tuple[str, str]],
    *,
    by_surface: bool,
) -> Slots:
    """Return the slots of all cases, in memory as 24 bytes each: a plan has thousands and lives as long as its run."""
    keys, rows, places, numbers = bytearray(), array("I"), array("H"), array("H")
    for row, case in enumerate(cases):
        for place, sample, key in _keys(case, prints, samples, redactions, by_surface=by_surface):
            keys += bytes.fromhex(key)
            rows.append(row)
            places.append(place)
            numbers.append(sample)
    width = DIGITS // 2

    def named(number: int) -> str:
        return keys[number * width : (number + 1) * width].hex()

    def slot(number: int) -> Slot:
        case = cases[rows[number]]
        criterion = case.rubric.criteria[places[number]]
        return Slot(
            key=named(number),
            fingerprint=prints[f"{case.rubric.id}/{criterion.id}"],
            case=case,
            criterion=criterion,
            sample=numbers[number],
        )

    return Slots(rows, named, slot)


def _keys(
    case: Case,
    prints: Mapping[str, str],
    samples: int,
    redactions: Sequence[tuple[str, str]],
    *,
    by_surface: bool,
) -> Iterator[tuple[int, int, str]]:
    """Yield the criterion's place in its rubric, the sample and the key of each wanted grade of one attempt."""
    alike: dict[tuple[object, ...], bytes] = {}  # most criteria of an attempt read the same
    for place, criterion in enumerate(case.rubric.criteria):
        print_ = prints.get(f"{case.rubric.id}/{criterion.id}")
        if print_ is None or not applies(case, criterion, by_surface=by_surface):
            continue
        reads = reads_alike(criterion)
        content = alike.get(reads) or alike.setdefault(reads, encoded(case_content(case, criterion, redactions)))
        for sample in range(1, 2 if isinstance(criterion.kind, Measure) else samples + 1):
            yield place, sample, grade_key(content, print_, sample)


def needs_call(slot: Slot) -> bool:
    """Return whether a grader must be asked: not for measures, not where a rule decides."""
    return not isinstance(slot.criterion.kind, Measure) and by_rule(slot.case, slot.criterion) is None


def make_calls(slots: Iterable[Slot], mode: str) -> tuple[Call, ...]:
    """Return the calls that fill `slots`: one each, or one per attempt and sample in joint mode.

    A joint call asks for every criterion of the attempt, because they share its identity; only the open slots
    are filled from its reply.
    """
    if mode != "joint":
        return tuple(Call(slots=(slot,)) for slot in slots)
    together: dict[tuple[str, int], list[Slot]] = defaultdict(list)
    for slot in slots:
        together[slot.case.key, slot.sample].append(slot)
    return tuple(Call(slots=tuple(found)) for found in together.values())


def asked_together(call: Call, mode: str) -> tuple[Criterion, ...]:
    """Return the criteria that one request names."""
    return asked_of_grader(call.case.rubric) if mode == "joint" else call.criteria


def shared_by(call: Call, mode: str) -> str:
    """Return what calls must share to begin alike: the attempt, or in joint mode the rubric."""
    return f"rubric {call.case.rubric.id}" if mode == "joint" else f"attempt {call.case.key}"


def in_shard(cases: Iterable[Case], shard: tuple[int, int]) -> tuple[Case, ...]:
    """Return the cases of one part of many: `(3, 8)` is the third eighth.

    A series stays together, and belongs to the same part however many others there are.
    """
    part, parts = shard
    return tuple(c for c in cases if parts == 1 or int(digest(c.attempt.series)[:8], 16) % parts == part - 1)


def latest_of_each_series(cases: Iterable[Case], most: int) -> frozenset[str]:
    """Return the keys of the `most` newest attempts of each series (by date, then attempt id)."""
    series: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        series[case.attempt.series].append(case)
    return frozenset(
        case.key
        for found in series.values()
        for case in sorted(found, key=lambda c: (c.attempt.date, c.attempt.id))[-most:]
    )
