"""check of the anchors -> text, JSON."""

from __future__ import annotations

from tabulate import tabulate

from evalharness.drift.levels import Drift, Moved
from evalharness.reports.escape import as_json as printable
from evalharness.reports.escape import line as clean


def text(found: Drift) -> str:
    """Return the check for the screen."""
    who = " ".join(filter(None, (found.grader.name, found.grader.model, found.grader.mode)))
    told = (
        "moved beyond noise: compare nothing across it, and calibrate again"
        if found.drifted
        else "no shift beyond noise"
    )
    rows = [
        (clean(m.rubric), clean(m.criterion), m.verdict.value, m.n, f"{m.shift:+.2f}", _hidden(m)) for m in found.moved
    ]
    head = ("Rubric", "Criterion", "Reading", "n", "Mean shift", "Would be seen from")
    return (
        f"{clean(who)}, {found.since} to {found.at}: {told}\n\n{tabulate(rows, headers=head, disable_numparse=True)}\n"
    )


def as_json(found: Drift) -> str:
    """Return the check as JSON."""
    return printable(found)


def _hidden(moved: Moved) -> str:
    return "" if moved.detectable is None else f"{moved.detectable:.2f}"
