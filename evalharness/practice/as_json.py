"""the order to practise, and how an attempt went -> JSON documents, for a program of your own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from evalharness.practice.changes import Change
from evalharness.practice.ranking import Worth
from evalharness.reports.escape import as_json
from evalharness.results.steps import NextStep


def listed(ranked: Sequence[Worth]) -> str:
    """Return the questions in the order to practise them."""
    return as_json({"format": 1, "questions": [_worth(each) for each in ranked]})


def _worth(found: Worth) -> dict[str, Any]:
    return {
        "id": found.question.id,
        "question": found.question.text,
        "score": found.total,
        "days": found.days,
        "why": found.why,
        "seconds": round(found.takes),
    }


def went(
    *,
    question: str,
    path: str,
    run: str,
    grader: str,
    score: float | None,
    ungraded: Sequence[str],
    changes: Sequence[Change],
    starts: Sequence[NextStep],
) -> str:
    """Return how one attempt went, what to change in it, and the first steps over all questions."""
    return as_json(
        {
            "format": 1,
            "question": question,
            "path": path,
            "run": run,
            "grader": grader,
            "score": score,
            "ungraded": list(ungraded),
            "changes": [
                {"title": each.title, "asks": each.asks, "lines": list(each.lines), "level_before": each.before}
                for each in changes
            ],
            "start_here": [
                {
                    "question": each.result.case.question.id,
                    "criterion": each.step.criterion.id,
                    "title": each.step.name,
                    "level": each.step.level,
                    "gain": each.step.gain,
                    "asks": each.step.asks,
                }
                for each in starts
            ],
        }
    )
