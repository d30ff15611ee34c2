"""row -> what was found behind the levels: reasons, items, missions, measures, words to the grader."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import assert_never

from evalharness.model.nouns import Checklist, Finding, Graded, Measure, Scale, State, Tags
from evalharness.reports import words as wording
from evalharness.reports.also_said import REASON, also_said
from evalharness.reports.escape import markdown, shorten
from evalharness.reports.markdown.pieces import line_link, quoted
from evalharness.reports.overview import Row
from evalharness.results.aggregate import CriterionScore
from evalharness.text import addressed

_NO_EFFECT = "Text that seems addressed to the grader, or hidden, which changes no level by itself"
_NAMES = {State.MET: "Met", State.PARTLY: "Partly", State.NOT_MET: "Open"}

Name = Callable[[str], str]


def blocks(row: Row, root: str) -> Iterator[str]:
    """Yield one list: for each criterion what the grader found, in the rubric's order."""
    lines = [line for score in row.latest.read for line in _criterion(score, row, root)]
    if lines:
        yield "What was found:"
        yield "\n".join(lines)
    asked = [s.graded.next_question for s in row.latest.read if s.graded and s.graded.next_question]
    if asked:
        yield f"A likely follow-up: {markdown(shorten(asked[0], REASON))}"
    yield from _addressed(row, root)


def _addressed(row: Row, root: str) -> Iterator[str]:
    """Yield what in the answer speaks to the grader; it is shown for a person to judge."""
    found = [
        f"{line_link(part.id, span.start, row.places, root)} ({markdown(span.label)}): {quoted(span.text)}"
        for part in row.latest.case.attempt.parts
        for span in addressed.find(part.text)
    ]
    if found:
        yield f"{_NO_EFFECT}: {'; '.join(found)}"


def _criterion(score: CriterionScore, row: Row, root: str) -> Iterator[str]:
    if score.graded is None or score.level is None:
        return
    said = also_said(score, by_surface=row.latest.by_surface)
    inner = [*_kind(score, score.graded, row, root), *(f"{heading}: {markdown(told)}" for heading, told in said)]
    text = _head(score, score.graded, row.latest.case.question.time_limit)
    if not inner and not text:
        return
    yield f"- **{markdown(score.criterion.title or score.criterion.id)}**: {text or wording.level(score)}"
    yield from (f"  - {line}" for line in inner)


def _head(score: CriterionScore, graded: Graded, limit: float | None) -> str:
    reason = markdown(shorten(graded.reason, REASON))
    if not isinstance(score.criterion.kind, Measure):
        return reason
    value = wording.measured(score.criterion.kind, graded.value, limit)
    return f"{markdown(value)}. Rule: {reason}" if reason else markdown(value)


def _kind(score: CriterionScore, graded: Graded, row: Row, root: str) -> Iterator[str]:
    match score.criterion.kind:
        case Scale() | Measure():
            return
        case Checklist(items=items):
            texts = {item.id: item.text for item in items}
            yield from _items(graded.findings, lambda name: texts.get(name, name), row, root)
        case Tags(tags=tags):
            titles = {tag.id: tag.title for tag in tags}
            claimed = row.latest.case.claimed
            yield from _tags(graded.findings, lambda name: titles.get(name, name), claimed, row, root)
        case _:
            assert_never(score.criterion.kind)


def _items(findings: Sequence[Finding], name: Name, row: Row, root: str) -> Iterator[str]:
    for state, label in _NAMES.items():
        found = [finding for finding in findings if finding.state is state]
        if found:
            shown = "; ".join(_finding(finding, name, row, root) for finding in found)
            yield f"{label} ({len(found)} of {len(findings)}): {shown}"


def _tags(findings: Sequence[Finding], name: Name, claimed: Sequence[str], row: Row, root: str) -> Iterator[str]:
    shown = [finding for finding in findings if finding.state is State.MET]
    met = {finding.id for finding in shown}
    partly = {finding.id for finding in findings if finding.state is State.PARTLY}
    named = [f for f in shown if f.id in claimed]
    if named:
        yield (
            f"Claimed and demonstrated ({len(named)} of {len(set(claimed))}): "
            + "; ".join(_finding(finding, name, row, root) for finding in named)
        )
    if missing := [tag for tag in dict.fromkeys(claimed) if tag not in met]:
        yield (
            f"Claimed, not demonstrated ({len(missing)} of {len(set(claimed))}): "
            + "; ".join(markdown(name(tag)) + (" (named or intended only)" if tag in partly else "") for tag in missing)
        )
    if others := [finding for finding in shown if finding.id not in claimed]:
        yield "Demonstrated but not claimed: " + "; ".join(_finding(finding, name, row, root) for finding in others)


def _finding(finding: Finding, name: Name, row: Row, root: str) -> str:
    places = ", ".join(
        dict.fromkeys(line_link(quote.part, quote.start, row.places, root) for quote in finding.evidence)
    )
    text = markdown(shorten(name(finding.id), REASON).removesuffix("."))
    return f"{text} ({places})" if places else text
