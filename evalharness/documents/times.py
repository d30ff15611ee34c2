"""words -> how many seconds they allow for speaking."""

from __future__ import annotations

import functools
import re

from evalharness.text.patterns import Lazy
from evalharness.text.words import sentences

_NUMBERS = dict(zip("half one two three four five six seven eight nine ten fifteen twenty thirty forty forty-five sixty ninety a".split(), (0.5, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20, 30, 40, 45, 60, 90, 1), strict=True))  # fmt: skip
_FRACTIONS = {"\u00bd": 0.5, "\u00bc": 0.25, "\u00be": 0.75}
_TIME = Lazy(
    r"(?<![\w.,])(?P<number>\d{1,4}(?:\.\d)?[\u00bc-\u00be]?|[a-z]{1,5}(?:-five)?)(?:[ -]|\b|(?<=\d))(?P<unit>seconds?|secs?|s|minutes?|mins?|min|m|[\u2032\u2033])"
    r"(?P<half> and a half)?(?![\w])", re.IGNORECASE)  # fmt: skip
_CLOCK = Lazy(r"(?<![\d:])(\d{1,2}):([0-5]\d)(?![\d:])")
_DATED = Lazy(r"\b(?:19|20)\d\d\b|\b[ap]\.?m\b|day\b|o'clock", re.IGNORECASE)
_HOUR = Lazy(r"(?<![\d:])(?:[01]?\d|2[0-3]):[0-5]\d(?!\d).*[,;(]|\b\d{1,2}(?::\d\d)? ?[ap]m\b", re.IGNORECASE)
_WORD = Lazy(r"[a-z]+")
_SPOKEN = frozenset(
    "answer answers answering speak speaking response responses question story stories per each".split()
)
PACE = frozenset(
    """answer answers each every per overview opening open summary aim keep speak about under limit max most minute minutes second seconds
long length time plan say speaking response responses question questions story stories""".split()
)
_MEETING = frozenset(
    """meet meets meeting meetings call calls zoom teams video phone onsite interview interviews panel round rounds chat conversation slot
    session logistics schedule scheduled agenda lunch break starts""".split()
)
BOUND = _SPOKEN | frozenset("max most limit under every keep aim overview opening summary length time plan".split())
SHORT, NEAR = 3, 5
LEAST, MOST = 5, 3600
MOST_SPOKEN = 15 * 60


@functools.lru_cache(maxsize=131072)
def seconds_in(text: str) -> float | None:
    """Return the longest time that `text` allows ("1-2 minutes": 120), or None where it names none."""
    if len(text) > 2000:
        return None
    found = [amount for match in _TIME.finditer(text) if (amount := _amount(match)) is not None]
    if not _DATED.search(text):
        found += [int(match[1]) * 60.0 + int(match[2]) for match in _CLOCK.finditer(text)]
    return max((f for f in found if LEAST <= f <= MOST), default=None)


@functools.lru_cache(maxsize=131072)
def limit_in(text: str) -> float | None:
    """Return the longest time that a sentence of `text` allows for an answer; None for how long a meeting is, and when."""
    return max((found for part in sentences(text) if (found := _spoken(part.text)) is not None), default=None)


def _spoken(text: str) -> float | None:
    seconds = seconds_in(text)
    found = set(_WORD.findall(text.lower()))
    if seconds is None or found & _SPOKEN:
        return seconds
    met = bool(found & _MEETING) or bool(_DATED.search(text)) or bool(_HOUR.search(text))
    return None if met or seconds > MOST_SPOKEN else seconds


@functools.lru_cache(maxsize=131072)
def bounds(text: str) -> bool:
    """Return whether a sentence of `text` says how long to speak: little more than a time, or a bound beside it."""
    return any(_spoken(part.text) is not None and _bounded(part.text) for part in sentences(text))


def _bounded(text: str) -> bool:
    found = [
        _WORD.findall(side.lower()) for at in _TIME.finditer(text) for side in (text[: at.start()], text[at.end() :])
    ]
    near = {
        word for before, after in zip(found[::2], found[1::2], strict=True) for word in (*before[-NEAR:], *after[:NEAR])
    }
    return bool(near & BOUND) or len(_WORD.findall(text.lower())) <= SHORT


def _amount(found: re.Match[str]) -> float | None:
    word, unit = found["number"].lower(), found["unit"].lower()
    if word in _NUMBERS:
        value: float = _NUMBERS[word]
        if unit in {"s", "m"}:
            return None
    elif word[:1].isdigit():
        value = float(word.rstrip("".join(_FRACTIONS))) + _FRACTIONS.get(word[-1], 0)
    else:
        return None
    before = found.string[: found.start()].lower().split()[-2:]
    if word == "a" and before and before[-1] == "half":
        value = 0.5
    value += 0.5 if found["half"] else 0
    return value * (1.0 if unit.startswith("s") or unit == "\u2033" else 60.0)
