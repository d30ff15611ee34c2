"""text -> the numbers in it, in figures and in words, with their values and places."""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from evalharness.text.patterns import Lazy

_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SMALL = {
    word: value
    for value, word in enumerate(
        (
            *(
                "zero",
                "one",
                "two",
                "three",
                "four",
                "five",
                "six",
                "seven",
                "eight",
                "nine",
                "ten",
                "eleven",
            ),
            *("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
        )
    )
} | {word: 10 * value for value, word in enumerate(_TENS, start=2)}
_SCALES = {
    "hundred": 100.0,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "dozen": 12.0,
}
_SUFFIXES = {"k": 1e3, "m": 1e6, "mn": 1e6, "b": 1e9, "bn": 1e9}
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth"
_PARTS = "half halves thirds fifths tenths twice thrice percent"

NUMBER_WORDS = frozenset(
    [
        *_SMALL,
        *_SCALES,
        *(f"{scale}s" for scale in _SCALES),
        *_ORDINALS.split(),
        *_PARTS.split(),
    ]
)

_ANY = "|".join(sorted([*_SMALL, *_SCALES], key=len, reverse=True))
_BIG = "|".join(_SCALES)
# "A hundred and ten" is one number, "two and three" are two.
_JOIN = r"(?:[\s-]{1,9}|(?:(?<=hundred)|(?<=thousand)|(?<=million))\s{1,9}and\s{1,9})"

_FIRST = "".join(sorted({word[0] for word in (*_SMALL, *_SCALES, "a")}))  # most words begin no number

# A figure glued to a letter (`p99`, `v2`, `GPT-4`) is a name; `.1`, `:30` or `/7` make a version or a time.
_NUMBER = Lazy(
    rf"(?<![^\W_])(?=\d|(?i:[{_FIRST}]))(?:"
    r"(?<![^\W\d_]-)(?<!\w[/.:,'])"
    r"(?P<figure>\d{1,3}(?:[,\u202f\u00a0]\d{3}){1,12}(?:\.\d{1,40})?|\d{1,40}(?:\.\d{1,40})?)(?!\d|[.:/,]\d)"
    r"(?P<scale>\s?(?i:thousand|million|billion|mn|bn)\b|\s?[kK]\b|[MB]\b)?"
    rf"|(?P<half>(?i:half\s{{1,9}}an?(?:\s{{1,9}}(?:{_BIG}))?))\b"
    rf"|(?<!-)(?P<worded>(?i:(?:an?\s{{1,9}}(?:{_BIG})|(?:{_ANY}))(?:{_JOIN}(?:{_ANY})){{0,9}}))\b"
    r"(?P<and_half>\s{1,9}and\s{1,9}a\s{1,9}half\b)?)"
)
_FIGURE = Lazy(r"\d")


def word_set(words: str) -> frozenset[str]:
    """Return the words of a list, as the word lists of the program are written down."""
    return frozenset(words.split())


class Number(NamedTuple):
    """One number: `text[start:end]` says `value`; `plain` marks figures without separator, scale or words."""

    start: int
    end: int
    value: float
    plain: bool


@functools.lru_cache(maxsize=8192)
def is_number(word: str) -> bool:
    """Return whether a lower-case word is a number: it holds a figure, or is a number word."""
    return word in NUMBER_WORDS or _FIGURE.search(word) is not None


def numbers(text: str) -> list[Number]:
    """Return the numbers of `text` in order."""
    return [_read(match) for match in _NUMBER.finditer(text)]


def _read(match: re.Match[str]) -> Number:
    figure, scale = match["figure"], match["scale"]
    if figure is None:
        return Number(match.start(), match.end(), _worded(match), plain=False)
    value = float(re.sub(r"[,\u202f\u00a0]", "", figure))
    if scale:
        name = scale.strip().lower()
        return Number(
            match.start(),
            match.end(),
            value * (_SCALES.get(name) or _SUFFIXES[name]),
            plain=False,
        )
    return Number(match.start(), match.end(), value, plain=figure.isdigit())


def _worded(match: re.Match[str]) -> float:
    words = re.findall(r"[a-z]{1,40}", match.group().lower())
    if match["half"]:
        return 0.5 * _SCALES.get(words[-1], 1.0)
    total, current = 0.0, 0.0
    for word in words:
        if word in _SMALL:
            current += _SMALL[word]
        elif word in ("hundred", "dozen"):
            current = (current or 1.0) * _SCALES[word]
        elif word in _SCALES:
            total, current = total + (current or 1.0) * _SCALES[word], 0.0
    return total + current + (0.5 if match["and_half"] else 0.0)


# --- numbers that name and do not count ----------------------------------------------------------------

_MONTHS = (
    "Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sep(?:t"
    "(?:ember)?)?|Oct(?:ober)?|"
    "Nov(?:ember)?|Dec(?:ember)?"
)
NAMES = Lazy(
    r"\b(?=\d)(?:\d{4}-\d{1,2}(?:-\d{1,2})?\b"  # 2024-03-12
    r"|\d{1,2}[./]\d{1,2}[./]\d{2,4}\b"  # 12/03/2024
    r"|\d{1,40}/\d{1,40}\b(?!\s{1,9}of\b)"  # 24/7
    r"|\d{1,40}(?:\.\d{1,40}){2,9}"  # 2.1.3
    r"|\d{1,2}:\d{2}\b)"  # 14:30
    r"|^[ \t]{0,9}(?:[-*+>][ \t]{1,9})?(?:\d{1,3}[.)]|\(\d{1,3}\))(?=\s)",  # list numbers
    re.MULTILINE,
)
_LABEL = Lazy(
    r"(?:[#§@]|\b(?:no\.|(?:number|section|sections|chapter|step|page|figure|table|phase|level|part"
    r"|item|tier|question|ticket|"
    r"issue|pr|pull request|option|version|release|room|floor|line|team|week|day|year|sprint|season"
    r"|series|row|port|rule|"
    r"grade|class|category|severity|sev|priority|rfc|iso|http|tls|oauth|ipv|python|java|postgres"
    r"|node|android|ios|windows|"
    r"kubernetes|appendix|article|principle|mission|lesson|point|error|code|status|model|scale of"
    r"|scale from)))\s{0,9}$",
    re.IGNORECASE,
)
_DATE_BEFORE = Lazy(rf"\b(?:{_MONTHS})\.?\s{{0,9}}$")
_DATE_AFTER = Lazy(rf"(?:st|nd|rd|th)\b|\s{{1,9}}(?:of\s{{1,9}})?(?:{_MONTHS})\b")
_CLOCK_AFTER = Lazy(
    (
        r"\s?(?:am|pm|a\.m\.|p\.m\.|o['\u2019]?clock)(?!\w)|\s{1,9}(?:in the (?:morning|afternoon|evening"
        r"|night)|at night)\b"
    ),
    re.IGNORECASE,
)
_CLOCK_BEFORE = Lazy(r"\b(?:half|quarter|five|ten|twenty) past\s{0,9}$|\bquarter to\s{0,9}$", re.IGNORECASE)
_AGE_AFTER = Lazy(r"[\s-]{1,9}years?(?:[\s-]{1,9}olds?\b|\s{1,9}of\s{1,9}age\b)", re.IGNORECASE)
_AGE_BEFORE = Lazy(r"\b(?:aged?|age of|turned|turning)\s{0,9}$", re.IGNORECASE)
_CERTAIN = Lazy(
    (
        r"\s?(?:%|percent|per cent)\s{1,9}(?:sure|certain|agree|committed|convinced|honest|behind|true|right"
        r"|confident)\b"
    ),
    re.IGNORECASE,
)
_YEAR_BEFORE = Lazy(
    rf"\b(?:in|since|by|until|till|during|from|of|early|late|mid|before|after|circa|year|the|our|my"
    rf"|that|spring|summer|autumn|"
    rf"fall|winter|and|to|{_MONTHS})[\s,-]*$",
    re.IGNORECASE,
)
_ROUND_YEAR_BEFORE = Lazy(r"\b(?:in|since|by|until|till|during|year)\s{0,9}$", re.IGNORECASE)


def is_label(text: str, number: Number) -> bool:
    """Return whether a number names something: a section, a version, a date, a time of day, an age."""
    before, after = text[max(0, number.start - 24) : number.start], number.end
    return bool(
        _LABEL.search(before)
        or _DATE_BEFORE.search(before)
        or _DATE_AFTER.match(text, after)
        or _CLOCK_AFTER.match(text, after)
        or _CLOCK_BEFORE.search(before)
        or _AGE_AFTER.match(text, after)
        or _AGE_BEFORE.search(before)
        or (number.value >= 100 and _CERTAIN.match(text, after))
    )


def is_year(text: str, number: Number) -> bool:
    """Return whether a plain figure from 1900 to 2099 stands like a year; round ones need 'in' or 'since'."""
    if not (number.plain and 1900 <= number.value <= 2099 and number.end - number.start == 4):
        return False
    before = text[max(0, number.start - 16) : number.start]
    rule = _ROUND_YEAR_BEFORE if number.value % 100 == 0 else _YEAR_BEFORE
    return rule.search(before) is not None
