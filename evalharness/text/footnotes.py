"""letters, words of a name -> where the words stand in a row with the mark of a footnote or another sign between them.

A mark is a figure, raised or not, in brackets or not; a sign such as an ampersand, a dagger or a trade mark; or what
square brackets insert.  A comma or a colon is none, and no mark joins two sentences or two paragraphs.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from evalharness.text.letters import Letter, Row

MOST_SIGNS: Final = 8
"""The most figures and signs between two words."""

MOST_INSERTED: Final = 30
"""The most letters in square brackets."""

_MOST_NUMBERED: Final = 4
_ABBREVIATION: Final = 3
_ROMAN: Final = frozenset("ivx")
_PARAGRAPH: Final = re.compile(r"\n[\s>]*\n|\r[\s>]*\r")


class Word(NamedTuple):
    """One word of a name; `stops` where a full stop behind it ends no sentence, as behind an initial."""

    text: str
    stops: bool


class Marked(NamedTuple):
    """A name in a row of letters, `first` up to `last`, and its letters without the marks between them."""

    first: int
    last: int
    letters: tuple[Letter, ...]


def words(name: Sequence[Letter], apostrophes: str) -> tuple[Word, ...]:
    """Return the words of a name; an apostrophe parts none."""
    begins = [0, *(at for at in range(1, len(name)) if name[at].gap.strip(apostrophes)), len(name)]
    return tuple(
        Word(
            "".join(letter.text for letter in name[begin:end]),
            end - begin <= _ABBREVIATION or (end < len(name) and "." in name[end].gap),
        )
        for begin, end in itertools.pairwise(begins)
    )


def marked(name: Sequence[Word], row: Row) -> Iterator[Marked]:
    """Yield each place where the words of `name` stand in a row with at least one mark between them."""
    if len(name) < 2 or not all(word.text in row.text for word in name):
        return
    at = row.text.find(name[0].text)
    while at >= 0:
        first = row.places.get(at)
        if first is not None and (hit := _from(first, name, row)):
            yield hit
        at = row.text.find(name[0].text, at + 1)


def _from(first: int, name: Sequence[Word], row: Row) -> Marked | None:
    """Return the name whose first letter is the one at `first`, if marks stand between its words."""
    kept: list[Letter] = []
    at = first
    for before, word in zip((None, *name), name, strict=False):
        begin = _behind_marks(at, word.text, row, stops=before.stops) if before else at
        end = None if begin is None else row.places.get(row.starts[begin] + len(word.text))
        if begin is None or end is None:
            return None
        opening = row.letters[begin]
        kept += [opening._replace(gap=opening.gap or "*") if begin > at else opening, *row.letters[begin + 1 : end]]
        at = end
    return Marked(first, at, tuple(kept)) if len(kept) < at - first else None


def _behind_marks(start: int, word: str, row: Row, *, stops: bool) -> int | None:
    """Return where `word` begins, at the letter at `start` or behind marks; None where something else stands there."""
    at, gaps = start, ""
    for _ in range(MOST_SIGNS + 1):
        if at >= len(row.letters):
            return None
        gaps += row.letters[at].gap
        if row.text.startswith(word, row.starts[at]):
            parts = at > start and (_PARAGRAPH.search(gaps) or ("." in gaps and not stops))
            return None if parts else at
        behind = _behind_brackets(row.letters, at) or (at + 1 if row.letters[at].is_sign else None)
        if behind is None:
            return None
        at, gaps = behind, f"{gaps}*"
    return None


def _behind_brackets(letters: Sequence[Letter], at: int) -> int | None:
    """Return the letter behind what stands in brackets from the letter at `at` on, if that is a mark."""
    opening = _opening(letters[at].gap)
    most = MOST_INSERTED if opening == "[" else _MOST_NUMBERED
    for end in range(at + 1, min(at + most, len(letters) - 1) + 1) if opening else ():
        if any(unicodedata.category(sign) == "Pe" for sign in letters[end].gap):
            return end if opening == "[" or _is_number(letters[at:end]) else None
    return None


def _opening(gap: str) -> str:
    """Return the bracket that a gap opens last and does not close, or an empty text."""
    last = next((sign for sign in reversed(gap) if unicodedata.category(sign) in ("Ps", "Pe")), "")
    return unicodedata.normalize("NFKC", last) if last and unicodedata.category(last) == "Ps" else ""


def _is_number(held: Sequence[Letter]) -> bool:
    """Return whether letters number something: 2, 2b, a, iv, or a sign."""
    return sum(not letter.is_sign for letter in held) < 2 or all(letter.text in _ROMAN for letter in held)
