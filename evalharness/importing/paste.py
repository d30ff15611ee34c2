"""lines of a text -> how they were laid out: where they were wrapped, which bullets hang in, which letters count."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

_BULLET = re.compile(r"^(\s{4,})[-*+]\s+\S")
_LISTED = re.compile(r"^\s*(?:[-*+]|\d{1,9}[.)])\s")
_LETTER = re.compile(r"^(\s{0,3}(?:[-*+]\s+|#{1,6}\s+)?(?:\*\*|__)?)[(\[]?([A-Za-z])[.)\]]\s+(?P<title>\S.{0,90})$")
_ENDS = frozenset(".?!:;|")
LINE, NARROW = 60, 0.75
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
