"""lines and their units -> labels: one walk from top to bottom that knows whose question it stands under."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evalharness.documents.features import (
    STAR,
    advises,
    asks,
    hints,
    invites,
    is_empty,
    is_time,
    judges,
    narrates,
    owns,
    tells,
    turns,
    words,
)
from evalharness.documents.lexicon import votes
from evalharness.documents.nouns import Label, Line
from evalharness.importing.offline.naming import Naming
from evalharness.importing.offline.outline import BOLD, TEXT, Outline, name_of
from evalharness.importing.offline.runs import Runs
from evalharness.importing.offline.units import Unit
from evalharness.importing.tags import claims_in, counted, key

BODY = frozenset({"answer", "follow_up", "claim", "note", "time", "probe", "use", "ask"})
ALONE = frozenset({"ask", "advice", "section", "fact", "furniture", "person", "company", "interest", "mission"})


class Walk:
    """The state of the walk: the open question, the role of what stands under the last label, and labels so far."""

    def __init__(
        self,
        outline: Outline,
        naming: Naming,
        units: Sequence[Unit],
        known: frozenset[str],
        set_aside: dict[int, str],
        sections: frozenset[str] = frozenset(),
    ) -> None:
        self._sections = sections
        self._outline = outline
        self._runs = Runs(outline)
        self._naming = naming
        self._units = {unit.first: unit for unit in units}
        self._titles = {unit.title: unit for unit in units if unit.title}
        self._known = known
        self._aside = set_aside
        self._unit: Unit | None = None
        self._role = ""
        self._rank: float = TEXT
        self._zones: list[tuple[float, str]] = []  # the headings that say what stands below them, the nearest last
        self._answered: set[int] = set()
        self._ruled = False
        self._answer_quote = 0
        self._later: dict[int, bool] = {}
        self._hint = _hinted(outline, units)
        self._lettered = any("s" in (line.text.rstrip(":").lower(), line.label.lower()) for line in outline.lines)

    def labels(self) -> Iterator[Label]:
        """Yield one label for each line that counts."""
        for line in self._outline.lines:
            if line.number in self._outline.leaves and self._role == "answer":
                self._unit, self._role = None, ""
            if line.kind == "rule":
                self._ruled = True
                self._role = self._role if self._role in {"", "answer"} else ""
            if line.number in self._aside:
                yield _label(line, self._aside[line.number])
            elif line.number in self._outline.rank:
                yield from self._line(line)

    def _line(self, line: Line) -> Iterator[Label]:
        number = line.number
        if number in self._titles:
            self._unit = None
            yield _label(line, "title", self._titles[number].first)
        elif number in self._units:
            self._open(self._units[number])
            yield _label(line, "question")
        elif invites(line.said):
            self._unit, self._role, self._zones = None, "", [(min(self._outline.rank[number], BOLD), "ask")]
            yield _label(line, "note")
        elif turns(line.text) and not line.rest:
            yield _label(line, "ask")
        elif self._outline.is_head(number):
            yield from self._head(line)
            self._ruled = False
        else:
            yield from self._text(line)

    def _open(self, unit: Unit) -> None:
        if self._unit is not unit:
            self._unit, self._role, self._zones, self._ruled = unit, "", [], False

    # --- headings and labels alone on their line ---------------------------------------------------

    def _head(self, line: Line) -> Iterator[Label]:
        role = self._naming.of(line, inline=False)
        rank = self._outline.rank[line.number]
        while self._zones and rank <= self._zones[-1][0]:
            self._zones.pop()
        if self._unit and line.number in self._outline.quoted:
            yield self._said(line)
            return
        if role == "answer" and self._unit and self._lists_needs(self._unit, line.number):
            role = "advice"
            self._unit = None
        if (
            self._unit
            and claims_in(line.said, self._known) >= 0.99
            and (counted(line.said)[0] or votes(line.marker).get("claim", 0) >= 0.5)
        ):
            yield _label(line, "claim", self._unit.first)
            return
        after = self._outline.after(line.number)
        if (
            self._role == "answer"
            and line.label
            and role in {"", "question"}
            and after
            and asks(after.text) > 0.9
            and self._ends(after)
        ):
            role = "follow_up"
        within = self._unit is not None and self._role == "answer" and rank > self._rank
        if within and role not in {"follow_up", "claim", "probe", "note", "time"}:
            yield self._said(line)
            return
        if self._ruled and self._unit and self._unit.rank >= BOLD and role not in BODY:
            self._unit, self._role = None, ""
        if (
            self._unit
            and role == "ask"
            and self._naming.heads(line) == 1
            and sum(asks(self._outline[n].said) >= 0.3 for n in self._outline.scope(line.number)) >= 2
        ):
            self._unit = None
        if self._unit and self._leaves(line, role, rank):
            self._unit = None if role != "answer" else self._unit
            self._role = ""
        if role == "answer" and self._last_unit(line):
            self._role, self._rank, self._zones = "answer", rank, []
            yield self._answer_head(line)
        elif self._unit and (
            role in BODY or rank > self._rank or self._role == "answer" or (not role and narrates(line.text))
        ):
            yield self._inner(line, role, rank)
        else:
            if role:
                self._zones.append((rank, role))
            self._role = ""
            yield _label(line, "note", why="a heading")

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

    def _last_unit(self, line: Line) -> bool:
        """Return whether an answer may follow here: to the open question, else to the only one there is."""
        if self._unit is None and len(self._units) == 1:
            only = next(iter(self._units.values()))
            self._unit = only if only.first < line.number else None
        return self._unit is not None

    def _answer_head(self, line: Line) -> Label:
        found = set(words(name_of(line.label or line.text)))
        named = found <= STAR and not line.rest and (found != {"a"} or self._lettered)
        if named or self._is_titled(line):
            return self._said(line)
        if line.rest and line.kind == "heading":
            return _label(line, "note", self._unit.first if self._unit else 0, why="")
        return _label(line, "furniture", why="a label")

    def _is_titled(self, line: Line) -> bool:
        """Return whether a heading in an answer is a title of its own and no name for all of it."""
        return votes(line.text).get("answer", 0) < 0.3

    def _inner(self, line: Line, role: str, rank: float) -> Label:
        unit = self._unit
        assert unit is not None
        if self._role == "answer" and rank > self._rank and role not in {"follow_up", "claim", "probe"}:
            return self._said(line)
        if role in BODY:
            self._role, self._rank = role, rank
            return _label(line, "furniture", why="a label")
        if role in {"advice", "note"}:
            self._role, self._rank = "note", rank
            return _label(line, "note", unit.first)
        self._role = self._role or "answer"
        return self._said(line)

    # --- lines of text -------------------------------------------------------------------------------

    def _text(self, line: Line) -> Iterator[Label]:
        inline = self._naming.of(line, inline=True) if line.label and line.rest else ""
        if self._unit and line.number in self._outline.quoted:
            yield self._said(line)
        elif self._unit and not (inline in {"company", "person"} and not self._role):
            yield self._of_question(line, inline)
        else:
            yield self._of_document(line, inline)

    def _of_question(self, line: Line, inline: str) -> Label:
        unit = self._unit
        assert unit is not None
        inline = "claim" if inline == "mission" else inline
        if line.label and key(line.label) in self._sections:
            return self._said(line)
        if self._role == "answer" and self._ends(line) and line.label and asks(line.rest) > 0.9 and inline != "answer":
            return _label(line, "follow_up", unit.first)
        if self._role in {"", "answer"} or inline in {"claim", "follow_up", "ask"}:
            if claims_in(line.said, self._known) >= 0.99 and (
                inline == "claim"
                or line.marker == "\u2192"
                or votes(line.marker).get("claim", 0) >= 0.5
                or line.text[:1] in "(#"
                or (not line.label and (line.text[:1] in "(#[" or any(map(str.isalpha, line.text))))
            ):
                return _label(line, "claim", unit.first)
            if inline == "ask" and self._together(line):
                self._unit = None
                return _label(line, "ask")
            if inline == "ask":
                return _label(line, "follow_up", unit.first)
            if inline == "question" and asks(line.rest) > 0.5:
                return _label(line, "probe", unit.first)
            if inline in {"claim", "follow_up", "probe"} or (
                inline in {"time", "note"} and not (self._role == "answer" and line.kind == "item")
            ):
                return _label(line, inline, unit.first)
            if inline == "advice" and line.number not in self._units:
                return _label(line, "note", unit.first)
        if is_empty(line.text if line.label.isupper() and len(line.label) > 1 else line.said) and inline in {
            "",
            "answer",
            "note",
        }:
            self._role, self._answer_quote = "answer", line.quote
            return _label(line, "note", unit.first)
        if inline == "answer":
            self._role = "answer"
            return self._said(line)
        if self._role in {"follow_up", "probe", "ask"}:
            if asks(line.said) >= 0.5 or tells(line.text) > 0.2 or line.quote:
                return _label(line, "probe" if self._role == "probe" else "follow_up", unit.first)
            return _label(line, "note", unit.first)
        if self._role in {"claim", "use", "time", "note"}:
            return _label(line, self._role, unit.first)
        if (
            line.quote < self._outline[unit.first].quote
            and self._role == "answer"
            and self._answer_quote == self._outline[unit.first].quote
        ):
            return _label(line, "note", unit.first)
        if self._ruled and unit.first in self._answered and tells(line.text) < 0.25 and line.kind == "para":
            return _label(line, "note", unit.first)
        if self._role == "answer" and line.kind == "item" and self._runs.reminds(line):
            return _label(line, "note", unit.first)
        if not self._role and self._explicit(unit):
            return self._beside(line)
        if not self._role and (*line.shape[:5], line.italic) in self._hint:
            return _label(line, "note", unit.first)
        return self._said(line)

    def _ends(self, line: Line) -> bool:
        """Return whether an answer that has begun ends with a line: a title, another question or nothing follows."""
        after = self._outline.after(line.number)
        begun = self._unit is not None and self._unit.first in self._answered
        return begun and (after is None or after.number in self._units or after.number in self._titles)

    def _explicit(self, unit: Unit) -> bool:
        """Return whether a heading or label names the answer further down, so that it has not begun yet."""
        if unit.first not in self._later:
            later = self._until_next(unit)
            self._later[unit.first] = any(
                (self._outline.is_head(n) and self._naming.of(self._outline[n], inline=False) == "answer" and not self._lists_needs(unit, n) and not set(words(self._outline[n].text)) <= STAR) or (self._outline[n].rest and len(words(self._outline[n].label)) <= 4 and votes(self._outline[n].label).get("answer", 0) >= 0.5 and not set(words(self._outline[n].label)) <= STAR - {"a"})
                for n in later
            )  # fmt: skip
        return self._later[unit.first] and unit.first not in self._answered

    def _until_next(self, unit: Unit) -> list[int]:
        """Return the lines between a question and the next one."""
        found: list[int] = []
        after = self._outline.after(unit.last)
        while after and after.number not in self._units and after.number not in self._titles:
            found.append(after.number)
            after = self._outline.after(after.number)
        return found

    def _lists_needs(self, unit: Unit, head: int) -> bool:
        """Return whether a list says what an answer needs: nobody tells anything in it, and somebody does above it."""
        after, points = self._outline.after(unit.last), [self._outline[n] for n in self._outline.under.get(head, ())]
        told = (
            after is not None and not self._outline.is_head(after.number) and min(owns(after.text), tells(after.text))
        )
        listed = bool(points) and all(line.kind == "item" for line in points)
        return bool(told) and listed and not any(owns(line.text) or tells(line.text) > 0.3 for line in points)

    def _beside(self, line: Line) -> Label:
        """Return the label of a line between a question and the answer that is named further down."""
        if is_time(line.text) or advises(line.text) >= 0.6:
            return _label(line, "advice")
        return _label(line, "note", self._unit.first if self._unit else 0)

    def _together(self, line: Line) -> bool:
        """Return whether several lines in a row are to be asked: then they are for the end and not for this answer."""
        after = self._outline.after(line.number)
        return after is not None and bool(after.label) and self._naming.of(after, inline=True) == "ask"

    def _said(self, line: Line) -> Label:
        """Return the label of a line of the answer."""
        unit = self._unit
        assert unit is not None
        self._role = "answer"
        first = unit.first not in self._answered
        self._answer_quote = line.quote if first else self._answer_quote
        self._answered.add(unit.first)
        return _label(line, "answer" if first else "part", unit.first)

    def _addressed(self, line: Line) -> bool:
        """Return whether a list stands under an opening line that speaks to the reader: "you will want to show"."""
        head = self._outline.parent.get(line.number, 0)
        found = words(self._outline[head].text) if head else ()
        return (
            bool(head)
            and self._outline[head].text.endswith(":")
            and self._outline.rank[head] >= BOLD
            and bool({"you", "you'll", "your"} & set(found))
            and asks(line.text) < 0.5
        )

    def _of_document(self, line: Line, inline: str) -> Label:
        if inline in {"company", "person", "time", "interest"}:
            return _label(line, inline)
        zone = self._zones[-1][1] if self._zones else ""
        if inline in {"ask", "follow_up", "probe"}:
            return _label(line, "ask")
        if inline == "advice":
            return _label(line, "advice")
        if zone == "ask" or (zone in {"follow_up", "probe"} and asks(line.said) >= 0.5):
            return _label(
                line, "ask" if asks(line.said) >= 0.35 or line.kind == "item" or self._runs.asks(line) else "note"
            )
        if zone in {"advice", "fact", "time", "interest", "company", "person"}:
            return _label(line, "time" if is_time(line.text) and zone != "fact" else zone)
        if is_time(line.text) and zone != "mission":
            return _label(line, "time")
        if line.kind == "item" and self._addressed(line):
            return _label(line, "advice")
        if line.kind == "item" and not zone and advises(line.text) + 0.3 * self._runs.advises(line) >= 0.7:
            return _label(line, "advice")
        if line.kind == "para" and advises(line.text) >= 0.7 and len(words(line.text)) <= 25:
            return _label(line, "advice")
        return _label(line, "note")


def _label(line: Line, role: str, of: int = 0, why: str = "") -> Label:
    return Label(first=line.number, last=line.number, role=role, of=of, why=why)


def _hinted(outline: Outline, units: Sequence[Unit]) -> set[tuple[object, ...]]:
    """Return the makes of lines that, right below questions, are hints on them and no answers: the document votes."""
    scores: dict[tuple[object, ...], list[float]] = {}
    for unit in units:
        after = outline.after(unit.last)
        if after and not outline.is_head(after.number) and not after.label:
            key = (*after.shape[:5], after.italic)
            scores.setdefault(key, []).append(
                hints(after.text) + (0.3 if after.marker == "\u2192" else 0) + (0.3 if after.italic else 0)
            )
    return {key for key, found in scores.items() if sum(found) / len(found) >= 0.3}
