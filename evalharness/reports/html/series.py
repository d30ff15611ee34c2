"""row -> the section of one question: every attempt with its evidence, and neighbours side by side."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any, NamedTuple

from markupsafe import Markup

from evalharness.model.nouns import HIGHEST, Measure, Part, Quote
from evalharness.reports import voice
from evalharness.reports import words as wording
from evalharness.reports.also_said import REASON, also_said
from evalharness.reports.escape import address, shorten
from evalharness.reports.html.difference import Difference, difference
from evalharness.reports.html.findings import Findings, findings
from evalharness.reports.html.marks import Cited, Piece, pieces, unwrapped
from evalharness.reports.overview import Overview, Places, Row
from evalharness.results.aggregate import CaseResult, CriterionScore, drift_between
from evalharness.results.steps import Step, steps
from evalharness.text import addressed
from evalharness.text.speaking import spoken_time

ASKS, QUOTE = 260, 140
ATTEMPTS = 6


class Numbers:
    """Short numbers for what ids, filters and highlights name: no text of a stranger becomes an id."""

    def __init__(self, overview: Overview) -> None:
        results = overview.summary.results
        self.attempts = {result.case.key: number for number, result in enumerate(results, start=1)}
        self.authors = tuple(dict.fromkeys(result.case.attempt.author for result in results))
        rubrics = [result.case.rubric for result in results]
        self.rubrics = {rubric.id: rubric.title or rubric.id for rubric in rubrics}
        self.criteria = {c.id: c.title or c.id for rubric in rubrics for c in rubric.criteria}


class Place(NamedTuple):
    """Words of an answer with where they stand; `target` is the mark on this page, if there is one."""

    name: str
    href: str
    text: str


class CriterionView(NamedTuple):
    """One criterion of one attempt, as it is read."""

    number: int
    key: int
    title: str
    level: str
    band: str
    weight: str
    gain: str
    head: str
    findings: Findings
    said: tuple[tuple[str, str], ...]
    evidence: tuple[Place, ...]
    next: str


class PartView(NamedTuple):
    """One part of an answer in pieces; the name is shown where there are several."""

    name: str
    pieces: tuple[Piece, ...]


class AttemptView(NamedTuple):
    """One attempt."""

    number: int
    when: str
    score: str
    href: str
    path: str
    facts: tuple[str, ...]
    voice: tuple[str, ...]
    picture: str
    parts: tuple[PartView, ...]
    criteria: tuple[CriterionView, ...]
    addressed: tuple[tuple[Place, str], ...]
    follow_up: str


class PairView(NamedTuple):
    """Two attempts that follow each other, part by part."""

    before: str
    after: str
    change: str
    parts: tuple[tuple[str, Difference], ...]


def series(overview: Overview, row: Row, numbers: Numbers, root: str) -> dict[str, Any]:
    """Return what one question's section shows."""
    results = row.series.results
    return {
        "index": row.index,
        "title": wording.title(row.latest.case.question),
        "author": row.latest.case.attempt.author if overview.several_authors else "",
        "question": row.latest.case.question.text,
        "rubric": row.latest.case.rubric.title or row.latest.case.rubric.id,
        "since": wording.since(row.series),
        "attempts": [_attempt(result, numbers, root) for result in reversed(results)],
        "pairs": [_pair(old, new) for old, new in itertools.pairwise(results)][::-1],
        **_history(row),
    }


def _history(row: Row) -> dict[str, Any]:
    """Return the levels of the last attempts side by side, and how many older ones are left out."""
    results = row.series.results[-ATTEMPTS:]
    apart = row.series.apart[-ATTEMPTS:]
    body = [
        (criterion.title or criterion.id, [_short_level(r.scores[place]) for r in results])
        for place, criterion in enumerate(row.latest.case.rubric.criteria)
    ]
    return {
        "columns": [wording.day(result.case.attempt) for result in results],
        "apart": [bool(found) for found in apart],
        "drifts": [wording.not_compared(found) for found in dict.fromkeys(filter(None, apart))],
        "history": body,
        "totals": [wording.total(result) for result in results],
        "left_out": len(row.series.results) - len(results),
    }


def _short_level(score: CriterionScore) -> str:
    if score.read and score.level is not None:
        return wording.number(score.level)
    return wording.not_read(score.criterion)[1] if not score.read else wording.NOT_GRADED


# --- one attempt -----------------------------------------------------------------------------------------


def _attempt(result: CaseResult, numbers: Numbers, root: str) -> AttemptView:
    attempt, places = result.case.attempt, Places(result)
    asked = [s.graded.next_question for s in result.read if s.graded and s.graded.next_question]
    spans = {part.id: addressed.find(part.text) for part in attempt.parts}
    return AttemptView(
        number=numbers.attempts[result.case.key],
        when=wording.day(attempt),
        score=f"{wording.total(result)} of {HIGHEST}" if result.total is not None else wording.total(result),
        href=address(places.path, root=root),
        path=places.short,
        facts=tuple(_facts(result)),
        voice=tuple(voice.sentence(figure) for figure in voice.figures(result.case)),
        picture=Markup(voice.picture(result)),  # noqa: S704  # titles are escaped where it is drawn
        parts=tuple(_part(part, result, spans[part.id]) for part in attempt.parts),
        criteria=tuple(_criteria(result, places, numbers, root)),
        addressed=tuple(
            (
                Place(f"line {places.at(part.id, s.start)}", _line_of(places, part.id, s.start, root), _cut(s.text)),
                s.label,
            )
            for part in attempt.parts
            for s in spans[part.id]
        ),
        follow_up=shorten(asked[0], REASON) if asked else "",
    )


def _facts(result: CaseResult) -> Iterator[str]:
    attempt = result.case.attempt
    yield f"{spoken_time(result.case).sentence}"
    if attempt.self_score is not None:
        yield f"your own score {wording.number(attempt.self_score)}"
    if attempt.source:
        yield f"source: {attempt.source}"


def _part(part: Part, result: CaseResult, spans: tuple[addressed.Addressed, ...]) -> PartView:
    cited = [Cited(number, quote) for number, score in enumerate(result.scores) for quote in score.evidence]
    name = part.id.replace("_", " ") if len(result.case.attempt.parts) > 1 else ""
    return PartView(name, tuple(pieces(part, cited, spans)))


def _criteria(result: CaseResult, places: Places, numbers: Numbers, root: str) -> Iterator[CriterionView]:
    """Yield the criteria, what would lift most first, as in every report."""
    found = {step.criterion.id: step for step in steps(result)}
    order = {name: rank for rank, name in enumerate(found)}
    keys = {name: key for key, name in enumerate(numbers.criteria)}
    numbered = enumerate(result.scores)
    for number, score in sorted(numbered, key=lambda e: order.get(e[1].criterion.id, len(order) + (not e[1].read))):
        step = found.get(score.criterion.id)
        yield CriterionView(
            number=number,
            key=keys[score.criterion.id],
            title=score.criterion.title or score.criterion.id,
            level=wording.level(score),
            band=str(int(score.level)) if score.read and score.level is not None else "none",
            weight=_weight(score, result),
            gain=f"+{step.gain:.2f}" if step else "",
            head=_head(score, result.case.question.time_limit),
            findings=findings(score, result.case.claimed, places),
            said=also_said(score, by_surface=result.by_surface),
            evidence=tuple(place(quote, places, root) for quote in score.evidence),
            next=_next(score, step),
        )


def _weight(score: CriterionScore, result: CaseResult) -> str:
    weight = sum(other.criterion.weight for other in result.read)
    return f"weight {score.criterion.weight:g} of {weight:g}" if score.read else "outside the total"


def _head(score: CriterionScore, limit: float | None) -> str:
    if score.graded is None or score.level is None:
        return ""
    reason = shorten(score.graded.reason, REASON)
    if not isinstance(score.criterion.kind, Measure):
        return reason
    value = wording.measured(score.criterion.kind, score.graded.value, limit)
    return f"{value}. Rule: {reason}" if reason else value


def _next(score: CriterionScore, step: Step | None) -> str:
    return shorten(step.asks, ASKS) if step else wording.asks_nothing(score)


def place(quote: Quote, places: Places, root: str) -> Place:
    """Return a quote with the name and the address of its line."""
    return Place(places.name(quote), address(places.path, root=root, line=places.line(quote)), _cut(quote.text))


def _line_of(places: Places, part: str, offset: int, root: str) -> str:
    return address(places.path, root=root, line=places.at(part, offset))


def _cut(text: str) -> str:
    return shorten(text, QUOTE)


# --- two attempts ----------------------------------------------------------------------------------------


def _pair(old: CaseResult, new: CaseResult) -> PairView:
    before, after = old.case.attempt, new.case.attempt
    names = dict.fromkeys(part.id for part in (*before.parts, *after.parts))
    parts = tuple((name.replace("_", " "), difference(_of(before.part(name)), _of(after.part(name)))) for name in names)
    change = "" if old.total is None or new.total is None else wording.signed(new.total - old.total)
    if found := drift_between(old, new):
        change = wording.not_compared(found)
    return PairView(wording.day(before), wording.day(after), change, parts)


def _of(part: Part | None) -> str:
    return unwrapped(part.text) if part else ""
