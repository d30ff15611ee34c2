"""a question in any script -> the name of its folder: small letters, no accents on Latin ones."""

from __future__ import annotations

import unicodedata

MOST_WIDE = 40
"""How wide a name may be; a Chinese character says as much as three letters."""
MOST_WORDS = 4
# Words that say "please answer" or hold a sentence together: no folder is named after them.
_ASKING = frozenset(
    """
    tell me about us talk walk through describe explain give share example examples instance time times situation
    occasion case when where which who whom whose what how can could would will did do does is are was were be been
    have has had you your yours yourself i we our the a an this that these those it its in on at of for to from with
    by as and or than then there here please something someone somebody anything mean means meant think really ever
    most very so if one some any my into up out over was because
    """.split()
)


def name_words(text: str) -> list[str]:
    """Return the words of a text as folders are named: `Por qué` gives `por` and `que`, `为什么？` stays as it is."""
    plain = _plain(text.replace("'", "").replace("\u2019", ""))
    return "".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in plain).split()


def folder_name(text: str) -> str:
    """Return the name that a person would give the folder of a question; "" where it has no word to name it by.

    A short question keeps all its words ("Why us?": `why-us`), a longer one those that it is about ("Tell me about a
    time when you disagreed with your manager": `disagreed-manager`).
    """
    words = name_words(text)
    if len(words) > 3:
        telling = [word for word in words if word not in _ASKING]
        words = telling[:MOST_WORDS] or words[:MOST_WORDS]
    return _joined(words)


def _joined(words: list[str]) -> str:
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
    if text.isascii():
        return text.lower()
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
