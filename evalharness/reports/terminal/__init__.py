"""run -> the summary at the end of `run`: the questions, where to start, what is ungraded, the cost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from evalharness.model.run import Run
from evalharness.reports import corrected, next_steps
from evalharness.reports import words as wording
from evalharness.reports.causes import cause
from evalharness.reports.escape import terminal as clean
from evalharness.reports.overview import Overview, Row, overview_of, spoken, times_note
from evalharness.reports.terminal.columns import Column, table, wrap
from evalharness.reports.terminal.ink import Ink
from evalharness.reports.terminal.starts import HEADING, Where, start_here
from evalharness.results.aggregate import CriterionScore

__all__ = ["render"]

MOST_ROWS = 40
MOST_CORRECTED = 5
NARROWEST = 40
MIDDLE = 90  # from here on a row has room for the level beside the criterion
WIDE = 120  # from here on a row has room for what the next level asks
_COLUMNS = (
    Column("Question", give=2, least=14, share=0.3, folds=True),
    Column("Attempt", give=3, least=10, share=0.22, folds=True),
    Column("Score", right=True),
    Column("Change", right=True),
    Column("Time", right=True),
    Column("Best next step", give=1, least=11),
)


def render(
    run: Run, *, width: int, colour: bool, folder: str = "reports", bar: float | None = None, where: Where = str
) -> str:
    """Return the summary in lines of at most `width` cells (40 at least); codes only with `colour`.

    `folder` is where the run lies, as the person would write it; `where` says how they write a path of the project.
    Scores under `bar` are red.
    """
    width = max(width, NARROWEST)
    blocks = _blocks(overview_of(run), width, Ink(colour=colour, bar=bar), folder, where)
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _blocks(overview: Overview, width: int, ink: Ink, folder: str, where: Where) -> Iterator[list[str]]:
    meta = overview.run.meta
    yield list(_opening(overview, width, ink))
    yield _questions(overview, width, ink)
    yield [
        line if meta.anchors and not meta.anchors.drifted else ink.warn(line)
        for told in _drift(overview)
        for line in wrap(clean(f"Drift: {told}"), width)
    ]
    mean, counts = wording.mean(overview.figures), wording.counts(overview.figures)
    yield list(wrap(f"{mean[:1].upper()}{mean[1:]}; in all {counts}. {times_note(overview)}", width))
    yield list(_start_here(overview, width, ink, where))
    yield list(_corrected(overview, width))
    yield list(_noted(overview, width))
    yield list(_ungraded(overview, width, ink))
    yield [
        *(row for told in (wording.cost(meta), wording.reused(meta)) if told for row in wrap(clean(told), width)),
        *wrap(f"Report: {clean(folder)}/{clean(meta.id)}/report.md", width),
    ]


def _drift(overview: Overview) -> tuple[str, ...]:
    """Return what is known of a drift, where it was looked for now or where it concerns what is shown."""
    return overview.drift_known() if overview.run.meta.anchors or overview.apart else ()


def _opening(overview: Overview, width: int, ink: Ink) -> Iterator[str]:
    meta = overview.run.meta
    yield from wrap(clean(wording.honesty(meta.grader)[0]), width)
    if told := wording.state(meta):
        yield from map(ink.warn, wrap(clean(told), width))
    if told := wording.scope(overview.run):
        yield from wrap(f"{clean(told)}.", width)


def _questions(overview: Overview, width: int, ink: Ink) -> list[str]:
    """Return the rows, the weakest first; what has no score stands before all, because it needs a hand."""
    if not overview.rows:
        return []
    totals = overview.totals
    order = sorted(range(len(totals)), key=lambda place: (totals[place] is not None, totals[place] or 0.0))
    shown = [overview.rows[place] for place in order[:MOST_ROWS]]
    head, *lines = table(_COLUMNS, [_question(row, overview, width) for row in shown], width)
    inked = [ink.row(line, row.total) for row, line in zip(shown, lines, strict=True)]
    left = len(order) - len(shown)
    return [ink.bold(head), *inked, *([f"... and {left:,} more in the report"] if left else [])]


def _question(row: Row, overview: Overview, width: int) -> tuple[str, ...]:
    attempt = row.latest.case.attempt
    return (
        clean(wording.title(row.latest.case.question)),
        clean(wording.who_and_when(attempt, several=overview.several_authors)),
        wording.total(row.latest).replace(wording.NOT_READ, "not read"),
        _change(row, partial=overview.run.is_partial),
        spoken(row.latest).replace(" of ", "/").replace("not measured", "-"),
        clean(_best(row, width)),
    )


def _change(row: Row, *, partial: bool) -> str:
    """Return the difference; where one of the two has no score, the score column and the report say so."""
    missing = row.series.previous is not None and row.series.difference is None
    return "-" if missing and not row.series.drifted else wording.change(row.series, partial=partial)


def _best(row: Row, width: int) -> str:
    if row.best is None:
        return wording.no_step(row.latest)
    if width >= WIDE:
        return next_steps.told(row.best)
    title = row.best.name
    return f"{title} (now {wording.number(row.best.level)})" if width >= MIDDLE else title


def _start_here(overview: Overview, width: int, ink: Ink, where: Where) -> Iterator[str]:
    found = overview.starts()
    if found:
        first, *rest = wrap(HEADING, width)
        yield first.replace(next_steps.TITLE, ink.bold(next_steps.TITLE), 1)
        yield from rest
    yield from start_here(found, width, several=overview.several_authors, where=where)


def _corrected(overview: Overview, width: int) -> Iterator[str]:
    """Yield the levels that people's labels correct, a line for each answer, beside the grader's own."""
    if not overview.run.meta.corrections:
        return
    yield from wrap(f"{corrected.HEADING}. {corrected.RAW}", width)
    found = [(row, told) for row in overview.rows[:MOST_ROWS] if (told := corrected.changed(row.latest))]
    for row, told in found[:MOST_CORRECTED]:
        yield from wrap(clean(f"- {wording.title(row.latest.case.question)}: {told}"), width, rest="  ")
    if len(found) > MOST_CORRECTED:
        yield "- and more in the report"


def _noted(overview: Overview, width: int) -> Iterator[str]:
    """Yield what is too short to grade, what misses a part, and what was edited in place."""
    for title, told in overview.noted():
        yield from wrap(clean(f"{title}: {told}."), width, rest="  ")


def _ungraded(overview: Overview, width: int, ink: Ink) -> Iterator[str]:
    found: dict[wording.Trouble, list[CriterionScore]] = defaultdict(list)
    for _, score in overview.ungraded():
        found[wording.trouble(score)].append(score)
    if found:
        first, *rest = wrap("Ungraded (says nothing about the answers; nothing was counted as zero)", width)
        yield first.replace("Ungraded", ink.bold("Ungraded"), 1)
        yield from rest
    for trouble, scores in found.items():
        noun = "criterion" if len(scores) == 1 else "criteria"
        yield from map(ink.warn, wrap(f"{len(scores):,} {noun}: {trouble.what}.", width, first="- ", rest="  "))
        if told := cause(scores):
            yield from wrap(clean(f"Reason: {told}"), width, first="  ", rest="  ")
        yield from wrap(trouble.advice, width, first="  ", rest="  ")
