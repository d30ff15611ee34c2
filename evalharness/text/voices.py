"""what was said, a question -> whether it was asked there, and which sentence of an answer an interviewer said."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from evalharness.text import words as prose

ALIKE: Final = 0.6
"""So many of a question's own words must be in what the interviewer says."""
LEAST: Final = 2
_TO_YOU = re.compile(r"\b(?:you|your)\b[^?]*\?|[\u4f60\u60a8][^?\uff1f]*[?\uff1f]", re.IGNORECASE)


class Likeness(NamedTuple):
    """How much of a question is in what was said: exactly, the share of its own words, and how many that are."""

    exact: int
    share: float
    common: int

    def is_asked(self, question: str) -> bool:
        """Return whether that is enough to say that the question was asked."""
        return bool(self.exact) or (self.share >= ALIKE and self.common >= min(LEAST, len(content(question))))


def likeness(question: str, said: str) -> Likeness:
    """Return how much of `question` is in what was `said`."""
    exact = len(question) if f" {_spelled(question)} " in f" {_spelled(said)} " else 0
    own = content(question)
    common = len(own & content(said))
    return Likeness(exact, common / len(own) if own else 0.0, common)


def content(text: str) -> frozenset[str]:
    """Return the words that tell one question from another: the longer ones; characters in Chinese and Japanese."""
    folded = (prose.fold_text(word.text).removesuffix("'s") for word in prose.words(text))
    return frozenset(_stem(word) for word in folded if len(word) > 3 or prose.is_blankless(word))


def other_voice(answer: str, question: str) -> str:
    """Return the first sentence of an answer that an interviewer seems to have said; nothing where there is none.

    The question itself among the first three sentences, or a question to "you" before the last sentence.
    """
    sentences = [each.text for each in prose.sentences(answer)]
    for place, sentence in enumerate(sentences[:-1]):
        begins = place < 3 and likeness(question, sentence).is_asked(question)
        if begins or _TO_YOU.search(sentence):
            return " ".join(sentence.split())
    return ""


def _spelled(text: str) -> str:
    return " ".join(prose.fold_text(word.text) for word in prose.words(text))


def _stem(word: str) -> str:
    return word[:-1] if word.endswith("s") and len(word) > 4 else word
