"""A project -> the question to practise, and a graded attempt -> the two or three things to change.  No prompt here."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evalharness.grading import workflow as pipeline
from evalharness.history.workflow import history_of
from evalharness.load import Loaded, lay_over
from evalharness.model.noun import Noun
from evalharness.practice.ranking import Worth, rank
from evalharness.results.aggregate import CaseResult, CriterionScore
from evalharness.text.speaking import remarks
from evalharness.world import World

MOST_CHANGES = 3


class Change(Noun):
    """One thing to change: what, what the next level asks for, and the lines of the attempt that it concerns."""

    title: str
    asks: str
    lines: tuple[str, ...] = ()
    gain: float = 0.0


class Went(Noun):
    """How an attempt went: its total (None: not graded), what to change first, and the run's id."""

    total: float | None
    changes: tuple[Change, ...]
    run: str
    grader: str
    ungraded: tuple[str, ...] = ()


def ranked(
    loaded: Loaded, settings: Mapping[str, Any], *, author: str, interview: datetime.date | None, world: World
) -> tuple[Worth, ...]:
    """Return all questions, most worth practising first, by the grades that are stored; no call."""
    laid = dataclasses.replace(loaded, config=lay_over(loaded.config, settings))
    series = history_of(laid, world, others=False)[1].series if laid.cases else ()
    today = world.clock().astimezone().date()
    return rank(loaded.questions, series, author=author or loaded.config.author, today=today, interview=interview)


def grade(file: Path, settings: Mapping[str, Any], world: World) -> Went:
    """Grade one attempt file and return what to change."""
    run = pipeline.run([file], settings=settings, choice=pipeline.Choice(every=True, anchors=False), world=world)
    results = pipeline.summary(run).results
    if not results:
        return Went(total=None, changes=(), run=run.meta.id, grader=run.meta.grader.name)
    result = results[-1]
    return Went(
        total=result.total,
        changes=changes(result),
        run=run.meta.id,
        grader=run.meta.grader.name,
        ungraded=tuple(score.criterion.title for score in result.ungraded),
    )


def changes(result: CaseResult) -> tuple[Change, ...]:
    """Return the two or three things that would lift the total most, then what a listener would stumble over."""
    scores = {score.criterion.id: score for score in result.scores}
    found = [
        Change(
            title=f"{step.criterion.title}, now {step.level:.1f}".replace(".0", ""),
            asks=step.asks,
            lines=_lines(result, scores[step.criterion.id]),
            gain=step.gain,
        )
        for step in result.steps()[:MOST_CHANGES]
    ]
    path = result.case.attempt.path
    said = [Change(title=r.message, asks="", lines=(f"{path}:{r.line}",)) for r in remarks(result.case)]
    return tuple([*found, *said][:MOST_CHANGES])


def _lines(result: CaseResult, score: CriterionScore) -> tuple[str, ...]:
    """Return the lines that the grade quotes, with their words; where it quotes none, the part that was read."""
    attempt = result.case.attempt
    found = []
    for quote in score.evidence[:3]:
        part = attempt.part(quote.part)
        if part:
            found.append(f"{attempt.path}:{part.line_of(quote.start)}: {' '.join(quote.text.split())[:90]}")
    part = attempt.part(score.criterion.part)
    if not found and part:
        found.append(f"{attempt.path}:{part.line}: nothing in this part shows it yet")
    return tuple(dict.fromkeys(found))
