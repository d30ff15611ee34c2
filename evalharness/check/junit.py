"""check -> JUnit XML: a suite for each question, a case for each changed attempt; evidence in the failure's text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from evalharness.check import words
from evalharness.check.rows import Check, Row
from evalharness.gate.rulings import Verdict
from evalharness.plan.changed import How
from evalharness.reports import words as wording
from evalharness.reports.escape import line
from evalharness.reports.junit_form import Item, Suite, document, seconds
from evalharness.reports.overview import Places


def junit(check: Check) -> str:
    """Return the check as JUnit XML: a fail is a failure, what has no grade an error, a deleted attempt skipped."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in check.rows:
        found[row.changed.case.question.id].append(row)
    suites = [
        Suite(
            name=question,
            items=tuple(_item(row, check.prefix) for row in rows),
            file=f"{check.prefix}{rows[0].changed.case.question.path}",
        )
        for question, rows in found.items()
    ]
    properties = [("grader", words.honesty(check)), *(("advisory", text) for text in words.advisory(check))]
    return document("evalharness check", suites, properties=properties, started=check.started)


def evidence(row: Row, prefix: str) -> Iterator[str]:
    """Yield what the gates say, then each criterion with its level and the lines it rests on, from the root."""
    yield from words.reasons(row)
    if row.now is None:
        return
    places = Places(row.now, prefix)
    for score in row.now.read:
        yield f"{score.criterion.title or score.criterion.id}: {wording.level(score)}"
        yield from (f'  {places.name(quote)} "{line(quote.text)}"' for quote in score.evidence[:3])


def _item(row: Row, prefix: str) -> Item:
    attempt, first = row.changed.case.attempt, next(words.reasons(row), "")
    if row.fails:
        tag, kind = "failure", "gate"
    elif row.ungraded:
        tag, kind = "error", "not_graded"
    elif row.changed.how is How.DELETED:
        tag, kind = "skipped", ""
    else:
        tag, kind = "", ""
    told = tuple(_told(row, prefix))
    if not tag and (row.warns or row.verdict is Verdict.TOO_CLOSE):
        told = (*told, *evidence(row, prefix))
    return Item(
        classname=attempt.question,
        name=f"{attempt.author}/{attempt.id}",
        told=told,
        tag=tag,
        kind=kind,
        message=(first or "is not graded") if tag else "",
        text="\n".join(evidence(row, prefix)) if kind else "",
        seconds=seconds(grade for score in row.now.scores for grade in score.grades) if row.now else 0.0,
    )


def _told(row: Row, prefix: str) -> Iterator[str]:
    """Yield where the attempt is, from the repository's root, and its line of the table."""
    attempt = row.changed.case.attempt
    yield f"file: {line(f'{prefix}{attempt.path}')}:{attempt.parts[0].line if attempt.parts else 1}"
    yield f"what: {words.what(row)}"
    yield f"base: {words.base(row)}"
    yield f"head: {words.score(row)}"
    yield f"change: {words.change(row)}"
    yield f"reading: {words.reading(row)}"
    yield f"gate: {words.verdict(row)}"
