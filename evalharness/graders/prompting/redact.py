"""names <-> stand-ins: what leaves has no names, what comes back has them again as they stand in the answer.

A name is found in every spelling that means it: any case, any Unicode form, with accents or without, with letters of
another script that look the same, its words over a line end, with other blanks or a hyphen between them, inside
emphasis.  In scripts that write words without blanks it is found anywhere, and so are all words of a long name in one,
as in an address or the name of a file.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from evalharness.text.footnotes import marked, words
from evalharness.text.letters import MOST_JOINED, Letter, Row, has_borders, has_unshown, is_joined, letters, row
from evalharness.text.shapes import latin, two_letters
from evalharness.text.words import fold, fold_text

LONG_NAME: Final = 8  # letters: so long a name of several words is also found written as one
_HYPHENS: Final = frozenset("-\u2010\u2011")
_APOSTROPHES: Final = "'`\u2018\u2019\u201b\u02bc\u00b4\u2032"
_EMPTY: Final = " \n\r*_`~>\u00b7\u30fb"
_HANDLES: Final = frozenset({"@", "#"})
_LINE_ENDS: Final = ("\n", "\r\n", "\r")
_SENT: Final = frozenset({"text", "content", "system", "prompt", "input", "instructions"})


class Piece(NamedTuple):
    """A stretch of the text where a name stands, and what stands for it."""

    start: int
    end: int
    stand_in: str


class Redaction:
    """Replaces each name by its stand-in, and stand-ins by names."""

    def __init__(self, pairs: Sequence[tuple[str, str]] = ()) -> None:
        self._names = tuple(
            _Name(found, stand_in)
            for name, stand_in in sorted(pairs, key=lambda pair: -len(pair[0]))
            for found in _spellings(name)
        )
        self._back = {stand_in.casefold(): name for name, stand_in in pairs}
        longest_first = "|".join(re.escape(name) for name in sorted(self._back, key=len, reverse=True))
        self._stand_ins = re.compile(rf"(?<!\w)(?:{longest_first})(?!\w)", re.IGNORECASE) if pairs else None
        self._pieces = functools.lru_cache(maxsize=256)(self._find)

    def hide(self, text: str) -> str:
        """Return `text` as it may leave."""
        pieces = self._pieces(text) if self._names else ()
        return "".join(_put(text, pieces)) if pieces else text

    def show(self, text: str, sources: Iterable[str] = ()) -> str:
        """Return `text` with the names put back: as one of `sources` spells them, where it is a passage of one."""
        if self._stand_ins is None or not self._stand_ins.search(text):
            return text
        for source in sources:
            if passage := self._passage(text, source):
                return passage
        return self._stand_ins.sub(lambda match: self._back.get(match.group().casefold(), match.group()), text)

    def left_in(self, request: Mapping[str, Any], own: Iterable[str] = ()) -> str:
        """Return the stand-in of a name that a request would still send, or an empty text.

        `own` are texts of this program, the same for everybody.
        """
        ours = tuple(own)
        for text in _texts(request) if self._names else ():
            for known in ours:
                text = text.replace(known, " ")
            if pieces := self._pieces(text):
                return pieces[0].stand_in
        return ""

    def _passage(self, text: str, source: str) -> str:
        """Return the stretch of `source` that `text` is once the names are hidden in both, or an empty text."""
        pieces = self._pieces(source)
        wanted = fold_text(text)
        if not pieces or not wanted:
            return ""
        hidden = fold("".join(_put(source, pieces)))
        start = hidden.text.find(wanted)
        if start < 0:
            return ""
        first, last = hidden.original(start, start + len(wanted))
        return source[_before(first, pieces) : _after(last, pieces)]

    def _find(self, text: str) -> tuple[Piece, ...]:
        """Return where names stand, longer names first, none inside another."""
        readings = [row(found) for found in _readings(text)]
        pieces: list[Piece] = []
        taken: set[int] = set()
        for name, reading in itertools.product(self._names, readings):
            for first, last in name.places(reading):
                stretch = range(reading.letters[first].start, reading.letters[last - 1].end)
                if taken.isdisjoint(stretch):
                    taken.update(stretch)
                    pieces.append(Piece(stretch.start, stretch.stop, name.stand_in))
        return tuple(sorted(pieces))


def _readings(text: str) -> Iterator[list[Letter]]:
    """Yield the letters of `text` as a page shows them, as they are, and as they look, where these differ."""
    for shown in (True, False) if has_unshown(text) else (True,):
        yield letters(text, shown=shown)
        if latin(text) != text:
            yield letters(text, alike=True, shown=shown)


def _spellings(name: str) -> Iterator[list[Letter]]:
    """Yield the letters of each way to write `name`: as it is, with two letters for an umlaut, as its letters look."""
    whole = unicodedata.normalize("NFC", name)
    ways = [letters(way) for way in (name, two_letters(whole), *_miswritten(whole))]
    if latin(name) != name:
        ways += [letters(way, alike=True) for way in (name, name.lower(), name.upper(), name.title())]
    yield from {"".join(letter.text for letter in way): way for way in reversed(ways) if way}.values()


def _miswritten(name: str) -> Iterator[str]:
    """Yield what becomes of a name where a keyboard lacks a letter, or a program mistakes its encoding."""
    yield name.replace("\u00df", "\u03b2")
    yield name.replace("\u0111", "dj").replace("\u0110", "Dj")
    for encoding in ("cp1252", "latin-1"):
        with contextlib.suppress(UnicodeError):
            yield name.encode().decode(encoding)


class _Name:
    """One name as it is looked for: its letters as one text, and where its words part."""

    def __init__(self, found: Sequence[Letter], stand_in: str) -> None:
        self.stand_in = stand_in
        self._text = row(found).text
        self._words = words(found, _APOSTROPHES)
        inner = {at: number for at, number in row(found).places.items() if 0 < number < len(found)}
        self._parted = frozenset(at for at, number in inner.items() if _parts(found, number))
        self._joints = frozenset(at for at, number in inner.items() if _is_joint(found[number - 1], found[number]))
        self._long = len(found) >= LONG_NAME
        self._long_of_several = self._long and bool(self._parted)

    def places(self, reading: Row) -> Iterator[tuple[int, int]]:
        """Yield the first letter and the one after the last of each place where the name stands."""
        at = reading.text.find(self._text)
        while at >= 0:
            first, last = reading.places.get(at), reading.places.get(at + len(self._text))
            if first is not None and last is not None and self._stands(reading.letters, first, last):
                yield first, last
            at = reading.text.find(self._text, at + 1)
        for hit in marked(self._words, reading):
            before = reading.letters[max(hit.first - MOST_JOINED - 1, 0) : hit.first]
            around = [*before, *hit.letters, *reading.letters[hit.last : hit.last + 2]]
            if self._stands(around, len(before), len(before) + len(hit.letters)):
                yield hit.first, hit.last

    def _stands(self, found: Sequence[Letter], first: int, last: int) -> bool:
        if self._long_of_several and not any(letter.gap for letter in found[first + 1 : last]):
            return True  # no other word holds so many of its letters: annaschmidtcv
        if not (self._begins(found, first) and self._ends(found, last)):
            return False
        place, parted = 0, set()
        spaced = self._long and all(letter.gap for letter in found[first + 1 : last])
        for before, letter in zip(found[first:last], found[first + 1 : last], strict=False):
            place += len(before.text)
            if letter.gap and place not in self._joints and not spaced and not _may_part(before, letter):
                return False
            if _is_joint(before, letter):
                parted.add(place)
        return self._long or self._parted <= parted or _is_handle(found, first, last)

    def _begins(self, found: Sequence[Letter], first: int) -> bool:
        """Return whether the name begins at the letter at `first`; "and", "the", "to" may be joined to it."""
        for at in range(first, max(first - MOST_JOINED, 0) - 1, -1):
            if not at or _is_joint(found[at - 1], found[at]) or not _go_on(found[at - 1].text, self._text):
                return True
            if not is_joined(found[at - 1].text):
                return False
        return False

    def _ends(self, found: Sequence[Letter], last: int) -> bool:
        """Return whether the name ends before the letter at `last`; the s of a genitive may follow it."""
        if last == len(found) or _is_end(found[last - 1], found[last]):
            return True
        return found[last].text == "s" and (last + 1 == len(found) or _is_end(found[last], found[last + 1]))


def _is_handle(found: Sequence[Letter], first: int, last: int) -> bool:
    """Return whether these letters are all of a handle, a tag, or of what stands before the @ of an address."""
    opens = first > 0 and found[first - 1].text in _HANDLES and not found[first].gap
    return opens or (last < len(found) and found[last].text == "@" and not found[last].gap)


def _is_joint(before: Letter, letter: Letter) -> bool:
    """Return whether a word of a name begins here: behind a gap, or with a capital behind a small letter."""
    return bool(letter.gap) or (letter.big and not before.big)


def _parts(found: Sequence[Letter], number: int) -> bool:
    """Return whether a word ends before the letter at `number`: not at an apostrophe, nor between two initials."""
    if number + 1 < len(found) and found[number + 1].gap and (number == 1 or found[number - 1].gap):
        return False
    return bool(found[number].gap.strip(_APOSTROPHES))


def _is_end(letter: Letter, following: Letter) -> bool:
    return _is_joint(letter, following) or not _go_on(letter.text[-1], following.text)


def _go_on(one: str, other: str) -> bool:
    """Return whether two letters in a row belong to one word: both letters, or both digits."""
    if one[0].isalpha() and other[0].isalpha():
        return has_borders(one[0]) and has_borders(other[0])
    return one[0].isnumeric() and other[0].isnumeric()


def _may_part(before: Letter, letter: Letter) -> bool:
    """Return whether two letters of one word are still of one word with what stands between them."""
    if _go_on(before.text[-1], letter.text):
        return _inside(letter.gap)
    return (has_borders(before.text[0]) and has_borders(letter.text[0])) or not letter.gap.strip(_EMPTY)


def _inside(gap: str) -> bool:
    """Return whether what parts two letters may stand inside a word: emphasis, a hyphen at the end of a line."""
    bare = gap.strip(" >*_`~")
    return (not bare and " " not in gap) or (bare[:1] in _HYPHENS and bare[1:].strip(" >") in _LINE_ENDS)


def _put(text: str, pieces: Sequence[Piece]) -> Iterator[str]:
    place = 0
    for piece in pieces:
        yield text[place : piece.start]
        yield piece.stand_in
        place = piece.end
    yield text[place:]


def _before(place: int, pieces: Sequence[Piece]) -> int:
    """Return the place of the original that a place of the hidden text has; inside a name: where it begins."""
    shift = 0
    for piece in pieces:
        begin = piece.start + shift
        if place < begin:
            break
        if place < begin + len(piece.stand_in):
            return piece.start
        shift += len(piece.stand_in) - (piece.end - piece.start)
    return place - shift


def _after(place: int, pieces: Sequence[Piece]) -> int:
    """Return the same for the place after a passage; inside a name: where it ends."""
    shift = 0
    for piece in pieces:
        begin = piece.start + shift
        if place <= begin:
            break
        if place <= begin + len(piece.stand_in):
            return piece.end
        shift += len(piece.stand_in) - (piece.end - piece.start)
    return place - shift


def _texts(value: object, *, sent: bool = False) -> Iterator[str]:
    """Yield every text of a request that a model would read."""
    match value:
        case str() if sent:
            yield value
        case Mapping():
            for name, held in value.items():
                yield from _texts(held, sent=name in _SENT or (sent and not isinstance(held, str)))
        case list() | tuple():
            for held in value:
                yield from _texts(held, sent=sent)
        case _:
            return
