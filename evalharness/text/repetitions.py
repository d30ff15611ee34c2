"""what is said -> what is said again: whole sentences, and runs of words that come back."""

from __future__ import annotations

import functools
import itertools
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from evalharness.model.noun import Noun
from evalharness.text import words as prose

SHORTEST_RUN, OFTEN = 4, 3
"""How many words in a row count as said again, and how often they are said then."""


class Repeat(Noun):
    """Words said `count` times; `starts` are their places."""

    text: str
    count: int
    starts: tuple[int, ...]


def repeats(said: str) -> tuple[Repeat, ...]:
    """Return the repeated sentences of what is spoken, then runs of words said `OFTEN` or more, the longest of each."""
    lines = [_Line(s, tuple(map(str.casefold, prose.texts_of_words(s.text)))) for s in prose.sentences(said)]
    whole = _repeated_sentences(lines)
    covered = {start for repeat in whole for start in repeat.starts[1:]}
    return (*whole, *_repeated_runs(said, [line for line in lines if line.sentence.start not in covered]))


class _Line(NamedTuple):
    """A sentence and its words, folded for comparison."""

    sentence: prose.Span
    words: tuple[str, ...]


def _repeated_sentences(lines: list[_Line]) -> tuple[Repeat, ...]:
    places: dict[tuple[str, ...], list[prose.Span]] = {}
    for line in lines:
        if len(line.words) >= SHORTEST_RUN:
            places.setdefault(line.words, []).append(line.sentence)
    return tuple(
        Repeat(text=found[0].text, count=len(found), starts=tuple(s.start for s in found))
        for found in places.values()
        if len(found) > 1
    )


def _repeated_runs(text: str, lines: list[_Line]) -> list[Repeat]:
    chosen: list[Repeat] = []
    begins = _begins(lines)  # a longer run begins with a shorter one
    spans = functools.lru_cache(maxsize=None)(lambda number: prose.words(lines[number].sentence.text))

    def place(number: int, at: int, size: int) -> tuple[int, int]:
        begin, run = lines[number].sentence.start, spans(number)[at : at + size]
        return begin + run[0].start, begin + run[-1].end

    for size in (6, 5, SHORTEST_RUN):
        for found in _alike(lines, begins, size):
            start, end = place(*found[0], size)
            if not any(r.starts[0] <= start < r.starts[0] + len(r.text) and r.count >= len(found) for r in chosen):
                starts = tuple(place(*each, size)[0] for each in found)
                chosen.append(Repeat(text=text[start:end], count=len(found), starts=starts))
    return chosen


def _begins(lines: list[_Line]) -> list[tuple[int, int]]:
    """Return the line and the first word of each shortest run that is said `OFTEN`: most texts have none."""
    runs = [list(zip(*(line.words[skipped:] for skipped in range(SHORTEST_RUN)), strict=False)) for line in lines]
    often = {run for run, n in Counter(itertools.chain.from_iterable(runs)).items() if n >= OFTEN}
    return [(n, at) for n, line in enumerate(runs) for at, run in enumerate(line) if run in often] if often else []


def _alike(lines: list[_Line], places: Iterable[tuple[int, int]], size: int) -> list[list[tuple[int, int]]]:
    """Return the places at which `size` words are the same, where these are said `OFTEN`."""
    found: dict[tuple[str, ...], list[tuple[int, int]]] = {}
    for number, at in places:
        run = lines[number].words[at : at + size]
        if len(run) == size:
            found.setdefault(run, []).append((number, at))
    return [each for each in found.values() if len(each) >= OFTEN]
