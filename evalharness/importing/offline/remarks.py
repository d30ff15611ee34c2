"""lines -> those in which somebody else speaks of an answer: behind a mark of their own, such as a coach's initials."""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterator, Sequence

from evalharness.documents.direction import YOU, YOURS
from evalharness.documents.features import STAR, advises, asks, owns, share, words
from evalharness.documents.lexicon import votes
from evalharness.documents.nouns import Line
from evalharness.documents.outline import Outline
from evalharness.text.words import sentences

LEAST_MARKED, MOST_LETTERS, ONCE_EACH, ABOUT, OWN = 3, 6, 0.6, 0.6, 0.3


def remarked(outline: Outline) -> frozenset[int]:
    """Return the numbers of the lines that remark on answers.

    They begin with one mark, which comes again once below each of several questions, and they say what was good, ask, or
    tell the writer what to do. What goes on without a blank line below them belongs to them.
    """
    marked: dict[str, list[Line]] = {}
    for number in outline.kept:
        if mark := _mark(outline[number]):
            marked.setdefault(mark, []).append(outline[number])
    found = [lines for lines in marked.values() if _comes_again(outline, lines) and _speaks_of_answers(lines)]
    return frozenset(number for lines in found for line in lines for number in _whole(outline, line))


def _mark(line: Line) -> str:
    """Return the mark that sets off a paragraph: initials, or signs, or a short label that names no part of a document."""
    if line.kind != "para" or not line.gap:
        return ""
    if line.label:
        known = votes(line.label) or set(words(line.label)) <= STAR
        return line.label if line.rest and not known and len(line.label) <= 2 * MOST_LETTERS else ""
    first, _, rest = line.text.partition(" ")
    letters = sum(map(str.isalpha, first))
    signs = letters == 0 and not any(map(str.isalnum, first))
    initials = letters > 1 and first == first.upper() and not any(map(str.isdigit, first))
    return first if rest and len(first) <= MOST_LETTERS and (signs or initials) else ""


def _said(line: Line) -> str:
    return line.rest if line.label else line.text.partition(" ")[2]


def _comes_again(outline: Outline, lines: Sequence[Line]) -> bool:
    """Return whether something is asked, and not behind the mark, between most of these lines."""
    if len(lines) < LEAST_MARKED:
        return False
    own, starts = {line.number for line in lines}, [0, *(line.number for line in lines)]
    asked = [n for n in outline.kept if n not in own and asks(outline[n].said) >= 0.5]
    between = [bisect.bisect(asked, a) < bisect.bisect(asked, b) for a, b in itertools.pairwise(starts)]
    return share([float(one) for one in between]) >= ONCE_EACH


def _speaks_of_answers(lines: Sequence[Line]) -> bool:
    """Return whether most of what is said speaks to the writer and little of it of the speaker."""
    said = [_said(line) for line in lines]
    own = [text for text in said if owns(text) > 0 and not _addresses(text)]
    return share([float(_addresses(text)) for text in said]) >= ABOUT and len(own) <= OWN * len(said)


def _addresses(text: str) -> bool:
    """Return whether a remark names its reader, says what to do, asks, or calls out."""
    if not (YOU | YOURS).isdisjoint(words(text)) or "!" in text:
        return True
    return any(advises(part.text) >= 0.7 or asks(part.text) > 0.5 for part in sentences(text))


def _whole(outline: Outline, line: Line) -> Iterator[int]:
    """Yield a line that remarks, and those that go on with it."""
    yield line.number
    after = outline.after(line.number)
    while after is not None and not after.gap and after.kind == "para" and not after.label and asks(after.text) < 0.5:
        yield after.number
        after = outline.after(after.number)
