"""coverage -> a JSON document, for a program of your own."""

from __future__ import annotations

from typing import Any

import msgspec

from evalharness.coverage.bridge import Bridge, Cell, Coverage
from evalharness.progress.as_json import step
from evalharness.reports.escape import as_json as printable
from evalharness.reports.overview import Places

FORMAT = 1


def json(coverage: Coverage) -> str:
    """Return the first steps and the bridges; texts are as they stand in the files, for the reader to escape."""
    document = {
        "format": FORMAT,
        "on": coverage.on.isoformat(),
        "grader": msgspec.to_builtins(coverage.history.grader),
        "start_here": [step(found) for found in coverage.starts],
        "bridges": [_document(bridge) for bridge in coverage.bridges],
    }
    return printable(document)


def _document(bridge: Bridge) -> dict[str, Any]:
    return {
        "rubric": bridge.rubric.id,
        "criterion": bridge.criterion.id,
        "author": bridge.author,
        "read": bridge.read,
        "attempts": {"graded": bridge.graded, "of": bridge.attempts},
        "not_graded": [result.case.key for result in bridge.missing],
        "missions": [{"id": m.tag.id, "title": m.tag.title, "hole": m.is_hole} for m in bridge.missions],
        "questions": [
            {
                "series": row.series.latest.case.attempt.series,
                **({} if row.level is None else {"met": row.met, "claimed": len(row.claimed)}),
                "missions": [_cell(cell) for cell in row.cells],
            }
            for row in bridge.rows
        ],
        "stories": [
            {
                "name": story.name,
                "questions": [row.series.latest.case.question.id for row in story.rows],
                "of": story.of,
                "too_often": story.too_often,
            }
            for story in bridge.stories
        ],
    }


def _cell(cell: Cell) -> dict[str, Any]:
    found: dict[str, Any] = {"id": cell.tag.id, "standing": cell.standing.value, "claimed": cell.claimed}
    proof = cell.proof
    if proof is None:
        return found
    places = Places(proof.result)
    found |= {"case": proof.result.case.key, "path": places.path, "line": places.line(proof.quote)}
    found |= {"quote": proof.quote.text, "story": proof.story, "takeaway": proof.takeaway}
    return found if proof.age is None else found | {"age_days": proof.age}
