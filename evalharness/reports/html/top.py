"""overview -> the first page: who graded, how many, the table of questions, where to start, what is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from evalharness.reports import next_steps
from evalharness.reports import words as wording
from evalharness.reports.escape import shorten
from evalharness.reports.html.series import Numbers, Place, place
from evalharness.reports.html.spark import spark
from evalharness.reports.overview import Overview, Row, spoken, times_note
from evalharness.results.aggregate import CaseResult, CriterionScore
from evalharness.results.steps import NextStep
from evalharness.text.speaking import spoken_time

STEP = 90
ASKS = 400


class Line(NamedTuple):
    """One row of the table; `spark` is the trend."""

    number: int
    title: str
    when: str
    spark: str
    score: str
    change: str
    spoken: str
    best: str


class Start(NamedTuple):
    """One step that would lift much, and the words it concerns."""

    number: int
    title: str
    author: str
    criterion: str
    now: str
    reason: str
    asks: str
    behind: tuple[str, str]
    line: Place | None
    lacks_line: bool


class Missing(NamedTuple):
    """One reason for having no level, and every grade it holds for."""

    head: str
    advice: str
    rows: tuple[tuple[str, ...], ...]


def top(overview: Overview, numbers: Numbers, root: str) -> dict[str, Any]:
    """Return what the first page shows."""
    meta = overview.run.meta
    graded_by, meaning = wording.honesty(meta.grader)
    return {
        "date": meta.started[:10],
        "is_sample": meta.is_sample,
        "graded_by": graded_by.split("`") if graded_by.count("`") == 2 else (graded_by, "", ""),
        "meaning": meaning,
        "state": wording.state(meta),
        "scope": wording.scope(overview.run),
        "counts": f"{wording.counts(overview.figures)}; {wording.mean(overview.figures)}.",
        "deterministic": meta.grader.deterministic,
        "lines": [
            _line(row, several=overview.several_authors, partial=overview.run.is_partial) for row in overview.rows
        ],
        "rubrics": list(enumerate(numbers.rubrics.values())),
        "authors": list(enumerate(numbers.authors)),
        "criteria": list(enumerate(numbers.criteria.values())),
        "times": times_note(overview),
        "rule": next_steps.RULE,
        "no_line": next_steps.NO_LINE,
        "starts": [_start(found, overview, root) for found in overview.starts()],
        "noted": list(overview.noted()),
        "ungraded": _ungraded(overview),
    }


def _line(row: Row, *, several: bool, partial: bool) -> Line:
    return Line(
        number=row.index,
        title=wording.title(row.latest.case.question),
        when=wording.who_and_when(row.latest.case.attempt, several=several),
        spark=spark([result.total for result in row.series.results], [bool(found) for found in row.series.apart]),
        score=wording.total(row.latest),
        change=wording.change(row.series, partial=partial),
        spoken=spoken(row.latest),
        best=shorten(next_steps.told(row.best), STEP) if row.best else wording.no_step(row.latest),
    )


def _start(found: NextStep, overview: Overview, root: str) -> Start:
    step, row = found.step, overview.rows[found.place]
    label, text = next_steps.behind(step, by_surface=found.result.by_surface)
    return Start(
        number=row.index,
        title=wording.title(found.result.case.question),
        author=found.result.case.attempt.author if overview.several_authors else "",
        criterion=step.name,
        now=next_steps.now(step),
        reason=shorten(step.reason, ASKS),
        asks=shorten(step.asks, ASKS),
        behind=(label, shorten(text, ASKS)),
        line=place(step.line, row.places, root) if step.line else None,
        lacks_line=next_steps.lacks_line(step),
    )


def _ungraded(overview: Overview) -> list[Missing]:
    found: dict[wording.Trouble, list[tuple[CaseResult, CriterionScore]]] = defaultdict(list)
    for result, score in overview.ungraded():
        found[wording.trouble(score)].append((result, score))
    return [_missing(trouble, entries, overview) for trouble, entries in found.items()]


def _missing(
    trouble: wording.Trouble, entries: Iterable[tuple[CaseResult, CriterionScore]], overview: Overview
) -> Missing:
    rows = tuple(
        (
            wording.title(result.case.question),
            wording.who_and_when(result.case.attempt, several=overview.several_authors),
            score.criterion.title or score.criterion.id,
            shorten(wording.trouble_detail(score), 200),
        )
        for result, score in entries
    )
    count = f"{len(rows):,} {'criterion' if len(rows) == 1 else 'criteria'}"
    return Missing(f"{count}: {trouble.what}.", trouble.advice, rows)


def data(overview: Overview, numbers: Numbers) -> list[dict[str, Any]]:
    """Return what the script sorts and filters by, one entry for each series; numbers stay numbers."""
    return [_entry(row, numbers) for row in overview.rows]


def _entry(row: Row, numbers: Numbers) -> dict[str, Any]:
    case = row.latest.case
    return {
        "n": row.index,
        "rubric": list(numbers.rubrics).index(case.rubric.id),
        "author": numbers.authors.index(case.attempt.author),
        "keys": [
            wording.title(case.question),
            case.attempt.date or case.attempt.id,
            row.total,
            row.total,
            row.series.difference,
            spoken_time(case).seconds,
            row.best.gain if row.best else None,
        ],
        "attempts": [
            {"n": numbers.attempts[result.case.key], "score": result.total, "levels": _levels(result, numbers)}
            for result in row.series.results
        ],
    }


def _levels(result: CaseResult, numbers: Numbers) -> dict[int, float | None]:
    names = {name: place for place, name in enumerate(numbers.criteria)}
    return {names[score.criterion.id]: score.level for score in result.read}
