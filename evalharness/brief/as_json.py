"""brief -> a JSON document, for a program of your own."""

from __future__ import annotations

from typing import Any

from evalharness.brief.brief import Brief, Page
from evalharness.reports.escape import as_json
from evalharness.results.steps import NextStep, Step


def json(brief: Brief) -> str:
    """Return the whole brief as one document."""
    return as_json(
        {
            "format": 1,
            "interview": brief.interview.isoformat() if brief.interview else None,
            "days": brief.days,
            "grader": brief.history.grader.name,
            "start_here": [start(each) for each in brief.starts],
            "questions": [_question(page) for page in brief.pages],
            "left_out": brief.left_out,
            "to_ask": list(brief.to_ask),
        }
    )


def start(found: NextStep) -> dict[str, Any]:
    """Return one step of the shared order."""
    attempt = found.result.case.attempt
    return {"question": attempt.question, "author": attempt.author, "attempt": attempt.id, **_step(found.step)}


def _step(step: Step) -> dict[str, Any]:
    return {
        "criterion": step.criterion.id,
        "title": step.name,
        "level": step.level,
        "gain": step.gain,
        "asks": step.asks,
    }


def _question(page: Page) -> dict[str, Any]:
    case = page.result.case
    return {
        "id": case.question.id,
        "question": case.question.text,
        "author": case.attempt.author,
        "attempt": case.attempt.id,
        "path": case.attempt.path,
        "score": page.result.total,
        "attempts": page.attempts,
        "seconds": round(page.seconds, 1),
        "measured": page.time.measured is not None,
        "limit": page.time.limit,
        "lines": [" ".join(sentence.split()) for sentence in page.lines],
        "numbers": [{"text": figure.quantity.text, "words": figure.words} for figure in page.figures],
        "parts": [{"heading": aside.heading, "text": aside.text} for aside in page.asides],
        "weakest": _step(page.weakest) if page.weakest else None,
        "may_ask": list(page.follow_ups),
    }
