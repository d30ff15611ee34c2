"""lines -> the pieces that may be something of their own: a question, what answers it and what leads to it in one line.

Lines are cut wherever that may be; each piece is tagged; neighbours of one line with one tag are joined again.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

import msgspec

from evalharness.documents.features import asks, words
from evalharness.documents.formats.made import labelled
from evalharness.documents.furniture import furniture
from evalharness.documents.nouns import Line
from evalharness.model.noun import Noun

_STOP = re.compile(r"[.!?\u2026]{1,4}[\"'\u201d\u00bb)\]*_]{0,3}\s+(?=[^\s(\[])")
_MARK = re.compile(r"\s(?:[-\u2010-\u2015\u2192=|]|[-=]{1,2}>)\s+(?=\S)|\.{2,4}\s+(?=\S)")
ASKS, LEAD_WORDS = 0.35, 25


class Parted(Noun):
    """The pieces of a document, numbered anew, the place of the line that each is of, and which are no content."""

    pieces: tuple[Line, ...]
    of: tuple[int, ...]
    gone: frozenset[int]


def parted(lines: Sequence[Line]) -> Parted:
    """Return the pieces of all lines."""
    found = [(piece, at) for at, line in enumerate(lines) for piece in _pieces(line)]
    pieces = (msgspec.structs.replace(piece, number=number) for number, (piece, _) in enumerate(found, start=1))
    ignored = furniture(lines)
    gone = frozenset(number for number, (_, at) in enumerate(found, start=1) if lines[at].number in ignored)
    return Parted(pieces=tuple(pieces), of=tuple(at for _, at in found), gone=gone)


def joined(lines: Sequence[Line], found: Parted, tags: Sequence[str]) -> tuple[tuple[Line, ...], tuple[str, ...]]:
    """Return the lines, cut where the tags of their pieces differ and numbered anew, with the tag of each."""
    told: list[tuple[Line, str]] = []
    for at, own in itertools.groupby(zip(found.of, found.pieces, tags, strict=True), key=lambda each: each[0]):
        runs = [(tag, [piece for _, piece, _ in run]) for tag, run in itertools.groupby(own, key=lambda each: each[2])]
        told += [(lines[at] if len(runs) == 1 else _whole(run), tag) for tag, run in runs]
    numbered = (msgspec.structs.replace(line, number=n) for n, (line, _) in enumerate(told, start=1))
    return tuple(numbered), tuple(tag for _, tag in told)


def _whole(run: Sequence[Line]) -> Line:
    """Return neighbouring pieces as one line."""
    more = "".join(piece.text for piece in run[1:])
    text, rest = f"{run[0].text}{more}".strip(), f"{run[0].rest}{more}".strip() if run[0].label else ""
    return msgspec.structs.replace(run[0], text=text, rest=rest)


def _pieces(line: Line) -> Iterator[Line]:
    """Yield the pieces of one line; only the first has its mark, and only what stands behind it has its label."""
    starts = _starts(line) if line.kind in {"para", "item", "heading"} else []
    if not starts:
        yield line
        return
    texts = [line.text[a:b] for a, b in zip([0, *starts], [*starts, len(line.text)], strict=True)]
    begun = _ends(line)
    own = (line.label, texts[0][begun:]) if 0 < begun < len(texts[0]) else ("", "")
    yield msgspec.structs.replace(line, text=texts[0], label=own[0], rest=own[1])
    kind = "para" if line.kind == "heading" else line.kind
    for text in texts[1:]:
        own = labelled(text, text)
        yield msgspec.structs.replace(
            line, text=text, kind=kind, marker="", count=0, sign="", gap=False, bold=False, label=own[0], rest=own[1], glued=True
        )  # fmt: skip


def _ends(line: Line) -> int:
    """Return where the label of a line ends; 0 where it has none, or nothing behind it."""
    end = len(line.text) - len(line.rest) if line.label and line.rest else 0
    return end if line.text.endswith(line.rest) else 0


def _starts(line: Line) -> list[int]:
    """Return where a line may be cut: behind its label, around sentences that ask, and at the first mark behind a short lead."""
    text = line.text
    begun = _ends(line)
    ends = [begun, *(found.end() for found in _STOP.finditer(text, begun)), len(text)]
    parts = [text[a:b] for a, b in itertools.pairwise(ends)]
    asking = [_asks(part) for part in parts]
    around = {at for at in range(1, len(parts)) if asking[at - 1] or asking[at]}
    mark = _MARK.search(text, begun)
    lead = text[begun : mark.start()] if mark else ""
    led = mark is not None and 0 < len(words(lead)) <= LEAD_WORDS and not _STOP.search(lead)
    starts = sorted({*(ends[at] for at in around), *([mark.end()] if mark and led else [])})
    starts = [at for at in starts if text.count("(", 0, at) <= text.count(")", 0, at)]
    pairs = itertools.pairwise([*starts, len(text)])
    return [at for at, end in pairs if any(map(str.isalnum, text[at:end]))]


def _asks(part: str) -> bool:
    """Return whether a sentence may ask, also behind a colon in it."""
    return "?" in part or max(asks(part), asks(part.rpartition(": ")[2])) >= ASKS
