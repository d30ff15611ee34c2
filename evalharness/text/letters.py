"""text -> its letters as they compare, each with the place it came from.

Two spellings of one name differ in case, in accents, in Unicode form, in the blanks, hyphens and marks between its
words and in characters that nobody sees.  All of that is folded away; what is left is compared, and leads back to the
text.
"""

from __future__ import annotations

import html
import itertools
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple
from urllib.parse import unquote

from evalharness.text.shapes import latin, plain

# What may stand between two words of a name beside white space, dashes, low lines, brackets and quotation marks: full
# stops, apostrophes, the marks of Markdown and bars of tables, the dots of Katakana and Catalan, what stands for a
# character that was lost.  Any other character that is no letter ends a name: a comma or a colon parts two names.
_BETWEEN = frozenset(
    ".'\"`*~=^<>|/\\\u2212\u02bc\u00b4\u2032\u2035\u00b7\u2022\u30fb\u2044\u2215\t\n\v\f\r\x1c\x1d\x1e\x1f\x85"
    "\ufffc\ufffd\u2800\u3164\uffa0"
)
_LINE_ENDS = frozenset("\n\r")
_BETWEEN_CATEGORIES = frozenset({"Zs", "Zl", "Zp", "Pd", "Pc", "Ps", "Pe", "Pi", "Pf"})
_UNSEEN_CATEGORIES = frozenset({"Cf", "Cc", "Cs", "Cn"})
# Beside them: vowel points of Hebrew and Arabic, which the same word has in one text and lacks in the next.
_UNSEEN = re.compile(
    "[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u0652\u0670\u034f\u0640\u115f\u17b4\u17b5\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
# One character written as several: an entity, bytes of an address; and what shows no words of its own: a tag or a
# comment of HTML, the address or the label of a link, the mark of a footnote.
_CODED = r"&[#0-9A-Za-z]{2,31};|(?:%[0-9A-Fa-f]{2}){1,60}"
_WRITTEN = re.compile(_CODED)
_WRITTEN_OR_UNSHOWN = re.compile(
    rf"{_CODED}|</?[A-Za-z]{{1,10}}(?:\s[^<>]{{0,200}})?/?>|<!--[^<>]{{0,300}}-->|\]\([^()\n]{{0,300}}\)"
    r"|\]\[[^\[\]\n]{0,100}\]|\[\^[^\[\]\s]{1,30}\]"
)
# Scripts whose words, or whose endings, follow each other without a blank: a name has no border there.
_NO_BLANKS = frozenset(
    "CJK IDEOGRAPHIC HIRAGANA KATAKANA HANGUL BOPOMOFO YI THAI LAO KHMER MYANMAR TIBETAN JAVANESE BALINESE TAI".split()
)
# What Arabic and Hebrew write for "and", "the", "to", "in", "from": up to three such letters are joined to a name.
_JOINED = frozenset("\u0648\u0641\u0628\u0644\u0643\u0627\u05d5\u05d4\u05d1\u05dc\u05de\u05e9\u05db")
MOST_JOINED = 3
_SMALL_CAPITAL = ["LATIN", "LETTER", "SMALL", "CAPITAL"]
# What parts two names, or two sentences, wherever it stands.
_PARTING = frozenset(
    ",:!?\u00a1\u00bf\u055d\u0589\u060c\u061f\u06d4\u0964\u0965\u3001\u3002\uff0c\uff1a\uff01\uff1f\uff61\uff64"
)
# Accents of Latin, Greek and Cyrillic letters, which people leave out.  Vowel signs of other scripts are no accents.
_ACCENTS = dict.fromkeys(range(0x300, 0x370))


class Letter(NamedTuple):
    """One letter with its marks, folded: where it came from, and what may stand inside a name before it (`gap`).

    `big` where it is a capital, `is_sign` where it is a figure or a sign, or raised as these are behind a word.
    """

    text: str
    start: int
    end: int
    gap: str = ""
    big: bool = False
    is_sign: bool = False


class Row(NamedTuple):
    """Letters as one text: which letter begins at which of its places, and at which place each letter begins."""

    letters: Sequence[Letter]
    text: str
    places: Mapping[int, int]
    starts: Sequence[int]


def row(found: Sequence[Letter]) -> Row:
    """Return letters with their places as one text; one place more than there are letters."""
    starts = list(itertools.accumulate((len(letter.text) for letter in found), initial=0))
    return Row(found, "".join(letter.text for letter in found), dict(zip(starts, itertools.count())), starts)


def letters(text: str, *, alike: bool = False, shown: bool = True) -> list[Letter]:
    """Return the letters of `text` in order; a character that is no letter and ends a name counts as one.

    `alike` takes each letter that looks like a Latin one for it, capitals by how capitals look.  `shown` passes over
    tags of HTML and addresses of links, as a page does; without it what they hold is read, too.
    """
    found: list[Letter] = []
    gap = ""
    for read, start, end in _characters(text, _WRITTEN_OR_UNSHOWN if shown else _WRITTEN):
        for character in read:
            folded = _folded(character, alike=alike)
            if not folded:
                if found and not gap and unicodedata.combining(character):
                    found[-1] = found[-1]._replace(end=end)
            elif _is_between(folded):
                gap += folded
            elif _is_mark(folded[0]):
                if found and not gap:  # behind a blank it is no part of the letter before that
                    found[-1] = _marked(found[-1], folded, end)
            else:
                found.append(Letter(_ordered(folded), start, end, gap, character.isupper(), _is_sign(character)))
                gap = ""
    return found


def has_unshown(text: str) -> bool:
    """Return whether `text` holds something that a page does not show: a tag, the address of a link."""
    return any(match.group()[0] in "<[]" for match in _WRITTEN_OR_UNSHOWN.finditer(text))


def has_borders(letter: str) -> bool:
    """Return whether a word of this letter's script ends where a blank or a sign stands, and only there."""
    if letter.isascii():
        return True
    return re.split("[ -]", unicodedata.name(letter, ""), maxsplit=1)[0] not in _NO_BLANKS


def is_joined(letter: str) -> bool:
    """Return whether a letter may be a word of its own that is written joined to the next one."""
    return letter in _JOINED


def _characters(text: str, written: re.Pattern[str]) -> Iterator[tuple[str, int, int]]:
    """Yield what is read at each place: a character, or those that an entity or an address writes out."""
    place = 0
    for match in written.finditer(text) if any(sign in text for sign in "&%<]") else ():
        for at in range(place, match.start()):
            yield _at(text, at), at, at + 1
        place = match.end()
        yield _meant(match.group()), match.start(), place
    for at in range(place, len(text)):
        yield _at(text, at), at, at + 1


def _at(text: str, at: int) -> str:
    """Return the character at `at`; a soft hyphen shows where a line ends behind it."""
    return "-" if text[at] == "\u00ad" and text[at + 1 : at + 2] in _LINE_ENDS else text[at]


def _meant(written: str) -> str:
    if written[0] in "<[]":
        return "*"  # it stands where a mark of Markdown could
    return html.unescape(written) if written[0] == "&" else unquote(written, errors="replace")


def _folded(character: str, *, alike: bool) -> str:
    """Return a character small, taken apart into letters and marks; nothing where nobody sees it."""
    if " " < character < "\x7f":
        return character.lower()
    if _is_between(character):
        return " " if character.isspace() and character not in "\r\n" else character
    apart = _lettered(character) or unicodedata.normalize("NFKD", character)
    small = unicodedata.normalize("NFKD", plain((latin(apart) if alike else apart).casefold()))
    kept = (c for c in small.translate(_ACCENTS) if not _is_unseen(c))
    return "".join(kept).replace("\u0131", "i")


def _lettered(character: str) -> str:
    """Return the letter that a symbol shows, as one in a black circle or of a flag does, or a small capital."""
    *what, letter = unicodedata.name(character, "?").split()
    is_symbol = unicodedata.category(character) == "So" and what[-1:] == ["LETTER"]
    return letter if len(letter) == 1 and (is_symbol or what == _SMALL_CAPITAL) else ""


def _is_unseen(character: str) -> bool:
    return unicodedata.category(character) in _UNSEEN_CATEGORIES or bool(_UNSEEN.match(character))


def _is_sign(character: str) -> bool:
    """Return whether a character says nothing of a word that it stands beside: a figure, a sign, a raised letter."""
    if character.isalpha():
        return not character.isascii() and unicodedata.decomposition(character).startswith("<super>")
    return character not in _PARTING


def _is_mark(character: str) -> bool:
    """Return whether a character belongs to the letter before it: a mark, the vowel or ending of a Hangul syllable."""
    return unicodedata.category(character)[0] == "M" or "\u1160" <= character <= "\u11ff"


def _marked(letter: Letter, marks: str, end: int) -> Letter:
    return letter._replace(text=_ordered(letter.text + marks), end=end)


def _ordered(text: str) -> str:
    """Return a letter with its marks in the one order that Unicode gives them."""
    return unicodedata.normalize("NFD", text) if len(text) > 1 else text


def _is_between(text: str) -> bool:
    return text[0] in _BETWEEN or unicodedata.category(text[0]) in _BETWEEN_CATEGORIES
