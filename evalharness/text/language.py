"""text -> whether it is English.  Fillers, hedges, 'I' and 'we' and number words are known in English alone.

What is counted by English words is not measured in an answer in another language: zero fillers would be no praise.
"""

from __future__ import annotations

import functools
import re
from typing import Final

_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[A-Za-z\u00aa-\u024f\u1e00-\u1eff]")

# Words that every English text has, and hardly any text in another language.
_ENGLISH: Final = frozenset(
    "the and that with they this but not from were our what which when it my because would could there".split()
)
ENOUGH: Final = 30
"""So many words have to be there before a text in Latin letters can be called another language."""
LEAST: Final = 0.03
OTHER_LETTERS: Final = 0.3


@functools.lru_cache(maxsize=64)
def is_english(text: str) -> bool:
    """Return whether `text` is English, or too short to say."""
    words = [word.lower() for word in _WORD.findall(text)]
    letters = sum(map(len, words))
    if not letters:
        return True
    if not text.isascii():
        latin = sum(1 for _ in _LATIN.finditer("".join(words)))
        if latin < (1 - OTHER_LETTERS) * letters:
            return False
    return len(words) < ENOUGH or sum(word in _ENGLISH for word in words) >= LEAST * len(words)
