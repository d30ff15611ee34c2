"""a line -> whether it stands in quotation marks, of whatever country, and its words without them."""

from __future__ import annotations

import re

# What opens a quotation, and what may close it: English, German, Danish, French, typewriter.
_PAIRS = {
    "\u201c": "\u201d\u201c",
    "\u201d": "\u201d",
    "\u201e": "\u201c\u201d",
    '"': '"',
    "\u00ab": "\u00bb",
    "\u00bb": "\u00ab\u00bb",
    "\u2039": "\u203a",
    "\u300c": "\u300d",
}
OPENS = frozenset(_PAIRS)
CLOSES = frozenset("".join(_PAIRS.values()))


def is_quoted(text: str) -> bool:
    """Return whether all of `text` stands in quotation marks, or an opening mark is still open at its end."""
    text = _bare(text)
    if text[:1] not in OPENS:
        return False
    closes = _PAIRS[text[0]]
    return _end(text) in closes or not _holds(text[1:], closes)


def is_open(text: str) -> bool:
    """Return whether a quotation begins and is not closed in `text`."""
    bare = _bare(text)
    return is_quoted(text) and (len(bare) < 2 or _end(bare[1:]) not in _PAIRS[bare[0]])


def ends_quoted(text: str) -> bool:
    """Return whether `text` ends with a closing mark."""
    return _end(text) in CLOSES


def unquoted(text: str) -> str:
    """Return `text` without one pair of quotation marks around it, or the half of a pair."""
    text = text.strip()
    closes = _PAIRS.get(text[:1], "")
    if closes and len(text) > 1 and text[-1] in closes and not _unmatched(text[1:-1], text[0]):
        return text[1:-1].strip()
    if closes and not _holds(text[1:], closes):
        return text[1:].strip()
    if text[-1:] in CLOSES and not any(mark in text[:-1] for mark in _openers_of(text[-1:])):
        return text[:-1].strip()
    return text


def _unmatched(inside: str, opener: str) -> bool:
    """Return whether a closing mark stands inside that no opening mark inside belongs to."""
    closes = _PAIRS[opener]
    depth = 0
    for mark in inside:
        if mark in closes and (depth or mark != opener):
            depth -= 1
        elif mark in OPENS:
            depth += 1
        if depth < 0:
            return True
    return opener == '"' and depth % 2 == 1


def _openers_of(close: str) -> str:
    return "".join(opener for opener, closes in _PAIRS.items() if close in closes and opener != close) or close


def _holds(text: str, marks: str) -> bool:
    return re.search(f"[{re.escape(marks)}]", text) is not None


def _bare(text: str) -> str:
    return text.strip().strip("*_").strip()


def _end(text: str) -> str:
    return text.rstrip(".)*_ ")[-1:]
