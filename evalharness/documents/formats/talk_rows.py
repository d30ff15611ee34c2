"""A table whose rows are what people say by turns -> the turns, with who says each; the other cells stay as furniture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from evalharness.documents.features import asks, words
from evalharness.documents.formats.made import Piece
from evalharness.text.words import sentences

LEAST_TURNS, MOST_SPEAKERS, NAME_WORDS, LEAST_WORDS = 6, 4, 4, 5
TAKING_TURNS, ASKING, APART = 0.6, 0.4, 0.25
WHY = "who speaks, or when"
Row = tuple[int, Sequence[str]]


def turns_in(rows: Sequence[Row]) -> Sequence[Piece]:
    """Return the turns of a table with a column of names and one of what they say; none of any other table."""
    width = max((len(cells) for _, cells in rows), default=0)
    for names in range(width):
        spoken = [(place, cells) for place, cells in rows[1:] if len(cells) > names and cells[names].strip()]
        if not _take_turns([cells[names].strip().casefold() for _, cells in spoken]):
            continue
        said = max((at for at in range(width) if at != names), key=lambda at: _length(spoken, at), default=names)
        if _length(spoken, said) >= LEAST_WORDS and _one_asks(spoken, names, said):
            return [*_pieces(rows, names, said)]
    return []


def _take_turns(names: Sequence[str]) -> bool:
    """Return whether a column holds a few names that come again and again, by turns."""
    count = Counter(names)
    if (
        len(names) < LEAST_TURNS
        or not 2 <= len(count) <= MOST_SPEAKERS
        or max(len(name.split()) for name in count) > NAME_WORDS
    ):
        return False
    two = sum(many for _, many in count.most_common(2))
    taken = sum(a != b for a, b in pairwise(names)) / (len(names) - 1)
    return taken >= TAKING_TURNS and two >= TAKING_TURNS * len(names) and not any(name[:1].isdigit() for name in count)


def _length(rows: Sequence[Row], at: int) -> float:
    """Return how many words the cells of a column have on average."""
    return sum(len(words(cells[at])) for _, cells in rows if len(cells) > at) / max(1, len(rows))


def _one_asks(rows: Sequence[Row], names: int, said: int) -> bool:
    """Return whether one of the speakers asks much more than another, as in a talk and in no list of questions."""
    shares: dict[str, list[bool]] = {}
    for _, cells in rows:
        text = cells[said] if len(cells) > said else ""
        asked = any("?" in part.text or asks(part.text) >= ASKING for part in sentences(text))
        shares.setdefault(cells[names].strip().casefold(), []).append(asked)
    found = sorted(sum(asked) / len(asked) for asked in shares.values())
    return found[-1] >= ASKING and found[-1] - found[0] >= APART


def _pieces(rows: Sequence[Row], names: int, said: int) -> Iterator[Piece]:
    for number, (place, cells) in enumerate(rows):
        for at, cell in enumerate(cells):
            lines = [line.strip() for line in cell.split("\n") if line.strip()]
            if at != said or not number:
                yield from (Piece(text=line, place=place, why=WHY) for line in lines)
                continue
            speaker = cells[names].strip() if len(cells) > names else ""
            yield from (Piece(text=line, place=place, gap=not n, speaker=speaker) for n, line in enumerate(lines))
