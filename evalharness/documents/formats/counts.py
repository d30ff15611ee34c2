"""Pieces of a text -> the same ones with the numbers that people write without a list: in one line, or bare in front."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from evalharness.documents.features import asks
from evalharness.documents.formats.made import Piece

_WITHIN = re.compile(r"(?:^|(?<=\s))\(?(?P<digits>\d{1,2})[.)]\s+(?=\S)")
_BARE = re.compile(r"(?P<digits>\d{1,2})\s+(?=[^\W\d_]|\d{4}\b)")
LEAST, ASKS = 3, 0.2


def counted(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """Return the pieces; a line of several numbered questions is cut at their numbers, bare numbers in a row count."""
    return _bare([part for piece in pieces for part in _apart(piece)])


def _apart(piece: Piece) -> Iterator[Piece]:
    """Yield a line cut at the numbers in it, where these go on one by one and most of what they count asks."""
    marks = [*_in_order(piece)] if piece.kind in {"para", "item"} and not piece.why else []
    starts = [mark.end() for mark in marks]
    ends = [*(mark.start() for mark in marks), len(piece.text)]
    parts = [piece.text[a:b].strip() for a, b in zip(starts, ends[1:], strict=True)]
    own = [piece.text[: ends[0]].strip()] if piece.count else []
    asking = sum("?" in part or asks(part) >= ASKS for part in (*own, *parts))
    if len(own) + len(parts) < LEAST or 2 * asking <= len(own) + len(parts):
        yield piece
        return
    if lead := piece.text[: ends[0]].strip():
        yield msgspec.structs.replace(piece, text=lead)
    for mark, part in zip(marks, parts, strict=True):
        count = int(mark["digits"])
        yield msgspec.structs.replace(piece, text=part, kind="item", marker="1.", count=count, sign="", gap=False)


def _in_order(piece: Piece) -> Iterator[re.Match[str]]:
    """Yield the marks in a line that count on from its own number."""
    last = piece.count
    for found in _WITHIN.finditer(piece.text):
        if int(found["digits"]) == last + 1:
            last += 1
            yield found


def _bare(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """Return the pieces with the bare numbers that begin them as their counts, where they go 1, 2, 3 in neighbouring lines."""
    out = [*pieces]
    found = [_BARE.match(piece.text) if piece.kind == "para" and not piece.count else None for piece in pieces]
    numbers = [int(match["digits"]) if match else 0 for match in found]
    for first in (at for at, number in enumerate(numbers) if number == 1):
        many = next((n for n, number in enumerate(numbers[first:]) if number != n + 1), len(numbers) - first)
        for at in range(first, first + many) if many >= LEAST else ():
            match = found[at]
            text = pieces[at].text[match.end() :] if match else ""
            out[at] = msgspec.structs.replace(pieces[at], text=text, kind="item", marker="1.", count=numbers[at])
    return out
