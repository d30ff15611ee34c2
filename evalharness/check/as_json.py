"""check -> JSON for programs: every row, every ruling, what it cost, how it ends."""

from __future__ import annotations

from typing import Any

from evalharness.check import words
from evalharness.check.rows import Check, Row
from evalharness.gate import words as gate_words
from evalharness.gate.rulings import Ruling
from evalharness.gate.trust import Standing
from evalharness.model.run import Cost
from evalharness.reports import escape
from evalharness.results.aggregate import CaseResult

FORMAT = 1


def json_text(check: Check) -> str:
    """Return the check as a JSON document."""
    grader = check.grader
    found = {
        "format": FORMAT,
        "verdict": check.verdict.value,
        "exit_code": int(check.exit_code),
        "base": {"ref": check.ref, "commit": check.base},
        "head": {"commit": check.head, "read": check.read.value},
        "grader": {"name": grader.name, "version": grader.version, "model": grader.model, "mode": grader.mode},
        "state": check.state.value,
        "why": check.why,
        "counts": {
            "changed": len(check.rows),
            "failed": len(check.failed),
            "ungraded": check.ungraded,
            "too_close": len(check.too_close),
            "would_fail": len(check.would_fail),
        },
        "advisory": {
            "told": list(words.advisory(check)),
            "criteria": [_standing(s) for s in gate_words.by_criterion(r.trial for r in check.rulings)],
        },
        "means": check.means,
        "rows": [_row(row) for row in check.rows],
        "announced": [
            {
                "name": a.name,
                "what": a.what,
                "comparable": not a.apart,
                "attempts": a.attempts,
                "calls": a.calls,
                "usd": a.usd,
            }
            for a in check.announced
        ],
        "needs_grading": list(check.needs),
        "drafts": list(check.drafts),
        "notices": list(check.notices),
        "advice": [{"path": a.path, "line": a.line, "message": a.message, "slug": a.slug} for a in check.advice],
        "cost": {**_cost(check.cost), "of_base": _cost(check.base_cost), "base_attempts_graded": check.base_graded},
        "reused": check.reused,
    }
    return escape.as_json(found)


def _row(row: Row) -> dict[str, Any]:
    case, changed = row.changed.case, row.changed
    return {
        "case": case.key,
        "path": case.attempt.path,
        "author": case.attempt.author,
        "how": changed.how.value,
        "was": changed.before.key if changed.before else None,
        "held_against": changed.against.key if changed.against else None,
        "base": row.before.total if row.before else None,
        "head": row.now.total if row.now else None,
        "change": row.change.difference if row.change else None,
        "reading": row.reading.value if row.reading else None,
        "not_compared": words.drifted(row) or None,
        "verdict": row.verdict.value if row.verdict else None,
        "fails": row.fails,
        "levels": _levels(row.now),
        "base_levels": _levels(row.before),
        "rulings": [_ruling(ruling) for ruling in row.rulings],
        "proposed": row.proposed.total if row.proposed else None,
        "surface": list(row.surface) if row.surface else None,
        "told": list(words.reasons(row)),
    }


def _levels(result: CaseResult | None) -> dict[str, list[float]]:
    return {score.criterion.id: list(score.levels) for score in result.read} if result else {}


def _ruling(ruling: Ruling) -> dict[str, Any]:
    trial = ruling.trial
    return {
        "asks": trial.asks.value,
        "criterion": trial.criterion or None,
        "found": trial.found,
        "bar": trial.bar,
        "verdict": ruling.verdict.value,
        "advisory": trial.advisory,
        "why_advisory": gate_words.why_advisory(trial) or None,
    }


def _standing(found: Standing) -> dict[str, Any]:
    """Return how far people's labels carry a criterion that a gate rests on; `lack` is null where they do."""
    return {
        "rubric": found.rubric,
        "criterion": found.criterion,
        "lack": found.lack.value if found.lack else None,
        "labels": found.labels,
        "graded": found.graded,
        "qwk": found.qwk,
        "needed": found.needed,
        "off": found.shown.off.value if found.shown else None,
        "in_order": found.shown.order.value if found.shown else None,
        "requires": found.requires,
    }


def _cost(cost: Cost) -> dict[str, Any]:
    return {"calls": cost.calls, "usd": cost.spent}
