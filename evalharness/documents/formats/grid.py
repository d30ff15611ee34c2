"""Tables -> cells, one a line, each with its row and the name of its column; CSV and TSV files too."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Iterator, Sequence

from evalharness.documents.formats.made import Piece
from evalharness.documents.formats.talk_rows import turns_in

_DASHES = re.compile(r"[\s|:+=-]+")
_BREAK = re.compile(r"<br ?/?>|</?(?:div|p|li|ul|ol)\b[^<>]{0,80}>|\n", re.IGNORECASE)
Row = tuple[int, Sequence[str]]


def split_row(line: str) -> list[str]:
    """Return the cells of a line with bars or tabs between them; one or none where it is no row."""
    if line.count("|") >= 2 or (line.startswith("|") and line.count("|") > 1):
        return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line.strip().strip("|"))]
    if "\t" in line.strip() and not line.startswith(("-", "*", ">")):
        return [cell.strip() for cell in re.split(r"\t+", line.strip())]
    return []


def cells_of(rows: Sequence[Row], table: int) -> Iterator[Piece]:
    """Yield the cells of a table; those of its first row, which name the columns, stand in row 1; empty rows count."""
    body = [
        (place, cells) for place, cells in rows if not _DASHES.fullmatch("".join(cells) or " ") or not "".join(cells)
    ]
    names = [" ".join(cell.split()).strip("*_ ") for cell in body[0][1]] if body else []
    for number, (place, cells) in enumerate(body, start=1):
        for at, cell in enumerate(cells):
            for part in _BREAK.split(cell):
                if part.strip():
                    yield Piece(
                        text=html.unescape(part),
                        place=place,
                        kind="cell",
                        row=number,
                        table=table,
                        depth=at,
                        column=names[at] if at < len(names) else "",
                    )


def delimiter_of(text: str, suffix: str) -> str:
    """Return what parts the cells of a text that is a table as a whole; nothing for any other text."""
    if suffix in {"md", "html", "org"}:
        return ""
    lines = [line for line in text.split("\n")[:200] if line.strip()]
    if suffix == "tsv" or (suffix == "csv" and lines and lines[0].count("\t") > lines[0].count(",")):
        return "\t"
    if suffix == "csv":
        return max(",;", key=lambda mark: lines[0].count(mark)) if lines else ","
    for mark in "\t,;":
        quoted = sum(line.startswith('"') or f'{mark}"' in line for line in lines)
        rows = [row for row in _rows(text, mark) if any(row[1])] if quoted > 0.6 * len(lines) or mark == "\t" else []
        widths = {len(row) for _, row in rows}
        if len(rows) >= 2 and len(widths) == 1 and max(widths) >= 2 and (mark == "\t" or max(widths) >= 2):
            return mark
    return ""


def from_csv(text: str, delimiter: str) -> Sequence[Piece]:
    """Return the cells of a table file; comment lines of a card deck (`#separator:tab`) are told, not dropped."""
    head = [line for line in text.split("\n") if re.match(r"#\w[\w ]*:", line)]
    comments = [
        Piece(text=line.strip("# "), place=at, why="settings of the card deck") for at, line in enumerate(head, start=1)
    ]
    rows = [row for row in _rows(text, delimiter) if not re.match(r"#\w[\w ]*:", "".join(row[1][:1]))]
    if talk := turns_in(rows):
        return [*comments, *talk]
    head_at = _head(rows)
    above = [
        Piece(text=" ".join(cell for cell in cells if cell.strip()), place=place, gap=True)
        for place, cells in rows[:head_at]
    ]
    named = [line for line in head if line.startswith("#columns:")]
    names = [(0, re.split(r"\t|,", named[0].partition(":")[2]))] if named else []
    return [*comments, *above, *cells_of([*names, *rows[head_at:]], 1)]


def _head(rows: Sequence[Row]) -> int:
    """Return which row names the columns: the first with as many cells as the rows below it, after the title of a sheet."""
    widths = [sum(bool(cell.strip()) for cell in cells) for _, cells in rows]
    filled = sorted(filter(None, widths)) or [0]
    return next((at for at, width in enumerate(widths[:9]) if width >= max(2, filled[len(filled) // 2])), 0)


def _rows(text: str, delimiter: str) -> list[Row]:
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    found: list[Row] = []
    try:
        before = 0
        for row in reader:
            found.append((before + 1, row))
            before = reader.line_num
    except csv.Error:
        return []
    return found
