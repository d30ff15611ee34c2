"""lines in a row -> what a whole run of them does: asks, advises, reminds; each run is looked at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from evalharness.documents.features import advises, asks, asks_how, is_empty, orders, owns, recounts, reminds, share
from evalharness.documents.nouns import Line
from evalharness.documents.outline import Outline

LEAST_LISTED = 4  # so many points make a list whose lines are alike


class Runs:
    """The lists and blocks of a document: items in a row, and lines without a blank one between them."""

    def __init__(self, outline: Outline) -> None:
        self._outline = outline
        self._asking = _shared(outline, _joined, lambda run: share([asks(line.said) for line in run], 0.3))
        self._reminding = _shared(outline, _listed, self._pressing)
        self._advising: dict[int, float] = {}

    def asks(self, line: Line) -> bool:
        """Return whether a line stands in one block with lines that mostly ask."""
        return not line.label and self._asking.get(line.number, 0.0) >= 0.4 > advises(line.text)

    def reminds(self, line: Line) -> bool:
        """Return whether a list below what is told, which nothing announces, says what to change in it."""
        return self._reminding.get(line.number, 0.0) >= 0.6

    def advises(self, line: Line) -> float:
        """Return which share of the list that a line stands in says what to do."""
        parent = self._outline.parent[line.number]
        if parent not in self._advising:
            items = [n for n in self._outline.under.get(parent, ()) if self._outline[n].kind == "item"]
            self._advising[parent] = share([advises(self._outline[n].text) for n in items], 0.6)
        return self._advising[parent]

    def directs(self, line: Line, asked: str, below: Sequence[Line]) -> bool:
        """Return whether a short line tells the speaker what to do, among lines `below` a question that tell what was done."""
        if line.label or line.kind not in {"item", "para"} or not orders(line.text):
            return False
        below = [other for other in below if not is_empty(other.text)]
        others = [other.text for other in below if not orders(other.text)]
        told = [text for text in others if advises(text) < 0.7]
        telling = sum(recounts(text) or (owns(text) > 0 and not asks_how(asked)) for text in told)
        return telling >= 0.5 * max(1, len(others)) and len(others) >= 0.5 * len(below)

    def _pressing(self, run: Sequence[Line]) -> float:
        above = self._outline.before(run[0].number)
        said = self._outline[above].text if above else ""
        told = owns(said) > 0 and said[-1:] in '.!"\u201d'
        return told * sum(reminds(line.text) for line in run) / len(run)


def _shared(
    outline: Outline, joined: Callable[[Outline, int], bool], judged: Callable[[Sequence[Line]], float]
) -> dict[int, float]:
    """Return for each line what is judged of the run that it stands in; `joined` lines go on with the one above."""
    runs: list[list[Line]] = []
    for number in outline.kept:
        if runs and joined(outline, number):
            runs[-1].append(outline[number])
        else:
            runs.append([outline[number]])
    return {line.number: value for run in runs for value in [judged(run)] for line in run}


def _joined(outline: Outline, number: int) -> bool:
    return not outline[number].gap and not outline.is_head(outline.before(number))


def _listed(outline: Outline, number: int) -> bool:
    return all(outline[n].kind == "item" and not outline.is_head(n) for n in (number, outline.before(number)))


def lists_of(outline: Outline) -> Iterator[list[int]]:
    """Yield the points of each list in which nothing else stands, where there are several; another count begins another."""
    run: list[int] = []
    for n in [*outline.kept, 0]:
        line = outline[n] if n else None
        last = outline[run[-1]] if run else None
        if line and last and _goes_on(outline, last, line):
            run.append(n)
            continue
        if len(run) >= LEAST_LISTED:
            yield run
        run = [n] if line and line.kind == "item" and not line.glued else []


def _goes_on(outline: Outline, last: Line, line: Line) -> bool:
    """Return whether a line is the next point of the list of the last one."""
    alike = (line.shape, outline.parent[line.number]) == (last.shape, outline.parent[last.number])
    return alike and not line.glued and (line.count == last.count + 1 if line.count else line.gap <= last.gap)
