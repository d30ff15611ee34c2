"""lines -> lines in which notes that ask or name a topic and tell about it at once are cut in two: what is asked, what is told."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

import msgspec

from evalharness.documents.features import STAR, asks, invites, owns, recounts, words
from evalharness.documents.lexicon import votes
from evalharness.documents.nouns import NOTED, Line

_ARROW = re.compile(r"(?P<left>\S.{0,80}?) (?:\u2192|->|=>) (?P<right>.+)")
_ANSWERED = re.compile(r"(?P<left>[^?]{3,160}\?)[\"\u201d]? (?:(?:[-\u2013\u2014:\u2192]|->) )?(?P<right>\S.*)")
LEAST_RUN, LEAST_ARROWS = 3, 2
TOPIC_WORDS, TOLD, NAMES = 6, 0.5, 0.2
Cuts = dict[int, tuple[str, str]]


def cut(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return the lines of a document, numbered anew where a note was cut."""
    found = _arrows(lines) or _answered(lines) or _topics(lines)
    if not found:
        return tuple(lines)
    parts = [
        part for line in lines for part in (_parted(line, *found[line.number]) if line.number in found else [line])
    ]
    return tuple(msgspec.structs.replace(line, number=number) for number, line in enumerate(parts, start=1))


def _parted(line: Line, left: str, right: str) -> Iterator[Line]:
    bare = msgspec.structs.replace(line, label="", rest="")
    yield msgspec.structs.replace(bare, text=left, kind="heading", level=6, callout=NOTED)
    yield msgspec.structs.replace(bare, text=right, gap=False, count=0, marker="-" if line.kind == "item" else "")


def _arrows(lines: Sequence[Line]) -> Cuts:
    """Return the parts of lines with an arrow, where enough of them ask in front of it, or were cut already."""
    matches = {line.number: _ARROW.fullmatch(line.text) for line in lines if line.kind in {"para", "item"}}
    found = {n: (match["left"], match["right"]) for n, match in matches.items() if match}
    asking = sum(asks(left) >= NAMES for left, _ in found.values()) + sum(line.callout == NOTED for line in lines)
    return found if asking >= max(LEAST_ARROWS, len(found) / 3) else {}


def _answered(lines: Sequence[Line]) -> Cuts:
    """Return the parts of lines that ask and answer at once, where hardly a question stands alone in its line."""
    matches = {line.number: _ANSWERED.fullmatch(line.text) for line in lines if line.kind in {"para", "item"}}
    found = {
        number: (match["left"], match["right"])
        for number, match in matches.items()
        if match and asks(match["left"]) > TOLD and (asks(match["right"]) < TOLD or invites(match["left"]))
    }
    alone = sum(asks(line.text) > TOLD and line.number not in found for line in lines if not line.why)
    return found if len(found) >= max(LEAST_RUN, 2 * alone) else {}


def _topics(lines: Sequence[Line]) -> Cuts:
    """Return the parts of lines with a label each, several in a row, most of which tell what their writer did.

    They are no part of an answer: nothing above them is asked.
    """
    runs = itertools.groupby((line for line in lines if line.kind != "rule"), key=_is_topic)
    first = next((line.number for line in lines if asks(line.said) > TOLD), len(lines) + 1)
    found: Cuts = {}
    for topical, run in runs:
        notes = list(run)
        names = {line.label for line in notes}
        if not topical or len(names) < max(LEAST_RUN, len(notes)) or notes[0].number > first:
            continue
        asked = any(asks(name) >= NAMES for name in names)
        telling = sum(owns(line.rest) > 0 or (asked and recounts(line.rest)) for line in notes)
        known = sum(set(words(name)) <= STAR or max(votes(name).values(), default=0.0) >= TOLD for name in names)
        if telling >= TOLD * len(notes) > known:
            found |= {line.number: (line.label, line.rest) for line in notes}
    return found


def _is_topic(line: Line) -> bool:
    """Return whether a line has a short label and says something behind it that asks nothing."""
    return (
        bool(line.label and line.rest)
        and line.kind in {"para", "item"}
        and not line.why
        and len(words(line.label)) <= TOPIC_WORDS
        and asks(line.rest) < TOLD
    )
