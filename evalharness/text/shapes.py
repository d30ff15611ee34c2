"""Letters that look like Latin ones, and Latin letters with a stroke or joined in two -> the plain letters.

People write `Lukasz` for a name with a crossed L; whoever wants a word not to be found puts a Cyrillic letter in it.
"""

from __future__ import annotations

from typing import Final

_ALIKE: Final = {
    "a": "\u0430\u0410\u03b1\u0391\u0251\u1d00\u13aa",
    "b": "\u0432\u0412\u0392\u044c\u042c\u044a\u13f4\u0299",
    "c": "\u0441\u0421\u03f2\u03f9\u1d04\u13df",
    "d": "\u0501\u0500\u1d05\u13a0",
    "e": "\u0435\u0415\u03b5\u0395\u0454\u1d07\u13ac",
    "g": "\u0261\u0581\u13c0",
    "h": "\u04bb\u04ba\u043d\u041d\u0397\u0570\u13bb",
    "i": "\u0456\u0406\u03b9\u0399\u026a\u0131",
    "j": "\u0458\u0408\u03f3\u0575\u13ab",
    "k": "\u043a\u041a\u03ba\u039a\u13e6",
    "l": "\u04cf\u04c0\u029f\u13de",
    "m": "\u043c\u041c\u039c\u1d0d\u13b7",
    "n": "\u043f\u039d\u03b7\u0578\u0274",
    "o": "\u043e\u041e\u03bf\u039f\u03c3\u0585\u0555\u1d0f",
    "p": "\u0440\u0420\u03c1\u03a1\u13e2",
    "q": "\u051b\u051a\u0566",
    "r": "\u0433",
    "s": "\u0455\u0405\u054f\u13da",
    "t": "\u0442\u0422\u03c4\u03a4\u1d1b\u13a2",
    "u": "\u0438\u03c5\u03bc\u057d\u054d\u1d1c",
    "v": "\u03bd\u0475\u0474\u1d20\u13d9",
    "w": "\u051d\u051c\u03c9\u0561\u1d21\u13b3",
    "x": "\u0445\u0425\u03c7\u03a7",
    "y": "\u0443\u0423\u04af\u04ae\u03b3\u03a5",
    "z": "\u0396\u1d22\u13c3",
}
_LATIN: Final = str.maketrans({alike: letter for letter, found in _ALIKE.items() for alike in found})
_PLAIN: Final = str.maketrans(
    dict(
        zip(
            "\u0142\u0141\u00f8\u00d8\u0111\u0110\u0127\u0126\u0167\u0166\u014b\u014a\u00f0\u00d0"
            "\u00e6\u00c6\u0153\u0152\u00fe\u00de",
            [*"lLoOdDhHtTnNdD", "ae", "Ae", "oe", "Oe", "th", "Th"],
            strict=True,
        )
    )
)
_TWO_LETTERS: Final = str.maketrans(
    dict(
        zip(
            "\u00e4\u00c4\u00f6\u00d6\u00fc\u00dc\u00f8\u00d8\u00e5\u00c5",
            ("ae", "Ae", "oe", "Oe", "ue", "Ue", "oe", "Oe", "aa", "Aa"),
            strict=True,
        )
    )
)


def latin(text: str) -> str:
    """Return `text` with letters of other scripts as the small Latin ones that they look like."""
    return text.translate(_LATIN)


def plain(text: str) -> str:
    """Return `text` with crossed and joined Latin letters as those that people type for them."""
    return text.translate(_PLAIN)


def two_letters(text: str) -> str:
    """Return composed `text` with umlauts and rings as the two letters that passports print for them."""
    return text.translate(_TWO_LETTERS)
