"""lines and their units -> where a line stands among the questions: below which, in front of which, and what is due there."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from evalharness.documents.features import STAR, asks, asks_how, hints, owns, tells, words
from evalharness.documents.headings import Naming
from evalharness.documents.lexicon import votes
from evalharness.documents.nouns import Line
from evalharness.documents.outline import BOLD, CLOSING, Outline
from evalharness.importing.offline.units import Unit, text_of

HINTED = 0.3
LEAST_QUOTED, MOSTLY = 2, 0.6


class Places:
    """The lines of one document, seen from its questions."""

    def __init__(self, outline: Outline, naming: Naming, units: Sequence[Unit]) -> None:
        self._outline = outline
        self._naming = naming
        self.units = {unit.first: unit for unit in units}
        self.titles = {unit.title: unit for unit in units if unit.title}
        self._named: dict[int, bool] = {}
        self._hinting = self._makes_of_hints()
        self.closed = self._closed()  # where answers are quoted: the question -> the last line of the quotation

    def _closed(self) -> dict[int, int]:
        """Return where the answer to each question ends, where most answers stand whole in quotation marks."""
        bodies = {unit.first: self._told(unit) for unit in self.units.values()}
        bodies = {first: lines for first, lines in bodies.items() if lines}
        found = {first: end for first, lines in bodies.items() if (end := self._end_of_quotation(lines))}
        return found if len(found) >= LEAST_QUOTED and len(found) >= MOSTLY * len(bodies) else {}

    def _told(self, unit: Unit) -> list[Line]:
        """Return the lines below a question, from the first that is neither a heading nor a label alone."""
        heads = self._outline.is_head
        return list(itertools.dropwhile(lambda line: heads(line.number), self.below(unit)))

    def _end_of_quotation(self, lines: Sequence[Line]) -> int:
        """Return the last line of the quotation that lines begin with; 0 where they begin with none, or go on behind it."""
        end = 0
        for line in lines:
            if not self._is_quoted(line, end):
                break
            end = line.number
        return end

    def _is_quoted(self, line: Line, before: int) -> bool:
        """Return whether a line is one paragraph of a quotation, from its first letter to its last."""
        if line.number in self._outline.quoted:
            return before > 0
        closing = CLOSING.get(line.said[:1], "")
        bare = line.said.rstrip(" *_.,")
        whole = bare.find(closing, 1) == len(bare) - 1
        after = self._outline.after(line.number)
        goes_on = closing not in line.said[1:] and after is not None and after.number in self._outline.quoted
        return bool(closing) and (whole or goes_on)

    def starts(self, number: int) -> bool:
        """Return whether a question, or its title, stands in a line."""
        return number in self.units or number in self.titles

    def below(self, unit: Unit) -> list[Line]:
        """Return the lines between a question and the next one."""
        found: list[Line] = []
        after = self._outline.after(unit.last)
        while after and not self.starts(after.number):
            found.append(after)
            after = self._outline.after(after.number)
        return found

    def is_last(self, line: Line) -> bool:
        """Return whether a line is the last one before the next question, or the end."""
        after = self._outline.after(line.number)
        return after is None or self.starts(after.number)

    def names_answer(self, unit: Unit) -> bool:
        """Return whether a heading or label below a question opens its answer, so that nothing above that is part of it."""
        if unit.first not in self._named:
            inside = itertools.takewhile(lambda line: not self._leaves(unit, line), self.below(unit))
            self._named[unit.first] = any(self._opens(unit, line) for line in inside)
        return self._named[unit.first]

    def _leaves(self, unit: Unit, line: Line) -> bool:
        """Return whether a heading as high as that of a question ends it: one that does not call itself its answer."""
        headed = self._outline[unit.title or unit.first].kind == line.kind == "heading"
        as_high = headed and self._outline.rank[line.number] <= unit.rank
        return as_high and not votes(line.text).get("answer", 0)

    def _opens(self, unit: Unit, line: Line) -> bool:
        """Return whether a heading or a label opens the answer as a whole, and no part of a story."""
        if self._outline.is_head(line.number):
            named = self._naming.under(line.number) == "answer" and not set(words(line.text)) <= STAR
            return named and not self.lists_needs(unit, line.number)
        found = words(line.label)
        article = found[:1] == ("a",) and any(len(word) > 1 and word.isalpha() for word in found)
        called = votes(" ".join(found[1:]) if article else line.label)  # "A note" is a note, and "A" an answer
        named = bool(line.rest) and len(found) <= 4 and called.get("answer", 0) >= 0.5
        return named and not set(found) <= STAR - {"a"}

    def lists_needs(self, unit: Unit, head: int) -> bool:
        """Return whether a list says what an answer needs: nobody tells anything in it, and somebody does above it."""
        after, points = self._outline.after(unit.last), [self._outline[n] for n in self._outline.under.get(head, ())]
        if after is None or self._outline.is_head(after.number) or not (owns(after.text) and tells(after.text)):
            return False
        listed = bool(points) and all(line.kind == "item" for line in points)
        return listed and not any(owns(line.text) or tells(line.text) > HINTED for line in points)

    def hints(self, line: Line) -> bool:
        """Return whether a line is made like those that, right below questions, are hints on them."""
        return _made(line) in self._hinting

    def _makes_of_hints(self) -> set[tuple[object, ...]]:
        """Return the makes of lines that, right below questions, are hints on them and no answers: the document votes.

        A list that stands only once, with nothing of another make below, is the answer to a question that asks how,
        however it is worded: "how do you close the kitchen?" is answered by what to do.
        """
        scores: dict[tuple[object, ...], list[float]] = {}
        whole: set[tuple[object, ...]] = set()
        for unit in self.units.values():
            below = list(itertools.takewhile(lambda line: not self._outline.is_head(line.number), self.below(unit)))
            if below and not below[0].label:
                make, hint = _made(below[0]), hints(below[0].text)
                pointed = 0.3 * (below[0].marker == "\u2192") + 0.3 * below[0].italic
                hint += pointed * (hint > 0 or len(below) > 1)
                scores.setdefault(make, []).append(hint)
                alone = len(below) > 1 and {*map(_made, below)} == {make}
                whole |= {make} if alone and asks_how(text_of(self._outline, unit)) else set()
        voted = {make for make, found in scores.items() if sum(found) / len(found) >= HINTED}
        return {make for make in voted if len(scores[make]) > 1 or make not in whole}

    def addresses(self, line: Line) -> bool:
        """Return whether a list stands under an opening line that speaks to the reader: "you will want to show"."""
        head = self._outline.parent.get(line.number, 0)
        text = self._outline[head].text if head else ""
        opens = text.endswith(":") and self._outline.rank[head] >= BOLD
        return opens and bool({"you", "you'll", "your"} & set(words(text))) and asks(line.text) < 0.5


def _made(line: Line) -> tuple[object, ...]:
    return (*line.shape[:5], line.italic)
