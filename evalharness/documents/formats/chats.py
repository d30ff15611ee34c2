"""The text of a chat -> its messages with who sends them; the marks of the program stay as furniture.

Messengers write a clock and a name in front of each message or above it, every one in its own way.  What they share is
read: a line that holds a date or a clock, and else a name that comes again.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from evalharness.documents.clean import unpictured
from evalharness.documents.formats.made import Piece
from evalharness.documents.formats.speech import askers_of, turns

_WORD = r"[^\W\d_]{2,12}\.?"
_DAY = rf"(?:\d{{1,4}}[/.-]\d{{1,2}}(?:[/.-]\d{{2,4}})?\.?|\d{{1,2}}\.?\s{_WORD}(?:\s\d{{2,4}})?|{_WORD}\s\d{{1,2}}(?:,?\s\d{{4}})?|{_WORD})"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?(?:\s?[AaPp]\.?\s?[Mm]\b\.?)?"
_STAMP = rf"(?:(?:{_WORD},\s)?{_DAY},?\s(?:{_WORD}\s)?)?{_CLOCK}(?:,?\s{_DAY})?"
_FIRST = re.compile(
    rf"\s{{0,4}}(?:[\[(](?P<inner>{_STAMP})[\])]|(?P<outer>{_STAMP})(?=\s[-\u2013\u2014]\s|:?\s{{2}}|\t))\s{{0,4}}[-\u2013\u2014:]?\s{{0,4}}(?P<rest>\S.*)?$"
)
_LAST = re.compile(
    rf"^(?P<name>[^\W\d_][^\n:\[\]]{{0,40}}?)(?:,?\s{{1,4}}[\[(]|\s{{0,4}}[-\u2013\u2014,|\u00b7]\s{{1,4}}|\s{{1,4}})(?P<stamp>{_STAMP})[\])]?:?\s*$"
)
_ONLY = re.compile(rf"^\s{{0,8}}[\[(]?{_STAMP}[\])]?\s*$")
_ANGLED = re.compile(r"<(?P<name>[^<>]{1,40})>\s+(?P<said>\S.*)$")
_NAMED = re.compile(r"(?P<name>[^\W\d_][^:\n]{0,40}?)(?P<mark>:|\s{2,4}|\t)\s*(?P<said>.*)$")
_NOTICE = re.compile(r"\u200e|<[^<>]{1,40}>$|https?://\S+$|:[\w+-]{1,30}:$|\d{1,4}(?:\s[^\W\d_]{2,12})?$")
_TRAILING = re.compile(r"(?<=\S)\s+[(\[<](?P<word>[^\W\d_]{3,16})[)\]>]$")
LEAST, LEAST_SHARE, MOST_WORDS = 4, 0.2, 4
SENDS, NOTICE, TIME = "who sends it", "of the chat program", "time of a recording"


class _Head(NamedTuple):
    """The line above or in which a message begins: who sends it, what stands of it there, and how many lines it takes."""

    name: str
    said: str
    lines: int = 1


def from_chat(text: str) -> Sequence[Piece]:
    """Return the pieces of a chat in which somebody asks and somebody answers; none of any other text."""
    lines = text.split("\n")
    heads = _heads(lines)
    pieces = list(_pieces(lines, heads)) if heads else []
    return turns(pieces) if askers_of(pieces) else []


def _heads(lines: Sequence[str]) -> dict[int, _Head]:
    """Return the beginnings of messages by the place of their line; none where too few names come again."""
    found = {at: head for at in range(len(lines)) if (head := _head(lines, at))}
    names = Counter(head.name for head in found.values() if head.name)
    found |= {at: _Head(line.strip(), "") for at, line in enumerate(lines) if line.strip() in names and at not in found}
    names = Counter(head.name for head in found.values() if head.name)
    again = {name for name, count in names.items() if count > 1}
    stamps = (_stamp(lines[at + head.lines - 1]) for at, head in found.items())
    angled = sum("<" in lines[at][:40] for at in found) > 0.5 * len(found)
    dated = angled or any(re.search(r"[^\d:.,\s()\[\]-]|\d[./-]\d", stamp) for stamp in stamps)
    filled = sum(bool(line.strip()) for line in lines)
    enough = len(found) >= max(LEAST, LEAST_SHARE * filled) and len(again) > 1 and dated
    return {at: head for at, head in found.items() if not head.name or head.name in names} if enough else {}


def _stamp(line: str) -> str:
    """Return what stands in a line around its clock, where that is a date or a half of the day."""
    found = re.search(_STAMP, line)
    return found[0] if found else ""


def _head(lines: Sequence[str], at: int) -> _Head | None:
    line = lines[at].replace("\u202f", " ").replace("\xa0", " ").strip("\u200e\u200f\ufeff ")
    if (first := _FIRST.match(line)) and first["rest"]:
        return _sent(first["rest"])
    last = None if _ONLY.match(line) else _LAST.match(line)
    if last and len(last["name"].split()) <= MOST_WORDS:
        return _Head(last["name"].strip(), "")
    below = lines[at + 1] if at + 1 < len(lines) else ""
    alone = line and len(line.split()) <= MOST_WORDS and line[-1:].isalpha() and line[:1].isalpha()
    if alone and _ONLY.match(below):
        return _Head(line, "", 2)
    return None


def _sent(rest: str) -> _Head:
    """Return who sends what stands behind a clock; nobody does where it is a notice."""
    named = _ANGLED.match(rest) or _NAMED.match(rest)
    if named and len(named["name"].split()) <= MOST_WORDS:
        return _Head(named["name"].strip(), named["said"])
    return _Head(rest.strip(), "") if len(rest.split()) <= MOST_WORDS else _Head("", rest)


def _pieces(lines: Sequence[str], heads: dict[int, _Head]) -> Iterator[Piece]:
    """Yield each line of the chat: with its sender, or as furniture; what stands above the first message stays."""
    sender: str | None = None
    under, opens = 0, True
    for at, line in enumerate(lines):
        head, under = heads.get(at), under - 1
        if head is not None:
            sender, under, opens = head.name, head.lines, True
        said = head.said if head else line
        if head is not None and not said:
            yield Piece(text=line.strip(), place=at + 1, why=SENDS)
        elif under > 0 and head is None:
            yield Piece(text=line.strip(), place=at + 1, why=TIME)
        elif said.strip():
            yield from _message(said.strip(), at + 1, sender, opens=opens)
            opens = False


def _message(said: str, place: int, sender: str | None, *, opens: bool) -> Iterator[Piece]:
    """Yield a line of a message; what the program adds to it is told as such."""
    bare = unpictured(said).strip()
    if sender is None:
        yield Piece(text=said, place=place)
        return
    if _ONLY.match(bare) or not sender or not bare or _NOTICE.match(said):
        yield Piece(text=said, place=place, why=TIME if _ONLY.match(bare) else NOTICE)
        return
    added = _TRAILING.search(bare)
    yield Piece(text=bare[: added.start()] if added else bare, place=place, gap=opens, speaker=sender)
    if added:
        yield Piece(text=added[0].strip(), place=place, why=NOTICE)
