"""text -> quantities: numbers that say how much, each with its place, and whether a baseline is beside it."""

from __future__ import annotations

import bisect
import functools
import itertools
import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

import msgspec

from evalharness.model.noun import Noun
from evalharness.text import words as prose
from evalharness.text.numerals import NAMES, Number, is_label, is_year, numbers
from evalharness.text.patterns import Lazy
from evalharness.text.scripts import even
from evalharness.text.units import unit_after

RULE = (
    "A quantity is a number in figures or words with a unit or a plural noun, a percentage, an "
    "amount of money, a ratio or a "
    "multiple. Dates, years, times of day, ages, list, section and version numbers do not count, nor "
    "do 'two things' or "
    "'three reasons'. It has a baseline where the value before or the alternative is beside it "
    "('from 38 % to 17 %', 'instead of 12 minutes'). The same value and unit counts once."
)


class Quantity(Noun):
    """One figure, or a before-after pair, with `text == whole[start:end]`.

    `values` are (value, unit) in base units (seconds, bytes, percent); `kind` is count, time, data, rate,
    size, percent, money or ratio.
    """

    start: int
    end: int
    text: str
    kind: str
    values: tuple[tuple[float, str], ...]
    baseline: bool = False


@functools.lru_cache(maxsize=64)
def find(text: str) -> tuple[Quantity, ...]:
    """Return the quantities of `text` in order; a before-after pair is one quantity."""
    read, places = even(text)
    found = _find(read)
    if read == text:
        return found
    stretches = ((places[q.start], places[q.end - 1] + 1) for q in found)
    return tuple(
        msgspec.structs.replace(q, start=start, end=end, text=text[start:end])
        for q, (start, end) in zip(found, stretches, strict=True)
    )


def _find(text: str) -> tuple[Quantity, ...]:
    if not text:
        return ()
    taken = [match.span() for match in NAMES.finditer(text)]
    lowered = text.lower()
    fractions = [_fraction(match) for match in _FRACTION.finditer(text)] if any(s in lowered for s in _STEMS) else []
    taken += [(q.start, q.end) for q in fractions]
    read = list(_reads(text, _free(numbers(text), taken)))
    found = sorted([*fractions, *_paired(text, read)], key=lambda q: q.start)
    return tuple(_with_baselines(text, found))


def distinct(found: Iterable[Quantity]) -> tuple[Quantity, ...]:
    """Return each value and unit once, those with a baseline first chosen, in the order of the text."""
    seen: set[tuple[float, str]] = set()
    chosen: list[Quantity] = []
    for quantity in sorted(found, key=lambda q: (not q.baseline, q.start)):
        if not seen.issuperset(quantity.values):
            chosen.append(quantity)
        seen.update(quantity.values)
    return tuple(sorted(chosen, key=lambda q: q.start))


def _free(found: Iterable[Number], taken: list[tuple[int, int]]) -> list[Number]:
    """Return the numbers that share no character with a stretch of `taken`."""
    begin = sorted(start for start, _ in taken)
    reach = (0, *itertools.accumulate((end for _, end in sorted(taken)), max))
    return [n for n in found if reach[bisect.bisect_left(begin, n.end)] <= n.start]


# --- fractions and multiples in words --------------------------------------------------------------

_FRACTIONS = {
    "half": 1 / 2,
    "third": 1 / 3,
    "quarter": 1 / 4,
    "fifth": 1 / 5,
    "tenth": 1 / 10,
}
_STEMS = ("hal", "third", "quarter", "fifth", "tenth", "doubl", "twice", "tripl", "quadr", "fold")
_FRACTION = Lazy(
    r"\b(?:(?P<parts>a|an|one|two|three|four)[\s-](?P<of>half|third|quarter|fifth|tenth)s?\s{1,9}of\b"
    r"|(?P<half>half)\s{1,9}(?:of\b|the\s(?!battle|time\b|story|fun)|our\b|their\b|its\b|my\b|as\b)"
    r"|(?:by|in)\s{1,9}(?P<cut>half)\b(?!\s{1,9}(?:past|an?)\b)|(?P<halved>halv)(?:ed|ing)\b"
    r"|(?P<twice>doubl)(?:ed|ing)\b(?!\s{1,9}(?:down|back|up|check))|(?P<as>twice)\s{1,9}(?:as|the)\b"
    r"|(?P<tripled>tripl)(?:ed|ing)\b|(?P<quad>quadrupl)(?:ed|ing)\b"
    r"|(?P<fold>two|three|four|five|six|seven|eight|nine|ten|twenty|hundred)-?fold\b)",
    re.IGNORECASE,
)
_MULTIPLES = {
    "half": 0.5,
    "cut": 0.5,
    "halved": 0.5,
    "twice": 2.0,
    "as": 2.0,
    "tripled": 3.0,
    "quad": 4.0,
}
_COUNTS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4}


def _fraction(match: re.Match[str]) -> Quantity:
    if match["parts"]:
        value = _COUNTS[match["parts"].lower()] * _FRACTIONS[match["of"].lower()]
    elif match["fold"]:
        value = numbers(match["fold"])[0].value
    else:
        value = _MULTIPLES[match.lastgroup or "half"]
    said = match.group().rstrip()
    return Quantity(
        start=match.start(),
        end=match.start() + len(said),
        text=said,
        kind="ratio",
        values=((round(value, 4), "x"),),
    )


# --- one number, read --------------------------------------------------------------------------------


class _Read:
    """One number with what stands around it; `kind` is "" for a bare one."""

    def __init__(self, text: str, number: Number) -> None:
        self.number = number
        self.start, self.end = number.start, number.end
        self.value, self.unit, self.kind = number.value, "", ""
        self.excluded = is_label(text, number)
        self.year = is_year(text, number)
        if not self.excluded:
            self._attach(text)

    def _attach(self, text: str) -> None:
        unit = unit_after(text, self.number)
        if unit is None or (self.year and unit.kind == "count"):
            return
        self.start, self.end = unit.start, unit.end
        self.value, self.unit, self.kind = (
            self.number.value * unit.factor,
            unit.name,
            unit.kind,
        )

    @property
    def bare(self) -> bool:
        """Return whether no unit stands beside the number."""
        return not self.kind

    @property
    def usable(self) -> bool:
        """Return whether the number may stand in a pair."""
        return not self.excluded and not (self.bare and self.year)


def _reads(text: str, found: Iterable[Number]) -> Iterator[_Read]:
    """Yield the numbers read, leaving out those inside another's unit ('9 of 12')."""
    end = 0
    for number in found:
        if number.start >= end:
            read = _Read(text, number)
            end = read.end
            yield read


def _single(text: str, read: _Read) -> Quantity:
    return Quantity(
        start=read.start,
        end=read.end,
        text=text[read.start : read.end],
        kind=read.kind,
        values=((round(read.value, 6), read.unit),),
    )


def _paired(text: str, read: list[_Read]) -> Iterator[Quantity]:
    """Yield pairs first, then what is left; a bare number is a quantity only in a pair."""
    at = 0
    while at < len(read):
        here = read[at]
        follower = read[at + 1] if at + 1 < len(read) else None
        link = _link(text, here, follower) if follower else ""
        if follower and link:
            yield _pair(text, here, follower, baseline=link == "pair")
            at += 2
            continue
        if not here.bare:
            yield _single(text, here)
        at += 1


def _pair(text: str, first: _Read, second: _Read, *, baseline: bool) -> Quantity:
    whole = first if second.bare else second
    values = tuple((round(v, 6), whole.unit) for v in (_as(first, whole), _as(second, whole)))
    start, end = min(first.start, second.start), max(first.end, second.end)
    return Quantity(
        start=start,
        end=end,
        text=text[start:end],
        kind=whole.kind or "count",
        values=values,
        baseline=baseline,
    )


def _as(read: _Read, whole: _Read) -> float:
    """Return the value in the unit of `whole`, whose factor a bare number takes over."""
    if read.bare and whole.number.value:
        return read.number.value * (whole.value / whole.number.value)
    return read.value


# --- before and after --------------------------------------------------------------------------------

_STOP = Lazy(r"[.!?;]\s|\n\s{0,9}\n|\n[ \t]{0,9}[-*+>|#]")
_ABOUT = (
    r"(?:\s{0,9}(?:just|only|about|around|under|over|nearly|roughly|below|above|less than|more than"
    r"|fewer than|almost|some|an?|the|"
    r"usual|at most|well|~|<|>|[$€£])){0,9}\s{0,9}$"
)
_TO = Lazy(
    r"^(?:(?:[\s,|*_]{1,9}[^\W_]{1,40}){0,7}?[\s,|*_]{0,9}(?P<way>(?:all the way )?\b(?:down|up|back) to\b|\bfalling "
    r"to\b|->|=>|\u2192)"
    rf"|(?:[\s,|*_]{{1,9}}[^\W_]{{1,40}}){{0,3}}?\s{{1,9}}to\b){_ABOUT}",
    re.IGNORECASE,
)
_AGAINST = Lazy(
    r"\b(?:instead of|compared (?:with|to)|rather than|versus|vs\.?|up from|down from|where (?:it|we"
    r"|they) (?:had|used)|"
    r"used to (?:be|take|need|have|cost|run)|previously|it was|it had been)\b",
    re.IGNORECASE,
)
_FROM = Lazy(
    (
        r"\bfrom\s{1,9}(?:(?:just|only|about|around|over|under|nearly|roughly|some|an?|the|almost|more|less"
        r"|fewer|than|~)\s{1,9}){0,9}[$€£~]?\s{0,9}$"
    ),
    re.IGNORECASE,
)
_ALONE = Lazy(
    r"\b(?:instead of|compared (?:with|to)|rather than|down from|up from|versus|vs\.?|previously|"
    r"used to (?:be|take|need|have|cost|run|last))\s{1,9}(?:[a-z]{1,40}\s{1,9}){0,3}[$€£~]?\s{0,9}$",
    re.IGNORECASE,
)
_SCALE = Lazy(
    r"\b(?:scale|scored?|rated?|rating|open|opening hours|works?|working|between)\b",
    re.IGNORECASE,
)
_THEN = Lazy(
    r"\b(?:before|previously|used to|originally|at the start|initially|until then|baseline)\b",
    re.IGNORECASE,
)
_NOW = Lazy(
    r"\b(?:after|afterwards|now|today|since then|by the end|these days|later|ended at)\b",
    re.IGNORECASE,
)


def _link(text: str, first: _Read, second: _Read) -> str:
    """Return "pair" for before and after, "range" for one amount between two, "" for two numbers."""
    gap = text[first.end : second.start]
    if len(gap) > 80 or not (first.usable and second.usable) or _STOP.search(gap):
        return ""
    if not first.bare and not second.bare and first.unit != second.unit:
        return ""
    before = text[max(0, first.start - 40) : first.start]
    if gap.strip() in ("-", "\u2013", "\u2014", "or") or (gap.strip() == "and" and before.endswith("between ")):
        return "" if first.bare and second.bare else "range"
    if _AGAINST.search(gap) and not (first.bare and second.bare):
        return "pair"
    to = _TO.search(gap)
    return _to_link(first, second, before, arrow=bool(to["way"])) if to else ""


def _to_link(first: _Read, second: _Read, before: str, *, arrow: bool) -> str:
    values = (first.number.value, second.number.value)
    if _SCALE.search(before) or (first.bare and second.bare and values in ((9, 5), (0, 1))):
        return ""
    falls = _as(first, second) > _as(second, first)
    if arrow or falls or _FROM.search(before):
        return "pair"
    return "" if first.bare and second.bare else "range"


def _with_baselines(text: str, found: list[Quantity]) -> Iterator[Quantity]:
    """Yield `found`, marking what stands after 'instead of', and the later one of 'before ... now'."""
    marked = _then_now(text, found)
    for quantity in found:
        before = text[max(0, quantity.start - 48) : quantity.start]
        if quantity.baseline or not (quantity in marked or _ALONE.search(before)):
            yield quantity
        else:
            yield Quantity(
                start=quantity.start,
                end=quantity.end,
                text=quantity.text,
                kind=quantity.kind,
                values=quantity.values,
                baseline=True,
            )


def _then_now(text: str, found: list[Quantity]) -> set[Quantity]:
    marked = set()
    for first, second in pairwise(found):
        if first.kind != second.kind or {u for _, u in first.values} != {u for _, u in second.values}:
            continue
        if second.start - first.end > 160 or not _THEN.search(text, max(0, first.start - 60), second.start):
            continue
        if _NOW.search(text, first.end, min(len(text), second.end + 40)) and _near(text, first, second):
            marked.add(second)
    return marked


def _near(text: str, first: Quantity, second: Quantity) -> bool:
    """Return whether two quantities stand in one sentence or in neighbours, of one paragraph."""
    between = text[first.end : second.start]
    return "\n\n" not in between and len(prose.sentences(between)) <= 2
