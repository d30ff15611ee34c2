"""a piece of a document as a reader found it -> a `Line` with its features: marker, number, label, emphasis."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from evalharness.documents.clean import ARROWS, link_share, plain, sign_of, unpictured
from evalharness.documents.features import asks, owns
from evalharness.documents.nouns import Line
from evalharness.model.noun import Noun

_NUMBER = re.compile(
    r"(?:#\s?|[(\[]\s?(?!\d{3}))?(?:(?P<digits>\d{1,3})|(?P<roman>[IVX]{1,4}|[ivx]{1,4})(?=[.)])|(?P<letter>[A-Za-z])(?=[.)]))"
    r"(?:[.)\]:](?!\d)|\s?[\u2013\u2014/-](?=\s))[)\]]?\s*(?=\S)"
)
_STRUCK = re.compile(r"~~[^~]{1,600}(?:~~[.?!]?$|\?~~)")
_UNIT = re.compile(
    r"(?:(?P<unit>[A-Z][a-z]{2,12}|[Qq])(?:\s?#\s?|\s)|(?P<letter>[A-Zqa]))(?P<digits>\d{1,2})\b\)?(?:[.):\]\u2013\u2014\u00b7-]|\s[\u2013\u2014\u00b7|-])*(?:\s+|$)"
)
_LABEL = re.compile(r"(?P<label>(?:\d{1,3}-)?[^\W\d_][^:?!\n]{0,48}):(?=\s|$|[\"\u201c])")
_CLOCK = r"(?:\d{1,2}[/.]\d{1,2}[/.]\d{2,4},? )?(?:\d{1,2}:)?\d{1,2}:\d{2}(?:[.,]\d{1,3})?"
_TIME = re.compile(rf"^[\[(]?{_CLOCK}(?:\s*(?:-->|[-\u2013\u2014])\s*{_CLOCK})?[\])]?\s*[-\u2013\u2014:]?\s*")
_ROMAN = {"I": 1, "V": 5, "X": 10}
LABEL_WORDS = 6


class Piece(Noun):
    """One line as it is written: with its marks, its place, and what the reader knows of its kind and of who says it."""

    text: str
    place: int
    kind: str = "para"
    level: int = 0
    depth: int = 0
    marker: str = ""
    count: int = 0
    quote: int = 0
    gap: bool = False
    row: int = 0
    table: int = 0
    column: str = ""
    callout: str = ""
    why: str = ""
    speaker: str = ""
    sign: str = ""


def numbered(pieces: Iterable[Piece]) -> tuple[Line, ...]:
    """Return all pieces as lines with their numbers; letters count only where their neighbours do."""
    ready = _lettered([part for piece in pieces for part in _parted(piece)])
    alone = _alone(ready)
    found = [_line(piece, number, alone) for number, piece in enumerate(ready, start=1)]
    return tuple(found)


def _parted(piece: Piece) -> Iterator[Piece]:
    """Yield the piece without pictures; in two where what is asked stands in front of its answer."""
    text = unpictured(piece.text).strip()
    if not text and piece.kind != "rule":
        return
    head, rest = _in_front(text) if piece.kind != "cell" else ("", "")
    if not head and piece.kind == "item" and piece.count:
        head, rest = _asked_first(text)
    if not head:
        yield msgspec.structs.replace(piece, text=text, sign=piece.sign or sign_of(piece.text))
        return
    yield msgspec.structs.replace(piece, text=head, sign=piece.sign or sign_of(piece.text))
    if rest:
        kind = "para" if piece.kind in {"item", "heading"} else piece.kind
        depth = piece.depth + (piece.kind == "item")
        yield msgspec.structs.replace(piece, text=rest, kind=kind, depth=depth, marker="", count=0, gap=False)


def _asked_first(text: str) -> tuple[str, str]:
    """Return the question that an entry of a numbered list begins with and what its author tells in the same line."""
    first = text.find("? ") + 1
    rest = text[first:].strip()
    told = first and "?" not in rest and rest[:1].isupper() and len(rest.split()) >= 8 and owns(rest) > 0
    return (text[:first], rest) if told else ("", "")


def _in_front(text: str) -> tuple[str, str]:
    """Return what a line asks in bold, in quotation marks or before two colons, and the rest; a field as one with a colon."""
    head, rest = bold_lead(text)
    if any(map(str.isalpha, rest)) and asks(plain(head)) > 0.75 and not rest.startswith(":"):
        return f"**{head}**", rest
    end = max(text.find(mark, 1) for mark in '"\u201d\u201c\u00bb') if text[:1] in '"\u201c\u201e\u00ab' else -1
    if end > 0 and text[end + 2 : end + 3].isupper() and asks(text[1:end]) > 0.75 and len(text[end + 1 :].split()) >= 3:
        return text[: end + 1], text[end + 1 :].strip()
    left, mark, right = (part.strip() for part in text.partition("::"))
    if not (mark and right and 0 < len(left.split()) <= 30 and "http" not in left):
        return "", ""
    return (left, right) if asks(left) > 0.5 else (f"{left}: {right}", "")


def bold_lead(text: str) -> tuple[str, str]:
    """Return the bold words a line begins with and what follows them; two empty texts where it does not."""
    for mark in ("**", "__"):
        if text.startswith(mark):
            end = text.find(mark, 2)
            if end > 2:
                inner = text[2:end].strip("*_ ")
                return inner, text[end + 2 :].strip("*_ ")
    return "", ""


def _lettered(pieces: list[Piece]) -> list[Piece]:
    """Return pieces whose "A." and "I." are taken for numbers only where "B." or "II." follows, or the like."""
    found = [(_NUMBER.match(_bare(piece.text)) if piece.kind != "cell" else None) for piece in pieces]
    singles = {(m["letter"] or m["roman"]).upper() for m in found if m and (m["letter"] or m["roman"])}
    asked = any(re.match(r"q\d{0,2}\s?[.:)]", _bare(piece.text), re.IGNORECASE) for piece in pieces)
    out = []
    for piece, match in zip(pieces, found, strict=True):
        letter = (match["letter"] or match["roman"] or "").upper() if match else ""
        if match and asked and letter in {"A", "Q"}:
            bare = _bare(piece.text)
            piece = msgspec.structs.replace(piece, text=f"{letter}: {bare[match.end() :].lstrip('*_ ')}")
        elif match and letter and not _counts(letter, singles):
            piece = msgspec.structs.replace(piece, text=f"\u2060{piece.text}")
        out.append(piece)
    return out


def _counts(letter: str, singles: set[str]) -> bool:
    if set(letter) <= set(_ROMAN) and (_roman(letter) > 1 or "II" in singles):
        return True
    return len(letter) == 1 and (chr(ord(letter) - 1) in singles or chr(ord(letter) + 1) in singles)


def _alone(pieces: Sequence[Piece]) -> frozenset[str]:
    """Return the letters before a number ("V2") that count nothing: only one number stands behind them."""
    found: dict[str, set[str]] = {}
    for piece in pieces:
        match = _UNIT.match(_bare(piece.text))
        if match and match["letter"]:
            found.setdefault(match["letter"], set()).add(match["digits"])
    return frozenset(letter for letter, numbers in found.items() if len(numbers) < 2 and letter.lower() not in "qa")


def _bare(text: str) -> str:
    return text.lstrip('*_"\u201c ')


def _line(piece: Piece, number: int, alone: frozenset[str]) -> Line:
    text, marker, count, arrow = piece.text, piece.marker, piece.count, ""
    text = _TIME.sub("", text) or text
    whole = plain(text)
    bold, italic = _emphasis(text)
    if whole[:1] in ARROWS or whole[:2] in {"->", "=>"}:
        arrow, whole = "\u2192", whole.lstrip("".join(ARROWS) + "->= ")
    if piece.kind not in {"cell", "rule"}:
        whole, own, counted = unmarked(whole, alone)
        marker, count = (own or marker, counted or count)
    label, rest = ("", "") if piece.kind == "rule" else labelled(text, whole)
    why = piece.why or ("table of contents" if "](#" in piece.text and link_share(piece.text) >= 0.7 else "")
    why = why or ("struck out" if _STRUCK.match(text.strip()) else "")
    why = why or ("where a link leads" if re.match(r"\[[^\]]{1,60}\]:\s", piece.text) else "")
    return Line(
        number=number, text=whole.replace("\u2060", ""), place=piece.place, kind=piece.kind, level=piece.level,
        depth=piece.depth, marker=arrow or marker, count=count, bold=bold and piece.kind != "heading", italic=italic,
        quote=piece.quote, gap=piece.gap, label=label, rest=rest, row=piece.row, table=piece.table, column=piece.column,
        links=link_share(piece.text), callout=piece.callout, why=why, sign=piece.sign,
        speaker=piece.speaker,
    )  # fmt: skip


def unmarked(text: str, alone: frozenset[str] = frozenset()) -> tuple[str, str, int]:
    """Return the words behind a written number, the mark it is made of, and the number: "Q3. Why" -> Why, Q, 3."""
    unit = _UNIT.match(text)
    if unit and unit["letter"] not in alone:
        rest = text[unit.end() :]
        glued = text[unit.end("digits") : unit.end()]
        if rest and (unit["letter"] or glued.strip()):
            return rest, unit["unit"] or unit["letter"], int(unit["digits"])
    match = _NUMBER.match(text)
    if not match or not text[match.end() :].strip():
        return text, "", 0
    if match["digits"]:
        value = int(match["digits"])
    elif match["roman"]:
        value = _roman(match["roman"].upper())
    else:
        value = ord(match["letter"].upper()) - 64
    return text[match.end() :], "1.", value


def _roman(text: str) -> int:
    values = [_ROMAN[c] for c in text]
    return sum(-v if v < max(values[i:]) else v for i, v in enumerate(values))


def _emphasis(text: str) -> tuple[bool, bool]:
    """Return whether all of a line is bold, and whether all of it is italic."""
    bare = text.strip(' .:?"\u201c\u201d\u2192').removeprefix("-> ")
    bold = len(bare) > 4 and bare[:2] in {"**", "__"} and bare.find(bare[:2], 2) in {len(bare) - 2, len(bare) - 3}
    italic = not bold and len(bare) > 2 and bare[0] in "*_" and bare[1] not in "*_ " and bare[-1] == bare[0]
    return bold, italic and bare.count(bare[0]) == 2


def labelled(marked: str, text: str) -> tuple[str, str]:
    """Return the words before a colon in front of a line and those after it; in bold also without a colon."""
    head, rest = bold_lead(re.sub(r"^[(#]?(?:\d{1,3}|[IVXivx]{1,4}|[A-Za-z])?[\s.):\u2192-]*(?=\*\*|__)", "", marked))
    if head and len(head.split()) <= LABEL_WORDS and plain(head)[-1:] not in {"?", ".", "!"}:
        head = unmarked(plain(head))[0]
        rest = plain(rest)
        if head.endswith(":") or rest[:1] in {":", "\u2013", "\u2014", "-"} or (rest and text.startswith(head)):
            return head.rstrip(": "), rest.lstrip(":\u2013\u2014- ")
        if not rest:
            return "", ""
    dashed = re.match(r"([STARQ]) [\u2013\u2014-] (?=\S)", text)
    if dashed:
        return dashed[1], text[dashed.end() :]
    if head and rest and head.endswith(".") and len(head.split()) <= LABEL_WORDS and "1." not in head:
        return plain(head).rstrip("."), plain(rest)
    match = _LABEL.match(text)
    if (
        match
        and len(match["label"].split()) <= LABEL_WORDS
        and ("," not in match["label"].split("(")[0] or asks(text[match.end() :]) > 0.9)
        and '"' not in match["label"]
    ):
        return match["label"].strip(), text[match.end() :].strip()
    return "", ""
