"""a graded attempt, the one before -> what to change in it, with the lines concerned."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from evalharness.model.noun import Noun
from evalharness.reports.next_steps import lacks_line, now
from evalharness.results.aggregate import CaseResult
from evalharness.results.steps import Step, steps
from evalharness.text.speaking import remarks

MOST_CHANGES = 3


class Change(Noun):
    """One thing to change: what, what to do, and the lines of the attempt that it concerns.

    `before` is the level that the attempt before had; None where there is none to compare with.
    """

    title: str
    asks: str = ""
    lines: tuple[str, ...] = ()
    before: float | None = None


class Before(NamedTuple):
    """What the latest attempt at a question had before this one: its day, its total and its first step."""

    day: str
    total: float | None
    step: Step | None
    levels: dict[str, float]


def changes(result: CaseResult, before: Mapping[str, float] | None = None) -> tuple[Change, ...]:
    """Return the two or three things that would lift the total most, then what a listener would stumble over."""
    found = [
        Change(
            title=f"{step.name}, {now(step)}",
            asks=step.asks,
            lines=_lines(result, step),
            before=(before or {}).get(step.criterion.id),
        )
        for step in steps(result)[:MOST_CHANGES]
    ]
    path = result.case.attempt.path
    said = [Change(title=r.message, lines=(f"{path}:{r.line}",)) for r in remarks(result.case)]
    return tuple([*found, *said][:MOST_CHANGES])


def _lines(result: CaseResult, step: Step) -> tuple[str, ...]:
    """Return the author's own line that a step speaks of; where there is none, that nothing shows it yet."""
    attempt = result.case.attempt
    part = attempt.part(step.line.part) if step.line else attempt.part(step.criterion.part)
    if step.line and part:
        return (f'{attempt.path}:{part.line_of(step.line.start)} "{" ".join(step.line.text.split())[:90]}"',)
    return (f"{attempt.path}:{part.line}: nothing here shows it yet",) if part and lacks_line(step) else ()
