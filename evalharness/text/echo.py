"""text, what others wrote -> how much of it is theirs, word run by word run.

Words are compared by their skeleton: accents, case, invisible characters and look-alike letters of other scripts make
no difference, nor does any punctuation.  So a pasted sentence is known with a comma added, across two pasted
sentences, or in Cyrillic letters that look Latin.  Whoever bends the words or puts them in another order is known by
the long words of one sentence of the others that stand close together.
"""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence

from evalharness.text.patterns import Lazy
from evalharness.text.scripts import BLANKLESS
from evalharness.text.shapes import latin, plain
from evalharness.text.words import sentences

RUN = 3
SHORT = 8
"""So many words in a row that others wrote are taken over; one more in texts of fewer than `SHORT` words."""

CHARACTERS = 8
"""So many characters in a row are taken over where a script sets no blanks, so that each of them is a word."""

MOST = 0.6
"""A text of which so much is taken over from question or rubric is an echo."""

MOST_CONTEXT = 0.8
"""So it is of the context, which people may well repeat in order to make something of it."""

LONG = 4
"""Words of so many letters say what a sentence is about."""

WINDOW = 6
"""Of so many long words in a row all but one are in one sentence of others, or all of them where there are fewer."""

FEW = 4
"""Fewer long words than this are nobody's."""

_MOST_TOGETHER = 40
_MOST_WORDS = 400
_ENDINGS = ("ingly", "edly", "ings", "ing", "ied", "ies", "ed", "es", "ly", "er", "or", "s", "e")
_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_LETTERS = rf"(?:(?![{BLANKLESS}])[^\W_])+"
_ANY_WORD = Lazy(rf"(?=[^\W_])[{BLANKLESS}]|{_LETTERS}(?:['\u2019]{_LETTERS})*")


def skeletons(text: str) -> tuple[str, ...]:
    """Return the words of `text` as skeletons."""
    bare = _bare(text)
    rule = _WORD if bare.isascii() else _ANY_WORD
    return tuple(skeleton(match.group()) for match in rule.finditer(bare))


@functools.lru_cache(maxsize=1024)
def is_echo(text: str, texts: tuple[str, ...], most: float = MOST) -> bool:
    """Return whether so much of `text` is taken over, in runs of words, from one or several of `texts`."""
    return share(skeletons(text), runs(texts)) >= most


@functools.lru_cache(maxsize=1024)
def is_reworded(text: str, texts: tuple[str, ...], most: float = MOST) -> bool:
    """Return whether so much of `text` are words of single sentences of `texts`, bent or in another order."""
    words = _stems(text)[:_MOST_WORDS]
    size = min(WINDOW, len(words))
    if size < FEW:
        return False
    needed = size - 1 if size == WINDOW else size
    wanted = frozenset(words)
    by_word = _vocabularies(texts)
    shared = Counter(itertools.chain.from_iterable(by_word.get(word, ()) for word in wanted))
    near = [known for known, words_shared in shared.items() if words_shared >= min(needed, len(wanted))]
    covered: set[int] = set()
    for at in range(len(words) - size + 1):
        window = words[at : at + size]
        if any(sum(word in known for word in window) >= needed for known in near):
            covered.update(range(at, at + size))
    return len(covered) >= most * len(words)


def long_words(text: str) -> int:
    """Return how many words of `text` say what it is about."""
    return len(_stems(text))


def share(words: Sequence[str], known: frozenset[tuple[str, ...]]) -> float:
    """Return the share of `words` within runs that are `known`; shorter texts count where all of them is known."""
    if not words:
        return 0.0
    run = CHARACTERS if 2 * sum(map(_is_character, words)) > len(words) else RUN if len(words) >= SHORT else RUN + 1
    size = min(run, len(words))
    covered: set[int] = set()
    for at in range(len(words) - size + 1):
        if tuple(words[at : at + size]) in known:
            covered.update(range(at, at + size))
    return len(covered) / len(words)


@functools.lru_cache(maxsize=64)
def runs(texts: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    """Return every run of up to `RUN` + 1 words of the texts, or of up to `CHARACTERS` characters."""
    return frozenset().union(*map(_runs_of, texts))


@functools.lru_cache(maxsize=1024)
def _runs_of(text: str) -> frozenset[tuple[str, ...]]:
    words = skeletons(text)
    sizes = range(1, (CHARACTERS if any(map(_is_character, words)) else RUN + 1) + 1)
    return frozenset(words[at : at + size] for size in sizes for at in range(len(words) - size + 1))


@functools.lru_cache(maxsize=64)
def _vocabularies(texts: tuple[str, ...]) -> Mapping[str, tuple[frozenset[str], ...]]:
    """Return, for each stem of a long word, the stems of the texts, and of the sentences of long ones, that hold it."""
    whole = {frozenset(_stems(text)) for text in texts}
    long = (text for text in texts if len(_stems(text)) > _MOST_TOGETHER)
    parts = {frozenset(_stems(sentence.text)) for text in long for sentence in sentences(text)}
    found: dict[str, tuple[frozenset[str], ...]] = {}
    for known in {known for known in whole if len(known) <= _MOST_TOGETHER} | parts:
        for stem in known:
            found[stem] = (*found.get(stem, ()), known)
    return found


@functools.lru_cache(maxsize=1024)
def _stems(text: str) -> tuple[str, ...]:
    return tuple(_stem(word) for word in skeletons(text) if len(word) >= LONG)


def _stem(word: str) -> str:
    """Return a word without its English endings, well enough to compare two forms of it."""
    bare = word.removesuffix("'s").replace("'", "")
    while ending := next((each for each in _ENDINGS if bare.endswith(each) and len(bare) - len(each) >= LONG - 1), ""):
        bare = bare.removesuffix(ending)
    return bare[:-1] if len(bare) >= LONG and bare[-1] == bare[-2] else bare


def _is_character(word: str) -> bool:
    return len(word) == 1 and not word.isascii()


def _bare(text: str) -> str:
    """Return `text` without the characters that nobody sees, and with letters apart from their accents."""
    if text.isascii():
        return text
    apart = unicodedata.normalize("NFKD", text)
    return "".join(c for c in apart if unicodedata.category(c) not in ("Cf", "Mn", "Me"))


@functools.lru_cache(maxsize=8192)
def skeleton(word: str) -> str:
    """Return one word as it is compared."""
    bare = _bare(word)
    if not bare.isascii() and any(map(str.isascii, bare)):  # among Latin letters, a capital is what it looks like
        bare = latin(bare)
    return latin(plain(bare.casefold())).replace("\u2019", "'")
