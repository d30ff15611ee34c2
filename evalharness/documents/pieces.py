"""lines -> the pieces that may be something of their own: a question, what answers it and what leads to it in one line.

Lines are cut wherever that may be; each piece is tagged; neighbours of one line with one tag are joined again.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import Any

import msgspec

from evalharness.documents.direction import PERSONS, YOU
from evalharness.documents.features import asks, words
from evalharness.documents.formats.made import labelled
from evalharness.documents.furniture import furniture
from evalharness.documents.lexicon import votes
from evalharness.documents.nouns import Line
from evalharness.model.noun import Noun

_STOP = re.compile(r"[.!?\u2026]{1,4}[\"'\u201d\u00bb)\]*_]{0,3}\s+(?=[^\s(\[])")
_MARK = re.compile(r"\s(?:[-\u2010-\u2015\u2192=|]|[-=]{1,2}>)\s+(?=\S)|\.{2,4}\s+(?=\S)")
ASKS, LEAD_WORDS, NAMED, MOST_ALIKE, ASKED = 0.35, 25, 0.5, 2, "question"
NAMES = frozenset("question answer ask follow_up probe claim mission time person company interest".split())
CUT: Any = {"marker": "", "count": 0, "sign": "", "gap": False, "bold": False, "glued": True}


class Parted(Noun):
    """The pieces of a document, numbered anew, the place of the line that each is of, and which are no content.

    `leads` are the pieces that are a label, cut from what stands behind it: it may be what is asked ("weaknesses: ...").
    """

    pieces: tuple[Line, ...]
    of: tuple[int, ...]
    gone: frozenset[int]
    leads: frozenset[int] = frozenset()


def parted(lines: Sequence[Line]) -> Parted:
    """Return the pieces of all lines."""
    labels = Counter(line.label.lower() for line in lines)
    topics = frozenset(label for label, many in labels.items() if many <= MOST_ALIKE)
    found = [(piece, at) for at, line in enumerate(lines) for piece in _pieces(line, topics)]
    pieces = tuple(msgspec.structs.replace(piece, number=number) for number, (piece, _) in enumerate(found, start=1))
    ignored = furniture(lines)
    gone = frozenset(number for number, (_, at) in enumerate(found, start=1) if lines[at].number in ignored)
    pairs = itertools.pairwise(pieces)
    leads = frozenset(
        one.number for one, other in pairs if other.glued and other.label and not (one.glued or one.label)
    )
    return Parted(pieces=pieces, of=tuple(at for _, at in found), gone=gone, leads=leads)


def joined(lines: Sequence[Line], found: Parted, tags: Sequence[str]) -> tuple[tuple[Line, ...], tuple[str, ...]]:
    """Return the lines, cut where the tags of their pieces differ and numbered anew, with the tag of each."""
    told: list[tuple[Line, str]] = []
    for at, all_of in itertools.groupby(zip(found.of, found.pieces, tags, strict=True), key=lambda each: each[0]):
        own = [(piece, tag) for _, piece, tag in all_of]
        if own[0][0].number in found.leads:
            own = _behind(*own)
        runs = [(tag, [piece for piece, _ in run]) for tag, run in itertools.groupby(own, key=lambda each: each[1])]
        told += [(lines[at] if len(runs) == 1 else _whole(run), tag) for tag, run in runs]
    numbered = (msgspec.structs.replace(line, number=n) for n, (line, _) in enumerate(told, start=1))
    return tuple(numbered), tuple(tag for _, tag in told)


def _behind(lead: tuple[Line, str], first: tuple[Line, str], *more: tuple[Line, str]) -> list[tuple[Line, str]]:
    """Return the pieces of a line with its label in front of the first, where it is not what is asked."""
    label, said = lead[0], first[0]
    if lead[1] == ASKED != first[1]:
        return [
            (msgspec.structs.replace(label, text=label.text.strip()), ASKED),
            (msgspec.structs.replace(said, label="", rest=""), first[1]),
            *more,
        ]
    whole = msgspec.structs.replace(label, text=f"{label.text}{said.text}", label=said.label, rest=said.rest)
    return [(whole, first[1]), *more]


def _whole(run: Sequence[Line]) -> Line:
    """Return neighbouring pieces as one line."""
    more = "".join(piece.text for piece in run[1:])
    text, rest = f"{run[0].text}{more}".strip(), f"{run[0].rest}{more}".strip() if run[0].label else ""
    return msgspec.structs.replace(run[0], text=text, rest=rest)


def _pieces(line: Line, topics: Collection[str]) -> Iterator[Line]:
    """Yield the pieces of one line; only the first has its mark, and only what stands behind it has its label.

    `topics` are the labels that do not come again and again.
    """
    starts = _starts(line, topics) if line.kind in {"para", "item", "heading"} else []
    if not starts:
        yield line
        return
    texts = [line.text[a:b] for a, b in zip([0, *starts], [*starts, len(line.text)], strict=True)]
    begun = _ends(line)
    if starts[0] == begun:  # a label that may be asked
        yield msgspec.structs.replace(line, text=texts[0], label="", rest="")
        first = msgspec.structs.replace(line, text=texts[1], rest=texts[1], kind=_kind(line), **CUT)
        yield first
        texts = texts[1:]
    else:
        own = (line.label, texts[0][begun:]) if 0 < begun < len(texts[0]) else ("", "")
        yield msgspec.structs.replace(line, text=texts[0], label=own[0], rest=own[1])
    for text in texts[1:]:
        own = labelled(text, text)
        yield msgspec.structs.replace(line, text=text, kind=_kind(line), label=own[0], rest=own[1], **CUT)


def _kind(line: Line) -> str:
    return "para" if line.kind == "heading" else line.kind


def _ends(line: Line) -> int:
    """Return where the label of a line ends; 0 where it has none, or nothing behind it."""
    end = len(line.text) - len(line.rest) if line.label and line.rest else 0
    return end if line.text.endswith(line.rest) else 0


def _starts(line: Line, topics: Collection[str]) -> list[int]:
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
    label = [begun] if begun and line.label.lower() in topics and _may_be_asked(line) else []
    starts = sorted({*label, *(ends[at] for at in around), *([mark.end()] if mark and led else [])})
    starts = [at for at in starts if text.count("(", 0, at) <= text.count(")", 0, at)]
    pairs = itertools.pairwise([*starts, len(text)])
    return [at for at, end in pairs if any(map(str.isalnum, text[at:end]))]


def _may_be_asked(line: Line) -> bool:
    """Return whether a label may be a topic that is asked: it names nothing that import knows by its name."""
    known = {role for role, vote in votes(line.label).items() if vote >= NAMED}
    person = set(words(line.label)) <= PERSONS | YOU
    return not (line.speaker or person) and (asks(line.label) >= ASKS or known.isdisjoint(NAMES))


def _asks(part: str) -> bool:
    """Return whether a sentence may ask, also behind a colon in it."""
    return "?" in part or max(asks(part), asks(part.rpartition(": ")[2])) >= ASKS
