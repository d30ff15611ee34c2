"""bytes -> text, in whatever encoding they were saved; text that was decoded by a wrong page is put right."""

from __future__ import annotations

import codecs
import functools
import unicodedata
from typing import NamedTuple

UNKNOWN = "\ufffc"  # a picture of which too little is left to tell which one it was
_PAGES = ("cp1252", "cp1254", "cp1250")
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FIRM = 3  # a sequence of three bytes does not happen by chance; two of two bytes are taken for evidence


def decoded(data: bytes) -> str:
    """Return the text of a file; wide encodings are known by their mark, or by a zero in every second byte."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, errors="replace")
    head = data[:400]
    if len(head) >= 8 and head[1::2].count(0) > 0.7 * len(head[1::2]):
        return data.decode("utf-16-le", errors="replace")
    if len(head) >= 8 and head[::2].count(0) > 0.7 * len(head[::2]):
        return data.decode("utf-16-be", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def repaired(text: str) -> str:
    """Return `text` with UTF-8 that was read as a Windows page turned back; a clean text is returned as it is."""
    if text.isascii():
        return text
    found = [(_evidence(text, page), page) for page in _PAGES]
    most, page = max(found, key=lambda pair: pair[0])
    if most < _FIRM:
        return text
    return _turned(text, page)


def _evidence(text: str, page: str) -> int:
    """Return how much of `text` is UTF-8 when its characters are the bytes of `page`."""
    to_byte, at, found = _bytes(page), 0, 0
    while at < len(text):
        taken = _sequence(text, at, to_byte, whole=True) if text[at] > "\x7f" else None
        found += (taken.length if taken.length > 2 else 1) if taken else 0
        at += taken.length if taken else 1
    return found


class _Taken(NamedTuple):
    """How many characters were bytes of one, and which one it was."""

    length: int
    character: str


def _turned(text: str, page: str) -> str:
    to_byte, out, at = _bytes(page), list[str](), 0
    while at < len(text):
        taken = None
        if text[at] > "\x7f":
            taken = _sequence(text, at, to_byte, whole=True) or _sequence(text, at, to_byte, whole=False)
        out.append(taken.character if taken else text[at])
        at += taken.length if taken else 1
    return "".join(out)


def _sequence(text: str, at: int, to_byte: dict[str, int], *, whole: bool) -> _Taken | None:
    """Return the character whose UTF-8 bytes stand at `at`; unless `whole`, one byte of them may have been lost."""
    lead = to_byte.get(text[at], 0)
    size = 4 if 0xF0 <= lead <= 0xF4 else 3 if 0xE0 <= lead < 0xF0 else 2 if 0xC2 <= lead < 0xE0 else 0
    if not size:
        return None
    tail: list[int] = []
    for character in text[at + 1 : at + size]:
        byte = to_byte.get(character, 0)
        if not 0x80 <= byte < 0xC0:
            break
        tail.append(byte)
    if len(tail) == size - 1:
        return _decoded(bytes([lead, *tail]), size)
    if whole or len(tail) != size - 2 or size == 2:
        return _lone(text, at, lead, tail) if not whole else None
    return _completed(text, at, lead, tail, to_byte)


def _decoded(data: bytes, length: int) -> _Taken | None:
    try:
        return _Taken(length, data.decode("utf-8"))
    except UnicodeDecodeError:
        return None


def _lone(text: str, at: int, lead: int, tail: list[int]) -> _Taken | None:
    """Return nothing for a capital A with a circumflex before a blank: it was a hard space."""
    after = text[at + 1 : at + 2]
    if lead == 0xC2 and not tail and (not after or after.isspace()):
        return _Taken(1 + bool(after), after)
    return _Taken(1 + len(tail), UNKNOWN) if lead >= 0xF0 and tail else None


def _completed(text: str, at: int, lead: int, tail: list[int], to_byte: dict[str, int]) -> _Taken:
    """Return the character that a byte without a place on the page would complete."""
    length = 1 + len(tail)
    after = text[at + length : at + length + 1]
    if after in {"\ufffd", "?"} and after:  # what a program wrote in place of the lost byte
        length += after == "\ufffd"
    lost = sorted(set(range(0x80, 0xC0)) - set(to_byte.values())) or [0x81, 0x8D, 0x8F, 0x90, 0x9D]
    places = range(len(tail), -1, -1)
    options = [
        found.character
        for place in places
        for byte in lost
        if (found := _decoded(bytes([lead, *tail[:place], byte, *tail[place:]]), length))
    ]
    before = text[at - 1 : at]
    joins = before.isalnum() and text[at + length : at + length + 1].isalnum()
    if "\ufe0f" in options:
        return _Taken(length, "\ufe0f")
    for kinds in (("Pd",) if joins else ("Pf", "Pi"), ("Pf", "Pi", "Pd")):
        for option in options:
            if unicodedata.category(option) in kinds:
                return _Taken(length, option)
    return _Taken(length, UNKNOWN)


@functools.cache
def _bytes(page: str) -> dict[str, int]:
    """Return the byte of each character of `page`; bytes that it does not define stand for themselves."""
    found = {chr(byte): byte for byte in range(0x80, 0xA0)}
    for byte in range(0x80, 0x100):
        try:
            found[bytes([byte]).decode(page)] = byte
        except UnicodeDecodeError:
            continue
    return found
