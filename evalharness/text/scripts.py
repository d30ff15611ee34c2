"""Writing systems: which set no blanks between words and how fast they are read out, and what nobody sees.

A text in Latin letters has its words between blanks.  Japanese, Chinese, Thai and their like set none, so there each
character is a word of its own for comparing, and several of them make one for counting: as many as are spoken in the
time of an English word.
"""

from __future__ import annotations

import unicodedata
from typing import Final

from evalharness.text.patterns import Lazy

HAN: Final = (
    "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3038-\u303b\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
KANA: Final = "\u3041-\u30ff\u31f0-\u31ff\uff66-\uff9f"
SOUTHEAST: Final = (
    "\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\u1b05-\u1b33\u1b45-\u1b4b\ua984-\ua9b2\ua9e0-\ua9ff"
    "\uaa60-\uaadf"
)
"""Thai, Lao, Myanmar, Khmer and the scripts of their neighbours."""

OTHERS: Final = "\u3105-\u312f\ua000-\ua4cf\U00016fe0-\U00018cff"
"""Bopomofo, Yi, Tangut."""

BLANKLESS: Final = HAN + KANA + SOUTHEAST + OTHERS

A_WORD: Final = {"japanese": 2.3, "chinese": 1.7, "southeast": 3.5}
"""Characters that are spoken in the time of one English word."""

# Accents, vowel signs and the like: no letters for Python's `\w`, but part of the word they stand in.
MARKS: Final = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1-\u05c2\u05c4-\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    "\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u0711-\u07f3\u07fd\u0816-\u082d\u0859-\u085b\u0898-\u08e1\u08e3-\u0963"
    "\u0981-\u09e3\u09fe-\u0a75\u0a81-\u0ae3\u0afa-\u0b63\u0b82-\u0bd7\u0c00-\u0c63\u0c81-\u0c83\u0cbc-\u0d4d"
    "\u0d57-\u0d63\u0d81-\u0df3\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ecd\u0f18-\u0f19\u0f35"
    "\u0f37\u0f39\u0f3e-\u0f84\u0f86-\u0fbc\u0fc6\u102b-\u103e\u1056-\u1059\u105e-\u1060\u1062-\u1064\u1067-\u106d"
    "\u1071-\u1074\u1082-\u108d\u108f\u109a-\u109d\u135d-\u135f\u1712-\u1734\u1752-\u1773\u17b4-\u17d3\u17dd\u180b-\u180d\u180f"
    "\u1920-\u193b\u1a17-\u1a1b\u1a55-\u1a7f\u1ab0-\u1b44\u1b6b-\u1b73\u1b80-\u1bf3\u1c24-\u1c37\u1cd0-\u1cd2"
    "\u1cd4-\u1dff\u20d0-\u20f0\u2cef-\u2cf1\u2d7f-\u2dff\u302a-\u302f\u3099-\u309a\ua66f-\ua672\ua674-\ua67d"
    "\ua69e-\ua69f\ua6f0-\ua6f1\ua802\ua806\ua80b\ua823-\ua827\ua82c\ua880-\ua8c5\ua8e0-\ua8f1\ua8ff-\ua92d"
    "\ua947-\ua953\ua980-\ua9c0\ua9e5\uaa29-\uaa4d\uaa7b-\uaa7d\uaab0-\uaac1\uaaeb-\uaaef\uaaf5-\uaaf6\uabe3-\uabea"
    "\uabec-\uabed\ufb1e\ufe00-\ufe0f\ufe20-\ufe2f\U00011000-\U00011046\U00011070-\U000110ba\U00011100-\U00011134"
    "\U00011180-\U000111c0\U0001122c-\U00011237\U000112df-\U00011446\U000114b0-\U000114c3\U000e0100-\U000e01ef"
)

NOTHING: Final = "\u00ad\u034f\u180e\u200b-\u200d\u2060-\u2064\ufeff"
"""Characters that are seen by nobody and part no words: soft hyphens, zero-width blanks and joiners."""

_GONE: Final = dict.fromkeys((0xAD, 0x34F, 0x180E, 0x200B, *range(0x2060, 0x2065), 0xFEFF))
_BLANKS: Final = dict.fromkeys((0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F), " ")
_CLEAN: Final = {**_GONE, **_BLANKS}

MOST_BLANKS: Final = 9
_SPACE: Final = " \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_UNSEEN: Final = f"{NOTHING}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufe00-\ufe0f"
_UNEVEN: Final = Lazy(f"[{_SPACE[1:]}{_UNSEEN}\u2028\u2029\v\f]|  | \n|\n ")
_EVEN: Final = Lazy(
    f"(?P<line>[{_SPACE}{_UNSEEN}]{{0,99}}[\n\u2028\u2029\v\f][{_SPACE}{_UNSEEN}]{{0,99}})|(?P<nothing>[{_UNSEEN}]+)"
    f"|(?P<blank>[{_SPACE}](?:[{_UNSEEN}]{{0,9}}[{_SPACE}])*)|[^{_SPACE}{_UNSEEN}\n\u2028\u2029\v\f]+"
)


def even(text: str) -> tuple[str, tuple[int, ...]]:
    """Return a text with one plain blank between words and nothing that nobody sees, and where each character was.

    A line break stays one; so do more than `MOST_BLANKS` blanks, which stand for something that was taken out.
    """
    if not _UNEVEN.search(text):
        return text, tuple(range(len(text) + 1))
    out: list[str] = []
    places: list[int] = []
    for match in _EVEN.finditer(text):
        said = match.group()
        if match.lastgroup == "blank":
            said = " " if len(said) <= MOST_BLANKS else "  "
        elif match.lastgroup == "line":
            said = "\n"
        elif match.lastgroup == "nothing":
            said = ""
        out.append(said)
        places += range(match.start(), match.start() + len(said))
    return "".join(out), (*places, len(text))


def plain(text: str) -> str:
    """Return a text as it is read: composed letters, plain blanks, and nothing between them that nobody sees.

    Line breaks stay, so that lines keep their numbers.  Joiners (U+200C, U+200D) shape words of some scripts and
    emoji and stay there; between Latin letters they are nothing.
    """
    if text.isascii():
        return text
    clean = unicodedata.normalize("NFC", text.translate(_CLEAN))
    if "\u200c" not in clean and "\u200d" not in clean:
        return clean
    kept = (c for at, c in enumerate(clean) if c not in "\u200c\u200d" or _shapes(clean, at))
    return "".join(kept)


def _shapes(text: str, at: int) -> bool:
    """Return whether the joiner at `at` stands between characters of which it may change the shape."""
    around = text[max(0, at - 1) : at] + text[at + 1 : at + 2]
    return len(around) == 2 and all(ord(c) >= 0x590 for c in around)
