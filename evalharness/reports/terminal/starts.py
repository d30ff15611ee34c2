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
LEAST = 20  # cells that the words of a line need beside its place
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
        yield from _line(clean(place), f'"{clean(one_line(step.line.text))}"', each.result.case.question.id, width)


def _line(place: str, words: str, question: str, width: int) -> Iterator[str]:
    """Yield a line of the answer behind its place; the place is never cut, because it is to be opened."""
    first, rest = f"{INDENT}Line: ", f"{INDENT}      "
    if cells(first + place) > width:  # the end of a path says more than its beginning
        short = short_path(place, question)
        place = short if cells(first + short) <= width else short.rpartition("/")[2]
    together = f"{first}{place} {words}"
    if cells(together) <= width or cells(first + place) + LEAST <= width:
        yield cut(together, width)
    else:
        yield from wrap(place, width, first=first, rest=rest)
        yield cut(rest + words, width)
