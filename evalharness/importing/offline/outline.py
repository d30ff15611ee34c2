"""lines -> which of them stand over others, how high, and over what."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from evalharness.importing.features import asks, words
from evalharness.importing.nouns import Line

BOLD, LABEL, TEXT = 7, 8, 20
TITLE_WORDS = 10
_DIGITS = re.compile(r"\d+|\([^()]{0,60}\)")


class Outline:
    """A document's lines with their ranks: 1 to 6 for headings, then bold or bare titles, labels, and plain text."""

    def __init__(self, lines: Sequence[Line], skipped: frozenset[int] = frozenset()) -> None:
        self.lines = lines
        self.skipped = skipped
        self.kept = [line.number for line in lines if self._counts(line)]
        self._next = dict(zip(self.kept, self.kept[1:], strict=False))
        self.rank = {number: self._rank(self[number]) for number in self.kept}
        self.parent: dict[int, int] = {}
        self.under: dict[int, list[int]] = {}
        self.leaves: set[int] = set()
        self._attach()

    def __getitem__(self, number: int) -> Line:
        return self.lines[number - 1]

    def _counts(self, line: Line) -> bool:
        return line.number not in self.skipped and not line.why and line.kind not in {"rule", "cell"}

    def after(self, number: int) -> Line | None:
        """Return the next line that counts."""
        following = self._next.get(number)
        return self[following] if following else None

    def is_head(self, number: int) -> bool:
        """Return whether a line stands over what follows."""
        return self.rank.get(number, TEXT) < TEXT

    def scope(self, number: int) -> list[int]:
        """Return the lines below a head until the next one that is as high."""
        return [n for child in self.under.get(number, ()) for n in (child, *self.scope(child))]

    def is_title(self, number: int) -> bool:
        """Return whether a head stands over nearly the whole document, and over other heads: it names no zone."""
        scope = self.scope(number)
        return len(scope) >= 0.7 * len(self.kept) - 4 and number <= self.kept[0] + 8 and sum(map(self.is_head, scope)) >= 2

    def above(self, number: int) -> Iterator[int]:
        """Yield the heads over a line, the nearest first."""
        while (number := self.parent.get(number, 0)) > 0:
            yield number

    def _rank(self, line: Line) -> int:
        if line.kind == "heading":
            return line.level
        if line.label and not line.rest:
            return LABEL + line.depth
        if line.kind == "para" and not line.depth:
            if line.bold or self._is_title(line):
                return BOLD
            if line.text.endswith(":") and len(words(line.text)) <= 40:
                return LABEL
        return TEXT

    def _is_title(self, line: Line) -> bool:
        after = self.after(line.number)
        if not line.gap or line.quote or line.label or line.links > 0.5 or after is None or line.marker == "\u2192":
            return False
        count = len(words(line.text))
        if not 0 < count <= TITLE_WORDS or line.text[-1:] in set(".,;!?\u201d\"\u2019)") - {")"}:
            return False
        if not after.gap or after.kind == "item":
            return bool(after.kind == "item" or len(words(after.text)) > count or line.text.isupper() or asks(after.text) > 0.5 or after.count or after.label)
        return line.text[:1].isupper() and (after.kind != "heading" or count <= 3) and (after.kind == "heading" or len(words(after.text)) > 3 or bool(after.label)) and after.text != line.text

    def _attach(self) -> None:
        """Give each line the head it stands under; a rule ends bare titles, and a line that was cut all heads in it."""
        stack: list[int] = []
        crowded = {place for place, count in Counter(line.place for line in self.lines if line.kind != "cell").items() if count > 4}
        before = 0
        for line in self.lines:
            if line.kind == "rule":
                while stack and self.rank[stack[-1]] >= BOLD:
                    stack.pop()
            if line.number not in self.rank:
                continue
            if before in crowded and line.place != before:
                self.leaves.add(line.number)
                while stack and self[stack[-1]].place == before:
                    stack.pop()
            rank = self.rank[line.number]
            while stack and (rank <= self.rank[stack[-1]] or self._ends(line, stack[-1])):
                stack.pop()
            self.parent[line.number] = stack[-1] if stack else 0
            self.under.setdefault(self.parent[line.number], []).append(line.number)
            if rank < TEXT:
                stack.append(line.number)
            before = line.place

    def _ends(self, line: Line, head: int) -> bool:
        """Return whether a line stands outside of a head that hangs deeper than itself."""
        return self[head].kind == "item" and line.kind in {"item", "para"} and line.depth <= self[head].depth and (line.gap or line.kind == "item")


def name_of(text: str) -> str:
    """Return a heading's or label's words, by which those of one name are found: no numbers, brackets, names."""
    bare = _DIGITS.sub(" ", text)
    return " ".join(words(bare)[:8])
