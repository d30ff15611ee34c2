"""words -> how many seconds they allow for speaking, and whether a line says nothing else."""

from __future__ import annotations

import re

from evalharness.text.words import sentences

_WORDS = {
    "a": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "eight": 8,
    "ten": 10,
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "forty-five": 45,
    "sixty": 60,
    "seventy-five": 75,
    "ninety": 90,
    "half a": 0.5,
    "a minute and a half": 1.5,
}
_FRACTIONS = {"\u00bd": 0.5, "\u00bc": 0.25, "\u00be": 0.75}
_NUMBER = r"\d+(?:\.\d)?[\u00bc-\u00be]?"
_TIME = re.compile(
    rf"(?i)(?<![\w.])(?:(?P<low>{_NUMBER}|one|two|three|four|five|ten)\s?(?:[-\u2013\u2014]|to|or)\s?)?"
    rf"(?P<high>{_NUMBER}|(?:half a|forty-five|seventy-five|[a-z]+))"
    r"[ -]?(?P<unit>seconds?|secs?|s|minutes?|mins?|m|[\u2032\u2033])"
    r"(?P<half> and a half)?(?!\w)"
)
_CLOCK = re.compile(r"\b(\d{1,2}):([0-5]\d)\b")
_DATED = re.compile(r"(?i)\b(?:19|20)\d\d\b|\b[ap]\.?m\b|o'clock|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b")
_ONLY = re.compile(
    r"(?i)\b(?:aim|keep|speak|spend|spoken|aloud|answers?|target|limit|about|roughly|overview|opening|open|summary"
    r"|at most|under|over|within|up to|time|length|max\w*|no (?:more|longer|answer)|each|per)\b"
)
_EACH = re.compile(r"(?i)\b(?:each|every|per (?:answer|question|reply)|all (?:answers|of them))\b")
_TOLD = re.compile(r"\b(?:I|we|our|was|were|had|took|fell)\b")


def seconds_in(text: str) -> float | None:
    """Return the longest time that `text` allows ("1-2 minutes": 120), or None where it names none."""
    found = [amount for match in _TIME.finditer(text) if (amount := _amount(match)) is not None]
    if not _DATED.search(text):
        found += [int(match[1]) * 60.0 + int(match[2]) for match in _CLOCK.finditer(text)]
    return max((f for f in found if 5 <= f <= 3600), default=None)


def is_time_hint(text: str) -> bool:
    """Return whether a line only says how long to speak."""
    words = len(text.split())
    timed = [s.text for s in sentences(text) if seconds_in(s.text) is not None]
    if not timed or words > 25:
        return False
    return words <= 5 or any(_ONLY.search(sentence) and not _TOLD.search(sentence) for sentence in timed)


def time_for_each(text: str) -> float | None:
    """Return the time that a sentence of `text` allows for each answer, or None where none does."""
    for sentence in sentences(text):
        if _EACH.search(sentence.text) and is_time_hint(sentence.text):
            return seconds_in(sentence.text)
    return None


def _amount(found: re.Match[str]) -> float | None:
    word, unit = found["high"].lower(), found["unit"].lower()
    if word in _WORDS:
        value: float = _WORDS[word]
    elif word[:1].isdigit():
        value = float(word.rstrip("".join(_FRACTIONS))) + _FRACTIONS.get(word[-1], 0)
    else:
        return None
    value += 0.5 if found["half"] else 0
    return value * (1.0 if unit.startswith("s") or unit == "\u2033" else 60.0)
