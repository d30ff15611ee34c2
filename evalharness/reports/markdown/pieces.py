"""cells, quotes -> the small pieces of Markdown that every section is made of."""

from __future__ import annotations

import re
from collections.abc import Sequence

from evalharness.model.nouns import Quote
from evalharness.reports.escape import address, link, markdown, shorten
from evalharness.reports.overview import Places, Row

QUOTE = 140
WIDEST = 200
MANY = 200  # rows: a longer table is made in lots, because making one takes many times its own size
_PADDING = re.compile(" {2,}")
_DASHES = re.compile("-{4,}")


def table(headers: Sequence[str], rows: Sequence[Sequence[str]], *, align: str) -> str:
    """Return a table of cells that are Markdown already; `align` has one of `<`, `>` for each column."""
    if len(rows) <= MANY:
        found = _padded(headers, rows, align)
        return found if found.find("\n") <= WIDEST else _tight(found)
    lots = [rows[first : first + MANY] for first in range(0, len(rows), MANY)]
    ruler = ["x" * max(widths) for widths in zip(*(_widths(headers, lot, align) for lot in lots), strict=True)]
    return "\n".join(_lot(headers, ruler, lot, align, first=lot is lots[0]) for lot in lots)


def _lot(
    headers: Sequence[str], ruler: Sequence[str], rows: Sequence[Sequence[str]], align: str, *, first: bool
) -> str:
    """Return some rows of a long table as they stand in it; `ruler` is a row with the widest cell of each column."""
    heading, rule, _, *body = _padded(headers, [ruler, *rows], align).split("\n")
    found = "\n".join((heading, rule, *body))
    found = found if len(heading) <= WIDEST else _tight(found)
    return found if first else found.split("\n", 2)[2]


def _widths(headers: Sequence[str], rows: Sequence[Sequence[str]], align: str) -> list[int]:
    """Return how wide the columns are that these rows need: the line of dashes says it."""
    rule = _padded(headers, rows, align).split("\n", 2)[1]
    return [len(dashes) - 2 for dashes in rule.strip("|").split("|")]


def _padded(headers: Sequence[str], rows: Sequence[Sequence[str]], align: str) -> str:
    from tabulate import tabulate

    sides = tuple("right" if side == ">" else "left" for side in align)
    return tabulate(rows, headers, tablefmt="pipe", colalign=sides, disable_numparse=True)


def _tight(found: str) -> str:
    """Return a table without padding: nobody reads such long lines as columns, and it doubles the file."""
    heading, rule, *body = _PADDING.sub(" ", found).split("\n")
    return "\n".join((heading, _DASHES.sub("---", rule), *body))


def anchor(row: Row) -> str:
    """Return the name of the section about a series: numbered, so that no title can bend it."""
    return f"q{row.index}"


def quoted(text: str, most: int = QUOTE) -> str:
    """Return words of an answer in quotation marks, shortened, as Markdown."""
    return f'"{markdown(shorten(text, most))}"'


def cited(quote: Quote, places: Places, root: str, *, most: int = QUOTE) -> str:
    """Return a quote after the place where it stands, which links to the line."""
    return f"{place(quote, places, root)} {quoted(quote.text, most)}"


def line_link(part: str, offset: int, places: Places, root: str) -> str:
    """Return `line 14`, linked: for where the file is named already."""
    line = places.at(part, offset)
    return link("file" if line is None else f"line {line}", address(places.path, root=root, line=line))


def place(quote: Quote, places: Places, root: str) -> str:
    """Return the place of a quote, such as `speed-vs-safety/2026-10-02.md:14`, linked to the line."""
    return link(places.name(quote), address(places.path, root=root, line=places.line(quote)))
