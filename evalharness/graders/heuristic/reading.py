"""part -> everything the signals need, worked out once and shared by all criteria of a case."""

from __future__ import annotations

import bisect
import functools
import itertools
from collections.abc import Container, Iterable, Iterator
from typing import NamedTuple

from evalharness.graders.heuristic import clauses, own
from evalharness.graders.heuristic.clean import Clean, Sentence, Token, clean
from evalharness.graders.heuristic.lexicon import ACTIONS, CONNECTIVES, MARKERS, NO_PRICE, PAID, PRESENT, SKIPPED
from evalharness.graders.heuristic.phrases import Index
from evalharness.text import quantities, speech
from evalharness.text.numerals import is_number, word_set

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
    """Stretches of the part that a criterion reads; empty means all of it.

    `notes` says that words count in a note too ("one lane per hospital"), not only in a sentence that says something.
    """

    ranges: tuple[tuple[int, int], ...] = ()
    notes: bool = False

    def holds(self, offset: int) -> bool:
        """Return whether `offset` is read."""
        return not self.ranges or any(start <= offset < end for start, end in self.ranges)


class Reading:
    """The cleaned part with an index of its words.  Holds nothing of any criterion."""

    def __init__(self, text: str, cleaned: Clean, known: own.Known) -> None:
        self.text = text
        self._known = known
        self.clean = cleaned
        self.tokens: list[Token] = []
        self.sentence_of: list[int] = []
        for number, sentence in enumerate(cleaned.sentences):
            if not sentence.figures_only:
                for token in sentence.tokens:
                    self.tokens.append(token)
                    self.sentence_of.append(number)
        self.words = [token.word for token in self.tokens]
        self.index = Index(self.words, self.sentence_of)
        self._starts = [sentence.start for sentence in cleaned.sentences]

    def phrase(self, phrase: str) -> Iterable[Hit]:
        """Return where a phrase is: `word*` begins so, `...` is a gap; never across sentences."""
        places, tokens = self.index.phrase(phrase), self.tokens
        return (Hit(tokens[first].start, tokens[last - 1].end, phrase) for first, last in places) if places else ()

    def word_count(self, scope: Scope, held: Container[int] | None = None) -> int:
        """Return how many words are read that are not numbers; where `held` is given, only in these sentences."""
        return sum(
            not is_number(token.word) and (held is None or number in held) and scope.holds(token.start)
            for token, number in zip(self.tokens, self.sentence_of, strict=True)
        )

    def sentence(self, offset: int) -> int:
        """Return the index of the kept sentence that holds `offset`."""
        return bisect.bisect_right(self._starts, offset) - 1

    @functools.cached_property
    def _says(self) -> tuple[bool, ...]:
        """Return of each kept sentence whether it has a subject, a verb and an object, and is English at all."""
        return tuple(self._says_something(sentence) for sentence in self.clean.sentences)

    def _says_something(self, sentence: Sentence) -> bool:
        words = [token.word for token in sentence.tokens if not is_number(token.word)]
        asks = self.text[sentence.start : sentence.end].endswith("?")
        return (asks or clauses.says_something(words)) and not clauses.is_broken(words)

    def counts(self, hit: Hit, scope: Scope) -> bool:
        """Return whether `scope` reads `hit`, and its sentence says something (or is a note, where notes do)."""
        return scope.holds(hit.start) and (scope.notes or self._says[self.sentence(hit.start)])

    @functools.cached_property
    def own(self) -> own.Own:
        """Return how many words of each kept sentence are the speaker's own."""
        return own.count(self.index, self.clean.sentences, self._known)

    @functools.cached_property
    def tells_an_event(self) -> bool:
        """Return whether the part tells that somebody did something, in words of its own."""
        return own.tells_an_event(self.clean.sentences, self.own)

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
        starts = sorted(at for word in ("i", "i've", "i'd") for at in self.index.places.get(word, ()))
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
def read(
    text: str, rubric: tuple[str, ...], question: tuple[str, ...], known: own.Known, context: tuple[str, ...] = ()
) -> Reading:
    """Return the reading of a part's text, kept for the other criteria of the same case.

    What is nothing but words that the rubric looks for is left out, as word lists are, alone or behind an answer.
    """
    reading = Reading(text, clean(text, rubric, question, context), known)
    listed = own.listed(reading.own) | own.apart(reading.own)
    return Reading(text, own.without(reading.clean, text, listed), known) if listed else reading


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


def _skipped(word: str) -> bool:
    return word in SKIPPED or (word.endswith("ly") and len(word) > 4)
