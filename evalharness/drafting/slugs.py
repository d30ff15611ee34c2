"""words of a title or question -> the name of a folder or file that a person would choose."""

from __future__ import annotations

import re
import unicodedata

# A question opens with words of these kinds before it says what it is about.
_ASKED = frozenset(
    "please tell describe give explain share talk walk name discuss take us me can could you so and now ok okay".split()
)
_OPENING = frozenset("""
i we you u they he she it one do does did is are was were be been being have has had will would can could should shall may might must 'd to
a an the your my our his her their its this that these those there of about with on at in for through
if when where how what who whose then want like wanted need think feel ever just
time times example examples situation occasion moment something someone somebody instance bit little
""".split())  # fmt: skip
_WH = frozenset("what what's whats which who who's whose whom how when where why".split())
_AUXILIARY = frozenset("do does did would will can could should has have had may might".split())
_PERSON = frozenset("i we you u they he she it one somebody someone".split())
_ARTICLES = frozenset("a an the that your my our his her their its".split())
_SMALL = frozenset("""
a an the of to in on at for with about and or by as from into over between than through per but if when that who which where because while after before
so during under would could will is are was has have do did i you we they it your my our his her their its how what why whose
""".split())  # fmt: skip
_TOKEN = re.compile(r"[^\W_]+(?:['\u2019](?:s|t|re|ve|ll|d|m)(?![^\W_]))?(?:-[^\W_]+)*", re.IGNORECASE)
_STOP = re.compile(r"[.?!;:,()\u2013\u2014\u2026\"\u201c\u201d]|\s[/-]\s")
_CLOSING = re.compile(r"[)\"\u201d\u201c\u00bb]")
_PAIRS = {"(": ")", '"': '"', "\u201c": "\u201d", "\u201e": "\u201c", "\u00ab": "\u00bb", "\u2018": "\u2019"}
_LETTERS = str.maketrans({"\u00df": "ss", "\u0142": "l", "\u00f8": "o", "\u00e6": "ae", "\u0153": "oe", "\u0111": "d"})
MOST_WORDS, MOST_LETTERS, FEWEST, LONGER = 6, 45, 2, 3

Token = tuple[str, int, int]


def slug(text: str, otherwise: str) -> str:
    """Return a folder's name: the words that say what `text` is about, without articles, and no number in front."""
    named = [token for token in _about(text) if token[0] not in _ARTICLES]
    kept = [word for word, _, _ in _cut(text, named, MOST_WORDS, MOST_LETTERS)]
    while len(kept) > 1 and kept[0][0].isdigit():
        kept = kept[1:]
    name = re.sub(r"[^a-z0-9-]", "", "-".join(kept)).strip("-")
    return otherwise if not name else f"no-{name}" if name[0].isdigit() else name


def subject(text: str) -> str:
    """Return a short title for a question: the stretch of its own words that says what it is about."""
    kept = _cut(text, _about(text), MOST_WORDS + LONGER, MOST_LETTERS + 8 * LONGER)
    title = text[kept[0][1] : kept[-1][2]] if kept else text[:MOST_LETTERS]
    opening = text[kept[0][1] - 1 : kept[0][1]] if kept else ""
    if opening in _PAIRS and _PAIRS[opening] in text[kept[0][1] :]:
        title = opening + title
    closing = _CLOSING.match(text, kept[-1][2]) if kept and re.search(r"[(\"\u201c\u201e\u00ab]", title) else None
    title += closing[0] if closing else ""
    start = 1 if title[:1] in _PAIRS else 0
    return title[:start] + title[start : start + 1].upper() + title[start + 1 :]


def _about(text: str) -> list[Token]:
    """Return the words of a text behind those that only ask; all of them where too little would be left."""
    tokens = [
        (word, found.start(), found.end())
        for found in _TOKEN.finditer(text)
        if (word := ascii_text(found[0]).replace(" ", ""))
        and text[found.end() : found.end() + 1] not in {"'", "\u2019"}
    ]
    words = [word for word, _, _ in tokens]
    start = next((at for at, word in enumerate(words) if word not in _ASKED), 0)
    lead = words[start] if start < len(words) and words[start] in _WH else ""
    if lead == "which" or (lead and _whole(words[start + 1 :])):
        return tokens[start:]
    end = next((at for at in range(start, len(words)) if not _opens(words, at)), len(words))
    if lead == "why" and words[end : end + 1] == ["work"]:
        end = next((at for at in range(end + 1, len(words)) if words[at] not in _OPENING), end)
    kept = tokens[end:]
    if lead in {"what", "who"} and end > start + 2 and _object(words[start:end]):
        return tokens[start:]
    if lead and kept and (lead == "why" or kept[0][0][0].isdigit()):
        kept = [tokens[start], *kept]
    if _content(kept) < FEWEST and lead != "why":
        return tokens if len(tokens) <= MOST_WORDS else tokens[max(start, end - FEWEST) :]
    return kept


def _opens(words: list[str], at: int) -> bool:
    """Return whether a word only leads to what a question is about; "about time" is about time, "about a time" is not."""
    itself = words[at] == "time" and words[at - 1 : at] == ["about"]
    return words[at] in _OPENING | {"why", "what's", "whats"} and not itself


def _whole(words: list[str]) -> bool:
    """Return whether a question is about its own asking word: "what makes ...", "how does a team ..."."""
    if not words or words[0] not in _OPENING | _AUXILIARY:
        return bool(words)
    return words[0] in _AUXILIARY and len(words) > 1 and words[1] not in _PERSON


def _object(opening: list[str]) -> bool:
    """Return whether "what" is what somebody does something with: "what would you change", and not "what would you do if"."""
    return opening[1] in _AUXILIARY and not {"if", "when", "about", "of", "with", "in", "on", "for"} & set(opening)


def _cut(text: str, found: list[Token], most: int, letters: int) -> list[Token]:
    """Return as many words as a name may have: all, else up to the end of a clause, else up to a small word."""
    fits = next(
        (
            n
            for n in range(len(found), 0, -1)
            if n <= most and sum(len(word) + 1 for word, _, _ in found[:n]) <= letters + 1
        ),
        0,
    )
    if fits == len(found):
        return found
    ends = [at for at in range(1, fits + 1) if _STOP.search(text[found[at - 1][2] : found[at][1]])]
    if ends and _content(found[: ends[-1]]):
        return found[: ends[-1]]
    border = next(
        (at for at in range(fits, FEWEST - 1, -1) if found[at][0] in _SMALL and _content(found[:at]) >= FEWEST), 0
    )
    kept = found[: border or fits]
    while (border and len(kept) > FEWEST and kept[-1][0] in _SMALL) or (
        not border and len(kept) > LONGER and len(kept[-1][0]) <= 3
    ):  # in any language, the short words lead to what follows
        kept = kept[:-1]
    return kept


def _content(found: list[Token]) -> int:
    return sum(word not in _SMALL and word not in {"no", "not"} for word, _, _ in found)


def identifier(text: str, otherwise: str) -> str:
    """Return an id made of the first words of `text`."""
    plain = re.sub(r"[^a-z0-9]+", "_", ascii_text(text)).strip("_")
    short = "_".join(plain.split("_")[:6])[:48].strip("_")
    return short if short[:1].isalpha() else otherwise


def ascii_text(text: str) -> str:
    """Return a text in small letters without accents."""
    plain = text.lower().translate(_LETTERS).replace("&", " and ").replace("'", "").replace("\u2019", "")
    return unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode().lower()
