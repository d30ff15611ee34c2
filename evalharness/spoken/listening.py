"""what a recogniser heard -> a transcript in the form of Whisper's JSON, which is kept beside the attempt."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from evalharness.transcripts.recognisers import GAP

RATE: Final = 16_000
"""Samples a second that small recognisers are made for."""
QUIET: Final = 0.03
"""Below this share of its loud passages a recording is silent."""
SHORT: Final = 30
"""Hundredths of a second; a shorter gap is none to look into."""


class Heard(NamedTuple):
    """A word and when it was heard, in seconds."""

    word: str
    start: float
    end: float


def as_json(words: Iterable[Heard], language: str) -> str:
    """Return words as segments, cut where nobody speaks."""
    segments: list[list[Heard]] = []
    for word in words:
        if not segments or word.start - segments[-1][-1].end > GAP:
            segments.append([])
        segments[-1].append(word)
    data = {
        "language": language,
        "segments": [
            {
                "id": number,
                "start": round(part[0].start, 3),
                "end": round(part[-1].end, 3),
                "text": " ".join(word.word for word in part),
                "words": [{"word": w.word, "start": round(w.start, 3), "end": round(w.end, 3)} for w in part],
            }
            for number, part in enumerate(segments)
        ],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def levels(samples: Sequence[int]) -> list[int]:
    """Return how loud a recording is, every hundredth of a second."""
    step = RATE // 100
    blocks = (samples[at : at + step] for at in range(0, len(samples), step))
    return [max(max(block), -min(block)) for block in blocks]


def sharpened(words: Sequence[Heard], loud: Sequence[int]) -> list[Heard]:
    """Return words whose ends reach to where it becomes silent, at every gap that may be a pause.

    A small recogniser cuts the last sound of a phrase; the recording itself tells when it ends.
    """
    if not words or not loud:
        return list(words)
    silent = QUIET * sorted(loud)[int(0.95 * (len(loud) - 1))]
    found = list(words)
    for place in range(len(found) + 1):
        low = round(100 * found[place - 1].end) if place else 0
        high = round(100 * found[place].start) if place < len(found) else len(loud)
        if high - low < SHORT:
            continue
        heard = [at for at in range(low, min(high, len(loud))) if loud[at] > silent]
        middle = _middle(heard, low, high)
        if place and (before := [at for at in heard if at < middle]):
            found[place - 1] = found[place - 1]._replace(end=(before[-1] + 1) / 100)
        if place < len(found) and (after := [at for at in heard if at >= middle]):
            found[place] = found[place]._replace(start=after[0] / 100)
    return found


def _middle(heard: Sequence[int], low: int, high: int) -> int:
    """Return where the longest silence between two words begins."""
    edges = [low - 1, *heard, high]
    place = max(range(len(edges) - 1), key=lambda n: edges[n + 1] - edges[n])
    return edges[place] + 1


def meter(level: float, width: int = 20) -> str:
    """Return a bar for a level from 0 to 1; speech at a good distance fills about half of it."""
    filled = min(width, round(width * math.sqrt(min(1.0, level))))
    return "#" * filled + "." * (width - filled)


def command(template: str, audio: str) -> list[str]:
    """Return the words of the person's own command, with the recording in its place."""
    import shlex

    words = shlex.split(template)
    return [word.replace("{audio}", audio) for word in words] + ([] if "{audio}" in template else [audio])
