"""check -> the screen: one line an answer, then what a person has to know."""

from __future__ import annotations

from evalharness.check import words
from evalharness.check.rows import Check
from evalharness.reports.escape import shorten, terminal
from evalharness.reports.terminal.columns import grid
from evalharness.reports.words import honesty

_HEADERS = ("answer", "what", "base", "head", "change", "reading", "gate")
_MOST = 100


def screen(check: Check, width: int) -> str:
    """Return the check as lines for a terminal of that width."""
    lines = [words.headline(check), honesty(check.grader)[0]]
    rows = [
        [
            shorten(row.changed.case.key, 60),
            shorten(words.what(row), 60),
            words.base(row),
            words.score(row),
            words.change(row),
            words.reading(row),
            words.verdict(row),
        ]
        for row in check.rows[:_MOST]
    ]
    if rows:
        lines += ["", grid(_HEADERS, rows, width), ""]
    if len(check.rows) > _MOST:
        lines.append(f"and {len(check.rows) - _MOST} more")
    for row in [row for row in check.rows if row.fails or row.warns][:_MOST]:
        lines += [f"{terminal(row.changed.case.key)}: {terminal(told)}" for told in words.reasons(row)]
    lines += [terminal(line) for line in words.general(check)]
    lines.append(words.cost(check))
    return "\n".join(lines) + "\n"
