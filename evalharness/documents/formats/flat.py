"""A layout that was run together in one line -> its headings, items and rules again, each with the same place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from evalharness.documents.formats.made import Piece

_MARK = re.compile(r"(?:(?<=\s)|^)(#{1,6}|-{3,}|[-*\u2022])\s+(?=\S)")
_SENTENCE = re.compile(r"(?<=[.!?]) (?=[A-Z])")
LEAST, LONG = 4, 200


def cut(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """Return `pieces` with each line cut that holds the marks of a heading and of several items."""
    titles = {p.text.casefold() for p in pieces if 1 <= len(p.text.split()) <= 8}
    found = [part for piece in pieces for part in (_parts(piece, titles) if _is_flat(piece) else (piece,))]
    return [part for piece in found for part in _at_titles(piece, titles)]


def _at_titles(piece: Piece, titles: set[str]) -> Iterator[Piece]:
    """Yield a long paragraph cut at the titles of the document that stand between its sentences."""
    places: list[tuple[int, int]] = []
    if piece.kind == "para" and len(piece.text) >= LONG:
        for start in [0, *(found.end() for found in _SENTENCE.finditer(piece.text))]:
            head = next((t for t in _starts(piece.text[start : start + 80]) if t.casefold() in titles), "")
            if head:
                places.append((start, start + len(head)))
    if len(places) < 3:
        yield piece
        return
    if places[0][0] > 0:
        yield msgspec.structs.replace(piece, text=piece.text[: places[0][0]].strip())
    for (start, end), until in zip(places, [*(start for start, _ in places[1:]), len(piece.text)], strict=True):
        yield msgspec.structs.replace(piece, text=piece.text[start:end], gap=False)
        yield msgspec.structs.replace(piece, text=piece.text[end:until].strip(), gap=False)


def _starts(text: str) -> Iterator[str]:
    """Yield the first words of a text, most of them first, where a capital letter follows."""
    parts = text.split(" ")
    for count in range(min(6, len(parts) - 1), 0, -1):
        if parts[count][:1].isupper():
            yield " ".join(parts[:count])


def _is_flat(piece: Piece) -> bool:
    if piece.kind == "cell" or len(piece.text) < 120:
        return False
    marks = [found[1] for found in _MARK.finditer(piece.text)]
    return (len(marks) >= LEAST and any(mark[0] == "#" for mark in marks)) or (
        piece.kind == "heading" and len(marks) >= 2
    )


def _parts(piece: Piece, titles: set[str]) -> Iterator[Piece]:
    text = f"# {piece.text}" if piece.kind == "heading" else piece.text
    marks = [*_MARK.finditer(text)]
    base = Piece(text="", place=piece.place, quote=piece.quote, gap=True, why=piece.why)
    if marks[0].start() > 0:
        yield msgspec.structs.replace(base, text=text[: marks[0].start()].strip())
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    for mark, end in zip(marks, ends, strict=True):
        words, sign = text[mark.end() : end].strip(), mark[1]
        if sign.startswith("---"):
            yield Piece(text="", place=piece.place, kind="rule", gap=True)
            yield msgspec.structs.replace(base, text=words)
        elif sign[0] == "#":
            level = piece.level if piece.kind == "heading" and mark is marks[0] else len(sign)
            head, rest = _title(words, titles)
            yield msgspec.structs.replace(base, text=head, kind="heading", level=level)
            yield msgspec.structs.replace(base, text=rest)
        else:
            yield msgspec.structs.replace(base, text=words, kind="item", marker="-", gap=False)


def _title(words: str, titles: set[str]) -> tuple[str, str]:
    """Return a heading and what was run into it: the longest title of the document that it begins with ends it."""
    parts = words.split(" ")
    bare = re.sub(r"^\d+[.)]\s+", "", words)
    skipped = len(parts) - len(bare.split(" "))
    for count in range(min(len(parts), 12), skipped, -1):
        if (
            " ".join(parts[skipped:count]).casefold() in titles
            and parts[count : count + 1]
            and parts[count][:1].isupper()
        ):
            return " ".join(parts[:count]), " ".join(parts[count:])
    return words, ""
