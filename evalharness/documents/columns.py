"""columns of a table -> what each holds: its cells vote more than its name."""

from __future__ import annotations

from collections.abc import Sequence

from evalharness.documents.claims import claims_in
from evalharness.documents.direction import seeks, turned
from evalharness.documents.features import STAR, asks, is_time, share, tells, words
from evalharness.documents.lexicon import votes
from evalharness.model.noun import Noun

ASKED = 0.6
LEAST = 0.45  # what is for them to answer is worded so, stands apart, or is named so: two of it are enough


class Column(Noun):
    """One column: its name, the words of its cells below that, and which rows they stand in; `apart` after an empty one."""

    at: int
    name: str
    texts: tuple[str, ...]
    rows: tuple[int, ...] = ()
    apart: bool = False

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


def roles_of(columns: Sequence[Column], zone: str) -> dict[int, str]:
    """Return the role of each column."""
    asking = [
        c for c in columns if c.asked + 0.3 * votes(c.name).get("question", 0) >= ASKED <= 2 * c.asked and not c.numeric
    ]
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
    others = [column for column in rest if column not in asking]
    answers = [c for c in others if words(c.name) and set(words(c.name)) <= STAR] or [
        c for c in others if c.length >= 4 and votes(c.name).get("answer", 0) > votes(c.name).get("note", 0)
    ]
    if not answers:
        long = [c for c in others if c.length >= 3 and not c.numeric and not votes(c.name).get("claim")]
        free = [c for c in long if not votes(c.name).get("note")] or [c for c in long if _told(c)]
        answers = [max(free, key=lambda c: c.length)] if free else []
    for column in rest:
        vote = votes(column.name)
        if column in answers:
            found[column.at] = "answer" if column is answers[0] else "part"
        elif _is_own_list(column, main):
            found[column.at] = "ask"
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


def _is_own_list(column: Column, main: Column) -> bool:
    """Return whether what a column asks is a list of its own that is for them, and does not go with the rows."""
    if column.asked < 0.5 or column.numeric:
        return False
    vote = votes(column.name)
    listed = column.rows == tuple(range(len(column.rows))) and len(column.rows) < 0.8 * len(main.rows)
    listed = listed or not set(column.rows) <= set(main.rows)
    own = turned(column.name) >= LEAST and len(column.rows) < 0.8 * len(main.rows)  # with each answer it would go on
    said = sum(map(seeks, column.texts)) / len(column.texts)
    inner = 0.6 * max(vote.get("follow_up", 0), vote.get("probe", 0), vote.get("use", 0))
    score = said + 0.4 * listed + 0.3 * column.apart + 0.7 * turned(column.name) - inner
    return (listed or column.apart or own) and score >= LEAST


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
