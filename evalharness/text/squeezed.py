"""text -> its letters and figures without all that stands between them, each with the place it came from.

Whoever quotes sets other commas, brackets and hyphens, leaves out the marks of Markdown and joins what a line end
parted; the letters stay.  Where only blanks part two words they stay two (not able is not notable), and what stands
at figures matters: 1.9 is neither 19 nor 1 9, and -5 is not 5.
"""

from __future__ import annotations

import functools
import itertools
import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from evalharness.text.letters import Letter, has_borders, letters

_GROUP = re.compile(r"(?<!\d)(\d{1,3})((?:[,'\u2019\u00a0\u202f ]\d{3})+)(?![\d.,]\d)")
_PARTED = {",": ".", ".": "."}
_UNSEEN = "\u200b"
_SIGNS = frozenset("%\u2030\u00b0")
MOST = 20
"""So many places of one quotation are found at most."""

_MARKS = "*_~`"
_NO_MARKS = str.maketrans("", "", _MARKS)
_MINUS = dict.fromkeys("\u2212\u2013", "-")
_SIGN = re.compile(r"(?:^|[\s(])([-\u2212\u2013+<>\u00b1\u2264\u2265])\Z")
"""What says something about the figure right behind it."""

_NEAR = 24
_SC = "$\u00a2-\u00a5\u20a0-\u20c0"
_GOES_ON = tuple(
    (re.compile(rf"(?:{before})\Z"), re.compile(after))
    for before, after in (
        (r"[^\W_]", r"['\u2019\u2010\u2011-][^\W_]"),  # can|'t, risk|-free
        (r"[^\W_]['\u2019\u2010\u2011-]", r"[^\W_]"),  # non-|critical
        (r"[^\W\d_]", r"[\u2010\u2011-][ \t]{0,9}\n[ \t>]{0,9}[^\W_]"),  # the same over a line end
        (r"[^\W\d_][\u2010\u2011-][ \t]{0,9}\n[ \t>]{0,9}", r"[^\W_]"),
        (r"\d", r"[.,:/]\d|\s?[%\u2030\u00b0]"),  # 1|,900
        (r"\d[.,:/]", r"\d"),
        (rf"[{_SC}]\s?|(?<![^\s(])[{_SC}]?[+<>\u00b1\u2212\u2013-]", rf"[\d{_SC}]"),  # $|40, -|5
    )
)

_ESCAPED = re.compile(r"\\[nrt]")


class Squeezed(NamedTuple):
    """The letters as one text; `starts` and `ends` say where each stands, `borders` where a word may begin or end.

    `blanks` are the borders at which nothing but white space parts two words.
    """

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    borders: frozenset[int]
    blanks: frozenset[int]


@functools.lru_cache(maxsize=64)
def squeezed(text: str) -> Squeezed:
    """Return `text` without blanks, punctuation and marks."""
    read = _GROUP.sub(_ungrouped, text)
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    borders: set[int] = set()
    blanks: set[int] = set()
    last: Letter | None = None
    parted = True
    for letter in letters(read):
        parted = parted or bool(letter.gap.strip(_MARKS))
        if not _is_said(letter):
            parted = True
            continue
        gap = read[last.end if last else 0 : letter.start]
        between = _between(gap, last, letter)
        if parted or between or not (last and has_borders(last.text[0]) and has_borders(letter.text[0])):
            borders.add(len(out))
        if gap.isspace():
            blanks.add(len(out))
        for character in f"{between}{letter.text}":
            out.append(character)
            starts.append(letter.start)
            ends.append(letter.end)
        last, parted = letter, False
    borders.add(len(out))
    return Squeezed("".join(out), tuple(starts), tuple(ends), frozenset(borders), frozenset(blanks))


def stands(wanted: str, text: str) -> Iterator[tuple[int, int]]:
    """Yield where the letters of `wanted` stand in `text` in a row, from the border of a word to that of another.

    Where they do not, and `wanted` was escaped twice, it is looked up with blanks for what it has for line ends.
    """
    where = squeezed(text)
    for said in dict.fromkeys((wanted, _ESCAPED.sub(" ", wanted))):
        places = list(itertools.islice(_stretches(squeezed(said), where), MOST))
        yield from ((where.starts[first], where.ends[last - 1]) for first, last in places)
        if places:
            return


def _stretches(said: Squeezed, where: Squeezed) -> Iterator[tuple[int, int]]:
    at = where.text.find(said.text) if said.text else -1
    while at >= 0:
        end, after = at + len(said.text), at + 1
        if at not in where.borders:  # within a word: on to the next one
            after = next((place for place in range(after, len(where.text)) if place in where.borders), end)
        elif end in where.borders and _same_words(said, where, at):
            yield at, end
        at = where.text.find(said.text, after)


def is_within(text: str, at: int) -> bool:
    """Return whether a word or a figure goes on over `at`: at a hyphen, an apostrophe, a sign of the figure."""
    before, after = text[max(0, at - _NEAR) : at], text[at : at + _NEAR]
    return any(begin.search(before) and goes_on.match(after) for begin, goes_on in _GOES_ON)


def _same_words(said: Squeezed, where: Squeezed, at: int) -> bool:
    """Return whether what is two words on one side, parted by blanks alone, is not one word on the other."""
    inside = range(1, len(said.text))
    return all(
        (place not in said.blanks or at + place in where.borders)
        and (at + place not in where.blanks or place in said.borders)
        for place in inside
    )


def _is_said(letter: Letter) -> bool:
    """Return whether a letter is one: a figure, or a sign that says how much a figure is, too."""
    first = letter.text[0]
    return first.isalnum() or first in _SIGNS or unicodedata.category(first) == "Sc"


def _ungrouped(match: re.Match[str]) -> str:
    """Return a figure with what nobody sees for what parts its thousands: every place stays."""
    return re.sub(r"\D", _UNSEEN, match.group())


def _between(gap: str, last: Letter | None, letter: Letter) -> str:
    """Return what keeps two figures apart and what sign a figure has; nothing where neither is there."""
    first = letter.text[0]
    if not (first.isnumeric() or unicodedata.category(first) == "Sc"):
        return ""
    bare = gap.strip(_UNSEEN)
    signed = _SIGN.search(bare.translate(_NO_MARKS))
    sign = _MINUS.get(signed[1], signed[1]) if signed else ""
    if last is None or not (last.text[-1].isnumeric() and first.isnumeric()):
        return sign
    return _PARTED.get(bare, f" {sign}") if bare else ""
