"""what a recogniser heard -> a transcript in the form of Whisper's JSON, which is kept beside the attempt."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from typing import Final, NamedTuple

from evalharness.transcripts.recognisers import GAP

RATE: Final = 16_000
"""Samples a second that small recognisers are made for."""


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


def meter(level: float, width: int = 20) -> str:
    """Return a bar for a level from 0 to 1; speech at a good distance fills about half of it."""
    filled = min(width, round(width * math.sqrt(min(1.0, level))))
    return "#" * filled + "." * (width - filled)


def command(template: str, audio: str) -> list[str]:
    """Return the words of the person's own command, with the recording in its place."""
    import shlex

    words = shlex.split(template)
    return [word.replace("{audio}", audio) for word in words] + ([] if "{audio}" in template else [audio])
