"""tagged cells of a table -> labels: tags say what is asked and answered; a column says what its other cells hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from evalharness.documents.columns import Column, roles_of
from evalharness.documents.nouns import Label, Line

REGULAR = 0.8
Row = dict[int, list[Line]]
TAGGED = frozenset({"question", "answer", "part", "ask", "follow_up"})  # these are known by their tags alone
OWN = frozenset({"mission", "section"})  # a row is about one of these
BELOW = frozenset({"claim", "time", "probe", "experience", "takeaway", "point"})


def labelled(lines: Sequence[Line], tags: Sequence[str], zone: str = "") -> list[Label]:
    """Return the labels of one table's cells; `tags` are those of all lines of the document."""
    rows = _rows(lines)
    named = _is_named(rows, tags)
    names = {at: _text(cells) for at, cells in rows[0].items()} if named else {}
    head = [_label([line], "furniture", why="name of a column") for cells in rows[0].values() for line in cells]
    body = rows[1:] if named else rows
    roles = roles_of([column for column in _columns(body, names) if column.texts], zone)
    found = head if named else []
    asked, answered, back = 0, set[int](), _asks_back(body, tags)
    for row in body:
        own = next((c for c in _cells(row) if tags[c[0].number - 1] == "question"), None)
        asked = own[0].number if own else asked
        found += _row(row, tags, roles, asked, answered, back=back)
    return found


def _asks_back(body: Sequence[Row], tags: Sequence[str]) -> bool:
    """Return whether nearly each question of a table has one of its own for them: in its row, or in the only record."""
    held = [{_tag(cells, tags) for cells in row.values()} for row in body]
    asked = [found for found in held if "question" in found]
    return len(asked) == 1 or sum("ask" in found for found in asked) >= REGULAR * max(1, len(asked))


def _row(
    row: Row, tags: Sequence[str], roles: Mapping[int, str], asked: int, answered: set[int], *, back: bool
) -> Iterator[Label]:
    """Yield the labels of one row: of what it asks, what is said to that, and what its columns name."""
    main = next((cells for at, cells in row.items() if roles.get(at) in OWN and _tag(cells, tags) == "other"), None)
    own = next((cells[0].number for cells in _cells(row) if _tag(cells, tags) == "question"), 0)
    for at, cells in row.items():
        tag, role = _tag(cells, tags), roles.get(at, "note")
        if tag == "question":
            yield _label(cells, "question")
        elif tag == "answer" and asked:
            yield _label(cells, "part" if asked in answered else "answer", asked)
            answered.add(asked)
        elif tag == "ask":
            yield _label(cells, "follow_up", asked) if asked and (back or role == "follow_up") else _label(cells, "ask")
        elif cells is main:
            yield _label(cells, role)
        elif role in BELOW and (own or main):
            yield _label(cells, role, own or (main[0].number if main else 0))
        else:
            kept = role not in TAGGED | OWN | BELOW | {"use"} and not (role == "fact" and own)
            yield _label(cells, role if kept else "note", own, "a number" if role == "furniture" else "")


def _is_named(rows: Sequence[Row], tags: Sequence[str]) -> bool:
    """Return whether the first row names the columns: nothing in it is asked or answered, and something below is."""
    return len(rows) > 1 and all(_tag(cells, tags) == "other" for cells in _cells(rows[0]))


def _tag(cells: Sequence[Line], tags: Sequence[str]) -> str:
    """Return the tag of a cell: that of its first line that has one."""
    return next((tags[line.number - 1] for line in cells if tags[line.number - 1] != "other"), "other")


def _cells(row: Row) -> list[list[Line]]:
    return [row[at] for at in sorted(row)]


def _rows(lines: Sequence[Line]) -> list[Row]:
    """Return the rows of a table with their cells by column; a cell may hold several lines."""
    found: dict[int, Row] = {}
    for line in lines:
        found.setdefault(line.row, {}).setdefault(line.depth, []).append(line)
    return [found[row] for row in sorted(found)]


def _columns(body: Sequence[Row], names: Mapping[int, str]) -> list[Column]:
    used = {at for row in body for at in row} | set(names)
    return [
        Column(
            at=at,
            name=names.get(at, ""),
            texts=tuple(_text(row[at]) for row in body if at in row),
            rows=tuple(n for n, row in enumerate(body) if at in row),
            apart=at > 0 and at - 1 not in used,
        )
        for at in sorted(used)
    ]


def _text(cells: Sequence[Line]) -> str:
    return " ".join(line.text for line in cells)


def _label(cells: Sequence[Line], role: str, of: int = 0, why: str = "") -> Label:
    """Return the label of one cell with all of its lines."""
    return Label(first=cells[0].number, last=cells[-1].number, role=role, of=of, why=why)
