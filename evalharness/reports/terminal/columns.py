"""cells -> lines that fit: columns, wrapping and cutting by what a terminal shows, not by characters."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

try:
    import wcwidth
except ImportError:  # it comes with ftfy; without it a wide character counts as one cell
    wcwidth = None  # type: ignore[assignment]

GAP = "  "
ELLIPSIS = "\u2026"


class Column(NamedTuple):
    """A column's heading; `right` aligns figures.

    Where the line is too long, a column first gives what it has above `share` of the line, then shrinks to
    `least` cells; the columns that `give` (1, 2, ...) do so in that order, the others never.
    """

    heading: str
    right: bool = False
    give: int = 0
    least: int = 0
    share: float = 1.0


def cells(text: str) -> int:
    """Return how many terminal cells `text` takes."""
    if text.isascii() or wcwidth is None:
        return len(text)
    return max(wcwidth.wcswidth(text), 0)


def cut(text: str, most: int) -> str:
    """Return `text` in at most `most` cells, marked with an ellipsis where something is left out."""
    if cells(text) <= most:
        return text
    end = next((n for n in range(1, len(text)) if cells(text[:n]) > most - 1), len(text)) - 1
    while end and cells(text[:end] + ELLIPSIS) > most:  # a mark can take another width beside another character
        end -= 1
    return text[:end].rstrip(" ,;:") + ELLIPSIS


def wrap(text: str, width: int, *, first: str = "", rest: str = "") -> Iterator[str]:
    """Yield `text` in lines of at most `width` cells, the first after `first`, the others after `rest`."""
    line, start = first, True
    for word in text.split():
        longer = f"{line}{word}" if start else f"{line} {word}"
        if not start and cells(longer) > width:
            yield line
            longer = f"{rest}{word}"
        line, start = cut(longer, width), False
    yield line


def table(columns: Sequence[Column], rows: Sequence[Sequence[str]], width: int) -> tuple[str, ...]:
    """Return heading and rows as lines of at most `width` cells; the last columns give way first.

    Where the line is too short for all columns, each row is a block of lines: its first cell, and under it the others
    with their headings.
    """
    widths = _widths(columns, rows, width)
    if sum(widths) + len(GAP) * (len(columns) - 1) > width:
        return (cut(columns[0].heading, width), *(_block(columns, row, width) for row in rows))
    lines = [[column.heading for column in columns], *rows]
    return tuple(cut(_row(columns, line, widths), width) for line in lines)


def _block(columns: Sequence[Column], row: Sequence[str], width: int) -> str:
    said = (f"{c.heading.lower()} {text}".strip() for c, text in zip(columns[1:], row[1:], strict=True) if text.strip())
    return "\n".join([cut(row[0], width), *wrap(", ".join(said), width, first=GAP, rest=GAP)])


def _widths(columns: Sequence[Column], rows: Sequence[Sequence[str]], width: int) -> list[int]:
    found = [
        max(cells(text) for text in (column.heading, *(row[place] for row in rows)))
        for place, column in enumerate(columns)
    ]
    excess = sum(found) + len(GAP) * (len(columns) - 1) - width
    giving = sorted((c.give, place) for place, c in enumerate(columns) if c.give)
    for floor in (lambda c: int(c.share * width), lambda c: c.least):
        for _, place in giving:
            given = max(0, min(excess, found[place] - floor(columns[place])))
            found[place] -= given
            excess -= given
    return found


def _row(columns: Sequence[Column], line: Sequence[str], widths: Sequence[int]) -> str:
    shown = []
    for column, text, width in zip(columns, line, widths, strict=True):
        kept = cut(text, width)
        blank = " " * (width - cells(kept))
        shown.append(blank + kept if column.right else kept + blank)
    return GAP.join(shown).rstrip()
