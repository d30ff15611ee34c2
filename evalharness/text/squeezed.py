"""text -> its letters and figures without all that stands between them, each with the place it came from.

Whoever quotes sets other commas, brackets and hyphens, leaves out the marks of Markdown and joins what a line end
parted; the letters stay.  Only between figures it matters what stands there: 1.9 is neither 19 nor 1 9.
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

_ESCAPED = re.compile(r"\\[nrt]")


class Squeezed(NamedTuple):
    """The letters as one text; `starts` and `ends` say where each stands, `borders` where a word may begin or end."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    borders: frozenset[int]


@functools.lru_cache(maxsize=64)
def squeezed(text: str) -> Squeezed:
    """Return `text` without blanks, punctuation and marks."""
    read = _GROUP.sub(_ungrouped, text)
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    borders: set[int] = set()
    last: Letter | None = None
    for letter in filter(_is_said, letters(read)):
        between = _between(read, last, letter)
        if between or _is_border(last, letter):
            borders.add(len(out))
        for character in f"{between}{letter.text}":
            out.append(character)
            starts.append(letter.start)
            ends.append(letter.end)
        last = letter
    borders.add(len(out))
    return Squeezed("".join(out), tuple(starts), tuple(ends), frozenset(borders))


def stands(wanted: str, text: str) -> Iterator[tuple[int, int]]:
    """Yield where the letters of `wanted` stand in `text` in a row, from the border of a word to that of another.

    Where they do not, and `wanted` was escaped twice, it is looked up with blanks for what it has for line ends.
    """
    where = squeezed(text)
    for said in dict.fromkeys((wanted, _ESCAPED.sub(" ", wanted))):
        places = list(itertools.islice(_stretches(squeezed(said).text, where), MOST))
        yield from ((where.starts[first], where.ends[last - 1]) for first, last in places)
        if places:
            return


def _stretches(said: str, where: Squeezed) -> Iterator[tuple[int, int]]:
    at = where.text.find(said) if said else -1
    while at >= 0:
        if at in where.borders and at + len(said) in where.borders:
            yield at, at + len(said)
        at = where.text.find(said, at + 1)


def _is_said(letter: Letter) -> bool:
    """Return whether a letter is one: a figure, or a sign that says how much a figure is, too."""
    first = letter.text[0]
    return first.isalnum() or first in _SIGNS or unicodedata.category(first) == "Sc"


def _ungrouped(match: re.Match[str]) -> str:
    """Return a figure with what nobody sees for what parts its thousands: every place stays."""
    return re.sub(r"\D", _UNSEEN, match.group())


def _between(text: str, last: Letter | None, letter: Letter) -> str:
    """Return what keeps two figures apart, or nothing where they are one, or where either is none."""
    if last is None or not (last.text[-1].isnumeric() and letter.text[0].isnumeric()):
        return ""
    gap = text[last.end : letter.start].strip(_UNSEEN)
    return _PARTED.get(gap, " ") if gap else ""


def _is_border(last: Letter | None, letter: Letter) -> bool:
    """Return whether a word begins at `letter`, or may: where a script sets no blanks, anywhere."""
    if last is None or last.end != letter.start:
        return True
    return not (has_borders(last.text[0]) and has_borders(letter.text[0]))
