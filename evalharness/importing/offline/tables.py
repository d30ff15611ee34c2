"""cells of a table -> labels: each column votes for what it holds, by its cells more than by its name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evalharness.documents.features import STAR, asks, invites, is_time, share, tells, words
from evalharness.documents.lexicon import votes
from evalharness.documents.nouns import Label, Line
from evalharness.importing.tags import claims_in
from evalharness.model.noun import Noun

Row = dict[int, list[Line]]


class Column(Noun):
    """One column: its name and the words of its cells below that."""

    at: int
    name: str
    texts: tuple[str, ...]

    @property
    def asked(self) -> float:
        """Return how many of the texts ask."""
        return share([asks(text) for text in self.texts])

    @property
    def length(self) -> float:
        """Return how many words a text has on average."""
        return sum(len(words(text)) for text in self.texts) / max(1, len(self.texts))

    @property
    def numeric(self) -> bool:
        """Return whether all texts are numbers."""
        return bool(self.texts) and all(text.strip(" .#)(").isdigit() for text in self.texts)

    @property
    def timed(self) -> bool:
        """Return whether the column holds times to speak."""
        return bool(votes(self.name).get("time")) and all(t.strip().isdigit() or is_time(t) for t in self.texts)


def labelled(lines: Sequence[Line], zone: str = "") -> list[Label]:
    """Return the labels of one table's cells."""
    rows = _rows(lines)
    if not rows:
        return []
    keyed = _keyed(rows) or _kinds(rows)
    if keyed:
        return keyed
    headless = _headless(rows)
    body = rows if headless else rows[1:]
    names = {} if headless else {at: " ".join(line.text for line in cells) for at, cells in rows[0].items()}
    columns = [
        Column(
            at=at,
            name=names.get(at, ""),
            texts=tuple(" ".join(line.text for line in row[at]) for row in body if at in row),
        )
        for at in sorted({at for row in rows for at in row})
    ]
    columns = [column for column in columns if column.texts]
    head = (
        []
        if headless
        else [
            Label(first=line.number, last=line.number, role="furniture", why="name of a column")
            for cells in rows[0].values()
            for line in cells
        ]
    )
    roles = _roles(columns, zone)
    return head + [label for row in body for label in _row(row, roles)]


def _rows(lines: Sequence[Line]) -> list[Row]:
    found: dict[int, Row] = {}
    for line in lines:
        found.setdefault(line.row, {}).setdefault(line.depth, []).append(line)
    return [found[row] for row in sorted(found)]


def _headless(rows: Sequence[Row]) -> bool:
    """Return whether the first row holds a record already: a cell of it asks, as those below do."""
    first = [" ".join(line.text for line in cells) for cells in rows[0].values()]
    return len(rows) == 1 or any(asks(text) > 0.75 for text in first)


def _keyed(rows: Sequence[Row]) -> list[Label]:
    """Return the labels of a table of two columns, whose left one says what the right one holds."""
    if not all(set(row) <= {0, 1} and 0 in row for row in rows):
        return []
    said = [" ".join(line.text for line in row.get(1, [])) for row in rows]
    keys = [votes(" ".join(line.text for line in row[0])) for row in rows]
    at = next((i for i, text in enumerate(said) if asks(text) > 0.75 and keys[i].get("question", 0) > 0.2), None)
    if at is None or any(asks(" ".join(line.text for line in row[0])) > 0.75 for row in rows):
        return []
    question, found = rows[at][1][0].number, []
    for number, (row, key, text) in enumerate(zip(rows, keys, said, strict=True)):
        found += [Label(first=line.number, last=line.number, role="furniture", why="a label") for line in row[0]]
        role = (
            "question"
            if number == at
            else "follow_up"
            if asks(text) > 0.5
            else "claim"
            if claims_in(text) > 0.5
            else "answer"
            if key.get("answer", 0) >= key.get("note", 0)
            else "note"
        )
        if 1 in row:
            found.append(
                Label(
                    first=row[1][0].number, last=row[1][-1].number, role=role, of=0 if role == "question" else question
                )
            )
    return found


def _kinds(rows: Sequence[Row]) -> list[Label]:
    """Return the labels of a table one of whose columns says of each row what it is: a question, a reminder."""
    at = next(
        (
            at
            for at in sorted(rows[0])
            if _is_kind([" ".join(line.text for line in row[at]) for row in rows[1:] if at in row])
        ),
        None,
    )
    if at is None:
        return []
    found = [
        Label(first=line.number, last=line.number, role="furniture", why="name of a column")
        for cells in rows[0].values()
        for line in cells
    ]
    names = {a: " ".join(line.text for line in cells) for a, cells in rows[0].items()}
    for row in rows[1:]:
        vote = votes(" ".join(line.text for line in row.get(at, [])))
        rest = [a for a in sorted(row) if a != at]
        said = row[rest[0]][0] if rest else None
        role = max(("ask", "question", "advice", "mission"), key=lambda role: vote.get(role, 0.0)) if vote else "note"
        found += [
            Label(first=line.number, last=line.number, role="furniture", why="a label") for line in row.get(at, [])
        ]
        if said is None:
            continue
        found.append(Label(first=said.number, last=row[rest[0]][-1].number, role=role))
        answered = False
        for a in rest[1:]:
            text, named = " ".join(line.text for line in row[a]), votes(names.get(a, ""))
            inner = "note"
            if role == "question":
                inner = (
                    "claim"
                    if named.get("claim") and len(words(text)) <= 6 and not text.isdigit()
                    else "answer"
                    if not answered and len(words(text)) >= 4
                    else "note"
                )
                answered = answered or inner == "answer"
            found.append(
                Label(
                    first=row[a][0].number,
                    last=row[a][-1].number,
                    role=inner,
                    of=said.number if role == "question" else 0,
                )
            )
    return found


def _is_kind(values: Sequence[str]) -> bool:
    """Return whether the cells of a column name what their rows hold, several of them the same."""
    named = [value for value in values if len(words(value)) <= 3 and max(votes(value).values(), default=0.0) >= 0.5]
    return len(values) >= 4 and len(named) >= 0.8 * len(values) and 2 <= len(set(values)) <= 0.6 * len(values)


def _roles(columns: Sequence[Column], zone: str) -> dict[int, str]:
    """Return the role of each column."""
    asking = [column for column in columns if column.asked >= 0.6 and not column.numeric]
    if zone == "ask" and asking:
        return {column.at: "ask" if column in asking else "note" for column in columns}
    if asking:
        main = max(
            asking,
            key=lambda column: (
                votes(column.name).get("question", 0)
                - votes(column.name).get("use", 0)
                - votes(column.name).get("follow_up", 0)
                - votes(column.name).get("ask", 0),
                -column.at,
            ),
        )
        return _around(columns, main, asking)
    if len(columns) >= 2 and votes(columns[0].name).get("section", 0) >= 0.5 and columns[0].length <= 8:
        return {column.at: "section" if column is columns[0] else "point" for column in columns}
    story = [column for column in columns if _told(column)]
    titled = next(
        (column for column in columns if column not in story and not column.numeric and column.length <= 12), None
    )
    if story and titled and (len(story) >= 2 or _tale(story)):
        return _around(columns, titled, [titled])
    return _bridge(columns)


def _tale(columns: Sequence[Column]) -> bool:
    return (
        tells(" ".join(text for column in columns for text in column.texts)) >= 0.6
        and max(c.length for c in columns) >= 12
    )


def _told(column: Column) -> bool:
    star = bool(words(column.name)) and set(words(column.name)) <= STAR
    return star or (column.length >= 8 and tells(" ".join(column.texts)) >= 0.35)


def _around(columns: Sequence[Column], main: Column, asking: Sequence[Column]) -> dict[int, str]:
    """Return the roles of the columns beside the one that asks (or titles)."""
    found = {main.at: "question"}
    rest = [column for column in columns if column.at != main.at]
    answers = [c for c in rest if c not in asking and words(c.name) and set(words(c.name)) <= STAR] or [
        c for c in rest if c not in asking and c.length >= 4 and votes(c.name).get("answer", 0) > 0
    ]
    if not answers:
        free = [
            c
            for c in rest
            if c not in asking
            and c.length >= 3
            and not c.numeric
            and not votes(c.name).get("claim")
            and not votes(c.name).get("note")
        ]
        answers = [max(free, key=lambda c: c.length)] if free else []
    for column in rest:
        vote = votes(column.name)
        if column in answers:
            found[column.at] = "answer" if column is answers[0] else "part"
        elif column in asking:
            found[column.at] = "use" if vote.get("use", 0) > vote.get("follow_up", 0) else "follow_up"
        elif column.timed:
            found[column.at] = "time"
        elif column.numeric:
            found[column.at] = "furniture"
        elif column.length <= 6 and (vote.get("claim", 0) > 0 or share([claims_in(t) for t in column.texts]) >= 0.6):
            found[column.at] = "claim"
        else:
            found[column.at] = "note"
    return found


def _bridge(columns: Sequence[Column]) -> dict[int, str]:
    """Return the roles of a table whose rows name a mission, the experience that maps to it and what to take away."""
    named = [column for column in columns if not column.numeric]
    scores = {
        c.at: max(votes(c.name).get("claim", 0), votes(c.name).get("mission", 0)) - 0.5 * (c.length > 12) for c in named
    }
    main = max(named, key=lambda c: (scores[c.at], -c.at), default=None)
    if len(named) < 2 or main is None or scores[main.at] <= 0:
        return {column.at: "furniture" if column.numeric else "fact" for column in columns}
    found = {column.at: "furniture" for column in columns if column.numeric} | {main.at: "mission"}
    rest = [c.at for c in named if c is not main]
    return found | dict(zip(rest, ["experience", "takeaway", *["note"] * len(named)], strict=False))


def _is_theirs(row: Row, main: int) -> bool:
    """Return whether a short cell beside a question says that it is one to ask them."""
    beside = [" ".join(line.text for line in cells) for at, cells in row.items() if at != main]
    return any(len(words(text)) <= 3 and votes(text).get("ask", 0) >= 0.8 for text in beside)


def _other(cells: Sequence[Line]) -> str:
    """Return what a record holds whose first cell asks nothing and names what follows: advice, missions, what to ask."""
    text = " ".join(line.text for line in cells)
    if asks(text) >= 0.35 or len(words(text)) > 4:
        return ""
    named = votes(text)
    return next((role for role in ("ask", "advice", "mission") if named.get(role, 0) >= 0.5), "")


def _row(row: Row, roles: dict[int, str]) -> Iterator[Label]:
    """Yield the labels of one record, what it is about first."""
    main = next((at for at in row if roles.get(at) in {"question", "mission", "section"}), None)
    of = row[main][0].number if main is not None else 0
    if main is not None and invites(" ".join(line.text for line in row[main])):
        for line in (line for cells in row.values() for line in cells):
            yield Label(
                first=line.number,
                last=line.number,
                role="ask" if asks(line.text) > 0.7 and line not in row[main] else "note",
            )
        return
    named = _other(row[main]) if main is not None and roles.get(main) == "question" else ""
    if main is not None and named:
        yield from (Label(first=line.number, last=line.number, role="furniture", why="a label") for line in row[main])
        said = [line for at in sorted(row) if at != main for line in row[at] if roles.get(at) in {"answer", "part"}]
        yield from (
            Label(first=line.number, last=line.number, role=named if line in said else "note")
            for at in sorted(row)
            if at != main
            for line in row[at]
        )
        return
    if main is not None and roles.get(main) == "question" and _is_theirs(row, main):
        for at in sorted(row):
            yield Label(first=row[at][0].number, last=row[at][-1].number, role="ask" if at == main else "note")
        return
    for at in sorted(row, key=lambda at: at != main):
        role = roles.get(at, "note")
        if role in {"use", "note", "fact"} and main is not None and role == "fact":
            role = "note"
        why = "a number" if role == "furniture" else ""
        role = "note" if role == "use" else role
        role = role if of or role not in {"answer", "part", "follow_up", "claim", "time"} else "note"
        yield Label(first=row[at][0].number, last=row[at][-1].number, role=role, of=0 if at == main else of, why=why)
