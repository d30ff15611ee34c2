"""words of sentences -> where a phrase stands: `word*` begins so, `...` is a gap; never across sentences."""

from __future__ import annotations

import bisect
import functools
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from evalharness.graders.heuristic.clean import tokens

GAP = 6
"""At most so many words stand where a phrase says `...`."""


class Index:
    """Words with the number of the sentence that each belongs to, indexed by word."""

    def __init__(self, words: Sequence[str], sentence_of: Sequence[int]) -> None:
        self.words = words
        self.sentence_of = sentence_of
        self.places: dict[str, list[int]] = {}
        for place, word in enumerate(words):
            self.places.setdefault(word, []).append(place)
        self._vocabulary = sorted(self.places)

    def possible(self, phrases: tuple[str, ...]) -> list[str]:
        """Return those of the phrases that may be here: all words are that a phrase asks for as they are."""
        here = self.places.keys()
        return [phrase for phrase, literals in asked_for(phrases) if here >= literals]

    def phrase(self, phrase: str) -> Iterable[tuple[int, int]]:
        """Return (first word, word after the last) of every place where a phrase is."""
        pattern, literals = compiled(phrase)
        if not pattern or not self.places.keys() >= literals:
            return ()
        places = self._positions(pattern[0])
        if not places:
            return ()
        ends = ((at, self._match(pattern, at) if len(pattern) > 1 else at + 1) for at in places)
        return ((at, end) for at, end in ends if end)

    def _positions(self, word: str) -> list[int]:
        if not word.endswith("*"):
            return self.places.get(word, [])
        stem = word[:-1]
        first = bisect.bisect_left(self._vocabulary, stem)
        found: list[int] = []
        while first < len(self._vocabulary) and self._vocabulary[first].startswith(stem):
            found += self.places[self._vocabulary[first]]
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


class Compiled(NamedTuple):
    """The words of a phrase folded (`word*` matches what begins so), and those that a text must hold as they are."""

    pattern: tuple[str, ...]
    literals: frozenset[str]


@functools.lru_cache(maxsize=8192)
def compiled(phrase: str) -> Compiled:
    """Return what is looked for where `phrase` is."""
    words: list[str] = []
    for piece in phrase.split():
        if piece == "...":
            words.append(piece)
            continue
        found = [token.word for token in tokens(piece)]
        if found and piece.endswith("*"):
            found[-1] += "*"
        words += found
    return Compiled(tuple(words), frozenset(word for word in words if word[-1] not in "*."))


@functools.lru_cache(maxsize=1024)
def asked_for(phrases: tuple[str, ...]) -> tuple[tuple[str, frozenset[str]], ...]:
    """Return each phrase once, with the words that a text must hold as they are."""
    return tuple((phrase, compiled(phrase).literals) for phrase in dict.fromkeys(phrases))


def _same(pattern: str, word: str) -> bool:
    return word == pattern or (pattern[-1] == "*" and word.startswith(pattern[:-1]))
