"""check of the anchors -> text, JSON."""

from __future__ import annotations

from evalharness.drift.levels import Drift, Moved
from evalharness.reports.escape import as_json as printable
from evalharness.reports.escape import line as clean
from evalharness.reports.terminal.columns import grid


def text(found: Drift, width: int) -> str:
    """Return the check for a screen of that width."""
    who = " ".join(filter(None, (found.grader.name, found.grader.model, found.grader.mode)))
    told = (
        "moved beyond noise: compare nothing across it, and calibrate again"
        if found.drifted
        else "no shift beyond noise"
    )
    rows = [
        (clean(m.rubric), clean(m.criterion), m.verdict.value, m.n, f"{m.shift:+.2f}", _hidden(m)) for m in found.moved
    ]
    head = ("Rubric", "Criterion", "Reading", "Answers", "Mean shift", "Could hide")
    cells = [[str(cell) for cell in row] for row in rows]
    return f"{clean(who)}, {found.since} to {found.at}: {told}\n\n{grid(head, cells, width)}\n"


def as_json(found: Drift) -> str:
    """Return the check as JSON."""
    return printable(found)


def _hidden(moved: Moved) -> str:
    return "" if moved.detectable is None else f"{moved.detectable:.2f}"
