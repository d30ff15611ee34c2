"""What was recorded or noted in short -> one line a turn or note: what is asked apart from the rest."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

import msgspec

from evalharness.documents.direction import seeks, turned
from evalharness.documents.features import REQUESTS, WH, asks, invites, leans, recounts, words
from evalharness.documents.formats.made import Piece, unmarked
from evalharness.documents.formats.notes import told_apart
from evalharness.documents.lexicon import votes
from evalharness.documents.nouns import NOTED
from evalharness.text.language import is_english
from evalharness.text.words import sentences

_NOTE = re.compile(r"^(?P<left>[^-\u2013\u2014:\u2192]{3,60}?) (?P<mark>[-\u2013\u2014\u2192]|[-=]>) (?P<right>\S.*)")
_STOP = re.compile(r"(?<=[^\W\d_]{2}[.!?])\s+")
_BACK = re.compile(r"\bda(?:r(?:aus|an|auf|\u00fcber|um|in)|mit|bei|nach|zu|von|f\u00fcr|gegen|durch)\b")
_OPENERS = re.compile(
    r"^(?:(?:so|um|uh|okay|ok|well|right|mm-hm|good|great|yes|sorry|question \d+|the (?:first|next|last) one(?: is)?)[,.:]?\s+)+",
    re.IGNORECASE,
)
_AND = re.compile(r"^and[,.]?\s+", re.IGNORECASE)
LEAST_NOTES, LEAST_ARROWS, LEAST_ASKED, LEAST_SAID = 4, 2, 3, 10
LEAD_WORDS, LEAST_SHARE, MOST_PROBED, ASKED_AT_LEAST, ANSWERED = 3, 0.2, 8, 4, 15


def turns(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """Return a record of a conversation with one piece a turn; any other document as it is, but for its short notes."""
    pieces = _dictated(pieces)
    told = told_apart(pieces)
    askers = askers_of(told)
    return list(_Walk(told, askers).parts()) if askers else _notes(pieces)


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


class _Walk:
    """One way through the turns of a conversation: was something asked yet, and did they hand over to the candidate?"""

    def __init__(self, pieces: Sequence[Piece], askers: Collection[str]) -> None:
        self._pieces = pieces
        self._askers = askers
        self._foreign = not is_english(" ".join(piece.text for piece in pieces if piece.speaker))
        self._asked = False
        self._handed = False
        gaps = [piece.gap for piece in pieces[1:] if piece.speaker in self._askers and not piece.why]
        told = [piece.gap for piece in pieces if piece.speaker and piece.speaker not in self._askers]
        self._spaced = LEAST_ASKED <= sum(gaps) < len(gaps) and not any(
            told
        )  # blank lines set the questions off, and not what probes them

    def parts(self) -> Iterator[Piece]:
        """Yield all pieces; a turn in which something is asked in three: before it, what is asked, after it."""
        for at, piece in enumerate(self._pieces):
            base = msgspec.structs.replace(piece, kind="para", speaker="", marker="", depth=0)
            if not piece.speaker or piece.why:
                yield piece
            elif piece.speaker in self._askers:
                yield from self._interviewer(base, self._pieces[at + 1 :])
            else:
                yield from self._candidate(base)

    def _interviewer(self, base: Piece, after: Sequence[Piece]) -> Iterator[Piece]:
        parts = _sentences(base.text)
        firm = "?" in base.text
        asking = [at for at, text in enumerate(parts) if asks(bare(text)) > 0.5 or _wonders(text)]
        if not asking and not firm:  # notes leave the mark of a question out
            asking = [at for at, text in enumerate(parts[-1:], start=len(parts) - 1) if asks(bare(text)) >= 0.3]
        answer = self._answer(after)
        if not asking and not firm and self._foreign and _is_answered(parts[-1], answer):
            asking = [len(parts) - 1]  # no words of that language are known here: what somebody answers at length
        first, last = (asking[0], asking[-1]) if asking else (0, -1)
        asked = " ".join(parts[first : last + 1])
        if asking and (
            invites(asked) or (turned(asked) >= 0.6 and any(asks(bare(t)) > 0.4 for t in _sentences(answer)))
        ):
            self._handed = True
            if invites(asked):
                yield from _cut(base, parts, first, last, [f"Interviewer asks: {bare(asked)}"])
            else:
                yield msgspec.structs.replace(base, text=f"Interviewer says: {base.text}", why="hands over")
            return
        probing = bool(asking) and self._asked and (_refers_back(asked) or (self._spaced and not base.gap))
        answers = self._handed and seeks(asked) > -0.4
        set_off = self._spaced and base.gap
        if not asking or answers or (not probing and not set_off and _is_aside(asked, answer)):
            yield msgspec.structs.replace(base, text=f"Interviewer says: {base.text}", why="small talk")
            return
        label = "Probe" if probing else "Interviewer asks"
        self._asked, self._handed = True, self._handed and probing
        yield from _cut(base, parts, first, last, [f"{label}: {bare(asked)}"])

    def _candidate(self, base: Piece) -> Iterator[Piece]:
        parts = _sentences(base.text)
        asking = [at for at, text in enumerate(parts) if asks(bare(text)) > 0.7]
        if self._handed and not asking:
            asking = [at for at, text in enumerate(parts) if asks(bare(text)) >= 0.3 and seeks(text) > 0]
        asks_back = asking and (self._handed or (len(asking) >= 0.5 * len(parts) and seeks(parts[asking[0]]) >= -0.3))
        if not asks_back:
            why = "" if self._asked else "said before the first question"
            yield msgspec.structs.replace(base, text=f"Candidate says: {base.text}", why=why)
            return
        first, last = asking[0], asking[-1]
        yield from _cut(
            base, parts, first, last, [f"I ask: {bare(text, alone=True)}" for text in parts[first : last + 1]]
        )

    def _answer(self, after: Sequence[Piece]) -> str:
        """Return what the others say before the interviewer speaks again; what the interviewer says first, is skipped."""
        said: list[str] = []
        for piece in after:
            if piece.speaker and not piece.why:
                if piece.speaker in self._askers and (said or asks(bare(piece.text)) > 0.5):
                    break
                said += [piece.text] if piece.speaker not in self._askers else []
        return " ".join(said)


def _cut(base: Piece, parts: Sequence[str], first: int, last: int, asked: Sequence[str]) -> Iterator[Piece]:
    """Yield what is said before a question, what is asked, and what is said after it."""
    if first:
        yield msgspec.structs.replace(base, text=" ".join(parts[:first]), why="said before a question")
    for text in asked:
        yield msgspec.structs.replace(base, text=text, gap=True)
    if parts[last + 1 :]:
        yield msgspec.structs.replace(base, text=" ".join(parts[last + 1 :]), why="said after a question")


def _sentences(text: str) -> list[str]:
    """Return the sentences of what is said, also where small letters begin them."""
    return [part for span in sentences(text) for part in _STOP.split(span.text) if part]


def _is_aside(asked: str, answer: str) -> bool:
    """Return whether something is asked in passing: in a word or two, or so that a word or two answer it."""
    if not answer or (len(words(asked)) < LEAST_ASKED and not asks(asked) > 0.6):
        return True
    return len(words(answer)) <= LEAST_SAID and "?" not in answer and seeks(_sentences(asked)[-1]) > -0.4


def _is_answered(said: str, answer: str) -> bool:
    """Return whether somebody says much more to something than it takes to say that."""
    return len(words(said)) >= ASKED_AT_LEAST and len(words(answer)) >= max(ANSWERED, 2 * len(words(said)))


def _refers_back(asked: str) -> bool:
    """Return whether a question goes on with what was just said: "And what went wrong?", "How did she take it?"."""
    found = words(bare(asked))
    if not found or len(_sentences(asked)) > 1:
        return False
    back = found[-1] in {"it", "that"} and bool({"did", "was"} & set(found))
    return leans(bare(asked)) or (len(found) <= MOST_PROBED and (back or bool(_BACK.search(asked))))


def _wonders(text: str) -> bool:
    """Return whether a sentence says that its speaker would like to know something: "I'd like to know which ..."."""
    found = words(text)
    return bool({"i'd", "would"} & set(found[:4])) and turned(text) >= 0.7 and bool(WH & set(found))


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
