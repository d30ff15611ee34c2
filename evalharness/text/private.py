"""text of an attempt -> its comments, which are left out, and what looks like a note to oneself and is no comment.

Nobody can tell from its mark alone whether a line is a note: `%` begins one in TeX and a sentence about per cents
elsewhere.  So only what is closed as a comment is left out (see `blocks`); all else counts, and whoever wrote it is
told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from evalharness.text.blocks import blanked, blocks

_FOREIGN = re.compile(
    r"^[ \t]{0,8}(?:%{1,9}(?!\d)|//+|;{1,9}|#\+|\.\.[ \t]|>[ \t]{0,3}\[!|TODO\b|FIXME\b)[^\n]*$",
    re.MULTILINE,
)
"""Lines that begin as a comment does in another kind of file, with signs that say nothing in Markdown, and callouts."""

_MARKS = r"[ \t]{0,8}(?:(?:>|[-*+][ \t]|\d{1,2}[.)][ \t])[ \t]{0,4}){0,3}"
_OPENED = re.compile(
    rf"^{_MARKS}(?:<[!%#?]|/\*|\{{[{{#%*/!]{{1,3}}|\\(?:begin|iffalse|comment)\b|\[//\]"
    r"|\[[^\[\]\n]{1,99}\]:[ \t]{0,9}(?:#|<>))(?:[^\w\n]{0,40}\n)?[^\n]*$",
    re.MULTILINE,
)
"""Lines that open a comment of some program, a quoted or listed one too; with the next line where nothing follows."""

_FRAMED = re.compile(
    rf"^{_MARKS}([<(\[{{])([-~@$&=+|;:!#%?/]{{1,3}}|\*(?=[ \t]))[^\n]*$",
    re.MULTILINE,
)
"""Lines in brackets with signs at both ends, `<@ ... @>`: no prose is written so."""

_ASIDE = re.compile(r"^[ \t]{0,3}\[(?!\^)[^\[\]\n]{0,400}\][ \t]{0,9}$", re.MULTILINE)
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+([^\n]*)$", re.MULTILINE)
_LABEL = re.compile(
    r"^[ \t]{0,3}(?:(?:[-*>+]|\d{1,2}[.)])[ \t]+)?[*_\[(]{0,3}([^\W\d_][^\n:.,)\]\u2013\u2014\uff1a]{0,40})"
    r"[:)\]\u2013\u2014\uff1a][^\n]*",
    re.MULTILINE,
)
_WORD = re.compile(r"[^\W_]+")
_SENTENCE_END = re.compile(r"[.;,!][*_ \t]{0,4}$")
_CLOSING = {"<": ">", "(": ")", "[": "]", "{": "}"}
_ASIDE_WORDS = 3
_SENTENCE_WORDS = 5

_NAMES = frozenset(
    "note notes private privately secret confidential internal todo fixme reminder reminders memo scratch "
    "notiz notizen privat vertraulich intern erinnerung prive privee rappel notas nota privado privada recordatorio "
    "appunti privato promemoria notities".split()
)
"""What people call a place for what nobody is told."""

_AROUND = frozenset("to for my own self me myself only the and".split())


class Note(NamedTuple):
    """A stretch of a text, `start` up to `end`: a comment, which is `left_out`, or what only looks like a note."""

    start: int
    end: int
    left_out: bool


def unclosed(text: str) -> int | None:
    """Return where a comment of HTML begins that nothing closes, so that a page shows nothing of what follows."""
    return next((block.start for block in blocks(text) if block.is_comment and not block.closed), None)


def notes(text: str) -> Iterator[Note]:
    """Yield the comments with words in them, and what looks like a note, in no order."""
    for block in blocks(text):
        if block.is_comment and _WORD.search(text, block.start, block.end):
            yield Note(block.start, block.end, left_out=True)
    said = blanked(text)
    told: dict[int, Note] = {}
    for rule, is_note in (
        (_FOREIGN, _has_words),
        (_OPENED, _has_words),
        (_FRAMED, _is_framed),
        (_ASIDE, _is_aside),
        (_HEADING, _is_no_title),
        (_LABEL, _is_named),
    ):
        for match in rule.finditer(said):
            if match.start() not in told and is_note(match):
                told[match.start()] = Note(*match.span(), left_out=False)
    yield from told.values()


def _has_words(match: re.Match[str]) -> bool:
    return any(map(str.isalpha, match.group()))


def _is_framed(match: re.Match[str]) -> bool:
    """Return whether a line ends with the signs that it begins with, mirrored, and has words between them."""
    opening, signs = match.groups()
    closing = signs[::-1] + _CLOSING[opening]
    return match.group().rstrip().endswith(closing) and _has_words(match)


def _is_aside(match: re.Match[str]) -> bool:
    return len(_WORD.findall(match.group())) >= _ASIDE_WORDS


def _is_no_title(match: re.Match[str]) -> bool:
    """Return whether a heading names notes, or is a sentence, as a line is that Org or a shell takes for a comment."""
    title = match[1].strip()
    said = _words(title)
    is_sentence = len(said) >= _SENTENCE_WORDS and not title.endswith("?")
    return not _NAMES.isdisjoint(said) or (is_sentence and (title[:1].islower() or bool(_SENTENCE_END.search(title))))


def _is_named(match: re.Match[str]) -> bool:
    """Return whether a label says nothing but that notes follow: `Note to self:`, and not `One note of theirs:`."""
    said = _words(match[1])
    return not _NAMES.isdisjoint(said) and _NAMES.union(_AROUND).issuperset(said)


def _words(text: str) -> list[str]:
    return [word.casefold().translate(_PLAIN) for word in _WORD.findall(text)]


_PLAIN = str.maketrans("\u00e9\u00e8", "ee")
