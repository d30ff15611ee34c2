"""text -> words, sentences, folded text; every one with the offsets of the original."""

from __future__ import annotations

import functools
import itertools
import math
import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from evalharness.text.patterns import Lazy
from evalharness.text.scripts import A_WORD, BLANKLESS, HAN, KANA, MARKS, NOTHING, OTHERS, SOUTHEAST

WORD = re.compile(r"[^\W_]+(?:['\u2019.,:/-][^\W_]+)*%?")

# The same for a text that is more than letters of scripts with blanks: marks belong to their word, what nobody sees
# parts none, and where a script sets no blanks each character is a word.
_LETTERS = rf"(?![{BLANKLESS}])[^\W_](?:(?![{BLANKLESS}])[^\W_]|[{MARKS}{NOTHING}])*"
_ANY_WORD = Lazy(rf"{_LETTERS}(?:['\u2019.,:/-]{_LETTERS})*%?|(?=[^\W_])[{BLANKLESS}][{MARKS}{NOTHING}]*")
_SPECIAL = re.compile(rf"[{BLANKLESS}{MARKS}{NOTHING}]")
_CJK, _KANA, _SOUTHEAST = (Lazy(rf"[{letters}]") for letters in (HAN + KANA + OTHERS, KANA, SOUTHEAST))

# A sentence ends at . ! ? before white space, and at the end of a paragraph, heading, table row or list item.
_ENDS = re.compile(
    r"(?<=[\u3002\uff01\uff1f\uff61])[\"'\u201d\u2019)\u300d\u300f\uff09\]]*\s*"
    r"|(?<=[.!?\u0964\u0965\u061f\u06d4\u1362\u104b])[\"'\u201d\u2019)\]*_]*\s+|\n\s*\n|\n(?=\s*(?:[-*+>|#]|\d+[.)])\s?)|(?<=\|)\n"
)
_ABBREVIATION = re.compile(r"(?<![^\s(])(?:e\.g|i\.e|vs|etc|approx|Dr|Mr|Mrs|Ms|Prof|No|cf|St|[A-Z])\.$", re.IGNORECASE)
_LONGEST = 8  # an abbreviation with its full stop, and one more
_HEADING = re.compile(r"^ {0,3}#{1,6}\s.*$", re.MULTILINE)


class Span(NamedTuple):
    """A stretch of text with its place: `text == whole[start:end]`."""

    start: int
    end: int
    text: str


def words(text: str) -> list[Span]:
    """Return the words of `text` in order; figures such as `1,900` or `p99` are words, punctuation is not.

    Where a script sets no blanks, each character is one: words to compare, not to count (see `word_count`).
    """
    return [Span(m.start(), m.end(), m.group()) for m in _rule(text).finditer(text)]


def texts_of_words(text: str) -> list[str]:
    """Return the words of `text` without their places, which takes a tenth of the time."""
    return _rule(text).findall(text)


def word_count(text: str) -> int:
    """Return how many words `text` has; where a script sets no blanks, how many would take as long to say."""
    rule = _rule(text)
    count = len(rule.findall(text))
    if rule is WORD or not is_blankless(text):
        return count
    cjk, southeast = (sum(1 for m in rule.finditer(text) if letters.match(m.group())) for letters in (_CJK, _SOUTHEAST))
    each = A_WORD["japanese" if _KANA.search(text) else "chinese"]
    return count - cjk - southeast + math.ceil(cjk / each + southeast / A_WORD["southeast"])


def has_words(text: str, fewest: int) -> bool:
    """Return whether `word_count` is at least `fewest`; a long text is read only as far as that takes."""
    rule = _rule(text)
    if rule is not WORD and is_blankless(text):
        return word_count(text) >= fewest
    return sum(1 for _ in itertools.islice(rule.finditer(text), fewest)) >= fewest


def is_blankless(text: str) -> bool:
    """Return whether some of `text` is in a script that sets no blanks between words."""
    return not text.isascii() and bool(_CJK.search(text) or _SOUTHEAST.search(text))


def _rule(text: str) -> re.Pattern[str]:
    return WORD if text.isascii() or not _SPECIAL.search(text) else _ANY_WORD.rule


def sentences(text: str) -> list[Span]:
    """Return the sentences, list items, table rows and headings of `text`, without surrounding white space."""
    return list(each_sentence(text))


def each_sentence(text: str) -> Iterator[Span]:
    """Yield what `sentences` returns, for whoever does not want to know how a text ends."""
    start = 0
    for match in _ENDS.finditer(text):
        if "\n" not in match.group() and _ABBREVIATION.search(
            text, max(start, match.start() - _LONGEST), match.start()
        ):
            continue
        yield from _stripped(text, start, match.end())
        start = match.end()
    yield from _stripped(text, start, len(text))


def without_headings(text: str) -> str:
    """Return `text` with Markdown headings blanked out, every other character at its old offset."""
    return _HEADING.sub(lambda match: " " * len(match.group()), text) if "#" in text else text


class Folded(NamedTuple):
    """Text folded for comparison; the i-th folded character came from `offsets[i]` up to `ends[i]`."""

    text: str
    offsets: tuple[int, ...]
    ends: tuple[int, ...]

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the original offsets of the folded stretch from `start` to `end`."""
        return self.offsets[start], self.ends[end - 1] if end > start else self.offsets[start]


_QUOTES = dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4`", "'") | dict.fromkeys(
    "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'
)
_DASHES = dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-")
_EMPHASIS = dict.fromkeys("*_~`", "")
_FOLDS = {**_QUOTES, **_DASHES, **_EMPHASIS}
_ASCII_FOLDS = str.maketrans({character: folded for character, folded in _FOLDS.items() if character.isascii()})
_ASCII_RUN = re.compile(r"[^\s*_~`]+(?: [^\s*_~`]+)*")
"""Words with single blanks between them: nothing in it moves. Between two such runs are white space and emphasis."""
_ZERO_WIDTH = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad")


@functools.lru_cache(maxsize=64)
def fold(text: str) -> Folded:
    """Return `text` with white space, quotation marks, dashes, emphasis, case and Unicode forms made alike."""
    if text.isascii():
        return _fold_ascii(text)
    out: list[str] = []
    offsets: list[int] = []
    ends: list[int] = []
    for start, end in _clusters(text):
        for folded in _fold_character(text[start:end]):
            if folded == " " and (not out or out[-1] == " "):
                continue
            out.append(folded)
            offsets.append(start)
            ends.append(end)
    if out and out[-1] == " ":
        for column in (out, offsets, ends):
            column.pop()
    return Folded("".join(out), tuple(offsets), tuple(ends))


def _fold_ascii(text: str) -> Folded:
    """Fold run by run: where each character is one of its own, only white space and emphasis move anything."""
    out: list[str] = []
    offsets: list[int] = []
    ends: list[int] = []
    before = 0
    for run in _ASCII_RUN.finditer(text):
        start, end = run.span()
        blank = next((at for at in range(before, start) if text[at].isspace()), None) if out else None
        if blank is not None:
            out.append(" ")
            offsets.append(blank)
            ends.append(blank + 1)
        out.append(run.group())
        offsets += range(start, end)
        ends += range(start + 1, end + 1)
        before = end
    return Folded("".join(out).lower(), tuple(offsets), tuple(ends))


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each character stands together with the accents and vowel signs that follow it."""
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or not _joins(text[end]):
            yield start, end
            start = end


@functools.lru_cache(maxsize=4096)
def _joins(character: str) -> bool:
    """Return whether a character belongs to the one before it: an accent, or a part of a Korean syllable."""
    return unicodedata.combining(character) > 0 or "\u1160" <= character <= "\u11ff"


def fold_text(text: str) -> str:
    """Return `fold(text).text` without the offsets; quick for plain ASCII."""
    if text.isascii():
        return " ".join(text.translate(_ASCII_FOLDS).lower().split())
    return fold(text).text


@functools.lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    if character in _FOLDS:
        return _FOLDS[character]
    if character in _ZERO_WIDTH:
        return ""
    if character.isspace():
        return " "
    folded = unicodedata.normalize("NFKC", character).casefold()
    return " " if folded.isspace() else folded


def _stripped(text: str, start: int, end: int) -> Iterator[Span]:
    piece = text[start:end]
    stripped = piece.strip()
    if stripped and (stripped[0].isalnum() or any(map(str.isalnum, stripped))):
        begin = start + len(piece) - len(piece.lstrip())
        yield Span(begin, begin + len(stripped), stripped)
