"""A run: what was planned, over which attempts, and every grade it holds.  What all reports are made of."""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from evalharness.model.breaks import Break, Drift
from evalharness.model.correction import Correction
from evalharness.model.lazy import View
from evalharness.model.noun import Noun
from evalharness.model.nouns import Attempt, Case, Grade, GraderId, Question, Rubric


class RunState(enum.Enum):
    """How far a run has come.  Only `finished` means that every planned grade has an outcome."""

    RUNNING = "running"
    FINISHED = "finished"
    INTERRUPTED = "interrupted"
    STOPPED = "stopped"
    BUDGET = "budget"
    PENDING = "pending"


class Cost(Noun):
    """Money of one run in USD, by list price.  `spent` is None where a price is unknown, never zero instead."""

    calls: int = 0
    spent: float | None = 0.0
    unknown_models: tuple[str, ...] = ()
    saved: float | None = 0.0
    input: int = 0
    output: int = 0
    cache_write: int = 0
    cache_read: int = 0
    prices_of: str = ""


class Former(Noun):
    """What an attempt had before it was edited in place: the run that graded its former text, and those levels."""

    case: str
    run: str
    at: str = ""
    grades: tuple[Grade, ...] = ()


class Reuse(Noun):
    """What a run takes over from the run before it, where it stands: all but what is named here, and what it stores.

    `gone` are attempts that are no more, `without` grades (attempt, criterion, sample) that no longer count; `after`
    says behind which attempt each new one comes.  `depth` is how many runs stand behind this one.
    """

    run: str
    gone: tuple[str, ...] = ()
    without: tuple[tuple[str, str, int], ...] = ()
    after: dict[str, str] = {}
    depth: int = 1


class RunMeta(Noun):
    """`run.json`: what was planned, under which identity, and how it ended.

    `planned`, `reused`, `ungraded` count grades (one criterion, one sample).  `fingerprints` and `not_read` are
    keyed by `<rubric>/<criterion>`; `digest` is equal for two runs that would say the same.  `breaks` are the found
    drifts of its grader, `anchors` the check that was made with it, its grades left out.  `asked` is what the person
    chose (paths, patterns), `of` how many attempts the whole project held, `attempts` how many the run has; 0
    where that is not known.  `prefix` is the way to the project from its repository's root, `interview` the day of
    the interview, where it is known.  `former` are attempts that were edited in place, `corrections` what people's
    labels make of its levels, shown beside them.
    `reuses` says what stays in the folder of another run; questions and rubrics too.
    """

    id: str
    started: str
    version: str
    grader: GraderId
    format: int = 1
    finished: str = ""
    state: RunState = RunState.RUNNING
    why: str = ""
    samples: int = 1
    digest: str = ""
    planned: int = 0
    reused: int = 0
    ungraded: int = 0
    fingerprints: dict[str, str] = {}
    not_read: tuple[str, ...] = ()
    drafts: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    cost: Cost = Cost()
    breaks: tuple[Break, ...] = ()
    anchors: Drift | None = None
    is_sample: bool = False
    asked: tuple[str, ...] = ()
    of: int = 0
    attempts: int = 0
    prefix: str = ""
    interview: str = ""
    reuses: Reuse | None = None
    questions: tuple[Question, ...] = ()
    rubrics: tuple[Rubric, ...] = ()
    former: tuple[Former, ...] = ()
    corrections: tuple[Correction, ...] = ()


@runtime_checkable
class ByCase(Protocol):
    """Grades that know where those of one attempt are."""

    def of_case(self, case: str) -> Sequence[Grade]:
        """Return the grades of one attempt."""
        ...

    def has(self, slot: tuple[str, str, int]) -> bool:
        """Return whether there is a grade for this attempt, criterion and sample."""
        ...


class Run(Noun):
    """One execution over a set of attempts, as stored under `reports/<run id>/`.

    A stored run holds neither attempts nor grades in memory: both are read from its files where they are looked at.
    """

    meta: RunMeta
    attempts: Sequence[Attempt]
    grades: Sequence[Grade]

    @property
    def is_partial(self) -> bool:
        """Return whether the project held more attempts that day than the run took in."""
        return len(self.attempts) < self.meta.of

    def cases(self) -> Sequence[Case]:
        """Return the attempts joined with the questions and rubrics of that day, in planned order."""
        questions = {question.id: question for question in self.meta.questions}
        rubrics = {rubric.id: rubric for rubric in self.meta.rubrics}

        def case(row: int) -> Case:
            attempt = self.attempts[row]
            question = questions[attempt.question]
            return Case(question=question, attempt=attempt, rubric=rubrics[question.rubric])

        return View(len(self.attempts), case)

    def by_case(self) -> ByCase:
        """Return the grades by attempt."""
        return self.grades if isinstance(self.grades, ByCase) else _InMemory(self.grades)


class _InMemory:
    """The grades of a run that is held in memory, by attempt."""

    def __init__(self, grades: Sequence[Grade]) -> None:
        self._found: dict[str, list[Grade]] = defaultdict(list)
        for grade in grades:
            self._found[grade.case].append(grade)
        self._slots = {grade.slot for grade in grades}

    def of_case(self, case: str) -> Sequence[Grade]:
        return self._found.get(case, ())

    def has(self, slot: tuple[str, str, int]) -> bool:
        return slot in self._slots
