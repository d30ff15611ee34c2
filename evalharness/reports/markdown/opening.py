"""overview -> the first page: who graded, how many, where to start, the questions, what is missing."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from evalharness.reports import next_steps
from evalharness.reports import words as wording
from evalharness.reports.escape import address, link, markdown, shorten
from evalharness.reports.markdown.pieces import anchor, table
from evalharness.reports.markdown.starts import start_here
from evalharness.reports.overview import Overview, Row, spoken, times_note
from evalharness.results.aggregate import CaseResult, CriterionScore

STEP = 90
_CHANGE = "Change is the plain difference to the attempt before, taken before rounding."
_BY_CHANCE = "Whether it is more than chance is not said here."
_BY_SURFACE = "This grader repeats itself exactly; still, a higher score need not be a better answer."
_PLAIN_NAME = re.compile(r"\\`([A-Za-z0-9-]+)\\`")


def blocks(overview: Overview, root: str, shown: frozenset[int]) -> Iterator[str]:
    """Yield the first page, block by block; the answers that are `shown` have a section to go to."""
    meta = overview.run.meta
    yield f"# How good your answers are so far, {markdown(meta.started[:10])}"
    if meta.is_sample:
        yield "This is the sample run over the cases that come with evalharness: invented people and answers."
    graded_by, meaning = wording.honesty(meta.grader)
    yield f"{_grader(graded_by)} {markdown(meaning)}"
    if told := wording.state(meta):
        yield f"**{markdown(told)}**"
    if told := wording.scope(overview.run):
        yield f"{markdown(told)}."
    yield f"{wording.counts(overview.figures)}; {wording.mean(overview.figures)}."
    yield from _start_here(overview, root, shown)
    if overview.rows:
        yield "## Overview"
        yield _questions(overview, root, shown)
        yield f"{_CHANGE} {times_note(overview)} {_BY_SURFACE if meta.grader.deterministic else _BY_CHANCE}"
    if noted := list(overview.noted()):
        yield "## To note"
        yield "\n".join(f"- {markdown(title)}: {markdown(text)}." for title, text in noted)
    yield from _ungraded(overview)


def _grader(line: str) -> str:
    """Return the honesty line; the name between backticks may stay one, if it can't close them."""
    shown = markdown(line)
    return _PLAIN_NAME.sub(r"`\1`", shown) if shown.count("`") == 2 else shown


def _questions(overview: Overview, root: str, shown: frozenset[int]) -> str:
    headers = ("Question", "Latest attempt", "Score (1 to 5)", "Change", "Time to say", "Best next step")
    several, partial = overview.several_authors, overview.run.is_partial
    rows = [_question(row, _target(row, root, shown), several=several, partial=partial) for row in overview.rows]
    return table(headers, rows, align="<<>>><")


def _target(row: Row, root: str, shown: frozenset[int]) -> str:
    """Return where a click on an answer leads: to its section, else to its file."""
    return f"#{anchor(row)}" if row.index in shown else address(row.places.path, root=root)


def _question(row: Row, target: str, *, several: bool, partial: bool) -> tuple[str, ...]:
    attempt = row.latest.case.attempt
    return (
        markdown(wording.title(row.latest.case.question)),
        link(wording.who_and_when(attempt, several=several), target),
        wording.total(row.latest),
        wording.change(row.series, partial=partial),
        spoken(row.latest),
        _best(row),
    )


def _best(row: Row) -> str:
    if row.best is not None:
        return markdown(shorten(next_steps.told(row.best), STEP))
    return wording.no_step(row.latest)


def _start_here(overview: Overview, root: str, shown: frozenset[int]) -> Iterator[str]:
    found = overview.starts()
    if found:
        yield f"## {next_steps.TITLE}"
        yield next_steps.RULE
        several = overview.several_authors
        rows = overview.rows
        yield start_here(found, root=root, several=several, target=lambda each: _target(rows[each.place], root, shown))


def _ungraded(overview: Overview) -> Iterator[str]:
    found: dict[wording.Trouble, list[tuple[str, ...]]] = defaultdict(list)
    for result, score in overview.ungraded():
        found[wording.trouble(score)].append(_missing(result, score, several=overview.several_authors))
    if not found:
        return
    yield "## Ungraded"
    yield (
        "These have no level, so their attempts have no score. That says nothing about the answers, and "
        "nothing was counted as zero."
    )
    for trouble, rows in found.items():
        count = wording.plural(len(rows), "grade").replace("grades", "criteria").replace("grade", "criterion")
        yield f"**{count}: {markdown(trouble.what)}.** {markdown(trouble.advice)}"
        yield table(("Question", "Attempt", "Criterion", "Detail"), rows, align="<<<<")


def _missing(result: CaseResult, score: CriterionScore, *, several: bool) -> tuple[str, ...]:
    return (
        markdown(wording.title(result.case.question)),
        markdown(wording.who_and_when(result.case.attempt, several=several)),
        markdown(score.criterion.title or score.criterion.id),
        markdown(shorten(wording.trouble_detail(score), 200)),
    )
