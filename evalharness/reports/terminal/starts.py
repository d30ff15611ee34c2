"""next steps -> the list that every screen opens its advice with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from evalharness.reports import next_steps as wording
from evalharness.reports.escape import line as one_line
from evalharness.reports.escape import terminal as clean
from evalharness.reports.overview import Places, short_path
from evalharness.reports.terminal.columns import cells, cut, wrap
from evalharness.results.steps import NextStep

INDENT = "   "
ROOMY = 60  # from here on a line has room for a whole path and some words
LEAST = 12  # cells that the words of a line need beside its place
Where = Callable[[str], str]
HEADING = f"{wording.TITLE} ({wording.SHORT_RULE})"


def start_here(found: Iterable[NextStep], width: int, *, several: bool, where: Where = str) -> Iterator[str]:
    """Yield the steps, numbered: question and criterion, what to do, and the author's own line.

    `where` says how the person writes a path of the project.
    """
    for rank, each in enumerate(found, start=1):
        tail = f": {each.step.name}, {wording.now(each.step)}"
        question = cut(clean(wording.question(each, several=several)), max(width - len(tail) - 3, 20))
        yield from wrap(f"{question}{clean(tail)}", width, first=f"{rank}. ", rest=INDENT)
        yield from _body(each, width, where)


def _body(each: NextStep, width: int, where: Where) -> Iterator[str]:
    step = each.step
    if step.reason:
        yield from wrap(f"Why: {clean(step.reason)}", width, first=INDENT, rest=f"{INDENT}     ")
    if step.asks:
        yield from wrap(f"Next: {clean(one_line(step.asks))}", width, first=INDENT, rest=f"{INDENT}      ")
    if step.line is not None:
        places = Places(each.result)
        line = places.line(step.line)
        place = where(places.path) if line is None else f"{where(places.path)}:{line}"
        told = f'Line: {clean(place)} "{clean(one_line(step.line.text))}"'
        if cells(INDENT + told) > width and width < ROOMY:  # the end of a path says more than its beginning
            short = short_path(place, each.result.case.question.id)
            short = short if cells(f"{INDENT}Line: {short}") < width - LEAST else short.rpartition("/")[2]
            told = f'Line: {clean(short)} "{clean(one_line(step.line.text))}"'
        yield cut(f"{INDENT}{told}", width)
