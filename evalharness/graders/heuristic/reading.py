"""part -> everything the signals need, worked out once and shared by all criteria of a case."""

from __future__ import annotations

import bisect
import functools
import itertools
from collections.abc import Iterator
from typing import NamedTuple

from evalharness.graders.heuristic.clean import Clean, Token, clean, tokens
from evalharness.graders.heuristic.lexicon import ACTIONS, CONNECTIVES, MARKERS, NO_PRICE, PAID, PRESENT, SKIPPED
from evalharness.text import quantities, speech
from evalharness.text.numerals import is_number, word_set

GAP = 6
"""At most so many words stand where a phrase says `...`."""

PAID_WITHIN = 4
"""What was paid stands within so many words after it."""

CONTENT = 3
"""A turn of phrase counts only where its sentence has so many words of its own for each.

A connective ('because') counts only where two words follow it: it has something to connect.
"""
_LINKS = frozenset(CONNECTIVES)


class Hit(NamedTuple):
    """One thing found: `what` is its distinct name, `start` and `end` its place in the original part."""

    start: int
    end: int
    what: str


class Scope(NamedTuple):
    """Stretches of the part that a criterion reads; empty means all of it."""

    ranges: tuple[tuple[int, int], ...] = ()

    def holds(self, offset: int) -> bool:
        """Return whether `offset` is read."""
        return not self.ranges or any(start <= offset < end for start, end in self.ranges)


class Reading:
    """The cleaned part with an index of its words.  Holds nothing of any criterion."""

    def __init__(self, text: str, cleaned: Clean) -> None:
        self.text = text
        self.clean = cleaned
        self.tokens: list[Token] = []
        self.sentence_of: list[int] = []
        self.index: dict[str, list[int]] = {}
        for number, sentence in enumerate(cleaned.sentences):
            if not sentence.figures_only:
                for token in sentence.tokens:
                    self.index.setdefault(token.word, []).append(len(self.tokens))
                    self.tokens.append(token)
                    self.sentence_of.append(number)
        self.words = [token.word for token in self.tokens]
        self.vocabulary = sorted(self.index)
        self._counted = [token.start for token in self.tokens if not is_number(token.word)]
        self._starts = [sentence.start for sentence in cleaned.sentences]

    def phrase(self, phrase: str) -> Iterator[Hit]:
        """Yield where a phrase stands: `word*` begins so, `...` is a gap; never across sentences."""
        pattern = pattern_of(phrase)
        if not pattern or not all(map(self.index.__contains__, literals_of(phrase))):
            return
        for at in self._positions(pattern[0]):
            end = self._match(pattern, at) if len(pattern) > 1 else at + 1
            if end:
                yield Hit(self.tokens[at].start, self.tokens[end - 1].end, phrase)

    def word_count(self, scope: Scope) -> int:
        """Return how many words are read that are not numbers."""
        if not scope.ranges:
            return len(self._counted)
        ends = ((bisect.bisect_left(self._counted, a), bisect.bisect_left(self._counted, b)) for a, b in scope.ranges)
        return sum(last - first for first, last in ends)

    def sentence(self, offset: int) -> int:
        """Return the index of the kept sentence that holds `offset`."""
        return bisect.bisect_right(self._starts, offset) - 1

    @functools.cached_property
    def quantities(self) -> tuple[quantities.Quantity, ...]:
        """Return the quantities of the kept sentences."""
        return quantities.find(self.clean.text)

    @functools.cached_property
    def markers(self) -> dict[str, tuple[Hit, ...]]:
        """Return the turns of phrase by kind, those in sentences with too few words of their own left out."""
        found = {
            kind: [h for p in phrases for h in self.phrase(p) if p not in PAID or self._is_price(h)]
            for kind, phrases in MARKERS.items()
        }
        allowed = self._allowed({h for hits in found.values() for h in hits})
        return {kind: tuple(sorted(h for h in hits if h in allowed)) for kind, hits in found.items()}

    @functools.cached_property
    def ownership(self) -> tuple[Hit, ...]:
        """Return first-person singular with an action verb ('I built', 'I then wrote', 'and tested')."""
        starts = sorted(at for word in ("i", "i've", "i'd") for at in self.index.get(word, ()))
        return tuple(hit for at in starts for hit in self._actions(at))

    @functools.cached_property
    def questions(self) -> tuple[Hit, ...]:
        """Return the open questions: not to be answered with yes, no or a figure."""
        found = []
        for sentence in self.clean.sentences:
            said = self.text[sentence.start : sentence.end].rstrip("\"'\u201d\u2019)*_ ")
            words = tuple(t.word for t in sentence.tokens)
            if said.endswith("?") and is_open(words):
                found.append(Hit(sentence.start, sentence.end, " ".join(words)))
        return tuple(found)

    @functools.cached_property
    def filler_places(self) -> tuple[int, ...]:
        """Return where fillers and hedges stand in what is not repeated, cut sentences included.

        Padding that is cut can then not dilute them.
        """
        lines = "\n\n".join(self.clean.spoken)
        return tuple(h.start for h in (*speech.fillers(lines), *speech.hedges(lines)))

    def _positions(self, word: str) -> list[int]:
        if not word.endswith("*"):
            return self.index.get(word, [])
        stem = word[:-1]
        first = bisect.bisect_left(self.vocabulary, stem)
        found: list[int] = []
        while first < len(self.vocabulary) and self.vocabulary[first].startswith(stem):
            found += self.index[self.vocabulary[first]]
            first += 1
        return sorted(found)

    def _match(self, pattern: tuple[str, ...], at: int) -> int:
        """Return the index after the last word of the match that begins at `at`, or 0."""
        sentence, place = self.sentence_of[at], at + 1
        gap = 0
        for word in pattern[1:]:
            if word == "...":
                gap = GAP
                continue
            last = min(place + gap, len(self.words) - 1)
            while place <= last and not (self.sentence_of[place] == sentence and _same(word, self.words[place])):
                place += 1
            if place > last:
                return 0
            place, gap = place + 1, 0
        return place

    def _next(self, word: str, place: int, last: int, sentence: int) -> int:
        """Return the index after the first `word` from `place` to `last` within a sentence, or 0."""
        for at in range(place, min(last + 1, len(self.words))):
            if _same(word, self.words[at]) and self.sentence_of[at] == sentence:
                return at + 1
        return 0

    def _is_price(self, hit: Hit) -> bool:
        """Return whether what was paid is a price: 'we paid six weeks', and not 'we paid close attention'."""
        sentence = self.clean.sentences[self.sentence(hit.start)]
        words = [token.word for token in sentence.tokens if token.start >= hit.end][:PAID_WITHIN]
        object_ = itertools.takewhile(lambda word: word not in ("for", "with", "in"), words)
        return NO_PRICE.isdisjoint(object_)

    def _allowed(self, hits: set[Hit]) -> set[Hit]:
        by_sentence: dict[int, list[Hit]] = {}
        for hit in sorted(hits):
            by_sentence.setdefault(self.sentence(hit.start), []).append(hit)
        allowed: set[Hit] = set()
        for number, found in by_sentence.items():
            words = [t for t in self.clean.sentences[number].tokens if not is_number(t.word)]
            own = sum(not any(h.start <= t.start < h.end for h in found) for t in words)
            joining = (h for h in found if h.what not in _LINKS or sum(t.start >= h.end for t in words) >= 2)
            allowed.update(list(joining)[: own // CONTENT])
        return allowed

    def _actions(self, at: int) -> Iterator[Hit]:
        sentence, place = self.sentence_of[at], at + 1
        while place < len(self.words) and place <= at + 3 and _skipped(self.words[place]):
            place += 1
        while (
            place < len(self.words)
            and self.sentence_of[place] == sentence
            and (self.words[place] in ACTIONS or self.words[place] in PRESENT)
        ):
            yield Hit(self.tokens[at].start, self.tokens[place].end, self.words[place])
            place += 2 if place + 1 < len(self.words) and self.words[place + 1] == "and" else len(self.words)


@functools.lru_cache(maxsize=32)
def read(text: str, rubric: tuple[str, ...], question: tuple[str, ...]) -> Reading:
    """Return the reading of a part's text, kept for the other criteria of the same case."""
    return Reading(text, clean(text, rubric, question))


_WH = word_set("how what why which where whose")
_CLOSED = word_set("many much often long old far time year date percentage number")
_LEAD = word_set("can could would will may might")
_TELL = word_set("tell share describe say explain walk talk")


def is_open(words: tuple[str, ...]) -> bool:
    """Return whether a question of four words or more asks how, what, why, which or where, not for a figure.

    'Could you tell me how ...' is open too; 'Do you ...?' and 'How many ...?' are closed.
    """
    if len(words) < 4:
        return False
    head = words[:12]
    if words[0] in _LEAD and not _TELL.intersection(words[:5]):
        return False
    asks = [at for at, word in enumerate(head) if word in _WH]
    if not asks or (asks[0] > 0 and head[0] in _YES_NO):
        return False
    return head[asks[0] + 1 : asks[0] + 2] == () or words[asks[0] + 1] not in _CLOSED


_YES_NO = word_set(
    """
    do does did is are was were has have had should shall isn't aren't don't doesn't didn't am
    """
)


@functools.lru_cache(maxsize=4096)
def pattern_of(phrase: str) -> tuple[str, ...]:
    """Return the words of a phrase folded; a word that ends in `*` matches what begins so."""
    words: list[str] = []
    for piece in phrase.split():
        if piece == "...":
            words.append(piece)
            continue
        found = [token.word for token in tokens(piece)]
        if found and piece.endswith("*"):
            found[-1] += "*"
        words += found
    return tuple(words)


@functools.lru_cache(maxsize=4096)
def literals_of(phrase: str) -> tuple[str, ...]:
    """Return the words of a phrase that must stand in a text as they are."""
    return tuple(word for word in pattern_of(phrase) if word[-1] not in "*.")


def _same(pattern: str, word: str) -> bool:
    return word == pattern or (pattern[-1] == "*" and word.startswith(pattern[:-1]))


def _skipped(word: str) -> bool:
    return word in SKIPPED or (word.endswith("ly") and len(word) > 4)
