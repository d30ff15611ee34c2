"""blocks -> where each question begins, and with which words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from evalharness.importing.labels import asks, bare_question, label_of
from evalharness.importing.nouns import Block
from evalharness.importing.quotes import is_quoted
from evalharness.importing.tag_lines import tag_list
from evalharness.model.noun import Noun
from evalharness.text.parts import plain_title

_NAMED = re.compile(r"(?i)^(?:topic|question|theme|part|prompt|scenario|q)\s*#?\d{1,2}\s*(?:[:.)\u2013\u2014-]\s*|$)")
LEAST_PAIRS, PROSE, ASKED_RANK = 2, 8, 9
_NEXT = frozenset({"time", "note", "tone"})
_TELLS = re.compile(r"\b(?:I|my|we|our)\b.*[.!]\s.*\?", re.DOTALL)


class Opener(Noun):
    """A question: the block where its section begins, the one after its words, its words and its title."""

    at: int
    after: int
    text: str
    line: int
    rank: int
    title: str = ""


def find_openers(blocks: Sequence[Block], sections: Sequence[str] = ()) -> tuple[Opener, ...]:
    """Return the openers of all questions in order; `sections` are titles that an answer has inside of it."""
    titles = frozenset(plain_title(title) for title in sections)
    finder = _Finder(blocks, titles)
    found = finder.asked()
    found = sorted([*found, *finder.topics(found)], key=lambda opener: opener.at) or finder.pairs()
    return _merged(blocks, found)


class _Finder:
    """One look through the blocks; `_mode` is the label that the block before stands under."""

    def __init__(self, blocks: Sequence[Block], titles: frozenset[str]) -> None:
        self._blocks = blocks
        self._titles = titles

    def asked(self) -> list[Opener]:
        """Return the openers that ask something themselves, or say that a question follows."""
        found: list[Opener] = []
        mode, follow_number, at = "", 0, 0
        while at < len(self._blocks):
            block = self._blocks[at]
            label = label_of(block.text)
            opener = self._labelled(at) if label and label.kind == "question" and mode != "probe" else None
            if opener is None and label is None and self._opens(at, mode, follow_number, found):
                opener = Opener(at=at, after=at + 1, text=_words(block.text), line=block.line, rank=block.rank)
            if opener:
                found.append(opener)
                mode, follow_number, at = "", 0, opener.after
                continue
            mode = label.kind if label and label.kind != "time" else mode
            mode = "" if block.kind == "heading" and not label else mode
            follow_number = block.number if mode == "follow_up" and not label else 0
            at += 1
        return found

    def topics(self, found: Sequence[Opener]) -> list[Opener]:
        """Return headings over an answer for which no question of its own was found."""
        more: list[Opener] = []
        last = -1
        taken = {at for opener in found for at in range(opener.at, opener.after)}
        for at in range(len(self._blocks)):
            if at in taken:
                last = at
            if not self._is_answer(at):
                continue
            heads = [k for k in range(last + 1, at) if self._is_topic(k)]
            if heads and (last < 0 or self._fresh(last, heads[-1])):
                more.append(self._topic(heads[-1], at))
            last = at
        return more

    def pairs(self) -> list[Opener]:
        """Return what asks and has prose under it, for a document that marks its questions by nothing else.

        Two at least, and all of one make: so a lone rhetorical question opens nothing.
        """
        found = [at for at in range(len(self._blocks) - 1) if self._is_pair(at)]
        makes = Counter(_make(self._blocks[at]) for at in found)
        usual, count = makes.most_common(1)[0] if makes else (None, 0)
        if count < LEAST_PAIRS:
            return []
        return [
            Opener(at=at, after=at + 1, text=_words(self._blocks[at].text), line=self._blocks[at].line, rank=ASKED_RANK)
            for at in found
            if _make(self._blocks[at]) == usual
        ]

    def _is_pair(self, at: int) -> bool:
        block, after = self._blocks[at], self._blocks[at + 1]
        return (
            asks(block.text)
            and not _TELLS.search(block.text)
            and plain_title(block.text) not in self._titles
            and not asks(after.text)
            and after.kind in {"para", "item"}
            and len(after.text.split()) >= PROSE
        )

    def _topic(self, head: int, answer: int) -> Opener:
        """Return the opener of a topic; a request between it and its answer holds the question's words."""
        block = self._blocks[head]
        words = next(
            (k for k in range(head + 1, answer) if asks(self._blocks[k].text) and self._blocks[k].kind != "item"), None
        )
        if words is None:
            return Opener(at=head, after=head + 1, text=_words(block.text), line=block.line, rank=block.rank)
        own = self._blocks[words]
        return Opener(at=head, after=words + 1, text=_words(own.text), line=own.line, rank=block.rank, title=block.text)

    def _fresh(self, last: int, head: int) -> bool:
        """Return whether the heading stands as high as the question before, so that it begins another one."""
        before = [block.rank for block in self._blocks[: last + 1] if block.heads and not label_of(block.text)]
        return not before or self._blocks[head].rank <= max(before)

    def _is_answer(self, at: int) -> bool:
        label = label_of(self._blocks[at].text)
        return label is not None and label.kind == "answer"

    def _is_topic(self, at: int) -> bool:
        block = self._blocks[at]
        return (
            block.heads
            and label_of(block.text) is None
            and tag_list(block.text) is None
            and plain_title(block.text) not in self._titles
        )

    def _labelled(self, at: int) -> Opener | None:
        """Return the opener at a "Question:" label; its words may stand in the next block."""
        block = self._blocks[at]
        label = label_of(block.text)
        if label is None:
            return None
        if label.rest:
            return Opener(at=at, after=at + 1, text=_words(label.rest), line=block.line, rank=block.rank)
        after = self._blocks[at + 1] if at + 1 < len(self._blocks) else None
        if after is None or label_of(after.text):
            return None
        return Opener(at=at, after=at + 2, text=_words(after.text), line=after.line, rank=block.rank)

    def _opens(self, at: int, mode: str, follow_number: int, found: Sequence[Opener]) -> bool:
        block = self._blocks[at]
        if not asks(block.text) or plain_title(block.text) in self._titles:
            return False
        before = self._blocks[at - 1] if at else block
        if not block.heads and (_TELLS.search(block.text) or (block.quote and before.quote and at)):
            return False
        if block.kind == "heading":
            return not (mode == "follow_up" and found and block.level > found[-1].rank)
        above = label_of(before.text)
        if mode == "follow_up" and above and not above.rest and not self._labelled_answer(at + 1):
            return False
        if mode in {"follow_up", "note", "tone"}:
            continues = block.number > 0 and block.number == follow_number + 1
            return not continues and not (block.kind == "item" and not block.number) and self._answered(at)
        if mode == "answer" and not (block.heads and block.number != 0):
            return (block.bold and not block.quote) or self._labelled_next(at)
        if block.quote or (block.kind == "item" and not block.number and not block.bold):
            return self._answered(at) and not mode
        if block.heads:
            return True
        return self._answered(at)

    def _labelled_answer(self, at: int) -> bool:
        return at < len(self._blocks) and self._is_answer(at)

    def _labelled_next(self, at: int) -> bool:
        """Return whether an answer label or a quotation stands in the next block."""
        after = self._blocks[at + 1] if at + 1 < len(self._blocks) else None
        label = label_of(after.text) if after else None
        return after is not None and ((label is not None and label.kind == "answer") or is_quoted(after.text))

    def _answered(self, at: int) -> bool:
        """Return whether what follows reads like an answer: a label, a quotation, tags."""
        for block in self._blocks[at + 1 : at + 3]:
            label = label_of(block.text)
            if label:
                return label.kind == "answer" or (label.kind in _NEXT and self._blocks[at].heads)
            if tag_list(block.text) or is_quoted(block.text) or block.quote:
                return True
            if asks(block.text) or block.heads:
                return False
            return self._blocks[at].heads and len(block.text.split()) >= 20
        return False


def _make(block: Block) -> tuple[str, int, bool, bool]:
    return block.kind, block.level, block.quote, block.number > 0


def _merged(blocks: Sequence[Block], found: Sequence[Opener]) -> tuple[Opener, ...]:
    """Return the openers with their titles; a topic directly followed by its question is one of them."""
    merged: list[Opener] = []
    for opener in found:
        last = merged[-1] if merged else None
        if (
            last
            and opener.at == last.after
            and blocks[last.at].heads
            and not _same_make(blocks[last.at], blocks[opener.at])
        ):
            title = last.title or last.text
            merged[-1] = Opener(
                at=last.at, after=opener.after, text=opener.text, line=opener.line, rank=last.rank, title=title
            )
        else:
            merged.append(_titled(blocks, opener, found, last.after if last else 0))
    return tuple(merged)


def _same_make(one: Block, other: Block) -> bool:
    return one.rank == other.rank and bool(one.number) == bool(other.number)


def _titled(blocks: Sequence[Block], opener: Opener, found: Sequence[Opener], start: int) -> Opener:
    """Return the opener with the heading directly above as its title."""
    above = blocks[opener.at - 1] if opener.at > start else None
    own = blocks[opener.at]
    if (
        above is None
        or not above.heads
        or above.rank >= own.rank
        or ((label := label_of(above.text)) and label.kind != "time")
        or (above.kind == "heading" and above.level == 1)
    ):
        return opener
    if above.number == 0 and any(_between(blocks, opener, other, above) for other in found if other.at > opener.at):
        return opener
    title = _NAMED.sub("", above.text).strip()
    return Opener(
        at=opener.at - 1, after=opener.after, text=opener.text, line=opener.line, rank=above.rank, title=title
    )


def _between(blocks: Sequence[Block], opener: Opener, other: Opener, above: Block) -> bool:
    """Return whether another question stands under the same heading, which so is the title of none."""
    return not any(b.kind == "heading" and b.rank <= above.rank for b in blocks[opener.after : other.at + 1])


def _words(text: str) -> str:
    named = _NAMED.match(text)
    return bare_question(text[named.end() :] if named and named.end() < len(text) else text)
