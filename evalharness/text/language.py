"""text -> the language it is in.  Fillers, hedges and the like are known of a few languages, and of no other.

What is counted by the words of a language is not measured in an answer in another one: zero fillers would be no praise.
"""

from __future__ import annotations

import functools
import re
from typing import Final

from evalharness.text.scripts import HAN, KANA

_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile(r"[A-Za-z\u00aa-\u024f\u1e00-\u1eff]")
_HAN, _KANA = re.compile(f"[{HAN}]"), re.compile(f"[{KANA}]")

NAMES: Final = {
    "en": "English",
    "de": "German",
    "es": "Spanish",
    "fr": "French",
    "pt": "Portuguese",
    "zh": "Chinese",
    "ja": "Japanese",
}
"""The languages whose fillers and hedges are known."""
OTHER: Final = ""
"""What `of` says of any other language."""

# Words that every text in the language has, and hardly any text in another.
_ENGLISH: Final = frozenset(
    "the and that with they this but not from were our what which when it my because would could there".split()
)
_TYPICAL: Final = {
    "de": "und ich der das nicht ist wir die ein eine mit auf auch sich war haben aber dass wie zu von dem den".split(),
    "es": (
        "el los las y que una con por pero como muy "
        "yo mi nosotros fue m\u00e1s est\u00e1 hab\u00eda del lo su cuando porque"
    ).split(),
    "fr": "le les et je nous une des est dans pour pas mais que qui avec sur c'est du au cette avons mon ce il".split(),
    "pt": (
        "o os e que uma com n\u00e3o mas eu n\u00f3s foi mais do da dos em um ao minha meu isso porque quando est\u00e1"
    ).split(),
}
ENOUGH: Final = 30
"""So many words have to be there before a text in Latin letters can be called another language."""
LEAST: Final = 0.03
SURE: Final = 0.08
OTHER_LETTERS: Final = 0.3
CHARACTERS: Final = 0.3


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


@functools.lru_cache(maxsize=64)
def of(text: str) -> str:
    """Return the code of the language that `text` is in, among `NAMES`; `OTHER` where it is none of them."""
    letters = sum(map(len, _WORD.findall(text)))
    kana, han = sum(1 for _ in _KANA.finditer(text)), sum(1 for _ in _HAN.finditer(text))
    if letters and kana + han >= CHARACTERS * letters:
        return "ja" if kana >= 0.1 * (kana + han) else "zh"
    if is_english(text):
        return "en"
    words = [word.lower() for word in _WORD.findall(text)]
    shares = {code: sum(word in typical for word in words) for code, typical in _TYPICAL.items()}
    best = max(shares, key=lambda code: shares[code])
    return best if shares[best] >= SURE * len(words) else OTHER
