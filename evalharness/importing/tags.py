"""words that claim missions -> which ones: numbers, marks such as P1, hash tags, or titles of the document's list."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

from evalharness.documents.features import words
from evalharness.documents.lexicon import votes
from evalharness.documents.nouns import FoundTag

_PART = re.compile(r"(?<!\s)\s*(?:[,;/|\u00b7\u2022&+]|\band\b|\s(?=#))\s*")
_MARKED = re.compile(
    r"(?:#|[A-Z]{1,2}|[a-z]|(?:[Mm]ission|[Vv]alue|[Pp]rinciple|[Tt]ag)s?\s)?#?\(?(\d{1,2})\)?(?:\s*[(:\u2013\u2014-].*)?$"
)
_HASH = re.compile(r"#([A-Za-z][\w-]*)$")
_LEAD = re.compile(r"^(?:[a-z]+ ){0,3}?(?:missions?|values?|principles?|tags?)\s+(?=[\d#])", re.IGNORECASE)


@functools.lru_cache(maxsize=131072)
def parts_of(text: str) -> tuple[str, ...]:
    """Return the entries of a list in one line."""
    bare = _LEAD.sub("", text.strip(" .()[]*_\u2192")).strip(" .()[]*_")
    return tuple(part for part in _PART.split(bare) if part)


_COUNTED = dict(zip("one two three four five six seven eight nine ten first second third fourth fifth sixth seventh eighth ninth tenth".split(), [*range(1, 11)] * 2, strict=True))  # fmt: skip
_TOKEN = re.compile(
    r"(?P<from>\d{1,2})\s?[\u2013-]\s?(?P<to>\d{1,2})(?!\d)|[^\W\d_]?(?P<digits>\d{1,2})(?![\d%])|(?P<word>[^\W\d_]+)"
)
LEAD_WORDS = 6


@functools.lru_cache(maxsize=131072)
def counted(text: str) -> tuple[tuple[str, ...], int]:
    """Return the numbers that a short line names, in digits, ranges or words, and how many other words it has."""
    found: list[str] = []
    others = 0
    for token in _TOKEN.finditer(text):
        if token["from"] and int(token["from"]) < int(token["to"]):
            found += [str(n) for n in range(int(token["from"]), int(token["to"]) + 1)]
        elif token["from"] or token["digits"]:
            found += [token["from"], token["to"]] if token["from"] else [token["digits"]]
        elif token["word"].lower() in _COUNTED:
            found.append(str(_COUNTED[token["word"].lower()]))
        else:
            others += token["word"].lower() not in {"and", "und", "y", "et"}
    return tuple(dict.fromkeys(found)), others


def _speaks(text: str, known: frozenset[str]) -> bool:
    """Return whether a line only names numbers of the list, among a few words that speak of missions or of touching."""
    numbers, others = counted(text) if len(text) <= 120 else ((), 0)
    marked = bool(re.search(r"(?:[\[(#/ ]|^)[A-Z#]\d", text))
    named = bool({"claim", "mission"} & set(votes(text))) or marked or not others
    return bool(numbers) and set(numbers) <= known and others <= LEAD_WORDS and named


@functools.lru_cache(maxsize=131072)
def claims_in(text: str, known: frozenset[str] = frozenset()) -> float:
    """Return how much a line looks like a list of missions, from 0 to 1; `known` are the titles of the document."""
    parts = parts_of(text)
    if not parts or len(text) > 300:
        return 0.0
    if key(text) in known or _speaks(text, known):
        return 1.0
    right = sum(bool(_MARKED.fullmatch(part) or _HASH.fullmatch(part) or key(part) in known) for part in parts)
    return right / len(parts)


def key(text: str) -> str:
    """Return the words of a title, by which it is found again."""
    return " ".join(words(text))


def named(text: str, tags: Iterable[FoundTag]) -> tuple[str, ...]:
    """Return the ids of the missions that a line claims; a title that no list has is its own id."""
    tags = tuple(tags)
    by_key = {key(tag.title): tag.id for tag in tags}
    ids = {tag.id for tag in tags}
    if key(text) in by_key:
        return (by_key[key(text)],)
    numbers, others = counted(text)
    if (
        numbers
        and set(numbers) <= ids
        and others <= LEAD_WORDS
        and not any(key(part) in by_key for part in parts_of(text))
    ):
        return numbers
    if ids and "all" in words(text)[:2]:
        return tuple(tag.id for tag in tags)
    found: list[str] = []
    for part in parts_of(text):
        told = next(
            (
                by_key[key(part[len(lead[0]) :])]
                for lead in [re.match(r"\W*\d{1,2}\W+", part)]
                if lead and key(part[len(lead[0]) :]) in by_key
            ),
            "",
        )
        if told:
            found.append(told)
            continue
        numbered, hashed = _MARKED.fullmatch(part), _HASH.fullmatch(part)
        near = next(
            (tag.id for tag in tags if key(part) and (key(part) == key(tag.id) or _begins(key(tag.title), key(part)))),
            "",
        )
        if key(part) in by_key:
            found.append(by_key[key(part)])
        elif numbered and (not ids or numbered[1] in ids or all(i.isdigit() for i in ids)):
            found.append(numbered[1])
        elif hashed:
            found.append(by_key.get(key(hashed[1]), hashed[1].lower()))
        elif near or 0 < len(words(part)) <= 6:
            found.append(near or part.strip())
    return tuple(dict.fromkeys(found))


def _begins(title: str, part: str) -> bool:
    return title.startswith(part + " ") or part.startswith(title + " ")
