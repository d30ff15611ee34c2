"""rows of a table -> its parts: the table itself, what is for them to answer at its end, and what else has a title."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evalharness.documents.columns import LEAST
from evalharness.documents.direction import seeks, turned
from evalharness.documents.features import asks, share, words
from evalharness.documents.lexicon import votes
from evalharness.documents.nouns import Label, Line

Row = dict[int, list[Line]]
NEW = 0.3  # a value that no answered row has
TITLE_WORDS, TURNED = 6, 0.6


def rows_of(lines: Sequence[Line]) -> list[Row]:
    """Return the rows of a table with their cells by column; a cell may hold several lines."""
    found: dict[int, Row] = {}
    for line in lines:
        found.setdefault(line.row, {}).setdefault(line.depth, []).append(line)
    return [found[row] for row in sorted(found)]


def text_of(cells: Sequence[Line]) -> str:
    """Return the words of a cell."""
    return " ".join(line.text for line in cells)


def furniture(line: Line, why: str) -> Label:
    """Return the label of what is no content, and why."""
    return Label(first=line.number, last=line.number, role="furniture", why=why)


def cells_as(cells: Sequence[Line], role: str, of: int = 0, why: str = "") -> Label:
    """Return the label of one cell with all of its lines."""
    return Label(first=cells[0].number, last=cells[-1].number, role=role, of=of, why=why)


def _number(row: Row) -> int:
    return next(iter(row.values()))[0].row


def _is_title(text: str) -> bool:
    return asks(text) < 0.35 and len(words(text)) <= TITLE_WORDS


def blocks(body: Sequence[Row]) -> list[tuple[str, Sequence[Row]]]:
    """Return the parts of a table with the role of what each holds; "" is the table itself.

    A part begins with a title alone in its row that says who asks, or, below an empty row, what follows.
    """
    starts = [(0, "")]
    for at, row in enumerate(body):
        text = text_of(*row.values()) if len(row) == 1 else ""
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


def of_one_role(block: Sequence[Row], role: str) -> Iterator[Label]:
    """Yield the labels of rows below a title that says what they are."""
    yield from (furniture(line, "a label") for line in next(iter(block[0].values())))
    for row in block[1:]:
        for position, at in enumerate(sorted(row)):
            yield cells_as(row[at], "note" if position else role)


def last_own(body: Sequence[Row], roles: dict[int, str]) -> int:
    """Return how many rows are left without the block at the end that is for them to answer.

    Nothing is answered in it, and it is parted: by an empty row, a title alone in its row, a value beside that is new.
    """
    main = next((at for at, role in roles.items() if role == "question"), -1)
    answered = _answered(body, roles)
    usual = {beside(body[n], main) for n in answered}
    for at in range(answered[-1] + 1 if answered else len(body), len(body)):
        titled = len(body[at]) == 1 and _is_title(text_of(*body[at].values()))
        asked = [row for row in body[at + titled :] if main in row]
        named = text_of(*body[at].values()) if titled else beside(body[at], main)
        kinds = {beside(row, main) for row in asked}
        if not asked or kinds & usual - {""}:
            continue
        parted = 0.25 * (_number(body[at]) > _number(body[at - 1]) + 1) + 0.3 * titled
        if _seek(asked, main, named) + parted + NEW * (len(asked) >= 2 and not kinds & usual) >= LEAST:
            return at
    return len(body)


def own_kinds(body: Sequence[Row], roles: dict[int, str]) -> frozenset[str]:
    """Return the values by which rows are sorted that stand for what to ask them: none of their rows is answered."""
    main = next((at for at, role in roles.items() if role == "question"), -1)
    answered = {beside(body[n], main) for n in _answered(body, roles)}
    kinds: dict[str, list[Row]] = {}
    for row in body:
        if main in row and (kind := beside(row, main)) not in answered | {""}:
            kinds.setdefault(kind, []).append(row)
    found = {kind for kind, rows in kinds.items() if _seek(rows, main, kind) + NEW * (len(rows) > 1) >= LEAST}
    return frozenset(found if answered else ())


def _answered(body: Sequence[Row], roles: dict[int, str]) -> list[int]:
    answers = [at for at, role in roles.items() if role in {"answer", "part"}]
    return [n for n, row in enumerate(body) if any(at in row for at in answers)]


def _seek(rows: Sequence[Row], main: int, named: str) -> float:
    """Return how much rows look like what somebody wants to ask: by their words, and by what names them."""
    said = sum(seeks(text_of(row[main])) for row in rows) / len(rows) * min(1.0, (len(rows) + 1) / 3)
    return said + 0.7 * max(turned(named), votes(named).get("ask", 0.0), key=abs)


def beside(row: Row, main: int) -> str:
    """Return the short value beside what is asked, by which the rows of a table are sorted; a number sorts none."""
    found = (text_of(cells) for at, cells in sorted(row.items()) if at != main)
    return next((text for text in found if len(words(text)) <= 4 and not text.strip(" .#)(").isdigit()), "")


def theirs(block: Sequence[Row]) -> Iterator[Label]:
    """Yield the labels of rows of what is asked of them: most cells of one column ask, and so do all below its title."""
    titled = bool(block) and len(block[0]) == 1 and _is_title(text_of(*block[0].values()))
    texts = {at: [text_of(row[at]) for row in block[titled:] if at in row] for row in block for at in row}
    shares = {at: share([asks(text) for text in found], 0.2 if titled else 0.5) for at, found in texts.items()}
    main = max(shares, key=lambda at: (shares[at], -at), default=-1)
    for number, row in enumerate(block):
        for at, cells in row.items():
            listed = at == main and shares[at] >= 0.5 and not (titled and not number)
            yield cells_as(cells, "ask" if listed or asks(text_of(cells)) > 0.5 else "note")
