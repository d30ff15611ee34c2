"""text, what others wrote -> how much of it is theirs, word run by word run.

Words are compared by their skeleton: accents, case, invisible characters and look-alike letters of other scripts make
no difference, nor does any punctuation.  So a pasted sentence is known with a comma added, across two pasted
sentences, or in Cyrillic letters that look Latin.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Sequence

RUN = 3
SHORT = 8
"""So many words in a row that others wrote are taken over; one more in texts of fewer than `SHORT` words."""

MOST = 0.6
"""A text of which so much is taken over from question or rubric is an echo."""

MOST_CONTEXT = 0.8
"""So it is of the context, which people may well repeat in order to make something of it."""

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_LOOK_ALIKE = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u04bb\u0501\u051b\u051d\u043a\u043c\u0442\u0432\u043d\u0438\u0433\u0437\u044a\u044c"
    "\u03b1\u03bf\u03bd\u03c1\u03c4\u03c5\u03c7\u03b9\u03ba\u03b5\u03b7\u03c9\u03b3\u0131\u0251\u0261\u026a\u0578\u0585\u057d\u0570\u1d0f\u1d04\u0142\u00f8\u0111",
    "aeopcyxijshdqwkmtbhur3bb" + "aovptuxikenwyiaginouhoclod",
)


def skeletons(text: str) -> tuple[str, ...]:
    """Return the words of `text` as skeletons."""
    return tuple(skeleton(match.group()) for match in _WORD.finditer(_bare(text)))


def is_echo(text: str, texts: Iterable[str], most: float = MOST) -> bool:
    """Return whether so much of `text` is taken over, in runs of words, from one or several of `texts`."""
    return share(skeletons(text), runs(tuple(texts))) >= most


def share(words: Sequence[str], known: frozenset[tuple[str, ...]]) -> float:
    """Return the share of `words` within runs that are `known`; shorter texts count where all of them is known."""
    if not words:
        return 0.0
    size = min(RUN if len(words) >= SHORT else RUN + 1, len(words))
    covered: set[int] = set()
    for at in range(len(words) - size + 1):
        if tuple(words[at : at + size]) in known:
            covered.update(range(at, at + size))
    return len(covered) / len(words)


@functools.lru_cache(maxsize=64)
def runs(texts: tuple[str, ...]) -> frozenset[tuple[str, ...]]:
    """Return every run of up to `RUN` + 1 words of the texts."""
    return frozenset().union(*map(_runs_of, texts))


@functools.lru_cache(maxsize=1024)
def _runs_of(text: str) -> frozenset[tuple[str, ...]]:
    words = skeletons(text)
    sizes = range(1, RUN + 2)
    return frozenset(words[at : at + size] for size in sizes for at in range(len(words) - size + 1))


def _bare(text: str) -> str:
    """Return `text` without the characters that nobody sees, and with letters apart from their accents."""
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFKD", text)
    return "".join(c for c in plain if unicodedata.category(c) not in ("Cf", "Mn", "Me"))


@functools.lru_cache(maxsize=8192)
def skeleton(word: str) -> str:
    """Return one word as it is compared."""
    return _bare(word).casefold().translate(_LOOK_ALIKE).replace("\u2019", "'")
