"""check -> GitHub's workflow commands, one line each, on the answer's lines; nothing in an answer can add a command."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.check import words
from evalharness.check.rows import Check, Row
from evalharness.console.runners import harmless
from evalharness.errors import Problem
from evalharness.plan.changed import How
from evalharness.reports.escape import shorten

MOST = 50  # of each kind; GitHub shows ten a step and keeps fifty
_MESSAGE = 500


def github(check: Check) -> str:
    """Return `::error`, `::warning` and `::notice` lines: gates first, then remarks, then why gates are advisory."""
    errors = [line for row in check.rows if row.fails for line in _row("error", row, check.prefix)]
    warnings = [
        line
        for row in check.rows
        if not row.fails and (row.warns or row.ungraded)
        for line in _row("warning", row, check.prefix)
    ]
    remarks = [advice(found, check.prefix) for found in check.advice]
    notices = [_command("notice", "", None, line, "evalharness") for line in words.advisory(check)]
    return "".join(f"{line}\n" for line in (*errors[:MOST], *(*warnings, *remarks)[:MOST], *notices[:MOST]))


def problem(found: Problem, prefix: str = "") -> str:
    """Return one problem of a file as an error on its line; of the whole change where the host has no such file."""
    if not found.is_here:
        return _command("error", "", None, f"{found.path}:{found.line}: {found.message}", found.slug)
    return _command("error", f"{prefix}{found.path}", found.line, found.message, found.slug)


def refusal(message: str) -> str:
    """Return why nothing was checked, as an error of the whole change."""
    return _command("error", "", None, message, "evalharness")


def advice(found: Problem, prefix: str = "") -> str:
    """Return what could be better at a place of a file as a warning on its line."""
    return _command("warning", f"{prefix}{found.path}", found.line, found.message, found.slug)


def _row(kind: str, row: Row, prefix: str) -> Iterator[str]:
    if row.changed.how is How.DELETED:
        yield _command(kind, f"{prefix}{row.changed.case.attempt.path}", None, "this attempt is deleted", "evalharness")
        return
    attempt = row.changed.case.attempt
    line = attempt.parts[0].line if attempt.parts else 1
    told = "; ".join(words.reasons(row)) or "is not graded"
    yield _command(kind, f"{prefix}{attempt.path}", line, f"{attempt.key} {told}", "evalharness")


def _command(kind: str, path: str, line: int | None, message: str, title: str) -> str:
    given = {"file": path, "line": str(line or ""), "title": title}
    told = ",".join(f"{name}={_property(value)}" for name, value in given.items() if value)
    return f"::{kind} {told}::{_data(shorten(message, _MESSAGE))}"


def _data(text: str) -> str:
    return harmless(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
