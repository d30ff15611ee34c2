"""What was pasted from a chat with an assistant -> its turns, each line with who writes it."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from evalharness.documents.direction import YOU
from evalharness.documents.features import words
from evalharness.documents.formats.made import Piece
from evalharness.documents.formats.text import plain_pieces
from evalharness.documents.lexicon import votes

_HEAD = re.compile(
    r"[#>*_\s]{0,8}(?P<name>(?<!\w)[^\W\d_][\w.-]{0,30}(?: [\w.-]{1,30}){0,2})(?:[*_]{0,3}\s?(?P<colon>:)[*_]{0,3}(?P<said>\s.*)?|[*_]{0,3})$"
)
SENDS = "who writes it"


class _Turn(NamedTuple):
    """The places of a turn's lines, whether it is the person's, and what stands in its first line behind the name."""

    first: int
    last: int
    own: bool
    said: str


def turns_of(lines: Sequence[str]) -> tuple[_Turn, ...]:
    """Return the turns of a chat in which "You" and one other name head them by turns; none of any other text."""
    heads = [(at, *found) for at, line in enumerate(lines) if (found := _head(line))]
    own = [(at, name, said) for at, name, said in heads if words(name)[0] in YOU]
    first = own[0][0] if own else len(lines)
    other = next((name for at, name, _ in heads if at > first and words(name)[0] not in YOU and not votes(name)), "")
    theirs = [(at, name, said) for at, name, said in heads if name == other]
    both = sorted([*own, *theirs])
    taken = all((a[1] == other) != (b[1] == other) for a, b in itertools.pairwise(both))
    if not (own and theirs and taken and len({name for _, name, _ in own}) == 1):
        return ()
    ends = [*(at for at, _, _ in both[1:]), len(lines)]
    return tuple(_Turn(at, end, name != other, said) for (at, name, said), end in zip(both, ends, strict=True))


def _head(line: str) -> tuple[str, str] | None:
    """Return who speaks in the lines below one, and what is said in it: a name and a colon, or a name alone."""
    match = _HEAD.fullmatch(line.rstrip()) if line.strip() else None
    if match is None or (match["said"] and not (match["colon"] and line.lstrip().startswith("**"))):
        return None
    return match["name"], (match["said"] or "").strip()


def from_assistant(text: str) -> Sequence[Piece]:
    """Return the pieces of a chat with an assistant, each with who writes it; none of any other text."""
    lines = text.split("\n")
    found = turns_of(lines)
    if not found:
        return []
    heads = {turn.first: turn for turn in found}
    shown = "\n".join(heads[at].said if at in heads else line for at, line in enumerate(lines))
    starts = [turn.first for turn in found]
    told = [Piece(text=lines[turn.first].strip(), place=turn.first + 1, why=SENDS) for turn in found if not turn.said]
    for piece in plain_pieces(shown):
        at = bisect_right(starts, piece.place - 1)
        who = "" if not at else "you" if found[at - 1].own else "assistant"
        told.append(msgspec.structs.replace(piece, speaker=who, gap=piece.gap or piece.place - 1 in heads))
    return sorted(told, key=lambda piece: piece.place)
