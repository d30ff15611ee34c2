"""two texts -> both, with the words that only one of them has."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

MOST = 1_500  # words on either side: ten minutes of speech
_TOKEN = re.compile(r"\w+(?:['\u2019-]\w+)*\s*|[^\w\s]\s*|\s+")
_ISLAND = 2  # so few equal tokens between two changes are no agreement

_Opcode = tuple[str, int, int, int, int]


class Stretch(NamedTuple):
    """Words in a row, and whether only this side has them."""

    text: str
    changed: bool


class Difference(NamedTuple):
    """Two texts side by side: `kept` of the `words` after were there before; `compared` is False where too long."""

    before: tuple[Stretch, ...]
    after: tuple[Stretch, ...]
    kept: int = 0
    words: int = 0
    compared: bool = True


def difference(before: str, after: str) -> Difference:
    """Return what changed word by word; spaces and line breaks are no change."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    if max(len(old), len(new)) > MOST:
        return Difference((Stretch(before, changed=False),), (Stretch(after, changed=False),), compared=False)
    found = _opcodes(old, new)
    same = [old[i:j] for name, i, j, _, _ in found if name == "equal"]
    return Difference(
        _merged((old[i:j], name != "equal") for name, i, j, _, _ in found),
        _merged((new[i:j], name != "equal") for name, _, _, i, j in found),
        kept=sum(map(_words, same)),
        words=_words(new),
    )


def _opcodes(old: Sequence[str], new: Sequence[str]) -> list[_Opcode]:
    matcher = difflib.SequenceMatcher(a=[token.strip() for token in old], b=[token.strip() for token in new])
    found = matcher.get_opcodes()
    inner = range(1, len(found) - 1)
    return [_without_island(code) if place in inner else code for place, code in enumerate(found)]


def _without_island(code: _Opcode) -> _Opcode:
    """Return an agreement of few words between two changes as a part of the change."""
    few = code[0] == "equal" and code[2] - code[1] <= _ISLAND
    return ("replace", *code[1:]) if few else code


def _words(tokens: Sequence[str]) -> int:
    return sum(token[0].isalnum() for token in tokens)


def _merged(runs: Iterator[tuple[list[str], bool]]) -> tuple[Stretch, ...]:
    found: list[Stretch] = []
    for tokens, changed in runs:
        text = "".join(tokens)
        if found and found[-1].changed is changed:
            found[-1] = Stretch(found[-1].text + text, changed)
        elif text:
            found.append(Stretch(text, changed))
    return tuple(found)
