"""Lines of a conversation -> the same lines with who says them: found by how people take turns, not by their names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

import msgspec

from evalharness.documents.direction import ME, PERSONS, SELF
from evalharness.documents.features import asks, words
from evalharness.documents.formats.made import Piece
from evalharness.documents.lexicon import votes

CLOCK = r"(?:\d{1,2}[/.]\d{1,2}[/.]\d{2,4},? )?(?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?"
STAMP = re.compile(rf"[\[(]?{CLOCK}(?: - {CLOCK})?[\])]?")
_CUE = re.compile(rf"(?:{STAMP.pattern}\s*-->\s*{STAMP.pattern}.*|\d{{1,4}}|WEBVTT.*|NOTE\b.*|{STAMP.pattern})")
_VOICE = re.compile(
    r"<v(?:\.[\w.]{1,30})? (?P<name>[^<>]{1,60})>(?P<said>[^<>]*)(?:</v>)?|\*\*(?P<bold>[^*:]{1,40}):?\*\*:?\s+(?P<words>\S.*)"
)
_ASIDE = re.compile(r"^[*_]*[\[(][^\[\]()]{1,80}[\])][*_]*\s*")
_NAME = r"(?<![\w.'\u2019-])[^\W\d_][\w.'\u2019-]{0,30}"
_PERSON = rf"{_NAME}(?: {_NAME}){{0,2}}(?: \d{{1,2}}\b| \([^()\n]{{1,24}}\))?"
_HEAD = re.compile(
    rf"(?P<name>{_PERSON})(?:\s?[\[(]?(?:\d{{1,2}}:)?\d{{1,2}}:\d{{2}}[\])]?)?(?P<mark>\s?:|\t| {{2,4}}|\s[-\u2013\u2014](?=\s))\s*(?P<said>\S.*)"
)
_ALONE = re.compile(rf"[\[(<]?(?P<name>{_PERSON})[\])>]?(?:\s+{STAMP.pattern}|(?P<colon>\s?:))\s*$")
LEAST_TURNS, LEAST_TIMED, LEAST_EACH, MOST_SPEAKERS, LEAST_COVERED = 6, 3, 3, 4, 0.4
FEWEST, TAKING_TURNS, NEARLY_ALL = (
    4,
    0.75,
    0.6,
)  # what shows a short talk: its lines go to and fro, and little else stands there
LEAST_PAIRS, ASKING, TELLING = 3, 0.7, 0.2
INITIALS = 12
TITLE = 14
ONE, OTHER = "one who asks", "one who answers"


class _Head(NamedTuple):
    """A name in front of a line, the mark behind it, and what is said."""

    name: str
    mark: str
    said: str


def told_apart(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """Return the pieces with their speakers where people take turns; without any speaker where nobody does."""
    if any(piece.speaker for piece in pieces):
        return pieces
    named = list(_named([_voiced(piece) for piece in pieces]))
    heads = [None if piece.why or piece.speaker else _head(piece.text) for piece in named]
    timed = sum(piece.why == "who speaks" for piece in named) >= LEAST_TIMED  # a clock after a name is no label
    speakers = _speakers(named, heads, timed=timed)
    if not speakers:
        return _by_turns(pieces)
    said = [head.name.casefold() if head and head.name.casefold() in speakers else "" for head in heads]
    told = [
        msgspec.structs.replace(piece, speaker=name, text=head.said) if head and name else piece
        for piece, head, name in zip(named, heads, said, strict=True)
    ]
    return [*_going_on(told)] if timed or _taken([name for name in said if name]) >= TAKING_TURNS else told


def _going_on(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Yield the pieces of a talk; what stands between two turns goes on with the first, and after the last until a gap."""
    last = max((at for at, piece in enumerate(pieces) if piece.speaker), default=-1)
    name = ""
    for at, piece in enumerate(pieces):
        name = piece.speaker or (
            name if _is_plain(piece) and (at < last or not piece.gap) else name if piece.why else ""
        )
        yield msgspec.structs.replace(piece, speaker=name) if name and _is_plain(piece) else piece


def _taken(names: Sequence[str]) -> float:
    """Return how often another one speaks next."""
    return sum(a != b for a, b in pairwise(names)) / max(1, len(names) - 1)


def _head(text: str) -> _Head | None:
    """Return the name that a line begins with; a dash or blanks make one only of a short word."""
    match = _HEAD.match(text)
    if match is None:
        return None
    mark, name = match["mark"].strip() or " ", match["name"]
    if mark not in {":", " "} and (len(name) > INITIALS or " " in name):
        return None
    return _Head(name, mark, match["said"])


def _speakers(pieces: Sequence[Piece], heads: Sequence[_Head | None], *, timed: bool) -> frozenset[str]:
    """Return the names that take turns in front of the lines; none where they are labels, or stand there too rarely."""
    names = Counter(head.name.casefold() for head in heads if head)
    timed = timed and max(names.values(), default=0) > 1
    plain = sum(map(_is_plain, pieces))
    often = [name for name, count in names.most_common(MOST_SPEAKERS) if count >= (1 if timed else 2)]
    people = [name for name in often if not _labels(name, names)]
    if len(people) > 1 and any(votes(name) for name in people) and len(people) < len(often):
        people = [name for name in people if not votes(name)]  # "they" among "situation" and "result"
    said = [head for head in heads if head and head.name.casefold() in people]
    if len(people) < 2 or not said:
        return frozenset()
    taken = _taken([head.name.casefold() for head in said])
    two = Counter(head.name.casefold() for head in said).most_common(2)
    to_and_fro = taken >= TAKING_TURNS and sum(count for _, count in two) >= TAKING_TURNS * len(said)
    within = _within(pieces, heads, frozenset(people)) if len(said) >= LEAST_TURNS else plain
    if len(said) >= FEWEST and to_and_fro and len(said) >= NEARLY_ALL * within:
        return frozenset(people)
    if len(said) >= FEWEST and to_and_fro and _names_me(said):
        return frozenset(people)
    sure = [name for name in people if _is_sure(said, name, timed=timed)]
    count = sum(head.name.casefold() in sure for head in said)
    enough = count >= (LEAST_TIMED if timed else LEAST_TURNS) and count >= LEAST_COVERED * plain
    return frozenset(sure) if len(sure) > 1 and enough else frozenset()


def _names_me(said: Sequence[_Head]) -> bool:
    """Return whether one of those who speak is called "me" or the like, each before a colon."""
    named = {word for head in said for word in words(head.name)[:1]}
    return bool(named & (SELF | ME)) and all(head.mark == ":" for head in said)


def _is_plain(piece: Piece) -> bool:
    """Return whether somebody may say what stands in a line: it is neither empty, a heading nor set aside."""
    return bool(piece.text) and not piece.why and piece.kind not in {"rule", "heading"}


def _within(pieces: Sequence[Piece], heads: Sequence[_Head | None], people: frozenset[str]) -> int:
    """Return how many plain lines stand from the first line of these people to their last: before and after it is no talk."""
    said = [at for at, head in enumerate(heads) if head and head.name.casefold() in people]
    return sum(map(_is_plain, pieces[said[0] : said[-1] + 1]))


def _is_sure(said: Sequence[_Head], name: str, *, timed: bool) -> bool:
    """Return whether a name with a capital and a colon stands in front of enough lines to be one in any document."""
    own = [head for head in said if head.name.casefold() == name and head.name[0].isupper() and head.mark == ":"]
    return len(own) >= (1 if timed else LEAST_EACH) and (timed or not votes(name))


def _labels(name: str, names: Counter[str]) -> bool:
    """Return whether a word in front of several lines is a label and not a speaker: "Answer", or "A" beside a "Q"."""
    if len(name) == 1:
        return bool({"q", "s", "t", "r"} & set(names))
    person = set(words(name)) <= PERSONS and any(not votes(other) for other in names if names[other] > 1)
    return bool(votes(name)) and not person


def _voiced(piece: Piece) -> Piece:
    """Return a piece whose speaker, in bold or in the tag of a caption, stands in front like any other."""
    match = _VOICE.fullmatch(piece.text)
    if not match:
        return piece
    name, said = match["name"] or match["bold"], match["said"] or match["words"]
    return msgspec.structs.replace(piece, text=f"{name.rstrip(':')}: {_ASIDE.sub('', said)}") if said else piece


def _named(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Yield pieces whose speaker stands on a line of its own with that name in front; times are told as such."""
    name, names = "", Counter(re.sub(rf"^{STAMP.pattern}\s+", "", piece.text) for piece in pieces)
    for piece, after in zip(pieces, [*pieces[1:], None], strict=False):
        if after and STAMP.fullmatch(after.text) and re.fullmatch(_PERSON, piece.text):  # the clock is below the name
            name = piece.text
            yield msgspec.structs.replace(piece, why="who speaks")
            continue
        stamped = re.match(rf"{STAMP.pattern}\s+(?=[^\W\d_])", piece.text)
        piece = msgspec.structs.replace(piece, text=piece.text[stamped.end() :]) if stamped else piece
        alone = _ALONE.fullmatch(piece.text)
        if stamped and names[piece.text] > 1 and re.fullmatch(_PERSON, piece.text):
            name = piece.text
            yield msgspec.structs.replace(piece, why="who speaks")
            continue
        if _CUE.fullmatch(piece.text):
            yield msgspec.structs.replace(piece, why=piece.why or "time of a recording")
        elif alone and not alone["colon"]:
            name = alone["name"]
            yield msgspec.structs.replace(piece, why="who speaks")
        elif name and piece.kind in {"para", "item"}:
            yield msgspec.structs.replace(piece, text=f"{name}: {piece.text}")
            name = ""
        else:
            yield piece


def _by_turns(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """Return pieces in which every other one asks and the next one tells with two speakers, whom nobody names."""
    plain = [at for at, piece in enumerate(pieces) if piece.text and not piece.why and piece.kind != "rule"]
    for start in (plain, plain[1:]):
        lead = plain[: len(plain) - len(start)]
        if any(len(words(pieces[at].text)) > TITLE for at in lead) or not _to_and_fro([pieces[at] for at in start]):
            continue
        who = {at: (ONE, OTHER)[n % 2] for n, at in enumerate(start)}
        return [
            msgspec.structs.replace(p, speaker=who[at], kind="para", marker="") if at in who else p
            for at, p in enumerate(pieces)
        ]
    return pieces


def _to_and_fro(pieces: Sequence[Piece]) -> bool:
    """Return whether lines of one make ask and tell by turns, from the first to the last."""
    one = pieces[0] if pieces else None
    if one is None or len(pieces) < 2 * LEAST_PAIRS or one.kind not in {"para", "item"} or one.count:
        return False
    if any((p.kind, p.depth, p.count, p.quote, p.text[:2] == "**") != (one.kind, 0, 0, 0, False) for p in pieces):
        return False
    if one.kind == "para" and not all(piece.gap for piece in pieces):
        return False
    asked = [asks(piece.text) > 0.35 or "?" in piece.text for piece in pieces]
    even, odd = asked[::2], asked[1::2]
    return sum(even) >= ASKING * len(even) and sum(odd[:-1]) <= TELLING * len(odd)
