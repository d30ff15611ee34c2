"""What was recorded or noted in short -> one line a turn or note: what is asked apart from the rest."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from evalharness.documents.features import REQUESTS, asks, recounts, words
from evalharness.documents.formats.made import Piece, unmarked
from evalharness.documents.formats.notes import told_apart
from evalharness.documents.lexicon import votes
from evalharness.documents.nouns import NOTED
from evalharness.text.words import sentences

_NOTE = re.compile(r"^(?P<left>[^-\u2013\u2014:\u2192]{3,60}?) (?P<mark>[-\u2013\u2014\u2192]|[-=]>) (?P<right>\S.*)")
_STOP = re.compile(r"(?<=[^\W\d_]{2}[.!?])\s+")
_OPENERS = re.compile(
    r"^(?:(?:so|um|uh|okay|ok|well|right|mm-hm|good|great|yes|sorry|question \d+|(?:the )?(?:first|next|last) one(?: is)?)[,.:]?\s+)+",
    re.IGNORECASE,
)
_AND = re.compile(r"^and[,.]?\s+", re.IGNORECASE)
LEAST_NOTES, LEAST_ARROWS, LEAST_ASKED = 4, 2, 3
LEAD_WORDS, LEAST_SHARE = 3, 0.2


def turns(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """Return a record of a conversation with who says each piece; any other document as it is, but for its short notes."""
    pieces = _dictated(pieces)
    told = told_apart(pieces)
    return told if askers_of(told) else _notes(pieces)


def askers_of(pieces: Sequence[Piece]) -> frozenset[str]:
    """Return who asks in a conversation: all but one, who says the most beside the one who asks the most.

    Nobody does where one speaks alone, or where nothing much is asked.
    """
    said: dict[str, list[str]] = {}
    for piece in pieces:
        if piece.speaker and not piece.why:
            said.setdefault(piece.speaker, []).append(piece.text)
    shares = {
        name: sum(max(asks(bare(part)) for part in _sentences(text) or [""]) for text in own) / len(own)
        for name, own in said.items()
    }
    first = max(shares, key=lambda name: shares[name], default="")
    if len(shares) < 2 or shares[first] < LEAST_SHARE:
        return frozenset()
    candidate = max(shares.keys() - {first}, key=lambda name: (sum(map(len, said[name])), name))
    return frozenset(shares.keys() - {candidate})


def _sentences(text: str) -> list[str]:
    """Return the sentences of what is said, also where small letters begin them."""
    return [part for span in sentences(text) for part in _STOP.split(span.text) if part]


def bare(text: str, *, alone: bool = False) -> str:
    """Return a sentence without the small words that are only spoken in front: "So, um, what ...".

    "And" stays where it goes on with what was just told, but for a question that stands `alone`.
    """
    bare = unmarked(_OPENERS.sub("", text))[0]
    rest = _AND.sub("", bare)
    goes_on = (recounts(rest) or "did" in words(rest)) and not REQUESTS & set(words(rest)[:1])
    bare = bare if goes_on and not alone else rest
    for mark in (", ", ": "):
        lead, found, rest = bare.partition(mark)
        if found and len(lead.split()) <= LEAD_WORDS and asks(rest) > 0.5 and asks(lead) < 0.5:
            bare = rest
    return bare[:1].upper() + bare[1:] if bare and len(words(bare)) >= 2 else text


def _dictated(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """Return the lines of a text without marks with a colon behind the word that opens several of them: "question why"."""
    first = Counter(piece.text.partition(" ")[0].lower() for piece in pieces if piece.kind == "para" and piece.text)
    roles = {word: votes(word) for word, count in first.items() if count >= LEAST_ASKED and word.isalpha()}
    found = {
        word
        for word, vote in roles.items()
        if vote and max(vote.get("question", 0), vote.get("answer", 0)) >= 1 and asks(word) < 0.5
    }
    if len(found) < 2:
        return pieces
    out = []
    for piece in pieces:
        word, _, rest = piece.text.partition(" ")
        spoken = word.lower() in found and piece.kind == "para" and not rest.startswith((":", "-"))
        out.append(msgspec.structs.replace(piece, text=f"{word.capitalize()}: {rest}") if spoken else piece)
    return out


def _notes(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """Return short notes ("why us - small team") cut at their dash, where that is how a document is written."""
    plain = [
        p
        for p in pieces
        if p.kind in {"para", "item"} and not (p.depth or p.why or p.count) and p.text[:2] not in {"", "**"}
    ]
    cut = {
        id(p): match
        for p in plain
        if (match := _NOTE.fullmatch(p.text)) and len(words(match["left"])) <= 7 < len(words(match["right"])) + 6
    }
    arrows = {at: match for at, match in cut.items() if match["mark"] not in "-\u2013\u2014"}
    asked = sum(asks(match["left"]) >= 0.2 for match in arrows.values())
    if len(arrows) >= LEAST_ARROWS and 2 * asked > len(arrows):
        cut = {at: match for at, match in arrows.items() if asks(match["left"]) >= 0.2}
    elif len(cut) - len(arrows) < LEAST_NOTES or len(cut) < 0.3 * len(plain):
        return pieces
    return [part for piece in pieces for part in (_titled(piece, cut[id(piece)]) if id(piece) in cut else (piece,))]


def _titled(piece: Piece, match: re.Match[str]) -> Iterator[Piece]:
    yield msgspec.structs.replace(piece, text=match["left"], kind="heading", level=6, callout=NOTED)
    yield msgspec.structs.replace(piece, text=match["right"], gap=False)
