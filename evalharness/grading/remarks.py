"""project, plan -> what a person should know before the first grade: drafts, strays, parts without a heading, flags."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from evalharness.errors import Problem
from evalharness.graders import Grader
from evalharness.lint import form, rubric_lint
from evalharness.load import Loaded, unanswered
from evalharness.load.notes import LEFT_OUT, LOOKS_PRIVATE
from evalharness.model.nouns import Case, FoundBy, Measure
from evalharness.plan.plan import Plan
from evalharness.reports import words as wording

MOST_NOTES = 3


def remarks(loaded: Loaded, grader: Grader, plan: Plan) -> tuple[str, ...]:
    """Return what a person should know before the first grade: files, rubrics not read, flags without effect."""
    return (*_files(loaded, plan), *noted(loaded, plan.cases), *_rubrics(plan, grader), *_flags(loaded, grader))


def _files(loaded: Loaded, plan: Plan) -> Iterator[str]:
    if drafts := loaded.drafts:
        yield f"{wording.plural(len(drafts), 'draft')} skipped (empty, or marked as unfinished): {_first(drafts)}"
    if left := unanswered(loaded):
        yield f"{wording.plural(len(left), 'question')} without an answer: {_first(left)}"
    if strays := [one.path for one in loaded.told if one.slug not in (LEFT_OUT, LOOKS_PRIVATE)]:
        yield f"{wording.plural(len(strays), 'file')} to look at ({_first(strays)}); evalharness lint says why"
    voices = [case.attempt.path for case in plan.cases if form.two_voices(case)]
    if voices:
        yield f"{wording.plural(len(voices), 'transcript')} with an interviewer's words and no names: {_first(voices)}"
    undated = [case.attempt.path for case in plan.cases if not case.attempt.date and not case.attempt.source]
    if undated:
        yield f"{wording.plural(len(undated), 'attempt')} without a date: {_first(undated)}"
    placed = sum(part.found is not FoundBy.HEADING for case in plan.cases for part in case.attempt.parts)
    if placed:
        whose = "its" if placed == 1 else "their"
        yield f"{wording.plural(placed, 'part')} found without {whose} heading; evalharness lint says how"


def noted(loaded: Loaded, cases: Iterable[Case]) -> Iterator[str]:
    """Yield what is left out of the answers of `cases`, and what is not although it looks like a note."""
    paths = {case.attempt.path for case in cases}
    found = [one for one in loaded.told if one.path in paths]
    if left := [_place(one) for one in found if one.slug == LEFT_OUT]:
        yield f"{wording.plural(len(left), 'comment')} neither sent nor graded: {_first(left)}"
    if kept := [one for one in found if one.slug == LOOKS_PRIVATE]:
        yield from (f"{_place(one)}: {one.message}" for one in kept[:MOST_NOTES])
        more = f"{len(kept) - MOST_NOTES} more; " if kept[MOST_NOTES:] else ""
        yield f"{more}{kept[0].hint} (evalharness lint lists all)"


def _place(one: Problem) -> str:
    return f"{one.path}:{one.line}"


def _first(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")


def _rubrics(plan: Plan, grader: Grader) -> Iterator[str]:
    for rubric in {case.rubric.id: case.rubric for case in plan.cases}.values():
        if by := rubric_lint.drafts(rubric):
            yield (
                f"rubric {rubric.id} has {sum(by.values())} texts drafted by {' and '.join(sorted(by))} that nobody "
                "has decided on; evalharness lint lists them"
            )
        asked = [c.id for c in rubric.criteria if not isinstance(c.kind, Measure)]
        if asked and all(f"{rubric.id}/{name}" in plan.not_read for name in asked):
            yield (
                f"rubric {rubric.id} declares no signals, so {grader.id.name} can't read it: "
                "add `signals:` to it, or grade with --grader anthropic"
            )


def _flags(loaded: Loaded, grader: Grader) -> Iterator[str]:
    if not grader.id.deterministic:
        return
    config = loaded.config
    idle = {"--batch": config.batch, "--record": config.record, "--samples": config.samples > 1}
    if named := [flag for flag, given in idle.items() if given]:
        yield f"{', '.join(named)} has no effect with {grader.id.name}"
