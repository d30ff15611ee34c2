"""lines and their units -> labels: one walk from top to bottom that knows whose question it stands under."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from evalharness.documents.claims import claims_in, counted, key
from evalharness.documents.features import (
    STAR,
    advises,
    asks,
    invites,
    is_empty,
    is_time,
    judges,
    narrates,
    orders,
    tells,
    words,
)
from evalharness.documents.headings import Naming
from evalharness.documents.lexicon import votes
from evalharness.documents.nouns import Label, Line
from evalharness.documents.outline import BOLD, TEXT, Outline, name_of
from evalharness.documents.runs import Runs
from evalharness.importing.offline.between import Tagged
from evalharness.importing.offline.places import Places
from evalharness.importing.offline.units import Unit, text_of

BODY = frozenset({"answer", "follow_up", "claim", "note", "time", "probe", "use", "ask"})
ASKING = 0.5
POINTING = ("->", "-->", "<-", "\u2190", "^")  # what points at the line above speaks of it
KEPT = frozenset({"claim", "time", "furniture"})  # these stand below answers, whatever they look like
ASKED = frozenset({"ask", "follow_up", "probe"})
WHOLE = frozenset({"company", "person", "time", "interest", "advice"})  # these hold for the whole conversation
ALONE = frozenset({"ask", "advice", "section", "fact", "furniture", "person", "company", "interest", "mission"})


class Walk:
    """The state of the walk: the open question, the role of what stands under the last label, and labels so far."""

    def __init__(
        self,
        outline: Outline,
        naming: Naming,
        units: Sequence[Unit],
        known: frozenset[str],
        gone: frozenset[int],
        tags: Sequence[str],
        sections: frozenset[str] = frozenset(),
        links: Mapping[int, int] | None = None,
    ) -> None:
        self._links = {n: unit for n, first in (links or {}).items() for unit in units if unit.first == first}
        self._sections = sections
        self._outline = outline
        self._runs = Runs(outline)
        self._naming = naming
        self._places = Places(outline, naming, units)
        self._known = known
        self._gone = gone
        self._tags = tags
        self._tagged = Tagged(outline, naming, self._places, tags)
        told = Counter(line.speaker for line, tag in zip(outline.lines, tags, strict=True) if tag == "answer")
        self._answerer = max(told, key=told.__getitem__, default="")  # whoever else speaks in an answer, is noted
        self._last: Unit | None = None
        self._begun: dict[int, str] = {}  # the questions that have an answer, and who says its last lines
        self._unit: Unit | None = None
        self._role = ""
        self._rank: float = TEXT
        self._zones: list[tuple[float, str, int]] = []  # the headings that say what stands below them, the nearest last
        self._answered: set[int] = set()
        self._ruled = False
        self._answer_quote = 0
        self._lettered = any("s" in (line.text.rstrip(":").lower(), line.label.lower()) for line in outline.lines)

    def labels(self) -> Iterator[Label]:
        """Yield one label for each line that counts."""
        for line in self._outline.lines:
            if line.number in self._outline.leaves and self._role == "answer":
                self._unit, self._role = None, ""
            if line.kind == "rule":
                self._ruled = True
                self._role = self._role if self._role in {"", "answer"} else ""
            if line.number in self._outline.turns and self._role == "answer":
                self._unit, self._role, self._zones = None, "", []
            if line.number in self._gone:
                yield _label(line, "furniture")
            elif line.number in self._outline.rank:
                yield from self._line(line)

    def _line(self, line: Line) -> Iterator[Label]:
        number = line.number
        if number in self._places.titles:
            self._unit = None
            yield _label(line, "title", self._places.titles[number].first)
        elif number in self._places.units:
            self._open(self._places.units[number])
            yield _label(line, "question")
        elif invites(line.said):
            self._unit, self._role, self._zones = None, "", [(min(self._outline.rank[number], BOLD), "ask", 0)]
            yield _label(line, "note")
        else:
            if self._tags[number - 1] == "answer":
                self._last = self._links.get(number, self._last)
                self._unit = self._last or self._unit
            head = self._outline.is_head(number)
            found = [*(self._head(line) if head else self._text(line))]
            yield from (self._reconciled(line, label) for label in found)
            self._ruled = self._ruled and not head

    def _reconciled(self, line: Line, label: Label) -> Label:
        """Return the label of a line under its tag: what is said and what is asked is known from that, the rest from its place."""
        tag, unit = self._tags[line.number - 1], self._last
        role = "answer" if label.role == "part" else label.role
        if tag == "ask":
            role = self._tagged.asked(line, self._role) if self._unit is not None else "ask"
            if role == "ask":  # what follows belongs to no question above it
                self._unit, self._role = None, ""
        elif tag == "answer" and unit and role not in KEPT and not self._directs(line, role, unit):
            role = "answer"
        elif role in {"ask", "follow_up"} or (
            role == "answer" and not self._tagged.is_inside(line, begun=unit is not None and unit.first in self._begun)
        ):
            role = "note"
        if role == "answer" and unit:
            other = self._begun.get(unit.first, line.speaker) != line.speaker  # an answer is one person's
            if other and (line.speaker != self._answerer or asks(line.said) >= ASKING):
                return _label(line, "probe" if asks(line.said) >= ASKING else "note", unit.first)
            first = other or unit.first not in self._begun
            self._begun[unit.first] = line.speaker
            return _label(line, "answer" if first else "part", unit.first)
        of = unit.first if unit and role in ASKED - {"ask"} else 0 if role in ALONE else label.of
        return msgspec.structs.replace(label, role=role, of=of)

    def _directs(self, line: Line, role: str, unit: Unit) -> bool:
        """Return whether a line says what to do: by its words, or as a point of advice in front of an answer."""
        before = role == "advice" and line.kind == "item" and unit.first not in self._begun
        return before or (role in {"note", "advice"} and orders(line.text))

    def _open(self, unit: Unit) -> None:
        if self._unit is not unit:
            self._unit, self._role, self._zones, self._ruled = unit, "", [], False
        self._last = unit

    # --- headings and labels alone on their line ---------------------------------------------------

    def _head(self, line: Line) -> Iterator[Label]:
        quoted, rank = line.number in self._outline.quoted, self._outline.rank[line.number]
        while self._zones and rank <= self._zones[-1][0]:
            self._zones.pop()
        role = "" if quoted else self._head_role(line)
        if self._unit and role not in BODY and not self._claims(line) and self._is_said_whole(line, self._unit):
            self._unit, self._role = None, ""
        within = (
            self._role == "answer" and rank > self._rank and role not in {"follow_up", "claim", "probe", "note", "time"}
        )
        if self._unit and (quoted or (within and not self._claims(line))):
            yield self._said(line, self._unit)
            return
        if self._unit and self._claims(line):
            yield _label(line, "claim", self._unit.first)
            return
        self._close(line, role, rank)
        if role == "answer" and (last := self._last_unit(line)):
            self._unit, self._role, self._rank, self._zones = last, "answer", rank, []
            yield self._answer_head(line, last)
        elif self._unit and (
            role in BODY or rank > self._rank or self._role == "answer" or (not role and narrates(line.text))
        ):
            yield self._inner(line, self._unit, role, rank)
        else:
            if role:
                self._zones.append((rank, role, line.number))
            self._role = ""
            yield _label(line, "note", why="a heading")

    def _head_role(self, line: Line) -> str:
        """Return the role of what stands below a heading, here: a list of needs and a last question are known by their place."""
        role, after = self._naming.under(line.number), self._outline.after(line.number)
        if role == "answer" and self._unit and self._places.lists_needs(self._unit, line.number):
            self._unit = None
            return "advice"
        asked = self._role == "answer" and line.label and after and asks(after.text) > 0.9 and self._ends(after)
        return "follow_up" if asked and role in {"", "question"} else role

    def _claims(self, line: Line) -> bool:
        """Return whether a heading only names missions, as the line below an answer does."""
        told = counted(line.said)[0] or votes(line.marker).get("claim", 0) >= 0.5
        return bool(told) and claims_in(line.said, self._known) >= 0.99

    def _close(self, line: Line, role: str, rank: float) -> None:
        """Leave the open question where a heading, or the rule above it, ends it."""
        if self._ruled and self._unit and self._unit.rank >= BOLD and role not in BODY:
            self._unit, self._role = None, ""
        below = self._outline.scope(line.number) if self._unit and role == "ask" else []
        several = sum(asks(self._outline[n].said) >= 0.3 for n in below) >= 2
        if self._naming.heads(line.number) == 1 and several:
            self._unit = None
        if self._unit and self._leaves(line, role, rank):
            self._unit = None if role != "answer" else self._unit
            self._role = ""

    def _leaves(self, line: Line, role: str, rank: float) -> bool:
        """Return whether a heading ends the open question."""
        unit = self._unit
        if unit is None or (role in BODY - {"ask"} and rank >= min(unit.rank, BOLD)):
            return False
        if rank <= min(unit.rank, BOLD) and (
            unit.rank < TEXT or line.kind == "heading" or role in ALONE or self._role != "answer" or rank <= self._rank
        ):
            return not (self._role == "answer" and rank > self._rank)
        if role == "advice" and judges(line.text):
            return True
        return role in ALONE - {"section", "fact", "ask"} and self._role != "answer"

    def _last_unit(self, line: Line) -> Unit | None:
        """Return the question that an answer may follow here: the open one, else the only one there is."""
        units = [*self._places.units.values()]
        only = units[0] if len(units) == 1 else None
        return self._unit or (only if only and only.first < line.number else None)

    def _answer_head(self, line: Line, unit: Unit) -> Label:
        found = set(words(name_of(line.label or line.text)))
        named = found <= STAR and not line.rest and (found != {"a"} or self._lettered)
        if named or votes(line.text).get("answer", 0) < 0.3:  # a title in the answer, and no name for all of it
            return self._said(line, unit)
        if line.rest and line.kind == "heading":
            return _label(line, "note", unit.first)
        return _label(line, "furniture", why="a label")

    def _inner(self, line: Line, unit: Unit, role: str, rank: float) -> Label:
        if role in BODY:
            self._role, self._rank = role, rank
            return _label(line, "furniture", why="a label")
        if role in {"advice", "note"}:
            self._role, self._rank = "note", rank
            return _label(line, "note", unit.first)
        self._role = self._role or "answer"
        return self._said(line, unit)

    # --- lines of text -------------------------------------------------------------------------------

    def _text(self, line: Line) -> Iterator[Label]:
        inline = self._naming.behind(line.number) if line.rest else ""
        unit = self._unit
        if unit and line.number in self._outline.quoted:
            yield self._said(line, unit)
        elif unit and not (
            inline in {"company", "person"} and (not self._role or self._tags[line.number - 1] == "other")
        ):
            inline = "claim" if inline == "mission" else inline
            role = self._named(line, inline) or self._placed(line, inline, unit)
            if role == "ask":
                self._unit = None
            yield self._said(line, unit) if role == "answer" else _label(line, role, 0 if role in ALONE else unit.first)
        else:
            yield _label(line, self._of_document(line, inline))

    def _named(self, line: Line, inline: str) -> str:
        """Return what the label of a line below a question says it is; nothing where its place has to say."""
        if line.label and key(line.label) in self._sections:
            return "answer"
        if self._role == "answer" and self._ends(line) and line.label and asks(line.rest) > 0.9 and inline != "answer":
            return "follow_up"
        if self._role not in {"", "answer"} and inline not in {"claim", "follow_up", "ask"}:
            return ""
        if claims_in(line.said, self._known) >= 0.99 and self._marked(line, inline):
            return "claim"
        if inline == "ask":
            after = self._outline.after(line.number)
            together = after is not None and after.label and self._naming.behind(after.number) == "ask"
            return "ask" if together else "follow_up"  # several in a row are for the end, and not for this answer
        if inline == "question" and asks(line.rest) > 0.5:
            return "probe"
        if inline in {"time", "note"} and self._role == "answer" and line.kind == "item":
            return ""
        return "note" if inline == "advice" else inline if inline in BODY - {"answer", "use"} else ""

    def _marked(self, line: Line, inline: str) -> bool:
        """Return whether a line of missions looks like a claim: by its label, an arrow, a bracket, or its words."""
        marked = inline == "claim" or line.marker == "\u2192" or votes(line.marker).get("claim", 0) >= 0.5
        return marked or line.text[:1] in "(#[" or (not line.label and any(map(str.isalpha, line.text)))

    def _placed(self, line: Line, inline: str, unit: Unit) -> str:
        """Return what a line below a question is by its place, its make and its words."""
        said = line.text if line.label.isupper() and len(line.label) > 1 else line.said
        if is_empty(said) and inline in {"", "answer", "note"}:
            self._role, self._answer_quote = "answer", line.quote
            return "note"
        if (
            self._role in {"", "answer"}
            and orders(line.text)
            and self._runs.directs(line, text_of(self._outline, unit), self._places.below(unit))
        ):
            return "note"
        if inline == "answer":
            return "answer"
        if self._role in {"follow_up", "probe", "ask"}:
            asked = asks(line.said) >= 0.5 or tells(line.text) > 0.2 or line.quote
            return ("probe" if self._role == "probe" else "follow_up") if asked else "note"
        if self._role in {"claim", "use", "time", "note"}:
            return self._role
        if self._role == "answer":
            return "note" if self._is_remark(line, unit) else "answer"
        if self._places.names_answer(unit) and unit.first not in self._answered:
            return "advice" if is_time(line.text) or advises(line.text) >= 0.6 else "note"
        return "note" if self._places.hints(line) else "answer"

    def _is_remark(self, line: Line, unit: Unit) -> bool:
        """Return whether a line points at the answer above, stands unquoted below a quoted one or below a rule, or reminds."""
        quoted = self._answer_quote == self._outline[unit.first].quote or line.italic
        if line.text.startswith(POINTING) or (line.quote < self._answer_quote and quoted):
            return True
        if line.kind == "item" and not self._is_said_whole(line, unit):
            return self._runs.reminds(line)
        ruled = line.kind == "para" and self._ruled and unit.first in self._answered and tells(line.text) < 0.25
        return ruled or self._is_said_whole(line, unit)

    def _is_said_whole(self, line: Line, unit: Unit) -> bool:
        """Return whether a line stands below the end of an answer that is all in quotation marks, as most are."""
        return unit.first in self._answered and 0 < self._places.closed.get(unit.first, 0) < line.number

    def _ends(self, line: Line) -> bool:
        """Return whether an answer that has begun ends with a line."""
        return self._unit is not None and self._unit.first in self._answered and self._places.is_last(line)

    def _said(self, line: Line, unit: Unit) -> Label:
        """Return the label of a line of the answer."""
        self._role = "answer"
        first = unit.first not in self._answered
        self._answer_quote = line.quote if first else self._answer_quote
        self._answered.add(unit.first)
        return _label(line, "answer" if first else "part", unit.first)

    def _of_document(self, line: Line, inline: str) -> str:
        """Return what a line is that belongs to no question: by its label, by the heading over it, by its words."""
        zone = next((role for _, role, n in self._zones[-1:] if not n or self._outline.covers(n, line.number)), "")
        if inline in WHOLE:
            return inline
        if inline in ASKED or zone in ASKED:
            return "note"  # what is asked of them is known by its tag
        if zone in WHOLE | {"fact"}:
            return "time" if is_time(line.text) and zone != "fact" else zone
        if is_time(line.text) and zone != "mission":
            return "time"
        return "advice" if self._advises(line, zone) else "note"

    def _advises(self, line: Line, zone: str) -> bool:
        """Return whether a line that belongs to no question says what to do: by its words and those of its list."""
        if line.kind == "item":
            listed = 0.0 if zone else advises(line.text) + 0.3 * self._runs.advises(line)
            return listed >= 0.7 or self._places.addresses(line)
        return line.kind == "para" and advises(line.text) >= 0.7 and len(words(line.text)) <= 25


def _label(line: Line, role: str, of: int = 0, why: str = "") -> Label:
    return Label(first=line.number, last=line.number, role=role, of=of, why=why)
