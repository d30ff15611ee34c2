"""a text in any script -> the words that a folder can be named by: small letters, no accents on Latin ones."""

from __future__ import annotations

import unicodedata

MOST_WIDE = 40
"""How wide a name may be; a Chinese character says as much as three letters."""


def name_words(text: str) -> list[str]:
    """Return the words of a text as folders are named: `Por qué` gives `por` and `que`, `为什么？` stays as it is."""
    plain = _plain(text.replace("'", "").replace("\u2019", ""))
    return "".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in plain).split()


def joined(words: list[str]) -> str:
    """Return words as one name, as many of them as it may hold; the first is cut where it is too wide by itself."""
    kept = list(words)
    while len(kept) > 1 and _wide("-".join(kept)) > MOST_WIDE:
        kept.pop()
    name = "-".join(kept)
    while _wide(name) > MOST_WIDE:
        name = name[:-1]
    return name


def _wide(name: str) -> int:
    return sum(3 if unicodedata.east_asian_width(c) in "WF" else 1 for c in name)


def _plain(text: str) -> str:
    """Return a text in small letters, without what Latin letters carry; the marks of other scripts are letters too."""
    kept: list[str] = []
    latin = False
    for character in unicodedata.normalize("NFKD", text.casefold()):
        if "\u0300" <= character <= "\u036f":
            if latin:
                continue
        else:
            latin = unicodedata.name(character, "").startswith("LATIN")
        kept.append(character)
    return unicodedata.normalize("NFC", "".join(kept))
