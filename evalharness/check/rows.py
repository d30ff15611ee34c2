"""changed attempts, grades of both sides, gates -> rows with a verdict, and what the whole check says."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import msgspec

from evalharness.errors import ExitCode, Problem
from evalharness.gate.rulings import Asks, Ruling, Trial, Verdict, gate_for, rule, trials, worst
from evalharness.load.head import Read
from evalharness.model.config import Gate
from evalharness.model.noun import Noun
from evalharness.model.nouns import Case, GraderId, Rubric
from evalharness.model.run import Cost, RunState
from evalharness.noise import Change, Reading, exact
from evalharness.plan.changed import Changed, How
from evalharness.results.aggregate import CaseResult
from evalharness.results.changes import Grading, change_of_total, read_together

AT_BASE = "@base"
PROPOSED = "@proposed"


class Announced(Noun):
    """A change to a rubric or to the settings: what differs, how many attempts it concerns, what regrading costs.

    `calls` requests and `usd` by list price; None where the price is unknown.  `apart` says that grades of before
    and after can't be compared; where only some criteria of a rubric are concerned, `anew` are these, and `same` the
    others, whose grades can be.
    """

    what: str
    name: str
    apart: bool = True
    anew: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    attempts: int = 0
    calls: int = 0
    usd: float | None = 0.0


class Means(Noun):
    """The mean of everybody's latest answers before and after a change; `known` of `of` series are in it."""

    before: float
    now: float
    known: int
    of: int


class Row(Noun):
    """One changed attempt: both results (None: not there), the change and its reading, and what the gates say.

    `surface` is the change by the offline grader, shown beside where the configured one could not be asked;
    `proposed` the result by the rubric as the change would have it, where that differs from the base's.
    """

    changed: Changed
    now: CaseResult | None = None
    before: CaseResult | None = None
    change: Change | None = None
    reading: Reading | None = None
    rulings: tuple[Ruling, ...] = ()
    deleted: str = "warn"
    surface: tuple[float | None, float | None] | None = None
    proposed: CaseResult | None = None

    @property
    def verdict(self) -> Verdict | None:
        """Return the worst verdict, of those that fail where any does; None where no gate asks anything."""
        return worst(self.rulings)

    @property
    def fails(self) -> bool:
        """Return whether this row fails the check by itself."""
        gone = self.changed.how is How.DELETED and self.deleted == "fail"
        return gone or any(ruling.fails for ruling in self.rulings)

    @property
    def warns(self) -> bool:
        """Return whether a person should look at this row although it fails nothing."""
        gone = self.changed.how is How.DELETED and self.deleted == "warn"
        return not self.fails and (gone or any(ruling.warns for ruling in self.rulings))

    @property
    def ungraded(self) -> bool:
        """Return whether the attempt is there and a grader has yet to give it a score."""
        return self.now is not None and self.now.total is None and not self.now.too_short


class Check(Noun):
    """What a check found.  `needs` are attempts that have no grade and need the configured grader.

    `head` is the commit that was read, or that what was read would follow.  `cost` is all of it, `base_cost` what of it
    went into grades of the base that were not stored.  `prefix` leads from the repository's root to the project: code
    hosts name files from there.  `means` is where the whole project stands before and after; `files` and `page` are
    addresses on the code host, empty where none is known.
    """

    ref: str
    base: str
    head: str
    read: Read
    grader: GraderId
    rows: tuple[Row, ...]
    gate: Gate = Gate()
    announced: tuple[Announced, ...] = ()
    advice: tuple[Problem, ...] = ()
    notices: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    drafts: tuple[str, ...] = ()
    state: RunState = RunState.FINISHED
    why: str = ""
    cost: Cost = Cost()
    base_cost: Cost = Cost()
    base_graded: int = 0
    reused: int = 0
    prefix: str = ""
    started: str = ""
    means: Means | None = None
    files: str = ""
    page: str = ""

    @property
    def ungraded(self) -> int:
        """Return how many changed attempts wait for a score."""
        return sum(row.ungraded for row in self.rows)

    @property
    def failed(self) -> tuple[Row, ...]:
        """Return the rows that fail the check."""
        return tuple(row for row in self.rows if row.fails)

    @property
    def would_fail(self) -> tuple[Row, ...]:
        """Return the rows that fail nothing only because what they miss is advisory."""
        return tuple(row for row in self.rows if not row.fails and row.verdict is Verdict.FAIL)

    @property
    def rulings(self) -> tuple[Ruling, ...]:
        """Return every ruling of every row."""
        return tuple(ruling for row in self.rows for ruling in row.rulings)

    @property
    def too_close(self) -> tuple[Row, ...]:
        """Return the rows that a gate leaves open."""
        return tuple(row for row in self.rows if not row.fails and row.verdict is Verdict.TOO_CLOSE)

    @property
    def verdict(self) -> Verdict:
        """Return what the check as a whole says."""
        if self.failed:
            return Verdict.FAIL
        if self.ungraded > self.gate.max_ungraded:
            return Verdict.UNGRADED
        return Verdict.TOO_CLOSE if self.too_close else Verdict.PASS

    @property
    def exit_code(self) -> ExitCode:
        """Return the first that holds of: interrupted, budget, incomplete, gate failed, fine."""
        if self.state is RunState.INTERRUPTED:
            return ExitCode.INTERRUPTED
        if self.state is RunState.BUDGET:
            return ExitCode.BUDGET
        if self.ungraded > self.gate.max_ungraded:
            return ExitCode.INCOMPLETE
        return ExitCode.GATE_FAILED if self.failed else ExitCode.FINE


# The same text under another name is one measurement, not two that happen to agree.
_UNCHANGED = exact(0.0)


def at_base(case: Case) -> Case:
    """Return an attempt of the base under a key of its own, so that both sides fit into one run.

    The name takes no part in any grade's key: what is stored for it stands.
    """
    return _aside(case, AT_BASE)


def proposed(case: Case) -> Case:
    """Return an attempt, graded by the rubric that the change brings, under a key of its own."""
    return _aside(case, PROPOSED)


def _aside(case: Case, mark: str) -> Case:
    attempt = msgspec.structs.replace(case.attempt, id=f"{case.attempt.id}{mark}")
    return Case(question=case.question, attempt=attempt, rubric=case.rubric)


def rows(
    changed: Iterable[Changed],
    results: Mapping[str, CaseResult],
    gate: Gate,
    grading: Grading,
    *,
    apart: Collection[str] = (),
    switched: Collection[str] = (),
    unasked: bool = False,
) -> tuple[Row, ...]:
    """Return one row for each changed attempt; with `unasked` every gate only advises.

    Gates are advisory for rubrics in `apart`, and for attempts whose question's path is in `switched`: the bar of the
    base is not for a rubric that the change chose.
    """
    found = [_row(one, results, gate, grading) for one in changed]
    asked = [_trials(row, gate, grading, apart, switched) for row in found]
    if unasked:
        asked = [tuple(msgspec.structs.replace(trial, unasked=True) for trial in trials_) for trials_ in asked]
    rulings = iter(rule([trial for trials_ in asked for trial in trials_]))
    readings = read_together([row.change for row in found]).readings
    return tuple(
        msgspec.structs.replace(row, reading=reading, rulings=tuple(next(rulings) for _ in trials_))
        for row, trials_, reading in zip(found, asked, readings, strict=True)
    )


def unsettled(found: Iterable[Row]) -> frozenset[str]:
    """Return the keys, of both sides, of the attempts that another sample may settle."""
    names: set[str] = set()
    for row in found:
        wanting = [ruling for ruling in row.rulings if ruling.wants_samples]
        if wanting and row.now:
            names.add(row.now.case.key)
        if row.before and any(ruling.trial.asks is Asks.NO_REGRESSION for ruling in wanting):
            names.add(row.before.case.key)
    return frozenset(names)


def rubric_differs(before: Rubric, now: Rubric) -> str:
    """Return what of a rubric changes scores without changing any grade: weights, floors; empty where nothing."""
    earlier = {criterion.id: criterion for criterion in before.criteria}
    both = [(earlier[c.id], c) for c in now.criteria if c.id in earlier]
    weights = [c.id for old, c in both if old.weight != c.weight]
    floors = [c.id for old, c in both if old.floor != c.floor]
    told = [(f"weight of {', '.join(weights)}", weights), (f"floor of {', '.join(floors)}", floors)]
    return "; ".join(text for text, names in told if names)


def switches(changed: Iterable[Changed]) -> dict[str, tuple[str, str]]:
    """Return the questions that a change gives another rubric: path -> rubric before, rubric now."""
    pairs = [(one.now, one.against) for one in changed if one.now and one.against]
    return {
        now.question.path: (before.rubric.id, now.rubric.id)
        for now, before in pairs
        if before.rubric.id != now.rubric.id
    }


def by_base(one: Changed, rubrics: Mapping[str, Rubric], apart: Collection[str]) -> Changed:
    """Return the change under the rubric of the base: what a change says of it sets no bar of its own.

    Rubrics in `apart` are graded as they are now.
    """
    if one.now is None or one.now.rubric.id in apart:
        return one
    return msgspec.structs.replace(one, now=by_base_text(one.now, rubrics))


def by_base_text(case: Case, rubrics: Mapping[str, Rubric]) -> Case:
    """Return an attempt under the rubric of that name at the base, where there is one."""
    return msgspec.structs.replace(case, rubric=rubrics.get(case.rubric.id, case.rubric))


def _row(one: Changed, results: Mapping[str, CaseResult], gate: Gate, grading: Grading) -> Row:
    now = results.get(one.now.key) if one.now else None
    before = results.get(at_base(one.against).key) if one.against else None
    comparable = before and now and before.case.rubric.id == now.case.rubric.id
    change = change_of_total(before, now, grading) if before and now and comparable else None
    if change is not None and one.how is How.RENAMED:
        change = _UNCHANGED
    beside = results.get(proposed(one.now).key) if one.now else None
    return Row(changed=one, now=now, before=before, change=change, deleted=gate.deleted, proposed=beside)


def _compares(trial: Trial) -> bool:
    return trial.asks is Asks.NO_REGRESSION


def _trials(
    row: Row, gate: Gate, grading: Grading, apart: Collection[str], switched: Collection[str]
) -> tuple[Trial, ...]:
    if row.now is None:
        return ()
    case = row.now.case
    is_apart = case.rubric.id in apart or case.question.path in switched
    found = trials(row.now, row.before, gate, grading, apart=is_apart)
    if is_apart:  # an old total under another rubric is no bar
        found = tuple(msgspec.structs.replace(t, change=None) if _compares(t) else t for t in found)
    if row.change is _UNCHANGED:
        found = tuple(msgspec.structs.replace(t, change=_UNCHANGED) if _compares(t) else t for t in found)
    if not gate_for(gate, case).no_regression or row.changed.against is None or row.now.total is None:
        return found
    if row.before is not None and row.before.total is not None:
        return found
    # The attempt before has no grade: that nothing got worse can't be said, and does not pass silently.
    missing = Trial(asks=Asks.NO_REGRESSION, case=case.key, found=row.now.total, rubric=case.rubric.id, apart=True)
    return (*found, missing)
