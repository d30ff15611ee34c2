"""text -> the language it is in.  Fillers, hedges and the like are known of a few languages, and of no other.

What is counted by the words of a language is not measured in an answer in another one: zero fillers would be no praise.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
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
    "the and that with they this but not from were our what which when it my because would could there how why who "
    "their them than about then been into out over your us did does can should where while through after before".split()
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
_SMALL: Final = frozenset("i a an to of in is was we for on at had be as so do you have by or if he she i'm".split())
FEW, SOME, ENOUGH = 10, 20, 30
"""With fewer words than `FEW` nothing is said of a text in Latin letters; below `ENOUGH` only what shows clearly."""
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
    english = sum(word in _ENGLISH for word in words)
    if len(words) >= ENOUGH or len(words) < FEW:
        return len(words) < FEW or english >= LEAST * len(words)
    return english > 0 or not (_foreign(words) or (len(words) >= SOME and _SMALL.isdisjoint(words)))


def _foreign(words: Sequence[str]) -> bool:
    """Return whether a short text without a word of English has letters or usual words of other languages."""
    accented = sum(any(not letter.isascii() for letter in word) for word in words)
    typical = max(sum(word in known for word in words) for known in _TYPICAL.values())
    return accented >= 2 or typical >= SURE * len(words)


@functools.lru_cache(maxsize=64)
def of(text: str) -> str:
    """Return the code of the language that `text` is in, among `NAMES`; `OTHER` where it is none of them."""
    kana, han = sum(1 for _ in _KANA.finditer(text)), sum(1 for _ in _HAN.finditer(text))
    letters = sum(map(len, _WORD.findall(text))) if kana + han else 0
    if letters and kana + han >= CHARACTERS * letters:
        return "ja" if kana >= 0.1 * (kana + han) else "zh"
    if is_english(text):
        return "en"
    words = [word.lower() for word in _WORD.findall(text)]
    shares = {code: sum(word in typical for word in words) for code, typical in _TYPICAL.items()}
    best = max(shares, key=lambda code: shares[code])
    return best if shares[best] >= SURE * len(words) else OTHER
