"""lines and questions -> what somebody wants to ask: whole groups that nothing answers, by their words, leads, marks and place.

Such lines are grouped by the heading they stand under, by the list or block they are in a row with, or by a mark that
only they have. Each group is judged as one; what a single line of it says by itself does not decide.
"""

from __future__ import annotations

import bisect
import re
import statistics
from collections.abc import Collection, Iterator, Sequence

from evalharness.documents.bodies import has_body
from evalharness.documents.called import Called
from evalharness.documents.direction import ME, MINE, SELF, reports, seeks, turned
from evalharness.documents.features import advises, asks, share, tells, unremarked, untailed, words
from evalharness.documents.lexicon import votes
from evalharness.documents.nouns import Line
from evalharness.documents.outline import BOLD, Outline
from evalharness.importing.offline.units import Unit, said
from evalharness.model.noun import Noun
from evalharness.text.words import sentences

LEAST, CLEAR, LATE, APART, ALIKE = 0.45, 0.4, 0.4, 0.3, 0.25
SMALL, USUAL, REMARK, TURNED = 0.3, 15, 10, 0.6
"""Below a question, what has less than this part of the words of a usual answer here, and fewer than `REMARK`, is none."""
LISTED, ASKING, LEAST_ASKED, LEAD_WORDS, NAMED, REGULAR = 0.6, 0.35, 0.2, 12, 3, 0.8
_NAME = r"[A-Z][\w.'\u2019-]{1,30}"
_ROLE = re.compile(
    rf"{_NAME}(?: {_NAME}){{0,2}} ?\([^()]{{2,40}}\)|{_NAME}(?: {_NAME}){{1,2}}, (?:the )?[a-z][^.?!]{{2,40}}"
)


class Group(Noun):
    """Lines that are asked together, and the lines that lead to them; `marked` where a mark of their own joins them."""

    lines: tuple[int, ...]
    leads: tuple[int, ...] = ()
    marked: str = ""


def asked_back(outline: Outline, units: Sequence[Unit]) -> dict[int, str]:
    """Return the roles of what is for them to answer, whole groups of questions that nothing answers, and of its leads."""
    return _Askers(outline, units).roles()


class _Askers:
    """One document's questions, of which those are known that something answers."""

    def __init__(self, outline: Outline, units: Sequence[Unit]) -> None:
        self._outline = outline
        self._called = Called(outline)
        self._asking = frozenset(n for n in outline.kept if self._inquires(n))
        units = [u for u in units if u.title or self._clearly(u.first) or not self._asks(u.first)]
        self._starts = frozenset(unit.first for unit in units)
        self._titles = frozenset(unit.title for unit in units if unit.title)
        self._blocks = {n: block for block in self._rows(self._starts) for n in block}
        asked = [unit.first for unit in units if not unit.story]
        sizes = {n: 0 if n in self._blocks else self._body(n) for n in asked}
        usual = statistics.median([size for size in sizes.values() if size] or [0])
        small = min(REMARK, SMALL * usual) if usual >= USUAL else 1
        self._bare = [n for n in asked if sizes[n] < small]
        self._answered = sorted(self._starts - set(self._bare))
        self._makes = {(outline.parent[n], outline[n].shape) for n in self._answered}

    def roles(self) -> dict[int, str]:
        """Return the role of each line of a group that is theirs to answer."""
        found: dict[int, str] = {}
        for group in (*self._marked(), *self._headed(), *self._families(), *self._listed(), *self._closing()):
            if not found.keys() >= {*group.lines} and self._score(group) >= LEAST:
                found |= dict.fromkeys((n for n in group.leads if n not in self._starts), "note")
                found |= dict.fromkeys(group.lines, "ask")
        return found

    def _inquires(self, number: int) -> bool:
        line = self._outline[number]
        return max(asks(untailed(line.said)), reports(line.said)) >= LEAST_ASKED

    def _clearly(self, number: int) -> bool:
        return asks(self._outline[number].said) >= ASKING

    def _asks(self, head: int) -> bool:
        """Return whether half of what stands below a heading asks, and nothing tells: it is no answer."""
        lines = [n for n in self._outline.scope(head) if not self._outline.is_head(n)]
        told = [text for n in lines if n not in self._asking and len(words(text := self._outline[n].text)) >= REMARK]
        named = votes(self._outline[head].text).get("answer", 0.0) >= LISTED
        telling = named or any(tells(text) >= ASKING for text in told)
        return bool(lines) and not telling and len(self._asking & {*lines}) >= 0.5 * len(lines)

    # --- groups -----------------------------------------------------------------------------------

    def _marked(self) -> Iterator[Group]:
        """Yield the lines that one mark joins, which no answered question has: a picture, a label, a bracket at the end."""
        found: dict[str, list[int]] = {}
        for n in self._outline.kept:
            for mark in _marks(self._outline[n]):
                found.setdefault(mark, []).append(n)
        for mark, lines in found.items():
            asking = [n for n in lines if n in self._asking]
            if len(lines) < 2 or len(asking) < LISTED * len(lines):
                continue
            if {*lines} & {*self._answered} or self._is_regular(lines):
                continue
            if share([float(self._is_answered(n, lines)) for n in lines]) < ASKING:
                yield Group(lines=tuple(lines), marked=mark)

    def _is_answered(self, number: int, fellows: Collection[int]) -> bool:
        """Return whether the line below one that is marked may answer it."""
        after = self._outline.after(number)
        if (
            after is None
            or after.number in {*fellows, *self._starts, *self._titles}
            or self._outline.is_head(after.number)
        ):
            return False
        return not after.gap or after.depth > self._outline[number].depth

    def _is_regular(self, lines: Sequence[int]) -> bool:
        """Return whether nearly each answer has its own one: then it goes on with that answer."""
        starts = sorted(self._starts)
        below = {bisect.bisect_right(starts, n) for n in lines} - {0}
        return len(starts) > 1 and len(below) >= max(2, REGULAR * len(starts))

    def _headed(self) -> Iterator[Group]:
        """Yield what stands under each heading below which nothing is answered, the highest that are of one mind first."""
        outline = self._outline
        for head in (n for n in outline.kept if outline.is_head(n) and self._is_open(n)):
            inner = [n for n in outline.scope(head) if outline.is_head(n)]
            turns = [_turn(outline, n) for n in inner]
            if self._asks(head) and not any(abs(turn) >= CLEAR for turn in turns):
                yield self._below((head, *inner))

    def _below(self, heads: Sequence[int]) -> Group:
        """Return the group under headings: each line that asks, and the items of the lists that such lines stand in."""
        outline = self._outline
        lines, items = set[int](), set[int]()
        for head in heads:
            own = {n for n in outline.under.get(head, ()) if not outline.is_head(n)}
            makes = {outline[n].shape[:3] for n in own & self._asking}
            items |= {n for n in own if outline[n].kind == "item" and outline[n].shape[:3] in makes}
            lines |= own
        return Group(lines=tuple(sorted(items | (self._asking & lines))), leads=tuple(heads))

    def _families(self) -> Iterator[Group]:
        """Yield what stands under headings of one make in a row that each seem to name somebody."""
        outline, row = self._outline, list[int]()
        for head in [*(n for n in outline.kept if outline.is_head(n)), 0]:
            named = head and self._is_open(head) and self._asks(head) and self._persons(Group(lines=()), [head]) > 0
            alike = row and head and outline[head].shape == outline[row[0]].shape
            if row and not (named and alike and outline.before(head) in outline.scope(row[-1])):
                if len(row) > 1:
                    yield self._below(row)
                row = []
            row += [head] if named and abs(_turn(outline, head)) < CLEAR else []

    def _is_open(self, head: int) -> bool:
        """Return whether a heading stands over something that nothing answers, and in no answered question.

        What stands under a heading that comes again goes with each of the questions that it comes with.
        """
        outline = self._outline
        at = bisect.bisect_right(self._answered, head)
        if {head, *outline.above(head)} & {*self._starts, *self._titles} or asks(outline[head].text) > 0.75:
            return False
        if outline.titles[outline.title(head)] > 1 or (not at and outline.is_title(head)):
            return False
        return not (at < len(self._answered) and outline.covers(head, self._answered[at]))

    def _listed(self) -> Iterator[Group]:
        """Yield the lists and the loose questions that are not answered, between two that are, with what leads to them."""
        groups: dict[int, list[int]] = {}  # by the first line of a list, or by what was answered before
        for n in self._bare:
            row = self._blocks.get(n)
            if row is None and n not in self._asking:
                continue
            groups.setdefault(row[0] if row else -bisect.bisect_left(self._answered, n), []).append(n)
        for key, lines in groups.items():
            whole = self._blocks.get(key, lines)
            yield Group(lines=tuple(whole), leads=self._lead(whole[0]))

    def _closing(self) -> Iterator[Group]:
        """Yield the lists of lines that ask below an answer, where the part of the document ends in which it stands."""
        outline = self._outline
        for block in self._rows(self._asking):
            block = block[block[0] not in self._asking :]  # a line in front of bare lines leads to them
            at = bisect.bisect_left(self._answered, block[0])
            unit, after = self._answered[at - 1] if at else 0, outline.after(block[-1])
            if not unit or {*self._starts} & {*block, outline.before(block[0])}:
                continue
            if after and after.number in self._starts:
                continue
            labels = {line.label for line in outline.lines if line.number not in block} - {""}
            beside = outline.parent[block[0]] in {unit, outline.parent[unit]}
            ends = after is None or outline.rank[after.number] < min(outline.rank[unit], BOLD)
            last = after is not None and after.gap and at == len(self._answered)
            if beside and (ends or last) and not {outline[n].label for n in block} & labels:
                yield Group(lines=tuple(block), leads=self._lead(block[0]))

    def _rows(self, starts: Collection[int]) -> Iterator[list[int]]:
        """Yield lines of one make in a row, nearly all of which are asked, with nothing between them: none is answered."""
        block: list[int] = []
        for n in [*self._outline.kept, 0]:
            told = len(block) > 1 and n > 0 and self._tells_on(block[-1], n)  # of the last one, which so is answered
            if block and n and not told and self._goes_on(block[-1], n):
                block.append(n)
                continue
            last = [block.pop()] if told else []
            if len(block) > 1 and sum(m in starts for m in block) >= max(2, LISTED * len(block)):
                yield block
            block = [*last, n] if n else []

    def _tells_on(self, before: int, number: int) -> bool:
        """Return whether a bare line right below one that is set off asks nothing: it is what that one leads to."""
        above, line = self._outline[before], self._outline[number]
        bare = above.kind == line.kind == "para" and above.gap and not line.gap
        return bare and before in self._asking and number not in self._asking

    def _goes_on(self, before: int, number: int) -> bool:
        """Return whether a line goes on with the list or block of bare lines that the one before it stands in."""
        outline = self._outline
        above, line = outline[before], outline[number]
        if line.shape != above.shape or outline.parent[before] != outline.parent[number]:
            return False
        if outline[number - 1].kind == "rule":
            return False
        return line.kind == "item" or not line.gap or {before, number} <= self._asking

    def _body(self, number: int) -> int:
        """Return how many words stand below a question, of what is no reminder for the whole conversation."""
        after = self._outline.after(number)
        if after and self._outline.is_head(after.number) and votes(after.text).get("answer", 0.0) >= LISTED:
            after = self._outline.after(after.number)
        elif not has_body(self._outline, number, self._starts) or (
            after and after.label and advises(after.said) >= 0.6
        ):
            return 0
        size = 0
        while after and after.number not in self._starts and not (size and self._outline.is_head(after.number)):
            size += len(words(after.text))
            after = self._outline.after(after.number)
        return max(size, 1)

    def _lead(self, number: int) -> tuple[int, ...]:
        """Return the line that leads to a list, right in front of its first item: with a colon, or short."""
        before = self._outline.before(number)
        text = self._outline[before].text if before else ""
        if text.endswith(":") and self._outline[before].shape != self._outline[number].shape:
            return (before,)
        clear = 0 < len(words(text)) <= LEAD_WORDS and abs(_turn(self._outline, before)) >= CLEAR
        return (before,) if clear and asks(text) < ASKING else ()

    # --- who asks ---------------------------------------------------------------------------------

    def _score(self, group: Group) -> float:
        """Return how much a group looks like what somebody wants to ask: its words, its leads, its make and its place."""
        outline, lines, answered = self._outline, group.lines, self._answered
        texts = [said(outline[n]) for n in lines]
        sought = sum(map(seeks, texts)) / len(texts)
        heads = {*group.leads, *(outline.parent[n] for n in lines)} - {0, *self._starts}
        leads = [n for n in heads if not outline.is_title(n)]
        turn = max((_turn(outline, n) for n in leads), key=abs, default=0.0)
        turn = max(turn, _marked_turn(group.marked), key=abs)
        after = bisect.bisect_left(answered, lines[0])  # how many questions were answered before these
        late = len(lines) > 1 and 0 < after == len(answered) and not group.marked
        alike = any((outline.parent[n], outline[n].shape) in self._makes for n in lines) and not group.marked
        own = {outline[n].shape for n in lines}.isdisjoint(shape for _, shape in self._makes)
        apart = (own and after > 1) or (bool(group.marked) and len(lines) > 1)
        place = max(LATE * late * (1 if after > 1 else 0.5), APART * apart)
        return (
            sought * min(1.0, (len(lines) + 1) / 3)
            + 0.7 * turn
            + 0.3 * share([reports(text) for text in texts])
            + (self._persons(group, leads) + place) * bool(answered)
            - ALIKE * (alike or (len(lines) == 1 and after == 0 and bool(answered) and not group.leads))
            - ALIKE * (len(lines) == 1 and max(sought, turn) <= 0)
        )

    def _calls(self, group: Sequence[int], leads: Sequence[int]) -> bool:
        """Return whether a name of the document is called: in front of a question, behind it, or in the words of its lead."""
        texts = [(self._outline[n].text.split(", "), self._outline[n].label) for n in group]
        called = [
            text for parts, label in texts for text in (*(parts[:: len(parts) - 1 or 1] * (len(parts) > 1)), label)
        ]
        called += [sentences(self._outline[n].text)[-1].text for n in leads]
        return any(self._called.speaks_of(text, {*group, *leads}) for text in called)

    def _persons(self, group: Group, leads: Sequence[int]) -> float:
        """Return how much the leads name somebody, or a name of the document is called in what is asked."""
        texts = [self._outline[n].text.rstrip(":") for n in leads]
        named = [max(votes(text).get("person", 0.0), 0.8 * bool(_ROLE.fullmatch(text))) for text in texts]
        short = share([float(len(words(text)) <= 3) for text in texts])
        return min(0.4, 0.1 * short + 0.3 * max(named, default=0.0) + 0.4 * self._calls(group.lines, leads))


def _marks(line: Line) -> Iterator[str]:
    """Yield the marks of a line that others may have: the picture in front, the label, the bracket at its end."""
    if line.sign:
        yield line.sign
    if line.label and line.rest:
        yield f"{line.label}:"
    tail = line.text.strip()[len(unremarked(line.text)) :].strip()
    if tail:
        yield tail


def _marked_turn(mark: str) -> float:
    """Return which way a mark turns what it stands in front of; whoever it names is the one who asks."""
    named = words(mark)
    if turned(mark) >= TURNED:
        return turned(mark)
    return 1.0 if named and {*named} <= SELF | ME | MINE and len(mark) > 2 else _turns(mark) if named else 0.0


def _turn(outline: Outline, head: int) -> float:
    """Return which way the clearest sentence of a heading turns what is asked below it."""
    return max((_turns(part.text) for part in sentences(outline[head].text)), key=abs, default=0.0)


def _turns(text: str) -> float:
    named = votes(text)
    others = max(named.get(role, 0.0) for role in ("question", "advice", "section", "mission", "furniture"))
    return max(turned(text), named.get("ask", 0.0)) - 0.5 * others
