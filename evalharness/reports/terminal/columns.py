"""cells -> lines that fit: columns, wrapping and cutting by what a terminal shows, not by characters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from evalharness.text.scripts import BLANKLESS

try:
    import wcwidth
except ImportError:  # it comes with ftfy; without it a wide character counts as one cell
    wcwidth = None  # type: ignore[assignment]

GAP = "  "
ROOMY, LAST = 26, 16
"""A column wider than `ROOMY` may lose its end where the line is too short, down to that; the last one to `LAST`."""
_BREAKABLE = re.compile(rf"[{BLANKLESS}][^\w\s]*|(?:(?![{BLANKLESS}])\S)+")
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


def wrap(text: str, width: int, *, first: str = "", rest: str = "", whole: bool = False) -> Iterator[str]:
    """Yield `text` in lines of at most `width` cells, the first after `first`, the others after `rest`.

    A script that sets no blanks breaks between its characters.  A word that is wider than the line is cut, or with
    `whole` left as it is: a path is only of use as a whole.
    """
    line, start = first, True
    for blank, piece in _pieces(text):
        longer = f"{line}{'' if start else blank}{piece}"
        if not start and cells(longer) > width:
            yield line
            longer = f"{rest}{piece}"
        line, start = longer if whole else cut(longer, width), False
    yield line


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Yield what may begin a line, and the blank before it: words, and the characters of scripts without blanks."""
    for word in text.split():
        blank = " "
        for piece in _BREAKABLE.findall(word) if not word.isascii() else (word,):
            yield blank, piece
            blank = ""


def fitting(text: str, width: int) -> str:
    """Return a text whose lines that are too wide go on below, two cells further in; nothing of it is cut."""
    lines: list[str] = []
    for line in text.split("\n"):
        indent = line[: len(line) - len(line.lstrip(" "))]
        fits = "\x1b" in line or cells(line) <= width
        lines += [line] if fits else wrap(line, width, first=indent, rest=f"{indent}  ", whole=True)
    return "\n".join(lines)


def grid(headings: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> str:
    """Return a table as it is where it fits; else its widest columns give way, or each row is a block."""
    from tabulate import tabulate

    plain = str(tabulate(rows, headers=headings, disable_numparse=True))
    if all(cells(line) <= width for line in plain.split("\n")):
        return plain
    widest = [max(map(cells, (head, *(row[n] for row in rows)))) for n, head in enumerate(headings)]
    columns = [
        Column(head, give=len(headings) - n if wide > ROOMY else 0, least=LAST if n == len(headings) - 1 else ROOMY)
        for n, (head, wide) in enumerate(zip(headings, widest, strict=True))
    ]
    return "\n".join(table(columns, rows, width))


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
