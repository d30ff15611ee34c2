"""cells -> lines that fit: columns, wrapping and cutting by what a terminal shows, not by characters."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, zip_longest
from typing import NamedTuple

from evalharness.text.patterns import Lazy
from evalharness.text.scripts import BLANKLESS

GAP = "  "
LAST = 16  # cells that a column of text keeps where the line is too short
LONG = 20  # cells that a word keeps in a column that folds
_BREAKABLE = Lazy(rf"[{BLANKLESS}][^\w\s]*|(?:(?![{BLANKLESS}])\S)+")
_SLASHES = re.compile(r"(?<=/)(?=[^/])")
_NAMES = re.compile(rf"{_SLASHES.pattern}|(?<=\w[-_])(?=[^\W\d_])|(?<=[^\W\d_][-_])(?=\d)")
"""Where a path, and where a name such as `what-changed/2026-10-05` may go on below; a date stays as it is."""
ELLIPSIS = "\u2026"
_NARROW = re.compile("[ -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027]*")
"""Western letters and punctuation, one cell each: for them the tables of all widths need not be imported."""


class Column(NamedTuple):
    """A column's heading; `right` aligns figures.

    Where the line is too long, a column first gives what it has above `share` of the line, then shrinks to
    `least` cells; the columns that `give` (1, 2, ...) do so in that order, the others never.  What does not fit goes
    on below with `folds`, because a part of a name can't be typed; else it is cut between words.
    """

    heading: str
    right: bool = False
    give: int = 0
    least: int = 0
    share: float = 1.0
    folds: bool = False


def cells(text: str) -> int:
    """Return how many terminal cells `text` takes."""
    return len(text) if text.isascii() or _NARROW.fullmatch(text) else max(_measure()(text), 0)


@functools.cache
def _measure() -> Callable[[str], int]:
    try:
        from wcwidth import wcswidth
    except ImportError:  # it comes with ftfy; without it a wide character counts as one cell
        return len
    return wcswidth


def cut(text: str, most: int) -> str:
    """Return `text` in at most `most` cells, cut between words where it can be, with an ellipsis for the rest."""
    if cells(text) <= most:
        return text
    end = next((n for n in range(1, len(text)) if cells(text[:n]) > most - 1), len(text)) - 1
    while end and cells(text[:end] + ELLIPSIS) > most:  # a mark can take another width beside another character
        end -= 1
    if text[end : end + 1].strip() and (word := text.rfind(" ", end // 2, end)) > 0:  # a part of a word says little
        end = word
    return text[:end].rstrip(" ,;:") + ELLIPSIS


def wrap(text: str, width: int, *, first: str = "", rest: str = "", whole: bool = False) -> Iterator[str]:
    """Yield `text` in lines of at most `width` cells, the first after `first`, the others after `rest`.

    A script that sets no blanks breaks between its characters.  A word that is wider than the line goes on below after
    a slash or a hyphen, else it is cut; with `whole` it is left as it is: a path is only of use as a whole.
    """
    most = width - cells(rest)
    pieces = ((blank, piece, not whole and cells(piece) > most) for blank, piece in _pieces(text))
    parts = (part for blank, piece, wide in pieces for part in (_parts(blank, piece) if wide else [(blank, piece)]))
    yield from _filled(parts, width, first, rest, whole=whole)


def _parts(blank: str, word: str) -> Iterator[tuple[str, str]]:
    """Yield a name in the pieces that may begin a line."""
    parts = _NAMES.split(word)
    yield from zip([blank, *[""] * (len(parts) - 1)], parts, strict=True)


def _filled(
    pieces: Iterable[tuple[str, str]], width: int, first: str = "", rest: str = "", *, whole: bool = True
) -> Iterator[str]:
    line, start = first, True
    for blank, piece in pieces:
        longer = f"{line}{'' if start else blank}{piece}"
        if not start and cells(longer) > width:
            yield line
            longer = f"{rest}{piece}"
        line, start = longer if whole else cut(longer, width), False
    yield line


def _pieces(text: str, steps: re.Pattern[str] | None = None) -> Iterator[tuple[str, str]]:
    """Yield what may begin a line, and the blank before it: words, and the characters of scripts without blanks.

    With `steps` also the pieces of a name such as `why-us/me/2026-10-05`.
    """
    for word in text.split():
        blank = " "
        for piece in _broken(word, steps):
            yield blank, piece
            blank = ""


def _broken(word: str, steps: re.Pattern[str] | None) -> Sequence[str]:
    if word.isascii():
        return steps.split(word) if steps else (word,)
    return _BREAKABLE.findall(word)


def fitting(text: str, width: int) -> str:
    """Return a text whose lines that are too wide go on below, two cells further in; nothing of it is cut."""
    lines: list[str] = []
    for line in text.split("\n"):
        indent = line[: len(line) - len(line.lstrip(" "))]
        fits = "\x1b" in line or cells(line) <= width
        lines += [line] if fits else wrap(line, width, first=indent, rest=f"{indent}  ", whole=True)
    return "\n".join(lines)


def grid(headings: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> str:
    """Return a table as it is where it fits; else the first that fits of: texts on several lines, turned, blocks.

    No word is cut in any of them, and a name goes on below only where blanks and slashes are not enough.
    """
    from tabulate import tabulate

    plain = str(tabulate(rows, headers=headings, disable_numparse=True))
    turned = [[[text] for text in column] for column in zip(headings, *rows, strict=True)]
    folded = (_drawn(_folded([headings, *rows], width, steps)) for steps in (_SLASHES, _NAMES))
    for shown in (plain, *folded, _drawn(turned)):
        if all(cells(line) <= width for line in shown.split("\n")):
            return shown
    return "\n".join(line for row in rows for line in _listed(headings, row, width))


def _drawn(rows: Sequence[Sequence[Sequence[str]]]) -> str:
    """Return rows of cells, each of one line or more, as a table; the first row is its head."""
    widths = [max(cells(line) for cell in column for line in cell) for column in zip(*rows, strict=True)]
    columns = [Column("") for _ in widths]
    lines = [[_row(columns, line, widths) for line in zip_longest(*row, fillvalue="")] for row in rows]
    lines.insert(1, [GAP.join("-" * wide for wide in widths)])
    return "\n".join(chain.from_iterable(lines))


def _folded(rows: Sequence[Sequence[str]], width: int, steps: re.Pattern[str]) -> list[list[list[str]]]:
    """Return the rows with their widest texts on several lines, so that the table fits where that can be."""
    columns = list(zip(*rows, strict=True))
    widths = [max(map(cells, column)) for column in columns]
    least = [max(_longest(column, steps), min(LAST, whole)) for column, whole in zip(columns, widths, strict=True)]
    excess = sum(widths) + len(GAP) * (len(columns) - 1) - width
    while excess > 0 and (wide := [n for n in range(len(columns)) if widths[n] > least[n]]):
        widths[max(wide, key=lambda n: widths[n])] -= 1
        excess -= 1
    return [[list(_filled(_pieces(text, steps), widths[n])) for n, text in enumerate(row)] for row in rows]


def _listed(headings: Sequence[str], row: Sequence[str], width: int) -> Iterator[str]:
    """Yield a row as a list: its first cell, and under it the others, each behind its heading."""
    yield from wrap(row[0], width, rest=GAP)
    shown = [(heading, text) for heading, text in zip(headings[1:], row[1:], strict=True) if text.strip()]
    label = max((cells(heading) for heading, _ in shown), default=0) + 2 * len(GAP)
    roomy = label + _longest((text for _, text in shown), _NAMES) <= width
    for heading, text in shown:
        if roomy:
            first = f"{GAP}{heading}".ljust(label)
            yield from _filled(_pieces(text, _NAMES), width, first, " " * label)
        else:
            yield from wrap(f"{heading}: {text}", width, first=GAP, rest=2 * GAP)


def table(columns: Sequence[Column], rows: Sequence[Sequence[str]], width: int) -> tuple[str, ...]:
    """Return heading and rows in lines of at most `width` cells; the last columns give way first.

    Where the line is too short for all columns, each row is a block of lines: its first cell, and under it the others
    with their headings.
    """
    widths = _widths(columns, rows, width)
    if sum(widths) + len(GAP) * (len(columns) - 1) > width:
        return (cut(columns[0].heading, width), *(_block(columns, row, width) for row in rows))
    lines = [[column.heading for column in columns], *rows]
    return tuple("\n".join(_lines(columns, line, widths)) for line in lines)


def _lines(columns: Sequence[Column], row: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    shown = [
        list(_filled(_pieces(text, _NAMES), width, whole=False)) if column.folds else [text]
        for column, text, width in zip(columns, row, widths, strict=True)
    ]
    return (_row(columns, line, widths) for line in zip_longest(*shown, fillvalue=""))


def _block(columns: Sequence[Column], row: Sequence[str], width: int) -> str:
    others = zip(columns[1:], row[1:], strict=True)
    said = (f"{column.heading.lower()}: {text.strip()}" for column, text in others if text.strip(" -"))
    return "\n".join([*wrap(row[0], width), *wrap(", ".join(said), width, first=GAP, rest=GAP)])


def _widths(columns: Sequence[Column], rows: Sequence[Sequence[str]], width: int) -> list[int]:
    found = [
        max(cells(text) for text in (column.heading, *(row[place] for row in rows)))
        for place, column in enumerate(columns)
    ]
    least = [
        max(column.least, min(LONG, _longest((row[place] for row in rows), _NAMES)) if column.folds else 0)
        for place, column in enumerate(columns)
    ]
    excess = sum(found) + len(GAP) * (len(columns) - 1) - width
    giving = sorted((c.give, place) for place, c in enumerate(columns) if c.give)
    for floors in ([max(int(c.share * width), each) for c, each in zip(columns, least, strict=True)], least):
        for _, place in giving:
            given = max(0, min(excess, found[place] - floors[place]))
            found[place] -= given
            excess -= given
    return found


def _longest(texts: Iterable[str], steps: re.Pattern[str]) -> int:
    """Return the cells of the longest piece that stays on one line."""
    return max((cells(piece) for text in texts for _, piece in _pieces(text, steps)), default=0)


def _row(columns: Sequence[Column], line: Sequence[str], widths: Sequence[int]) -> str:
    shown = []
    for column, text, width in zip(columns, line, widths, strict=True):
        kept = cut(text, width)
        blank = " " * (width - cells(kept))
        shown.append(blank + kept if column.right else kept + blank)
    return GAP.join(shown).rstrip()
