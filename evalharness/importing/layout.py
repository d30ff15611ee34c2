"""tables that hold questions and answers -> the same as labelled lines: by columns, by rows of a key and its text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evalharness.importing.labels import asks, label_of
from evalharness.importing.nouns import Block
from evalharness.importing.tag_lines import names_tags

_ASKED, _SAID = "question", frozenset({"answer", "follow_up"})


def unrolled(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return `blocks` with each table of questions as labelled lines; other tables stay as they are."""
    found: list[Block] = []
    for run in _runs(blocks):
        found += _unrolled(run) if run[0].cells else run
    return tuple(found)


def _runs(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    run: list[Block] = []
    for block in blocks:
        if run and not (block.kind == "row" and run[-1].kind == "row" and not block.skip and not run[-1].skip):
            yield run
            run = []
        run.append(block)
    if run:
        yield run


def _unrolled(rows: Sequence[Block]) -> Sequence[Block]:
    """Return one table as labelled lines, where its head, its first column or its questions say what is what."""
    head = [_kind(cell) for cell in rows[0].cells]
    if _ASKED in head and _SAID & set(head):
        return [block for row in rows[1:] for block in _record(row, rows[0].cells, head)]
    keys = [_kind(row.cells[0]) for row in rows]
    if all(len(row.cells) == 2 for row in rows) and _ASKED in keys and _SAID & set(keys):
        pairs = zip(rows, keys, strict=True)
        return [block for row, kind in pairs for block in _entry(row, row.cells[0], row.cells[1], kind)]
    return _pairs(rows)


def _pairs(rows: Sequence[Block]) -> Sequence[Block]:
    """Return a table of two columns whose left one asks as questions and answers; any other as it is."""
    body = rows if asks(rows[0].cells[0]) else rows[1:]
    own = [[cell for cell in row.cells if not _is_number(cell)] for row in body]
    if not body or not all(len(cells) == 2 and asks(cells[0]) and not asks(cells[1]) for cells in own):
        return rows
    pairs = (
        (row, kind, text) for row, cells in zip(body, own, strict=True) for kind, text in zip(_PAIR, cells, strict=True)
    )
    return [block for row, kind, text in pairs for block in _entry(row, kind.capitalize(), text, kind)]


_PAIR = (_ASKED, "answer")


def _record(row: Block, head: Sequence[str], kinds: Sequence[str]) -> Iterator[Block]:
    """Yield the lines of one row of a table with a head, the question first."""
    cells = sorted(zip(kinds, head, row.cells, strict=False), key=lambda cell: cell[0] != _ASKED)
    for kind, name, text in cells:
        if text.strip() and not _is_number(name) and not (not kind and _is_number(text)):
            yield from _entry(row, name, text, kind)


def _entry(row: Block, name: str, text: str, kind: str) -> Iterator[Block]:
    """Yield a label and the paragraphs under it; a question and what has no label of its own in one line."""
    paragraphs = [line for line in text.split("\n") if line.strip()]
    if kind in _SAID:
        yield Block(kind="para", text=f"{name.strip(' :')}:", line=row.line, bold=True)
        for paragraph in paragraphs:
            yield Block(kind="para", text=paragraph, line=row.line)
    elif paragraphs:
        label = "Question" if kind == _ASKED else name.strip(" :")
        yield Block(kind="para", text=f"{label}: {' '.join(paragraphs)}", line=row.line)


def _kind(cell: str) -> str:
    """Return what a cell calls its neighbours: the kind of its label, or nothing."""
    text = " ".join(cell.split())
    label = label_of(text) or label_of(f"{text.strip(' :')}:")
    if label and not label.rest:
        return label.kind
    return "tags" if names_tags(text) else ""


def _is_number(cell: str) -> bool:
    return not cell.strip(" .#)(:") or cell.strip(" .#)(:").isdigit()
