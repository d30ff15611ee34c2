"""text of an answer and its recording's clock -> when each word was said, and what that measures."""

from __future__ import annotations

import bisect
import difflib
import functools
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, pairwise, takewhile
from typing import Final, NamedTuple

from evalharness.model.noun import Noun
from evalharness.model.timing import Precision, Said, Timing
from evalharness.text import words as prose

PAUSE: Final = 0.5
"""Seconds of silence that a listener notices."""
SAME: Final = 0.6
"""So much of a text must be in the recording for the recording to be its own."""
STEP: Final = 10.0
"""Seconds of one point of the pace."""
RUN: Final = 5
"""Fewer equal words in a row may be chance."""


class Pause(Noun):
    """A silence within a turn: when it begins, how long it is, and where in the text it is (after which character)."""

    at: float
    length: float
    offset: int


class Stretch(NamedTuple):
    """A word of the text and when it was said; `turn` counts the speaker's turns."""

    start: int
    end: int
    begins: float
    ends: float
    turn: int


class _Heard(NamedTuple):
    text: str
    begins: float
    ends: float
    turn: int


class Timeline(NamedTuple):
    """When the words of one text were said.  Seconds are of the recording; `spoken` leaves out what others said."""

    words: tuple[Stretch, ...]
    timing: Timing
    said: int

    @property
    def begins(self) -> float:
        """Return when the first word begins."""
        return self.words[0].begins

    @property
    def ends(self) -> float:
        """Return when the last word ends."""
        return max(word.ends for word in self.words)

    @property
    def turns(self) -> tuple[tuple[float, float], ...]:
        """Return from when to when the speaker has the word."""
        found: dict[int, tuple[float, float]] = {}
        for word in self.words:
            first, last = found.get(word.turn, (word.begins, word.ends))
            found[word.turn] = (min(first, word.begins), max(last, word.ends))
        return tuple(found.values())

    @property
    def seconds(self) -> float:
        """Return how long the speaker has the word, pauses included."""
        return sum(end - start for start, end in self.turns)

    @property
    def pace(self) -> float | None:
        """Return the words a minute, pauses included; None where no time passes."""
        return 60 * self.said / self.seconds if self.seconds > 0 else None

    @property
    def has_open_end(self) -> bool:
        """Return whether the transcript does not tell when the last words end."""
        return self.timing.turns[self.words[-1].turn].open

    @property
    def pauses(self) -> tuple[Pause, ...] | None:
        """Return the pauses within the speaker's turns, in order; None where the transcript cannot tell.

        Cues tell of silence between them and never within one.
        """
        several = any(len(turn.said) > 1 for turn in self.timing.turns)
        return tuple(self._pauses()) if self.timing.precision is not Precision.TURNS and several else None

    def at(self, offset: int) -> float | None:
        """Return when the word at a place of the text, or the next one, was said; None behind the last."""
        place = bisect.bisect_right(self.words, offset, key=lambda word: word.end - 1)
        return self.words[place].begins if place < len(self.words) else None

    def until(self, offset: int) -> float:
        """Return when the last word before a place of the text ends."""
        place = bisect.bisect_left(self.words, offset, key=lambda word: word.start)
        return self.words[max(0, place - 1)].ends

    def after(self, offset: int) -> float | None:
        """Return how long the speaker had spoken when he came to a place of the text; others' turns do not count."""
        when = self.at(offset)
        return None if when is None else sum(max(0.0, min(end, when) - start) for start, end in self.turns)

    def paces(self, step: float = STEP) -> Iterator[tuple[float, float, float]]:
        """Yield (from, to, words a minute) over the answer; the rest of a turn joins what is before it."""
        for start, end in self.turns:
            many = max(1, round((end - start) / step))
            width = (end - start) / many
            for place in range(many if width > 0 else 0):
                low, high = start + place * width, start + (place + 1) * width
                count = sum(_share(word, low, high) for word in self.words if word.begins < high and word.ends >= low)
                yield low, high, 60 * count / width

    def _pauses(self) -> Iterator[Pause]:
        for before, after in pairwise(self.words):
            gap = after.begins - before.ends
            if before.turn == after.turn and gap >= PAUSE:
                yield Pause(at=round(before.ends, 3), length=round(gap, 3), offset=before.end)


def _share(word: Stretch, low: float, high: float) -> float:
    length = word.ends - word.begins
    if length <= 0:
        return 1.0 if low <= word.begins < high else 0.0
    return max(0.0, min(word.ends, high) - max(word.begins, low)) / length


@functools.lru_cache(maxsize=64)
def timeline(spoken: str, timing: Timing | None) -> Timeline | None:
    """Return the clock of what one says; None where there is no recording, or one of another text."""
    if timing is None or not timing.turns:
        return None
    words = prose.words(spoken)
    heard = list(_heard(timing))
    pairs = list(_matched([prose.fold_text(w.text) for w in words], [h.text for h in heard]))
    if not pairs or len(pairs) < SAME * len(words):
        return None
    found = tuple(
        Stretch(words[a].start, words[a].end, heard[b].begins, heard[b].ends, heard[b].turn) for a, b in pairs
    )
    first, last = pairs[0][1], pairs[-1][1]
    said = prose.word_count(" ".join(h.text for h in heard[first : last + 1]))
    return Timeline(_without_swallowed(found, heard[first : last + 1]), timing, said)


def _without_swallowed(found: tuple[Stretch, ...], heard: Sequence[_Heard]) -> tuple[Stretch, ...]:
    """Return words of the text stretched over recorded ones that it leaves out, so that no pause is made of them."""
    result = list(found)
    at = {h.begins: n for n, h in enumerate(heard)}
    for place, (before, after) in enumerate(pairwise(found)):
        start, end = at.get(before.begins, 0), at.get(after.begins, 0)
        between = [h for h in heard[start + 1 : end] if h.turn == before.turn]
        if between:
            row = [heard[start], *between, heard[end]]
            gap = max(range(len(row) - 1), key=lambda n: row[n + 1].begins - row[n].ends)
            result[place] = result[place]._replace(ends=max(before.ends, row[gap].ends))
            result[place + 1] = result[place + 1]._replace(begins=min(after.begins, row[gap + 1].begins))
    return tuple(result)


def _heard(timing: Timing) -> Iterator[_Heard]:
    """Yield the recorded words one by one; where several share a time, each gets its part of it by its length."""
    for number, turn in enumerate(timing.turns):
        for said in turn.said:
            yield from _pieces(said, number)


def _pieces(said: Said, turn: int) -> Iterator[_Heard]:
    words = prose.words(said.text)
    whole = sum(word.end - word.start for word in words)
    at = said.start
    for word in words:
        end = at + (said.end - said.start) * (word.end - word.start) / whole
        yield _Heard(prose.fold_text(word.text), at, end if word is not words[-1] else said.end, turn)
        at = end


def _matched(written: Sequence[str], heard: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the places of words that are in both, in order; what is equal at both ends is not searched for."""
    head = _same(zip(written, heard, strict=False), len(written))
    left = min(len(written), len(heard)) - head
    tail = _same(islice(zip(reversed(written), reversed(heard), strict=False), left), len(written))
    rest = written[head : len(written) - tail], heard[head : len(heard) - tail]
    blocks = difflib.SequenceMatcher(None, *rest, autojunk=False).get_matching_blocks()[:-1]
    near = _near([(head + b.a, head + b.b, b.size) for b in blocks])
    for first, second, size in ((0, 0, head), *near, (len(written) - tail, len(heard) - tail, tail)):
        yield from ((first + step, second + step) for step in range(size))


def _same(pairs: Iterable[tuple[str, str]], whole: int) -> int:
    """Return how many pairs are equal before the first that is not; a few words of many may be so by chance."""
    count = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    return count if count >= min(whole, RUN) else 0


def _near(blocks: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Return blocks without short ones at either end that lie far from the others in the recording alone."""
    for end, next_ in ((0, 1), (-1, -2)):
        while len(blocks) > 1 and blocks[end][2] < RUN:
            apart = abs(blocks[next_][0] - blocks[end][0])
            if abs(blocks[next_][1] - blocks[end][1]) <= 3 * apart + RUN:
                break
            blocks.pop(end)
    return blocks
