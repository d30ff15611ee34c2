"""words of a title or question -> the name of a folder or file that a person would choose."""

from __future__ import annotations

import itertools
import re
import unicodedata

# Between these, a question has the stretches of words that tell what it is about.
_BREAKS = frozenset("""
i me my we us our you your they them their he she his her it its one do does did is are was were be been being have has had will would can could should
shall may might must what when where which who whom whose how why that this these those there if so because please tell describe give explain share talk
walk name discuss take let
""".split())  # fmt: skip
_SMALL = frozenset(
    "a an the of to in on at for with about and or by as from into over between than through per but not no off out up across".split()
)
_WEAK = frozenset(
    "time times think thinking example examples ever want wants wanted work working like most more personally going go went get got make made do doing handle handled face faced view play ask say said feel really personally us s t d ll re ve m describing strong something someone thing things kind way ways look looking know".split()
)
_OWN = frozenset("your my our their his her its".split())
_ASKING = frozenset("what which who whose".split())
_FRAME = frozenset("tell describe share me us about a an".split())
_STOPS = re.compile(r"[.?!;:,]\s")
MOST_WORDS, MOST_LETTERS = 7, 50

_TOKEN = re.compile(r"[^\W_]+")
Token = tuple[str, int, int]


def slug(text: str, otherwise: str) -> str:
    """Return a folder's name: the longest stretch of words that says what `text` is about, without numbers in front."""
    found = [word for word, _, _ in _about(text)]
    kept = _cut([word for word in found if word not in _OWN | {"a", "an", "the", "that"}])
    while len(kept) > 1 and (kept[0][0].isdigit() or kept[0] in _SMALL):
        kept = kept[1:]
    name = "-".join(kept)
    return otherwise if not name else f"no-{name}" if name[0].isdigit() else name


def subject(text: str) -> str:
    """Return a short title for a question: the stretch of its own words that says what it is about."""
    found = _about(text)
    kept = found[: len(_cut([word for word, _, _ in found]))]
    if not kept:
        return text[:MOST_LETTERS]
    contiguous = all(b[1] - a[2] <= 3 for a, b in itertools.pairwise(kept))
    title = text[kept[0][1] : kept[-1][2]] if contiguous else " ".join(text[start:end] for _, start, end in kept)
    title = (
        title.strip("\"'\u201c\u201d\u2018\u2019 ")
        if sum(title.count(mark) for mark in '"\u201c\u201d') % 2 == 0
        else re.sub('["\u201c\u201d]', "", title)
    )
    return title[:1].upper() + title[1:]


def _about(text: str) -> list[Token]:
    """Return the words that say what a text is about, in their order and without a gap where they can stand so."""
    tokens = [(ascii_text(m[0]), m.start(), m.end()) for m in _TOKEN.finditer(text)]
    tokens = [token for token in tokens if token[0].isalnum()]
    stretches = [kept for stretch in _stretches(tokens) if (kept := _trimmed(stretch))]
    best: list[Token] = []
    for stretch in stretches:
        if _weight(stretch) > _weight(best) + (1 if _weight(best) >= 2 else 0):
            best = stretch
    if _weight(best) < 2 and len(tokens) <= MOST_WORDS:
        at = next((n for n, token in enumerate(tokens) if token[0] not in _FRAME), 0)
        return tokens[at:] if len(tokens) - at > 1 else tokens
    if _weight(best) <= 2 and best:
        best = _joined(text, tokens, stretches, best)
    if len(best) > 3 and best[1][0] in {"a", "an", "the"} and _weight(best[2:]) >= 2:
        best = best[2:]  # a verb and its object: the object is the subject of the question
    if tokens and tokens[0][0] == "why" and best and best[0] != tokens[0] and len(best) <= 4:
        best = [tokens[0], *best]
    return best


def _joined(text: str, tokens: list[Token], stretches: list[list[Token]], best: list[Token]) -> list[Token]:
    """Return a stretch that says little by itself with its neighbours in the same clause: "a promise you broke"."""
    at = stretches.index(best)
    first, last = tokens.index(best[0]), tokens.index(best[-1])
    if at and tokens[first - 1][0] in _OWN and tokens.index(stretches[at - 1][-1]) == first - 2:
        first = tokens.index(stretches[at - 1][0])
    for following in stretches[at + 1 :]:
        end = tokens.index(following[-1])
        if _weight(tokens[first : last + 1]) > 2 or _STOPS.search(text[tokens[last][2] : tokens[end][1]]):
            break
        last = end
    asks = first and tokens[first - 1][0] in _ASKING and last > tokens.index(best[-1])
    return tokens[first - bool(asks) : last + 1]


def _weight(stretch: list[Token]) -> int:
    return len({word for word, _, _ in stretch} - _SMALL - _WEAK)


def _stretches(tokens: list[Token]) -> list[list[Token]]:
    found: list[list[Token]] = [[]]
    for token in tokens:
        if token[0] in _BREAKS:
            found.append([])
        else:
            found[-1].append(token)
    return [stretch for stretch in found if stretch]


def _trimmed(stretch: list[Token]) -> list[Token]:
    """Return a stretch without small and weak words at its ends."""
    loose = _SMALL | _WEAK
    while stretch and stretch[0][0] in loose:
        stretch = stretch[1:]
    while stretch and stretch[-1][0] in loose:
        stretch = stretch[:-1]
    return stretch


def _cut(words: list[str]) -> list[str]:
    """Return as many words as a name may have; what is cut is cut in front of a small word, where that leaves enough."""
    kept: list[str] = []
    for word in words:
        if len(kept) == MOST_WORDS or len("-".join([*kept, word])) > MOST_LETTERS:
            break
        kept.append(word)
    whole = len(kept) == len(words) or words[len(kept)] in _SMALL | _BREAKS or (kept[-1:] and kept[-1] in _SMALL)
    borders = [at for at, word in enumerate(kept) if word in _SMALL | _BREAKS or (at and word.endswith("ing"))]
    if not whole and borders and len(set(kept[: borders[-1]]) - _SMALL - _WEAK - _BREAKS) >= 2:
        kept = kept[: borders[-1]]
    while len(kept) > 1 and kept[-1] in (_SMALL - {"no", "not"}) | _OWN:
        kept.pop()
    return kept


def identifier(text: str, otherwise: str) -> str:
    """Return an id made of the first words of `text`."""
    plain = re.sub(r"[^a-z0-9]+", "_", ascii_text(text)).strip("_")
    short = "_".join(plain.split("_")[:6])[:48].strip("_")
    return short if short[:1].isalpha() else otherwise


def ascii_text(text: str) -> str:
    """Return a text in small letters without accents."""
    plain = text.replace("&", " and ").replace("'", "").replace("\u2019", "")
    return unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode().lower()
