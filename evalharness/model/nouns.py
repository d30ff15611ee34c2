"""The nouns, all frozen: what is asked, what was answered, what good looks like, what was measured.

They are `msgspec.Struct`s and not dataclasses because `reports/` stores them as they are: the same
declaration is the type in memory, the strict reader of a stored line, and its writer.
"""

from __future__ import annotations

import bisect
import enum
from typing import TypeAlias

from evalharness.model.asked import Company as Company
from evalharness.model.asked import Context as Context
from evalharness.model.asked import Interviewer as Interviewer
from evalharness.model.asked import Mission as Mission
from evalharness.model.asked import Question as Question
from evalharness.model.noun import Noun, OnScale
from evalharness.model.signals import Signals
from evalharness.model.timing import Timing

LOWEST, HIGHEST = 1, 5
EXAMPLE = "example"  # the author of what `init --examples` brings
ANSWER = "answer"
HEURISTIC = "heuristic"


# --- what was answered ---------------------------------------------------------------------------


class FoundBy(enum.Enum):
    """How a part was found in the text of an attempt."""

    HEADING = "heading"
    NEAR_HEADING = "near_heading"
    OPENING = "opening"
    LAST_QUESTION = "last_question"


class Part(Noun):
    """A stretch of an attempt that criteria read; `line` is where it begins in the file (1-based).

    `found` says how it was found where no heading of the rubric's marks it: by a heading that is near one, as the
    opening, or as the last question; then `heading` is that heading as it is written.
    """

    id: str
    text: str
    line: int = 1
    found: FoundBy = FoundBy.HEADING
    heading: str = ""

    def line_of(self, offset: int) -> int:
        """Return the file's line that holds the character at `offset` of this part."""
        return self.line + self.text.count("\n", 0, offset)


class Attempt(Noun):
    """One dated answer by one author to one question; `timing` is its recording's clock, where there is one."""

    question: str
    author: str
    id: str
    parts: tuple[Part, ...]
    date: str = ""
    missions: tuple[str, ...] = ()
    self_score: float | None = None
    notes: str = ""
    source: str = ""
    path: str = ""
    timing: Timing | None = None

    @property
    def key(self) -> str:
        """Return `<question id>/<author>/<attempt id>`, which survives reformatting."""
        return f"{self.question}/{self.author}/{self.id}"

    @property
    def series(self) -> str:
        """Return the key of the series: all attempts of one author at one question."""
        return f"{self.question}/{self.author}"

    def part(self, name: str) -> Part | None:
        """Return the part called `name`, or None where the attempt does not have it."""
        return next((part for part in self.parts if part.id == name), None)


# --- what good looks like ------------------------------------------------------------------------


class Level(Noun):
    """A point of the scale and the text (anchor) that says what earns it.

    `next` tells the author what to do to pass it; graders do not see it.  `drafted_by` is a model, or `import`, whose
    text it is until a person has decided.  So in items and tags.
    """

    level: int
    text: str
    drafted_by: str = ""
    next: str = ""


class Item(Noun):
    """One thing on a checklist."""

    id: str
    text: str
    signals: Signals | None = None
    drafted_by: str = ""
    next: str = ""


class Tag(Noun):
    """One entry of a closed list, for instance a mission."""

    id: str
    title: str
    look_for: str = ""
    signals: Signals | None = None
    drafted_by: str = ""
    next: str = ""


class Band(Noun):
    """Level of a measured value within `at_least` and `at_most` (both inclusive, in the measure's unit)."""

    level: int
    at_least: float | None = None
    at_most: float | None = None


class Scale(Noun, tag="scale"):
    """Graded against anchored levels: an integer from 1 to 5."""

    levels: tuple[Level, ...]
    signals: Signals | None = None


class Checklist(Noun, tag="checklist"):
    """Items met, partly met or not met: level = 1 + 4 (met + partly/2) / n, unrounded."""

    items: tuple[Item, ...]


class Tags(Noun, tag="tags"):
    """A closed list: level = 1 + 4 |demonstrated and claimed| / |claimed|."""

    tags: tuple[Tag, ...]


class Measure(Noun, tag="measure"):
    """Computed in code and mapped to a level by the first band that holds the value."""

    measure: str
    bands: tuple[Band, ...]


Kind: TypeAlias = Scale | Checklist | Tags | Measure


class Criterion(Noun):
    """One thing that is graded; `sections` are headings under which the heuristic reads it.

    `border_cases` are worked examples of what counts and what does not, for graders and people who label.
    """

    id: str
    title: str
    kind: Kind
    weight: float = 1.0
    part: str = ANSWER
    look_for: str = ""
    floor: float | None = None
    sections: tuple[str, ...] = ()
    next_question: bool = False
    border_cases: tuple[str, ...] = ()


class PartSpec(Noun):
    """A part a rubric reads beside `answer`: it begins at one of `headings`.

    `within_answer` says that its text stays a piece of the answer (an overview); otherwise it leaves it.  Where no
    heading marks it, the opening is the first part within the answer and the last question the first of the others,
    unless it is found by its `heading_only`.
    """

    id: str
    headings: tuple[str, ...]
    within_answer: bool = False
    required: bool = False
    heading_only: bool = False


class Rubric(Noun):
    """Weighted criteria on one scale, 1 to 5.  Answers under `min_words` are too short to grade.

    `edition` counts the times its texts changed what a level means: grades by two editions are not compared.
    """

    id: str
    title: str
    criteria: tuple[Criterion, ...]
    description: str = ""
    parts: tuple[PartSpec, ...] = ()
    min_words: int = 10
    path: str = ""
    edition: int = 1

    def criterion(self, name: str) -> Criterion | None:
        """Return the criterion called `name`, or None."""
        return next((criterion for criterion in self.criteria if criterion.id == name), None)


class Case(Noun):
    """An attempt with the question it answers and the rubric that grades it: one test case."""

    question: Question
    attempt: Attempt
    rubric: Rubric

    @property
    def key(self) -> str:
        """Return the attempt's key."""
        return self.attempt.key

    @property
    def claimed(self) -> tuple[str, ...]:
        """Return the tags claimed by the attempt, else by the question."""
        return self.attempt.missions or self.question.missions

    def tags(self, kind: Tags) -> tuple[Tag, ...]:
        """Return the list that answers are held against: the company's own missions where given, else the rubric's."""
        return company_tags(self.question) or kind.tags


def company_tags(question: Question) -> tuple[Tag, ...]:
    """Return the missions that a question's context gives, as the tags that replace a rubric's."""
    company = question.context.company
    return tuple(Tag(id=mission.id, title=mission.text) for mission in company.missions) if company else ()


# --- what was measured ---------------------------------------------------------------------------


class How(enum.Enum):
    """How a quote was found in the answer."""

    EXACT = "exact"
    FOLDED = "folded"
    REPAIRED = "repaired"


class Quote(Noun):
    """Words that stand in the answer: `part.text[start:end] == text`, always."""

    part: str
    start: int
    end: int
    text: str
    how: How = How.EXACT


class State(enum.Enum):
    """What was found about one item or tag."""

    MET = "met"
    PARTLY = "partly"
    NOT_MET = "not_met"


class Finding(Noun):
    """One item or tag and its state; a met one has evidence."""

    id: str
    state: State
    evidence: tuple[Quote, ...] = ()


class Why(enum.Enum):
    """Why there is no grade."""

    NO_EVIDENCE = "no_evidence"
    INVALID_REPLY = "invalid_reply"
    REFUSED = "refused"
    CUT_OFF = "cut_off"
    GAVE_UP = "gave_up"
    STOPPED = "stopped"
    BUDGET = "budget"
    EXPIRED = "expired"
    TOO_LARGE = "too_large"
    PENDING = "pending"
    TOO_SHORT = "too_short"
    NOT_READ = "not_read"


class By(enum.Enum):
    """Who set the level: the grader, or the harness by rule (measures, answers below the floor of words)."""

    GRADER = "grader"
    CODE = "code"


class Graded(Noun, tag="graded"):
    """One sample of one criterion with a level the harness has checked."""

    level: OnScale
    evidence: tuple[Quote, ...] = ()
    findings: tuple[Finding, ...] = ()
    missing: str = ""
    reason: str = ""
    by: By = By.GRADER
    value: float | None = None
    story: str = ""
    takeaway: str = ""
    next_question: str = ""


class Ungraded(Noun, tag="ungraded"):
    """One sample of one criterion without a level, and the reason.  Never counted as zero."""

    why: Why
    detail: str = ""


Outcome: TypeAlias = Graded | Ungraded


class Usage(Noun):
    """Tokens billed for one call; total input = input + cache_write + cache_read."""

    input: int = 0
    output: int = 0
    cache_write: int = 0
    cache_write_1h: int = 0
    cache_read: int = 0
    batch: bool = False

    def plus(self, other: Usage) -> Usage:
        """Return the tokens of both calls, which are of one kind: in a batch or not."""
        return Usage(
            input=self.input + other.input,
            output=self.output + other.output,
            cache_write=self.cache_write + other.cache_write,
            cache_write_1h=self.cache_write_1h + other.cache_write_1h,
            cache_read=self.cache_read + other.cache_read,
            batch=self.batch,
        )


class Grade(Noun):
    """One stored line: which attempt, criterion and sample, under which identity, and its outcome.

    `key` comes first so that a reader may look for keys without parsing the line.  In joint mode the
    usage of the shared call stands on the first of its grades.
    """

    key: str
    fingerprint: str
    case: str
    criterion: str
    outcome: Outcome
    sample: int = 1
    at: str = ""
    model: str = ""
    request: str = ""
    usage: Usage | None = None
    calls: int = 0
    rejected_quotes: int = 0
    reused_from: str = ""

    @property
    def slot(self) -> tuple[str, str, int]:
        """Return what this grade is for: attempt, criterion, sample."""
        return (self.case, self.criterion, self.sample)


class GraderId(Noun):
    """Everything about a grader that can change a grade."""

    name: str
    version: str
    model: str = ""
    host: str = ""
    effort: str = ""
    prompt: str = ""
    mode: str = ""
    deterministic: bool = False


class Lines:
    """Line numbers of many offsets of one part, each in O(log lines)."""

    def __init__(self, part: Part) -> None:
        self._first = part.line
        self._starts = [i + 1 for i, character in enumerate(part.text) if character == "\n"]

    def at(self, offset: int) -> int:
        """Return the file's line that holds the character at `offset`."""
        return self._first + bisect.bisect_right(self._starts, offset)
