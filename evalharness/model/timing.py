"""When the words of a spoken answer were said: the clock of its recording, as nouns."""

from __future__ import annotations

import enum

from evalharness.model.noun import Noun


class Precision(enum.Enum):
    """What a transcript gives times of: each word, each segment (cue), or only where a turn begins."""

    WORDS = "words"
    SEGMENTS = "segments"
    TURNS = "turns"


class Said(Noun, array_like=True):
    """Words and when they were said, in seconds of the recording."""

    text: str
    start: float
    end: float


class Turn(Noun):
    """What one person said without another in between; `open` says that the transcript does not tell its end."""

    said: tuple[Said, ...]
    open: bool = False

    @property
    def start(self) -> float:
        """Return when the first word begins."""
        return self.said[0].start

    @property
    def end(self) -> float:
        """Return when the last word ends."""
        return max(each.end for each in self.said)


class Asked(Noun):
    """What the interviewer said before or during an answer, and when."""

    text: str
    at: float = 0.0
    by: str = ""


class Timing(Noun):
    """The clock of one answer: the speaker's turns, what was asked, and how long others spoke (`others`, seconds).

    `source` is the file that it was read from, `language` what the recogniser says it heard.
    """

    turns: tuple[Turn, ...]
    precision: Precision = Precision.WORDS
    source: str = ""
    speaker: str = ""
    language: str = ""
    asked: tuple[Asked, ...] = ()
    others: float = 0.0
