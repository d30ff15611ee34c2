"""what stands beside a number -> its unit, in base units (seconds, bytes, percent), or the counted noun."""

from __future__ import annotations

import re
from typing import NamedTuple

from evalharness.text.numerals import Number, word_set
from evalharness.text.patterns import Lazy

MEASURES: dict[str, tuple[str, str, float]] = {}
"""Every known unit as written, lower case -> (kind, base unit, factor)."""


def _declare(kind: str, base: str, factor: float, names: str) -> None:
    MEASURES.update(dict.fromkeys(names.split(), (kind, base, factor)))


_declare("time", "s", 1e-9, "ns nanosecond nanoseconds")
_declare("time", "s", 1e-6, "us µs μs microsecond microseconds")
_declare("time", "s", 1e-3, "ms msec millisecond milliseconds")
_declare("time", "s", 1, "s sec secs second seconds")
_declare("time", "s", 60, "min mins minute minutes")
_declare("time", "s", 3600, "h hr hrs hour hours")
_declare("time", "s", 86400, "day days night nights")
_declare("time", "s", 7 * 86400, "week weeks")
_declare("time", "s", 30 * 86400, "month months")
_declare("time", "s", 91 * 86400, "quarter quarters")
_declare("time", "s", 365 * 86400, "year years")
_declare("time", "s", 3650 * 86400, "decade decades")
_declare("data", "byte", 1, "byte bytes")
_declare("data", "byte", 0.125, "bit bits")
_declare("data", "byte", 1e3, "kb kib kilobyte kilobytes")
_declare("data", "byte", 1e6, "mb mib megabyte megabytes")
_declare("data", "byte", 1e9, "gb gib gigabyte gigabytes")
_declare("data", "byte", 1e12, "tb tib terabyte terabytes")
_declare("data", "byte", 1e15, "pb pib petabyte petabytes")
_declare("data", "bit/s", 1e3, "kbps kbit/s")
_declare("data", "bit/s", 1e6, "mbps mbit/s")
_declare("data", "bit/s", 1e9, "gbps gbit/s")
_declare("rate", "request/s", 1, "rps qps req/s requests/s")
_declare("rate", "transaction/s", 1, "tps")
_declare("rate", "hz", 1, "hz fps")
_declare("rate", "hz", 1e3, "khz")
_declare("rate", "hz", 1e6, "mhz")
_declare("rate", "hz", 1e9, "ghz")
_declare("rate", "io/s", 1, "iops")
_declare("size", "m", 1e-3, "mm")
_declare("size", "m", 1e-2, "cm")
_declare("size", "m", 1, "metre metres meter meters")
_declare("size", "m", 1e3, "km kilometre kilometres kilometer kilometers")
_declare("size", "m", 1609.344, "mile miles")
_declare("size", "kg", 1, "kg kilo kilos")
_declare("size", "kg", 1e3, "ton tons tonne tonnes")
_declare("size", "kwh", 1, "kwh")
_declare("size", "kw", 1, "kw")
_declare("size", "kw", 1e3, "mw")
_declare("size", "degree", 1, "degree degrees °c °f")
_declare("count", "fte", 1, "fte ftes")
_declare("money", "dollar", 1, "dollar dollars usd")
_declare("money", "euro", 1, "euro euros eur")
_declare("money", "pound", 1, "pound pounds gbp")
_declare("money", "cent", 1, "cent cents")
_declare("money", "franc", 1, "chf francs")

_SINGULAR = word_set(
    """
    second minute hour day night week month quarter year decade byte bit metre meter kilometre kilometer
    mile ton tonne degree dollar euro pound cent millisecond microsecond nanosecond
    """
)
_HYPHENED = word_set(
    """
    person people member engineer node seat bed hospital vehicle customer page line
    """
)

# Two things, three reasons: the numbers of an answer's own structure.
_STRUCTURE = word_set(
    """
    things thing reasons ways sides points parts questions lessons options steps examples kinds types
    sorts ideas words principles aspects factors sections themes answers thoughts others ones cents
    halves worlds hands eyes
    """
)
_IRREGULAR = word_set(
    """
    people children women men staff personnel feet mice folks criteria data media police fish
    """
)
_NO_NOUN = word_set(
    """
    was is has does this thus its us as always perhaps across less plus versus minus besides towards yes
    maps hers ours theirs yours whereas unless sometimes afterwards nowadays always makes takes needs
    means gives gets says goes comes seems feels happens becomes lets
    """
)
# A counted noun stands within three words of its number, and none of these stands between.
_BETWEEN = word_set(
    """
    the a an of and or but to in on at by for from with without into onto than then that which who whose
    when while if because so i we you he she it they me him her them us my our your his their this these
    those is are was were be been being am do did done have had will would can could may might must
    shall should not no nor yet just there here what how why where after before until since during about
    over under between through all each every both either it's i'm
    """
)

_PERCENT = Lazy(
    r"\s?[%\u2030]|[\s-]?(?:percent(?:age[ -]points?)?|per[ -]cent)\b|\s?pp\b",
    re.IGNORECASE,
)
_CURRENCY = Lazy(r"(?:[$€£¥]|\b(?:USD|EUR|GBP|CHF))\s?$")
_CURRENCIES = {"$": "dollar", "€": "euro", "£": "pound", "¥": "yen", "CHF": "franc"} | {
    "USD": "dollar",
    "EUR": "euro",
    "GBP": "pound",
}
_TIMES = Lazy(
    r"\s?[xX\u00d7](?!\w)|-?fold\b|\s{1,9}times\s{1,9}(?:as|the|more|fewer|less|faster|slower|larger|smaller"
    r"|bigger|higher|lower|"
    r"cheaper|longer|shorter|better|worse|quicker)\b",
    re.IGNORECASE,
)
_OUT_OF = Lazy(
    r"\s{1,9}(?:(?:in|out of|of)\s{1,9}(?:(?:the|our|every)\s{1,9})?|in every\s{1,9})"
    r"(?P<whole>\d[\d,]{0,40}|[a-z]{1,40})\b(?!\s{0,9}%)",
    re.IGNORECASE,
)
_SLASH_OF = Lazy(r"/(?P<whole>\d{1,40})\s{1,9}of\b")
_WHOLES = {
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
} | {
    "twelve": 12,
    "twenty": 20,
    "fifty": 50,
    "hundred": 100,
    "thousand": 1000,
}
_UNIT = Lazy(
    r"(?P<join>\s?|-)(?P<name>°[CF]|[a-zA-Zµμ]{1,40}(?:/s)?)(?![\w'\u2019])(?P<hyphen>-[a-z])?(?:\s{1,9}"
    r"(?P<ago>ago)\b)?"
)
_RATE = Lazy(
    r"\s{0,9}(?:/\s?|\b(?:per|an?|each|every)\s{1,9})(?P<per>second|sec|s|minute|min|hour|h|day|night|week"
    r"|month|quarter|year|shift|"
    r"sprint|user|request|person|engineer|team|call|node|hospital|customer)\b",
    re.IGNORECASE,
)
_AGO = Lazy(r"\s{1,9}ago\b")
_WORD = Lazy(
    r"[ \t]{0,9}(?:\n[ \t]{0,9})?(?P<of>of\s{1,9}(?:(?:the|our|my|their|its|these|those|all)\s{1,9})?)?\*{0,2}"
    r"(?P<word>[^\W\d_][\w'\u2019-]{0,40})"
)


class Unit(NamedTuple):
    """What a number counts, with the number's own place; its value times `factor` is in `name`."""

    start: int
    end: int
    kind: str
    name: str
    factor: float


def unit_after(text: str, number: Number) -> Unit | None:
    """Return the unit of a number, or None where it stands bare."""
    found = _sign(text, number) or _ratio(text, number) or _measure(text, number)
    if found is None and not _pronoun(text, number):
        found = _noun(text, number)
    if found is not None and found.kind in ("percent", "ratio"):
        return found
    return _rated(text, number, found)


def singular(word: str) -> str:
    """Return a plural noun without its ending, roughly; only equality of the result matters."""
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _pronoun(text: str, number: Number) -> bool:
    return text[number.start : number.end].lower() == "one"


def _sign(text: str, number: Number) -> Unit | None:
    if match := _PERCENT.match(text, number.end):
        return Unit(number.start, match.end(), "percent", "%", 1.0)
    if match := _CURRENCY.search(text, max(0, number.start - 5), number.start):
        return Unit(match.start(), number.end, "money", _CURRENCIES[match.group().strip()], 1.0)
    if match := _TIMES.match(text, number.end):
        return Unit(number.start, match.end(), "ratio", "x", 1.0)
    return None


def _ratio(text: str, number: Number) -> Unit | None:
    """Return a share such as 'one in five' or '9 of 12': the part is smaller, and the whole is no year."""
    match = _SLASH_OF.match(text, number.end) or _OUT_OF.match(text, number.end)
    if match is None:
        return None
    said = match["whole"].lower().replace(",", "")
    whole = int(said) if said.isdigit() else _WHOLES.get(said, 0)
    if not 0 < number.value < whole or 1900 <= whole <= 2099:
        return None
    return Unit(number.start, match.end("whole"), "ratio", f"of {whole}", 1.0)


def _measure(text: str, number: Number) -> Unit | None:
    match = _UNIT.match(text, number.end)
    if match is None or match["ago"]:
        return None
    name, hyphened = match["name"], match["join"] == "-"
    known = MEASURES.get(name.lower())
    if hyphened and name.lower() in _HYPHENED:
        return Unit(number.start, match.end("name"), "count", name.lower(), 1.0)
    if known is None or (len(name) == 1 and not name.islower()):
        return None
    # Without a hyphen, a singular needs one, a half or a figure: "a 30 second pause", no "six second looks".
    if name.lower() in _SINGULAR and not (hyphened or number.value <= 1 or number.plain):
        return None
    if name == "s" and not match["join"] and number.plain and 1900 <= number.value <= 2099:  # the 1990s
        return None
    if _pronoun(text, number) and name.lower() in ("day", "night", "second"):
        return None
    kind, base, factor = known
    return Unit(number.start, match.end("name"), kind, base, factor)


def _noun(text: str, number: Number) -> Unit | None:
    """Return the plural noun that is counted, at most three words on, with no function word between."""
    at = number.end
    for _ in range(3):
        match = _WORD.match(text, at)
        if match is None or (at == number.end and match.end() and text[at : at + 1].isalnum()):
            return None
        word = match["word"].lower()
        if word in _STRUCTURE or word in _BETWEEN or (match["of"] and at != number.end):
            return None
        if _plural(word):
            ago = _AGO.match(text, match.end())
            return None if ago else Unit(number.start, match.end("word"), "count", singular(word), 1.0)
        at = match.end("word")
    return None


def _plural(word: str) -> bool:
    if word in _IRREGULAR:
        return True
    return (
        len(word) > 3
        and word.endswith("s")
        and not word.endswith(("ss", "us", "is", "'s", "\u2019s", "ous"))
        and word not in _NO_NOUN
    )


def _rated(text: str, number: Number, found: Unit | None) -> Unit | None:
    """Return the unit with its rate ('40 requests a second'); a bare number with a rate is a count."""
    match = _RATE.match(text, found.end if found else number.end)
    if match is None or (found is None and _pronoun(text, number)):
        return found
    kind, name, factor = (found.kind, found.name, found.factor) if found else ("count", "", 1.0)
    start = found.start if found else number.start
    return Unit(start, match.end(), kind, f"{name}/{match['per'].lower()}", factor)
