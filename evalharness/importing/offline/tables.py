"""cells of a table -> labels: each column votes for what it holds, by its cells more than by its name."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from evalharness.documents.claims import claims_in
from evalharness.documents.columns import Column, roles_of
from evalharness.documents.direction import ME, MINE, SELF, THEM, THEY
from evalharness.documents.features import asks, invites, is_empty, share, words
from evalharness.documents.lexicon import votes
from evalharness.documents.nouns import Label, Line
from evalharness.importing.offline.sheet_parts import (
    Row,
    beside,
    blocks,
    cells_as,
    furniture,
    last_own,
    of_one_role,
    own_kinds,
    rows_of,
    text_of,
    theirs,
)


def labelled(lines: Sequence[Line], zone: str = "") -> list[Label]:
    """Return the labels of one table's cells."""
    rows = rows_of(lines)
    if not rows:
        return []
    keyed = _keyed(rows) or _kinds(rows)
    if keyed:
        return keyed
    headless = _headless(rows)
    names = {} if headless else {at: text_of(cells) for at, cells in rows[0].items()}
    head = [] if headless else [furniture(line, "name of a column") for cells in rows[0].values() for line in cells]
    body = rows if headless else rows[1:]
    parts = blocks(body)
    main = [row for role, block in parts for row in block if not role]
    columns = _columns(main, names)
    roles = roles_of([column for column in columns if column.texts], zone)
    found, kinds = [*head], own_kinds(main, roles)
    for at, (role, block) in enumerate(parts):
        last = last_own(block, roles) if at == len(parts) - 1 and not role else 0 if role else len(block)
        found += [label for row in block[:last] for label in _row(row, roles, kinds)]
        found += theirs(block[last:]) if role in {"", "ask"} else of_one_role(block, role)
    return found


def _columns(body: Sequence[Row], names: Mapping[int, str]) -> list[Column]:
    used = {at for row in body for at in row} | set(names)
    return [
        Column(
            at=at,
            name=names.get(at, ""),
            texts=tuple(text_of(row[at]) for row in body if at in row),
            rows=tuple(n for n, row in enumerate(body) if at in row),
            apart=at > 0 and at - 1 not in used,
        )
        for at in sorted(used)
    ]


def _headless(rows: Sequence[Row]) -> bool:
    """Return whether the first row holds a record already: a cell of it asks, as those below do."""
    return len(rows) == 1 or any(
        asks(text_of(cells)) > 0.75 and any(asks(text_of(row[at])) > 0.3 for row in rows[1:] if at in row)
        for at, cells in rows[0].items()
    )


def _keyed(rows: Sequence[Row]) -> list[Label]:
    """Return the labels of a table of two columns, whose left one says what the right one holds."""
    if not all(set(row) <= {0, 1} and 0 in row for row in rows):
        return []
    said, left = [text_of(row.get(1, [])) for row in rows], [text_of(row[0]) for row in rows]
    keys = [votes(text) for text in left]
    at = next((i for i, text in enumerate(said) if asks(text) > 0.75 and keys[i].get("question", 0) > 0.2), None)
    if at is None or any(asks(text) > 0.75 for text in left):
        return []
    question, found = rows[at][1][0].number, []
    for number, (row, key, text) in enumerate(zip(rows, keys, said, strict=True)):
        found += [furniture(line, "a label") for line in row[0]]
        inner = "follow_up" if asks(text) > 0.5 else "claim" if claims_in(text) > 0.5 else "note"
        inner = "answer" if inner == "note" and key.get("answer", 0) >= key.get("note", 0) else inner
        if 1 in row:
            found.append(cells_as(row[1], "question", 0) if number == at else cells_as(row[1], inner, question))
    return found


def _kinds(rows: Sequence[Row]) -> list[Label]:
    """Return the labels of a table one of whose columns says of each row what it is, or who asks it: a rule, "me"."""
    at = next((at for at in sorted(rows[0]) if _is_kind([text_of(row[at]) for row in rows[1:] if at in row])), None)
    if at is None:
        return []
    found = [furniture(line, "name of a column") for cells in rows[0].values() for line in cells]
    names = {a: text_of(cells) for a, cells in rows[0].items()}
    roles, asked = _roles_of_kinds(rows[1:], at), 0
    for row in rows[1:]:
        rest = [a for a in sorted(row) if a != at]
        found += [furniture(line, "a label") for line in row.get(at, [])]
        if not rest:
            continue
        role = roles.get(text_of(row.get(at, [])), "note")
        said = row[rest[0]]
        asked = said[0].number if role == "question" else asked
        role = role if role != "answer" or (asked and not is_empty(text_of(said))) else "note"
        found.append(cells_as(said, role, asked if role == "answer" else 0))
        answered = False
        for a in rest[1:]:
            inner = (
                _beside(text_of(row[a]), votes(names.get(a, "")), answered=answered) if role == "question" else "note"
            )
            answered = answered or inner == "answer"
            found.append(cells_as(row[a], inner, said[0].number if role == "question" else 0))
    return found


def _roles_of_kinds(rows: Sequence[Row], at: int) -> dict[str, str]:
    """Return the role that each value of a column names; an answerer all of whose rows ask is the one who asks them."""
    said: dict[str, list[float]] = {}
    for row in rows:
        first = next((text_of(row[a]) for a in sorted(row) if a != at), "")
        said.setdefault(text_of(row.get(at, [])), []).append(asks(first))
    found: dict[str, str] = {}
    for value, scores in said.items():
        kinds = _kind(value)
        role = max(kinds, key=lambda role: kinds[role]) if kinds else "note"
        found[value] = "ask" if role == "answer" and share(scores) == 1 else role
    return found


def _beside(text: str, named: dict[str, float], *, answered: bool) -> str:
    """Return the role of a cell beside a question."""
    if named.get("claim") and len(words(text)) <= 6 and not text.isdigit():
        return "claim"
    return "answer" if not answered and len(words(text)) >= 4 else "note"


def _kind(value: str) -> dict[str, float]:
    """Return how strongly a short cell says what its row holds; whoever is named there is the one who asks."""
    found = set(words(value))
    if found and found <= SELF | ME | MINE:
        return {"ask": 1.0}
    if found and found <= THEM | THEY:
        return {"question": 1.0}
    named = votes(value)
    return {role: named[role] for role in ("ask", "question", "answer", "advice", "mission", "fact") if named.get(role)}


def _is_kind(values: Sequence[str]) -> bool:
    """Return whether the cells of a column name what their rows hold, several of them the same."""
    named = [v for v in values if len(words(v)) <= 3 and max((_kind(v) or votes(v)).values(), default=0.0) >= 0.5]
    return len(values) >= 4 and len(named) >= 0.8 * len(values) and 2 <= len(set(values)) <= 0.6 * len(values)


def _other(cells: Sequence[Line]) -> str:
    """Return what a record holds whose first cell asks nothing and names what follows: advice, missions, what to ask."""
    text = text_of(cells)
    if asks(text) >= 0.35 or len(words(text)) > 4:
        return ""
    named = votes(text)
    return next((role for role in ("ask", "advice", "mission") if named.get(role, 0) >= 0.5), "")


def _row(row: Row, roles: dict[int, str], kinds: Collection[str]) -> Iterator[Label]:
    """Yield the labels of one record, what it is about first."""
    main = next((at for at in row if roles.get(at) in {"question", "mission", "section"}), None)
    text = text_of(row[main]) if main is not None else ""
    asked = main is not None and roles.get(main) == "question"
    named = _other(row[main]) if main is not None and asked else ""
    if main is not None and invites(text):
        said = [line for cells in row.values() for line in cells]
        yield from (cells_as([x], "ask" if asks(x.text) > 0.7 and x not in row[main] else "note") for x in said)
    elif main is not None and named:
        yield from (furniture(line, "a label") for line in row[main])
        for at in sorted(at for at in row if at != main):
            yield from (cells_as([x], named if roles.get(at) in {"answer", "part"} else "note") for x in row[at])
    elif main is not None and asked and beside(row, main) in kinds:
        yield from (cells_as(row[at], "ask" if at == main else "note") for at in sorted(row))
    else:
        yield from _record(row, roles, main)


def _record(row: Row, roles: dict[int, str], main: int | None) -> Iterator[Label]:
    """Yield the labels of one record whose columns say what its cells are."""
    of = row[main][0].number if main is not None else 0
    for at in sorted(row, key=lambda at: at != main):
        role = roles.get(at, "note")
        why = "a number" if role == "furniture" else ""
        if (
            role == "use"
            or (role == "fact" and of)
            or (not of and role in {"answer", "part", "follow_up", "claim", "time"})
        ):
            role = "note"
        yield cells_as(row[at], role, 0 if at == main else of, why)
