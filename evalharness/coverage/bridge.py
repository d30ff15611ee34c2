"""history -> the thematic bridge: which question shows which mission, with what, and which stories carry it.

A mission is an entry of a criterion of kind `tags`.  Everything here rests on findings with verified quotes; what
has no grade under today's settings is unknown, never "nothing".
"""

from __future__ import annotations

import datetime
import enum
from collections import Counter
from collections.abc import Sequence
from itertools import islice

from evalharness.history.nouns import History
from evalharness.model.noun import Noun
from evalharness.model.nouns import Criterion, Finding, Graded, Quote, Rubric, State, Tag, Tags, company_tags
from evalharness.results.aggregate import CaseResult, CriterionScore, SeriesResult
from evalharness.results.steps import STARTS, NextStep, next_steps
from evalharness.text.names import names

LATEST_OF_A_MODEL = 2  # a model grades so many attempts of a question by itself
LEAST_TOO_OFTEN = 3
SHARE_TOO_OFTEN = 0.5
RULE_TOO_OFTEN = (
    f"A story is used too often when its name is in {LEAST_TOO_OFTEN} latest attempts or more, and in half of "
    "them or more."
)


class Standing(enum.Enum):
    """The best that is known of one mission in one question."""

    MET = "met"
    PARTLY = "partly"
    CLAIMED = "claimed"
    NOTHING = "nothing"
    UNKNOWN = "unknown"


_RANK = {State.MET: 2, State.PARTLY: 1, State.NOT_MET: 0}
_SHOWN = {State.MET: Standing.MET, State.PARTLY: Standing.PARTLY}


class Proof(Noun):
    """What shows a mission: the newest attempt that shows it best, its verified quote, and the grader's words for it.

    `age` in days from that attempt's date to the day asked about, never below 0; None where it has no date.
    """

    result: CaseResult
    quote: Quote
    story: str = ""
    takeaway: str = ""
    age: int | None = None


class Cell(Noun):
    """One mission in one question: the best standing over its attempts, and what shows it, if anything does.

    `claimed` says whether the latest attempt (else the question) claims the mission.
    """

    tag: Tag
    standing: Standing
    claimed: bool
    proof: Proof | None = None


class Row(Noun):
    """One question with a cell for each mission; `level` is its best attempt's level by that attempt's own claims.

    Where the grader drifted, only attempts on the newest one's side are held against each other for that.
    `missing` are its attempts without that level under today's settings, oldest first.
    """

    series: SeriesResult
    cells: tuple[Cell, ...]
    level: float | None
    missing: tuple[CaseResult, ...]

    @property
    def claimed(self) -> tuple[Cell, ...]:
        """Return the missions that the latest attempt claims."""
        return tuple(cell for cell in self.cells if cell.claimed)

    @property
    def met(self) -> int:
        """Return how many of the claimed missions are met, by whichever attempt."""
        return sum(cell.standing is Standing.MET for cell in self.claimed)


class Mission(Noun):
    """One mission over all questions."""

    tag: Tag
    cells: tuple[tuple[Row, Cell], ...]

    def rows(self, *standings: Standing, claimed: bool | None = None) -> tuple[Row, ...]:
        """Return the questions with one of `standings`; `claimed` keeps to those that claim the mission, or don't."""
        return tuple(row for row, cell in self.cells if cell.standing in standings and claimed in (None, cell.claimed))

    @property
    def best(self) -> Proof | None:
        """Return what to tell the mission by, None where nobody shows it.

        Met before partly, claimed before unclaimed, the higher level of the criterion, the newer attempt.
        """
        shown = [(_weight(row, cell, cell.proof), cell.proof) for row, cell in self.cells if cell.proof]
        return max(shown, key=lambda entry: entry[0])[1] if shown else None

    @property
    def is_hole(self) -> bool:
        """Return whether no question demonstrates the mission."""
        return not self.rows(Standing.MET)


class Story(Noun):
    """A project or system named in the latest attempts of several questions; `of` is how many were looked through."""

    name: str
    rows: tuple[Row, ...]
    of: int

    @property
    def too_often(self) -> bool:
        """Return whether it carries too many answers, by `RULE_TOO_OFTEN`."""
        return len(self.rows) >= LEAST_TOO_OFTEN and len(self.rows) >= SHARE_TOO_OFTEN * self.of


class Bridge(Noun):
    """One author's questions under one criterion of kind `tags`; `read` says whether this grader reads it.

    `stories` are the names that stand in two latest attempts or more, the most used first.
    """

    rubric: Rubric
    criterion: Criterion
    author: str
    rows: tuple[Row, ...]
    missions: tuple[Mission, ...]
    stories: tuple[Story, ...]
    read: bool

    @property
    def attempts(self) -> int:
        """Return how many attempts the bridge looks at."""
        return sum(len(row.series.results) for row in self.rows)

    @property
    def graded(self) -> int:
        """Return how many attempts have a level of the criterion under today's settings."""
        return self.attempts - sum(len(row.missing) for row in self.rows)

    @property
    def missing(self) -> tuple[CaseResult, ...]:
        """Return every attempt without that level which could have one: it claims a mission."""
        return tuple(result for row in self.rows for result in row.missing if result.case.claimed)

    @property
    def older_missing(self) -> bool:
        """Return whether an attempt before the latest two of its question is among the missing ones."""
        older = {result.case.key for row in self.rows for result in row.series.results[:-LATEST_OF_A_MODEL]}
        return any(result.case.key in older for result in self.missing)

    @property
    def without_claims(self) -> tuple[Row, ...]:
        """Return the questions whose latest attempt claims no mission: there is nothing to grade in it."""
        return tuple(row for row in self.rows if not row.series.latest.case.claimed)


class Coverage(Noun):
    """The bridges of a project, one for each author and criterion of kind `tags`, on one day.

    `starts` are the first steps in the order that every view shares.
    """

    history: History
    on: datetime.date
    bridges: tuple[Bridge, ...]
    starts: tuple[NextStep, ...] = ()

    @property
    def several_authors(self) -> bool:
        """Return whether more than one author has a bridge."""
        return len({bridge.author for bridge in self.bridges}) > 1


def coverage(history: History, *, on: datetime.date, author: str = "") -> Coverage:
    """Return the thematic bridges as of the day `on`, of one author where `author` is given."""
    grouped: dict[tuple[str, str, tuple[Tag, ...]], list[SeriesResult]] = {}
    for series in history.series:
        case = series.latest.case
        if author in ("", case.attempt.author):
            key = (case.rubric.id, case.attempt.author, company_tags(case.question))
            grouped.setdefault(key, []).append(series)
    bridges = [
        _bridge(criterion, criterion.kind, found, on)
        for found in grouped.values()
        for criterion in found[0].latest.case.rubric.criteria
        if isinstance(criterion.kind, Tags)
    ]
    chosen = [each for each in history.series if author in ("", each.latest.case.attempt.author)]
    starts = tuple(islice(next_steps(chosen, history.timing), STARTS))
    return Coverage(history=history, on=on, bridges=tuple(bridges), starts=starts)


def days(date: str, on: datetime.date) -> int | None:
    """Return the days from an ISO date to `on`, 0 for a later one; None where there is no date."""
    try:
        return max(0, (on - datetime.date.fromisoformat(date)).days)
    except ValueError:
        return None


def _bridge(criterion: Criterion, rubric_tags: Tags, found: Sequence[SeriesResult], on: datetime.date) -> Bridge:
    kind = Tags(tags=found[0].latest.case.tags(rubric_tags))
    rows = tuple(_row(series, criterion, kind, on) for series in found)
    missions = tuple(
        Mission(tag=tag, cells=tuple((row, row.cells[place]) for row in rows)) for place, tag in enumerate(kind.tags)
    )
    latest = found[0].latest
    return Bridge(
        rubric=latest.case.rubric,
        criterion=criterion,
        author=latest.case.attempt.author,
        rows=rows,
        missions=missions,
        stories=_stories(rows),
        read=_score(latest, criterion).read,
    )


def _row(series: SeriesResult, criterion: Criterion, kind: Tags, on: datetime.date) -> Row:
    scored = [(result, _score(result, criterion)) for result in series.results]
    graded = [(result, score) for result, score in scored if score.level is not None]
    together = {result.case.key for result in series.together}
    levels = [s.level for r, s in graded if s.level is not None and (not series.drifts or r.case.key in together)]
    claimed = series.latest.case.claimed
    return Row(
        series=series,
        cells=tuple(_cell(tag, graded, tag.id in claimed, on) for tag in kind.tags),
        level=max(levels, default=None),
        missing=tuple(result for result, score in scored if score.level is None),
    )


def _cell(tag: Tag, graded: Sequence[tuple[CaseResult, CriterionScore]], claimed: bool, on: datetime.date) -> Cell:
    best: tuple[State, CaseResult, Graded, Finding] | None = None
    for result, score in graded:  # oldest first: of two that show as much, the newer one stays
        found = _finding(score, tag)
        if found and (best is None or _RANK[found[1].state] >= _RANK[best[0]]):
            best = (found[1].state, result, *found)
    if best is None:
        standing = Standing.CLAIMED if claimed else Standing.NOTHING
        return Cell(tag=tag, standing=standing if graded else Standing.UNKNOWN, claimed=claimed)
    state, result, outcome, finding = best
    proof = Proof(
        result=result,
        quote=finding.evidence[0],
        story=outcome.story,
        takeaway=outcome.takeaway,
        age=days(result.case.attempt.date, on),
    )
    return Cell(tag=tag, standing=_SHOWN[state], claimed=claimed, proof=proof)


def _finding(score: CriterionScore, tag: Tag) -> tuple[Graded, Finding] | None:
    """Return what the samples found of a tag, None where they show nothing.

    The state that most samples gave counts, of two given as often the lower one; the first sample that gave it
    is shown.  A finding without a verified quote shows nothing.
    """
    samples = [grade.outcome for grade in score.grades if isinstance(grade.outcome, Graded)]
    found = [(outcome, finding) for outcome in samples if (finding := _of(outcome, tag)) is not None]
    votes = Counter(finding.state for _, finding in found)
    votes[State.NOT_MET] += len(samples) - len(found)
    state = max(votes, key=lambda given: (votes[given], -_RANK[given]))
    return next((entry for entry in found if entry[1].state is state), None)


def _of(outcome: Graded, tag: Tag) -> Finding | None:
    shown = (f for f in outcome.findings if f.id == tag.id and f.state is not State.NOT_MET and f.evidence)
    return next(shown, None)


def _score(result: CaseResult, criterion: Criterion) -> CriterionScore:
    return next(score for score in result.scores if score.criterion.id == criterion.id)


def _weight(row: Row, cell: Cell, proof: Proof) -> tuple[bool, bool, float, str]:
    return (cell.standing is Standing.MET, cell.claimed, row.level or 0.0, proof.result.case.attempt.date)


def _stories(rows: Sequence[Row]) -> tuple[Story, ...]:
    cases = [row.series.latest.case for row in rows]
    found = [
        Story(name=name, rows=tuple(rows[place] for place in places), of=len(rows))
        for name, places in names(cases).items()
        if len(places) > 1
    ]
    return tuple(sorted(found, key=lambda story: -len(story.rows)))
