"""cells of a table -> labels: each column votes for what it holds, by its cells more than by its name."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from evalharness.documents.claims import claims_in
from evalharness.documents.columns import LEAST, Column, roles_of
from evalharness.documents.direction import ME, MINE, SELF, THEM, THEY, seeks, turned
from evalharness.documents.features import asks, invites, is_empty, share, words
from evalharness.documents.lexicon import votes
from evalharness.documents.nouns import Label, Line

Row = dict[int, list[Line]]
NEW = 0.3
TITLE_WORDS, TURNED = 6, 0.6


def labelled(lines: Sequence[Line], zone: str = "") -> list[Label]:
    """Return the labels of one table's cells."""
    rows = _rows(lines)
    if not rows:
        return []
    keyed = _keyed(rows) or _kinds(rows)
    if keyed:
        return keyed
    headless = _headless(rows)
    names = {} if headless else {at: _text(cells) for at, cells in rows[0].items()}
    head = [] if headless else [_furniture(line, "name of a column") for cells in rows[0].values() for line in cells]
    body = rows if headless else rows[1:]
    blocks = _blocks(body)
    main = [row for role, block in blocks for row in block if not role]
    columns = _columns(main, names)
    roles = roles_of([column for column in columns if column.texts], zone)
    found, theirs = [*head], _own_kinds(main, roles)
    for at, (role, block) in enumerate(blocks):
        last = _last_own(block, roles) if at == len(blocks) - 1 and not role else 0 if role else len(block)
        found += [label for row in block[:last] for label in _row(row, roles, theirs)]
        found += _theirs(block[last:]) if role in {"", "ask"} else _of_one_role(block, role)
    return found


def _blocks(body: Sequence[Row]) -> list[tuple[str, Sequence[Row]]]:
    """Return the parts of a table with the role of what each holds; "" is the table itself.

    A part begins with a title alone in its row that says who asks, or, below an empty row, what follows.
    """
    starts = [(0, "")]
    for at, row in enumerate(body):
        text = _text(*row.values()) if len(row) == 1 else ""
        if not text or not _is_title(text):
            continue
        parted = at > 0 and _number(row) > _number(body[at - 1]) + 1
        named = votes(text)
        role = next((role for role in ("ask", "fact", "advice") if named.get(role, 0.0) >= 0.5), "") if parted else ""
        role = "ask" if turned(text) >= TURNED else role
        if role or (parted and named.get("question", 0.0) >= 0.5):
            starts.append((at, role))
        elif parted and starts[-1][1]:
            starts.append((at, "note"))
    ends = [*(at for at, _ in starts[1:]), len(body)]
    return [(role, body[at:end]) for (at, role), end in zip(starts, ends, strict=True)]


def _of_one_role(block: Sequence[Row], role: str) -> Iterator[Label]:
    """Yield the labels of rows below a title that says what they are."""
    yield from (_furniture(line, "a label") for line in next(iter(block[0].values())))
    for row in block[1:]:
        for position, at in enumerate(sorted(row)):
            yield _cells(row[at], "note" if position else role)


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


def _last_own(body: Sequence[Row], roles: dict[int, str]) -> int:
    """Return how many rows are left without the block at the end that is for them to answer.

    Nothing is answered in it, and it is parted: by an empty row, a title alone in its row, a value beside that is new.
    """
    main = next((at for at, role in roles.items() if role == "question"), -1)
    answered = _answered(body, roles)
    usual = {_beside_main(body[n], main) for n in answered}
    for at in range(answered[-1] + 1 if answered else len(body), len(body)):
        titled = len(body[at]) == 1 and _is_title(_text(*body[at].values()))
        asked = [row for row in body[at + titled :] if main in row]
        named = _text(*body[at].values()) if titled else _beside_main(body[at], main)
        kinds = {_beside_main(row, main) for row in asked}
        if not asked or kinds & usual - {""}:
            continue
        parted = 0.25 * (_number(body[at]) > _number(body[at - 1]) + 1) + 0.3 * titled
        if _seek(asked, main, named) + parted + NEW * (len(asked) >= 2 and not kinds & usual) >= LEAST:
            return at
    return len(body)


def _own_kinds(body: Sequence[Row], roles: dict[int, str]) -> frozenset[str]:
    """Return the values by which rows are sorted that stand for what to ask them: none of their rows is answered."""
    main = next((at for at, role in roles.items() if role == "question"), -1)
    answered = {_beside_main(body[n], main) for n in _answered(body, roles)}
    kinds: dict[str, list[Row]] = {}
    for row in body:
        if main in row and (kind := _beside_main(row, main)) not in answered | {""}:
            kinds.setdefault(kind, []).append(row)
    return frozenset(
        kind for kind, rows in kinds.items() if answered and _seek(rows, main, kind) + NEW * (len(rows) > 1) >= LEAST
    )


def _answered(body: Sequence[Row], roles: dict[int, str]) -> list[int]:
    answers = [at for at, role in roles.items() if role in {"answer", "part"}]
    return [n for n, row in enumerate(body) if any(at in row for at in answers)]


def _seek(rows: Sequence[Row], main: int, named: str) -> float:
    """Return how much rows look like what somebody wants to ask: by their words, and by what names them."""
    said = sum(seeks(_text(row[main])) for row in rows) / len(rows) * min(1.0, (len(rows) + 1) / 3)
    return said + 0.7 * max(turned(named), votes(named).get("ask", 0.0), key=abs)


def _is_title(text: str) -> bool:
    return asks(text) < 0.35 and len(words(text)) <= TITLE_WORDS


def _number(row: Row) -> int:
    return next(iter(row.values()))[0].row


def _beside_main(row: Row, main: int) -> str:
    """Return the short value beside what is asked, by which the rows of a table are sorted; a number sorts none."""
    beside = (_text(cells) for at, cells in sorted(row.items()) if at != main)
    return next((text for text in beside if len(words(text)) <= 4 and not text.strip(" .#)(").isdigit()), "")


def _theirs(block: Sequence[Row]) -> Iterator[Label]:
    """Yield the labels of rows of what is asked of them: most cells of one column ask, and so do all below its title."""
    titled = bool(block) and len(block[0]) == 1 and _is_title(_text(*block[0].values()))
    texts = {at: [_text(row[at]) for row in block[titled:] if at in row] for row in block for at in row}
    shares = {at: share([asks(text) for text in found], 0.2 if titled else 0.5) for at, found in texts.items()}
    main = max(shares, key=lambda at: (shares[at], -at), default=-1)
    for number, row in enumerate(block):
        for at, cells in row.items():
            listed = at == main and shares[at] >= 0.5 and not (titled and not number)
            yield _cells(cells, "ask" if listed or asks(_text(cells)) > 0.5 else "note")


def _rows(lines: Sequence[Line]) -> list[Row]:
    found: dict[int, Row] = {}
    for line in lines:
        found.setdefault(line.row, {}).setdefault(line.depth, []).append(line)
    return [found[row] for row in sorted(found)]


def _headless(rows: Sequence[Row]) -> bool:
    """Return whether the first row holds a record already: a cell of it asks, as those below do."""
    return len(rows) == 1 or any(
        asks(_text(cells)) > 0.75 and any(asks(_text(row[at])) > 0.3 for row in rows[1:] if at in row)
        for at, cells in rows[0].items()
    )


def _keyed(rows: Sequence[Row]) -> list[Label]:
    """Return the labels of a table of two columns, whose left one says what the right one holds."""
    if not all(set(row) <= {0, 1} and 0 in row for row in rows):
        return []
    said, left = [_text(row.get(1, [])) for row in rows], [_text(row[0]) for row in rows]
    keys = [votes(text) for text in left]
    at = next((i for i, text in enumerate(said) if asks(text) > 0.75 and keys[i].get("question", 0) > 0.2), None)
    if at is None or any(asks(text) > 0.75 for text in left):
        return []
    question, found = rows[at][1][0].number, []
    for number, (row, key, text) in enumerate(zip(rows, keys, said, strict=True)):
        found += [_furniture(line, "a label") for line in row[0]]
        inner = "follow_up" if asks(text) > 0.5 else "claim" if claims_in(text) > 0.5 else "note"
        inner = "answer" if inner == "note" and key.get("answer", 0) >= key.get("note", 0) else inner
        if 1 in row:
            found.append(_cells(row[1], "question", 0) if number == at else _cells(row[1], inner, question))
    return found


def _kinds(rows: Sequence[Row]) -> list[Label]:
    """Return the labels of a table one of whose columns says of each row what it is, or who asks it: a rule, "me"."""
    at = next((at for at in sorted(rows[0]) if _is_kind([_text(row[at]) for row in rows[1:] if at in row])), None)
    if at is None:
        return []
    found = [_furniture(line, "name of a column") for cells in rows[0].values() for line in cells]
    names = {a: _text(cells) for a, cells in rows[0].items()}
    roles, asked = _roles_of_kinds(rows[1:], at), 0
    for row in rows[1:]:
        rest = [a for a in sorted(row) if a != at]
        found += [_furniture(line, "a label") for line in row.get(at, [])]
        if not rest:
            continue
        role = roles.get(_text(row.get(at, [])), "note")
        said = row[rest[0]]
        asked = said[0].number if role == "question" else asked
        role = role if role != "answer" or (asked and not is_empty(_text(said))) else "note"
        found.append(_cells(said, role, asked if role == "answer" else 0))
        answered = False
        for a in rest[1:]:
            inner = _beside(_text(row[a]), votes(names.get(a, "")), answered=answered) if role == "question" else "note"
            answered = answered or inner == "answer"
            found.append(_cells(row[a], inner, said[0].number if role == "question" else 0))
    return found


def _roles_of_kinds(rows: Sequence[Row], at: int) -> dict[str, str]:
    """Return the role that each value of a column names; an answerer all of whose rows ask is the one who asks them."""
    said: dict[str, list[float]] = {}
    for row in rows:
        first = next((_text(row[a]) for a in sorted(row) if a != at), "")
        said.setdefault(_text(row.get(at, [])), []).append(asks(first))
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


def _text(cells: Sequence[Line]) -> str:
    return " ".join(line.text for line in cells)


def _furniture(line: Line, why: str) -> Label:
    return Label(first=line.number, last=line.number, role="furniture", why=why)


def _cells(cells: Sequence[Line], role: str, of: int = 0, why: str = "") -> Label:
    return Label(first=cells[0].number, last=cells[-1].number, role=role, of=of, why=why)


def _other(cells: Sequence[Line]) -> str:
    """Return what a record holds whose first cell asks nothing and names what follows: advice, missions, what to ask."""
    text = _text(cells)
    if asks(text) >= 0.35 or len(words(text)) > 4:
        return ""
    named = votes(text)
    return next((role for role in ("ask", "advice", "mission") if named.get(role, 0) >= 0.5), "")


def _row(row: Row, roles: dict[int, str], theirs: Collection[str]) -> Iterator[Label]:
    """Yield the labels of one record, what it is about first."""
    main = next((at for at in row if roles.get(at) in {"question", "mission", "section"}), None)
    text = _text(row[main]) if main is not None else ""
    asked = main is not None and roles.get(main) == "question"
    named = _other(row[main]) if main is not None and asked else ""
    if main is not None and invites(text):
        said = [line for cells in row.values() for line in cells]
        yield from (_cells([x], "ask" if asks(x.text) > 0.7 and x not in row[main] else "note") for x in said)
    elif main is not None and named:
        yield from (_furniture(line, "a label") for line in row[main])
        for at in sorted(at for at in row if at != main):
            yield from (_cells([x], named if roles.get(at) in {"answer", "part"} else "note") for x in row[at])
    elif main is not None and asked and _beside_main(row, main) in theirs:
        yield from (_cells(row[at], "ask" if at == main else "note") for at in sorted(row))
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
        yield _cells(row[at], role, 0 if at == main else of, why)
