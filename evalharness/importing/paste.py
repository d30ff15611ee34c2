"""lines of a text -> how they were laid out: where pages and lines were broken, which bullets hang in, what counts."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Collection, Sequence

_BULLET = re.compile(r"^(\s{4,})[-*+]\s+\S")
_LISTED = re.compile(r"^\s*(?:[-*+]|\d{1,9}[.)])\s")
_LETTER = re.compile(r"^(\s{0,3}(?:[-*+]\s+|#{1,6}\s+)?(?:\*\*|__)?)[(\[]?([A-Za-z])[.)\]]\s+(?P<title>\S.{0,90})$")
_ENDS = frozenset(".?!:;|")
_PAGE = re.compile(r"(?i)^\W*(?:page|p\.) ?\d{1,4}(?: ?(?:of|/) ?\d{1,4})?\W*$|^\s*\d{1,4} (?:of|/) \d{1,4}\s*$")
_HALF = re.compile(r"^(?P<line>.*\S\s+)(?P<half>[A-Za-z]{2,})-$")
_OTHER_HALF = re.compile(r"^(?P<dent>\s*)(?!(?:and|or|to|und|oder)\b)(?P<half>[a-z]+)")
_WORD = re.compile(r"[A-Za-z]+")
_FEED = "\f"
LINE, NARROW = 60, 0.75
PAGE_GAP = 8
MOST_TITLE_WORDS, LEAST_JOINTS, LEAST_LETTERS = 9, 2, 3


def wrapped_at(lines: Sequence[str]) -> int:
    """Return the length at which the text was wrapped, or 0 where its lines have no such length in common.

    A line was wrapped where it ends in the middle of a sentence and the next one goes on with a small letter.
    """
    joints = [
        len(line)
        for line, after in itertools.pairwise(lines)
        if len(line) > LINE and line[-1] not in _ENDS and after[:1].islower()
    ]
    if len(joints) < LEAST_JOINTS or min(joints) < NARROW * max(joints):
        return 0
    longest = max(map(len, lines))
    return longest if longest <= max(joints) / NARROW else 0


def hung_out(lines: Sequence[str]) -> list[str]:
    """Return `lines` with bullets that hang deep below a line of text moved out, so that they make a list."""
    found: list[str] = []
    shift, before = 0, ""
    for line in lines:
        bullet = _BULLET.match(line)
        if bullet and not shift and before and not _LISTED.match(before) and not before.startswith(" "):
            shift = len(bullet[1]) - 2
        elif line.strip() and not line.startswith(" "):
            shift = 0
        found.append(line[min(shift, len(line) - len(line.lstrip())) :] if shift else line)
        before = line if line.strip() else before
    return found


def counted(lines: Sequence[str]) -> list[str]:
    """Return `lines` with numbers for the letters that count titles (A., B., C. or (a), (b), (c)).

    At least three must count on from the first one; so "I." after "H." is no Roman number, and "I." alone stays.
    """
    places: list[tuple[int, re.Match[str], int]] = []
    last, most = 0, 0
    for at, line in enumerate(lines):
        found = _LETTER.match(line)
        number = ord(found[2].lower()) - ord("a") + 1 if found else 0
        if found and number in {1, last + 1} and len(found["title"].split()) <= MOST_TITLE_WORDS:
            places.append((at, found, number))
            last, most = number, max(most, number)
    numbered = list(lines)
    for at, found, number in places if most >= LEAST_LETTERS else ():
        numbered[at] = f"{found[1]}({number}) {found['title']}"
    return numbered


def unpaged(lines: Sequence[str]) -> tuple[list[str], list[tuple[int, str]]]:
    """Return `lines` without page numbers and the head that is repeated on pages, and these with their numbers.

    A sentence that a page parted is whole again; the lines behind it stay where they are.
    """
    plain = [line.replace(_FEED, "") for line in lines]
    ends = {at for at, line in enumerate(plain) if _PAGE.match(line)}
    breaks = sorted({*ends, *(at - 1 for at, line in enumerate(lines) if _FEED in line)})
    heads = [(first, _usual(plain[first])) for at in breaks if (first := _text_after(plain, at, ends)) is not None]
    often = Counter(head for _, head in dict(heads).items())
    dropped = {*ends, *(at for at, head in heads if often[head] > 1)} if breaks else set()
    torn = [(at + 1, plain[at]) for at in sorted(dropped)]
    found = ["" if at in dropped else line for at, line in enumerate(plain)]
    for at in breaks:
        _rejoin(found, at)
    return found, torn


def _text_after(lines: Sequence[str], at: int, ends: Collection[int]) -> int | None:
    """Return the place of the first line with text behind `at`, which is no page number, within a few lines."""
    near = range(at + 1, min(at + 1 + PAGE_GAP, len(lines)))
    return next((place for place in near if lines[place].strip() and place not in ends), None)


def _usual(line: str) -> str:
    return " ".join(re.sub(r"\d+", "#", line).split())


def _rejoin(lines: list[str], at: int) -> None:
    """Move what goes on with a small letter behind a page's end up to the sentence that it ends."""
    before = next((place for place in range(at, max(-1, at - PAGE_GAP), -1) if lines[max(place, 0)].strip()), None)
    after = next((place for place in range(at + 1, min(at + PAGE_GAP, len(lines))) if lines[place].strip()), None)
    if before is None or after is None or after - before < 2:
        return
    if lines[before].rstrip()[-1] in _ENDS or not lines[after].lstrip()[:1].islower():
        return
    end = next((place for place in range(after, len(lines)) if not lines[place].strip()), len(lines))
    gap = after - before - 1
    lines[before + 1 : end] = [*lines[after:end], *[""] * gap]


def mended(lines: Sequence[str]) -> list[str]:
    """Return `lines` with words that a line's end parted whole again, on the second line.

    The hyphen stays where the first half is a word of the document ("two-minute").
    """
    found = list(lines)
    parted = [at for at, line in enumerate(found[:-1]) if line.endswith("-") and _HALF.match(line)]
    if not parted:
        return found
    words = Counter(word.lower() for line in lines for word in _WORD.findall(line))
    for at in parted:
        first, second = _HALF.match(found[at]), _OTHER_HALF.match(found[at + 1])
        if first and second:
            hyphen = "-" if words[first["half"].lower()] > 1 else ""
            found[at] = first["line"].rstrip()
            found[at + 1] = f"{second['dent']}{first['half']}{hyphen}{found[at + 1].lstrip()}"
    return found
