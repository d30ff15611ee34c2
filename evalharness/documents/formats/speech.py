"""What was recorded or noted in short -> one line a turn or note: speakers in front, what is asked apart from the rest."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from evalharness.documents.direction import seeks, turned
from evalharness.documents.features import WH, asks, words
from evalharness.documents.formats.made import Piece
from evalharness.documents.lexicon import votes
from evalharness.documents.nouns import NOTED
from evalharness.text.words import sentences

_VOICE = re.compile(
    r"<v(?:\.[\w.]{1,30})? (?P<name>[^<>]{1,60})>(?P<said>[^<>]*)(?:</v>)?|\*\*(?P<bold>[^*:]{1,40}):?\*\*:?\s+(?P<words>\S.*)"
)
_ASIDE = re.compile(r"^[*_]*[\[(][^\[\]()]{1,80}[\])][*_]*\s*")
_CLOCK = r"(?:\d{1,2}[/.]\d{1,2}[/.]\d{2,4},? )?(?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?"
_STAMP = re.compile(rf"[\[(]?{_CLOCK}(?: - {_CLOCK})?[\])]?")
_CUE = re.compile(rf"(?:{_STAMP.pattern}\s*-->\s*{_STAMP.pattern}.*|\d{{1,4}}|WEBVTT.*|NOTE\b.*|{_STAMP.pattern})")
_TURN = re.compile(
    r"(?<![\w.'\u2019-])(?P<name>[A-Z][\w.'\u2019-]*(?: [A-Z][\w.'\u2019-]*){0,2})(?:\s*[\[(]?(?:\d{1,2}:)?\d{1,2}:\d{2}[\])]?)?\s*:\s*(?P<said>\S.*)"
)
_ALONE = re.compile(
    rf"(?<![\w.'\u2019-])[\[(<]?(?P<name>[A-Z][\w.'\u2019-]*(?: [A-Z][\w.'\u2019-]*){{0,2}})[\])>]?\s+{_STAMP.pattern}\s*$"
)
_NOTE = re.compile(r"^(?P<left>[^-\u2013\u2014:\u2192]{3,60}?) (?P<mark>[-\u2013\u2014\u2192]|[-=]>) (?P<right>\S.*)")
LEAST_TURNS, LEAST_NOTES, LEAST_ARROWS, LEAST_ASKED, LEAST_SAID = 6, 4, 2, 3, 10
LEAST_TIMED = 3
LEAD_WORDS, LEAST_SHARE = 3, 0.2


def turns(pieces: Sequence[Piece]) -> Sequence[Piece]:
    """Return a record of a conversation with one piece a turn; any other document as it is, but for its short notes."""
    pieces = _dictated(pieces)
    named = list(_named([_voiced(piece) for piece in pieces]))
    names = Counter(match["name"] for piece in named if (match := _TURN.match(piece.text)))
    timed = sum(piece.why == "who speaks" for piece in named) >= LEAST_TIMED  # a clock after a name is no label
    timed = timed and max(names.values(), default=0) > 1
    each, least = (1, LEAST_TIMED) if timed else (3, LEAST_TURNS)
    speakers = [name for name, count in names.most_common(4) if count >= each and not _labels(name, names)]
    spoken = [piece for piece in named if (match := _TURN.match(piece.text)) and match["name"] in speakers]
    if len(speakers) < 2 or len(spoken) < least or len(spoken) < 0.4 * sum(bool(p.text) and not p.why for p in named):
        return _notes(pieces)
    shares = {name: _share(spoken, name) for name in speakers}
    asker = max(speakers, key=lambda name: shares[name])
    if shares[asker] < LEAST_SHARE:
        return _notes(pieces)
    after = [*spoken[1:], None]
    short = {id(piece) for piece, answer in zip(spoken, after, strict=True) if not answer or _is_word(piece, answer)}
    return [part for piece in named for part in _parted(piece, asker, speakers, aside=id(piece) in short)]


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


def _labels(name: str, names: Counter[str]) -> bool:
    """Return whether a word in front of several lines is a label and not a speaker: "Answer", or "A" beside a "Q"."""
    return bool(votes(name)) if len(name) > 1 else bool({"Q", "S", "T", "R"} & set(names))


def _voiced(piece: Piece) -> Piece:
    """Return a piece whose speaker, in bold or in the tag of a caption, stands in front like any other."""
    match = _VOICE.fullmatch(piece.text)
    if not match:
        return piece
    name, said = match["name"] or match["bold"], match["said"] or match["words"]
    return msgspec.structs.replace(piece, text=f"{name.rstrip(':')}: {_ASIDE.sub('', said)}") if said else piece


def _share(spoken: Sequence[Piece], name: str) -> float:
    own = [match["said"] for piece in spoken if (match := _TURN.match(piece.text)) and match["name"] == name]
    return sum("?" in said or asks(said) > 0.7 for said in own) / max(1, len(own))


def _named(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Yield pieces whose speaker stands on a line of its own with that name in front; times are told as such."""
    name = ""
    for piece in pieces:
        stamped = re.match(rf"{_STAMP.pattern}\s+(?=[A-Z])", piece.text)
        piece = msgspec.structs.replace(piece, text=piece.text[stamped.end() :]) if stamped else piece
        alone = _ALONE.fullmatch(piece.text)
        if _CUE.fullmatch(piece.text):
            yield msgspec.structs.replace(piece, why="time of a recording")
        elif alone:
            name = alone["name"]
            yield msgspec.structs.replace(piece, why="who speaks")
        elif name and piece.kind in {"para", "item"}:
            yield msgspec.structs.replace(piece, text=f"{name}: {piece.text}")
            name = ""
        else:
            yield piece


def _is_word(asked: Piece, turn: Piece) -> bool:
    """Return whether a turn only says a word or two, so that what was asked before it was small talk."""
    return len(words(turn.text)) <= LEAST_SAID and "?" not in turn.text and seeks(sentences(asked.text)[-1].text) > -0.4


def _parted(piece: Piece, asker: str, speakers: Sequence[str], *, aside: bool) -> Iterator[Piece]:
    """Yield a turn; one in which something is asked in three: before it, what is asked, after it.

    What is asked `aside`, as small talk, is no question of the interview.
    """
    match = _TURN.match(piece.text)
    if not match or match["name"] not in speakers or piece.why:
        yield piece
        return
    role = "Interviewer" if match["name"] == asker else "Candidate"
    parts = [span.text for span in sentences(match["said"])]
    least = 0.5 if role == "Interviewer" else 0.7
    asking = [at for at, text in enumerate(parts) if asks(_bare(text)) > least or (least > 0.5 and _wonders(text))]
    if (
        not asking
        or (role == "Interviewer" and (aside or len(words(" ".join(parts[at] for at in asking))) < LEAST_ASKED))
        or (role == "Candidate" and (len(asking) < 0.5 * len(parts) or seeks(parts[asking[0]]) < -0.3))
    ):
        why = "small talk" if role == "Interviewer" else ""
        yield msgspec.structs.replace(piece, text=f"{role} says: {match['said']}", kind="para", why=why)
        return
    first, last = asking[0], asking[-1]
    lead, asked, rest = parts[:first], parts[first : last + 1], parts[last + 1 :]
    base = msgspec.structs.replace(piece, kind="para")
    if lead:
        yield msgspec.structs.replace(base, text=" ".join(lead), why="said before a question")
    for text in [" ".join(asked)] if role == "Interviewer" else asked:
        label = "Interviewer asks" if role == "Interviewer" else "I ask"
        yield msgspec.structs.replace(base, text=f"{label}: {_bare(text)}", gap=True)
    if rest:
        yield msgspec.structs.replace(base, text=" ".join(rest), why="said after a question")


def _wonders(text: str) -> bool:
    """Return whether a sentence says that its speaker would like to know something: "I'd like to know which ..."."""
    found = words(text)
    return bool({"i'd", "would"} & set(found[:4])) and turned(text) >= 0.7 and bool(WH & set(found))


def _bare(text: str) -> str:
    """Return a sentence without the small words that are only spoken in front: "So, um, what ..."."""
    bare = re.sub(
        r"^(?:(?:so|um|uh|okay|ok|well|right|and|mm-hm|good|great|yes|sorry|question \d+|the (?:first|next|last) one(?: is)?)[,.]?\s+)+",
        "",
        text,
        flags=re.IGNORECASE,
    )
    lead, comma, rest = bare.partition(", ")
    if comma and len(lead.split()) <= LEAD_WORDS and asks(rest) > 0.7 and asks(lead) < 0.5:
        bare = rest
    return bare[:1].upper() + bare[1:] if bare and len(words(bare)) >= 3 else text


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
