"""lines -> which of them stand over others, how high, and over what."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from evalharness.documents.features import STAR, asks, untailed, words
from evalharness.documents.lexicon import votes
from evalharness.documents.nouns import NOTED, Line

BOLD, LABEL, TEXT = 7, 8, 20
TITLE_WORDS, LABEL_WORDS = 10, 6
_DIGITS = re.compile(r"\d+|\([^()]{0,60}\)")


class Outline:
    """A document's lines with their ranks: 1 to 6 for headings, then bold or bare titles, labels, and plain text."""

    def __init__(
        self, lines: Sequence[Line], skipped: frozenset[int] = frozenset(), turns: frozenset[int] = frozenset()
    ) -> None:
        self.lines = lines
        self.skipped = skipped
        self.turns = turns
        self.kept = [line.number for line in lines if self._counts(line)]
        self._next = dict(zip(self.kept, self.kept[1:], strict=False))
        self._before = {after: before for before, after in self._next.items()}
        self.quoted = _quoted([self[number] for number in self.kept])
        self._naming = _shares(lines)
        self._filled = {line.label for line in lines if line.label and line.rest}
        self.rank: dict[int, float] = {number: self._rank(self[number]) for number in self.kept}
        self.titles = Counter(self.title(number) for number in self.kept)
        self._lift()
        self.parent: dict[int, int] = {}
        self.under: dict[int, list[int]] = {}
        self.leaves: set[int] = set()
        self._attach()
        self._place = {number: at for at, number in enumerate(self.kept)}
        self._ends = dict(self._place)
        for number in reversed(self.kept):
            above = self.parent[number]
            if above:
                self._ends[above] = max(self._ends[above], self._ends[number])
        self._titles: dict[int, bool] = {}

    def __getitem__(self, number: int) -> Line:
        return self.lines[number - 1]

    def _counts(self, line: Line) -> bool:
        return line.number not in self.skipped and not line.why and line.kind not in {"rule", "cell"}

    def after(self, number: int) -> Line | None:
        """Return the next line that counts."""
        following = self._next.get(number)
        return self[following] if following else None

    def title(self, number: int) -> str:
        """Return the words in front of a line's colon, or all of them, by which a title is found again."""
        return " ".join(words(self[number].label or self[number].text))

    def before(self, number: int) -> int:
        """Return the number of the line before that counts, 0 for the first."""
        return self._before.get(number, 0)

    def is_head(self, number: int) -> bool:
        """Return whether a line stands over what follows."""
        return self.rank.get(number, TEXT) < TEXT

    def scope(self, number: int) -> list[int]:
        """Return the lines below a head until the next one that is as high."""
        return self.kept[self._place[number] + 1 : self._ends[number] + 1] if number in self._place else []

    def covers(self, head: int, number: int) -> bool:
        """Return whether a line stands below a head."""
        return head < number <= self.kept[self._ends[head]]

    def is_title(self, number: int) -> bool:
        """Return whether a head stands over nearly the whole document, and over other heads: it names no zone."""
        if number not in self._titles:
            scope = self.scope(number)
            whole = len(scope) >= 0.7 * len(self.kept) - 4 and number <= self.kept[0] + 8
            self._titles[number] = whole and sum(map(self.is_head, scope)) >= 2
        return self._titles[number]

    def above(self, number: int) -> Iterator[int]:
        """Yield the heads over a line, the nearest first."""
        while (number := self.parent.get(number, 0)) > 0:
            yield number

    def _lift(self) -> None:
        """Put a heading that names the answer, and has nothing of its own, over the higher headings that follow."""
        for number in self.kept:
            after = self._next.get(number, number)
            named, then = votes(self[number].text), votes(self[after].text)
            crowded = self[after].place == self[self._next.get(after, after)].place
            if (
                not crowded
                and max(then.get(role, 0) for role in ("advice", "answer", "section", "ask")) < 0.4
                and self.rank[after] < self.rank[number] < TEXT
                and max(named.get("answer", 0), named.get("section", 0)) >= 0.4
            ):
                self.rank[number] = self.rank[after] - 0.5

    def _rank(self, line: Line) -> float:
        if line.number in self.quoted:
            return TEXT
        if line.kind == "heading":
            return LABEL if line.callout == NOTED else line.level
        if self._names(line):
            return LABEL + line.depth
        if line.label and (not line.rest or self._asks_back(line)):
            return TEXT if self._is_left_empty(line) else LABEL + line.depth
        if line.kind == "item" and not line.depth and line.count and self._heads_text(line):
            return BOLD
        if line.kind == "item" and self._heads_parts(line):
            return BOLD + line.depth
        if line.kind == "para" and not line.depth:
            if line.bold or self._is_title(line) or self._is_numbered_title(line):
                return BOLD
            if line.text.endswith(":") and len(words(line.text)) <= 40:
                return LABEL
        return TEXT

    def _is_left_empty(self, line: Line) -> bool:
        """Return whether nothing stands behind a label that has something behind it elsewhere: another label follows, set off."""
        after = self.after(line.number)
        empty = not line.rest and line.label in self._filled
        return (
            empty
            and after is not None
            and after.gap
            and bool(after.rest)
            and after.label in self._filled - {line.label}
        )

    def _asks_back(self, line: Line) -> bool:
        """Return whether a labelled line stands over a list of what to ask them: "Closing: what I ask"."""
        after = self.after(line.number)
        return (
            after is not None
            and after.kind == "item" != line.kind
            and len(words(line.text)) <= TITLE_WORDS
            and votes(line.rest).get("ask", 0) >= 0.5
            and asks(line.text) < 0.5
        )

    def _heads_parts(self, line: Line) -> bool:
        """Return whether the parts of a story hang below an item: then it is its title."""
        after = self.after(line.number)
        return (
            after is not None
            and after.depth > line.depth
            and bool(after.label)
            and set(words(after.label)) <= STAR
            and len(words(line.text)) <= TITLE_WORDS
        )

    def _heads_text(self, line: Line) -> bool:
        """Return whether a numbered line stands over paragraphs that are no part of its list."""
        after = self.after(line.number)
        return (
            after is not None
            and after.gap
            and after.kind == "para"
            and not after.depth
            and len(words(line.text)) <= TITLE_WORDS
            and line.text[-1:] not in set(".,;")
            and asks(line.text) < 0.9
            and not self._counted(line)
        )

    def _names(self, line: Line) -> bool:
        """Return whether an item names what stands below it: "Suggested answer"."""
        after = self.after(line.number)
        if (
            line.kind != "item"
            or line.rest
            or (line.count and not line.bold)
            or after is None
            or len(words(line.text)) > 4
            or line.text[-1:] in set("?.!")
        ):
            return False
        if line.count and self._naming[line.shape] < 0.5:
            return False
        deeper = after.depth > line.depth or (after.kind == "para" and not after.marker)
        return deeper and _named(line.text)

    def _counted(self, line: Line) -> bool:
        """Return whether the line above or below counts on: then they are a list."""
        near = [self[n] for n in (self._before.get(line.number, 0), self._next.get(line.number, 0)) if n]
        return bool(line.count) and any(
            other.shape == line.shape and abs(other.count - line.count) == 1 for other in near
        )

    def _is_numbered_title(self, line: Line) -> bool:
        """Return whether a line is a short title behind a word and a number ("Topic 2: Privacy"), and no entry of a list."""
        spelled = len(line.marker) > 1 and line.marker.isalpha() and line.gap and not self._counted(line)
        return (
            spelled
            and len(words(line.text)) <= TITLE_WORDS
            and asks(line.text) < 0.5
            and line.text[-1:] not in set(".!?")
        )

    def _is_title(self, line: Line) -> bool:
        after = self.after(line.number) or self._cell_below(line)
        if (
            not (line.gap or self._parts_lists(line))
            or line.quote
            or line.label
            or line.links > 0.5
            or after is None
            or line.marker == "\u2192"
        ):
            return False
        count = len(words(untailed(line.text)))
        before = self[self.before(line.number)] if self.before(line.number) else line
        listed = before.shape == line.shape and before.gap and not before.label and asks(before.text) > 0.9
        if self._counted(line) or (listed and min(asks(line.text), asks(after.text)) >= 0.3):
            return False
        if not 0 < count <= TITLE_WORDS or line.text[-1:] in set('.,;!?\u201d"\u2019)') - {")"}:
            return False
        if not after.gap or after.kind == "item":
            return bool(
                after.kind in {"item", "cell"}
                or len(words(after.text)) >= count
                or line.text.isupper()
                or asks(after.text) > 0.5
                or after.count
                or after.label
            )
        return (
            line.text[:1].isupper()
            and (after.kind != "heading" or count <= 3)
            and (after.kind == "heading" or len(words(after.text)) > 3 or bool(after.label))
            and after.text != line.text
        )

    def _parts_lists(self, line: Line) -> bool:
        """Return whether a line stands between two lists, with no blank line around: it is over the second one."""
        before, after = self.before(line.number), self.after(line.number)
        lists = bool(before) and after is not None and self[before].kind == after.kind == "item"
        return lists and line.kind == "para" and not line.count

    def _cell_below(self, line: Line) -> Line | None:
        """Return the first cell of a table right below a line, which may be the last that is no cell."""
        below = self.lines[line.number] if line.number < len(self.lines) else None
        return below if below is not None and below.kind == "cell" else None

    def _attach(self) -> None:
        """Give each line the head it stands under; a rule ends bare titles, and a line that was cut all heads in it."""
        stack: list[int] = []
        crowded = {
            place
            for place, count in Counter(line.place for line in self.lines if line.kind != "cell").items()
            if count > 4
        }
        before = 0
        counts: dict[tuple[object, ...], Line] = {}
        for line in self.lines:
            if line.number in self.turns or line.kind == "rule":
                stack = [n for n in stack if self.rank[n] < BOLD and line.kind == "rule"]
            if line.number not in self.rank:
                continue
            if before in crowded and line.place != before:
                self.leaves.add(line.number)
                while stack and self[stack[-1]].place == before:
                    stack.pop()
            rank = self.rank[line.number]
            last = counts.get(line.shape)
            goes_on = last is not None and line.count == last.count + 1 and asks(line.text) > 0.5
            while stack and (
                rank <= self.rank[stack[-1]]
                or self._leaves(line, stack[-1])
                or (goes_on and last and stack[-1] > last.number and self.rank[stack[-1]] >= BOLD)
            ):
                stack.pop()
            if line.count:
                counts[line.shape] = line
            self.parent[line.number] = stack[-1] if stack else 0
            self.under.setdefault(self.parent[line.number], []).append(line.number)
            if rank < TEXT:
                stack.append(line.number)
            before = line.place

    def _leaves(self, line: Line, head: int) -> bool:
        """Return whether a line stands outside of a head that hangs deeper than itself."""
        if self[head].depth > line.depth:
            return True
        after = self.after(head)
        if self.rank[head] == LABEL and after and after.kind == "item" and line.kind == "para" and line.gap:
            return len(words(self[head].text)) > LABEL_WORDS  # a sentence leads to its list, and to no more
        return (
            self[head].kind == "item"
            and line.kind in {"item", "para"}
            and line.depth <= self[head].depth
            and (line.gap or line.kind == "item")
        )


def _shares(lines: Sequence[Line]) -> dict[tuple[object, ...], float]:
    """Return how many of the numbered lines of each make name what stands below them."""
    found: dict[tuple[object, ...], list[bool]] = {}
    for line in lines:
        if line.count:
            found.setdefault(line.shape, []).append(_named(line.text))
    return {shape: sum(named) / len(named) for shape, named in found.items()}


def _named(text: str) -> bool:
    """Return whether the words of a short line speak of what may stand below it."""
    found = votes(text)
    return (
        max(
            found.get(role, 0.0)
            for role in ("question", "answer", "section", "ask", "time", "claim", "probe", "follow_up")
        )
        >= 0.5
    )


CLOSING = {"\u201c": "\u201d", "\u201e": "\u201c", "\u00ab": "\u00bb", '"': '"'}
LONGEST_QUOTE = 40


def _quoted(lines: Sequence[Line]) -> frozenset[int]:
    """Return the lines inside of a quotation that was opened at the beginning of a line above and is closed in time."""
    found: set[int] = set()
    for at, line in enumerate(lines):
        closing = CLOSING.get(line.said[:1], "")
        if line.number in found or not closing or closing in line.said[1:]:
            continue
        for end in range(at + 1, min(at + LONGEST_QUOTE, len(lines))):
            text = lines[end].said.rstrip(" *_.,")
            if (text[:1] in CLOSING and text[:1] != '"') or (closing == '"' and text.count('"') == 2):
                break
            if text.endswith(closing):
                found |= {inner.number for inner in lines[at + 1 : end + 1]}
                break
    return frozenset(found)


def name_of(text: str) -> str:
    """Return a heading's or label's words, by which those of one name are found: no numbers, brackets, names."""
    bare = _DIGITS.sub(" ", text)
    return " ".join(words(bare)[:8])
