"""What every transcript is read into: who said what, and when."""

from __future__ import annotations

import math
from typing import Final

from evalharness.model.noun import Noun
from evalharness.model.timing import Precision, Said

LONGEST: Final = 24 * 3600.0
"""Seconds; a clock beyond that is a broken file."""


class Utterance(Noun):
    """One cue, segment or paragraph of a transcript; `line` is where it begins in the file.

    `words` are there where the transcript times them.  `end` is None where only beginnings are told; both are None
    where the transcript has no clock.
    """

    text: str
    line: int
    speaker: str = ""
    start: float | None = None
    end: float | None = None
    words: tuple[Said, ...] = ()
    opens: bool = False


class Talk(Noun):
    """A transcript: its utterances in the order of time, what it gives times of (None: nothing), and its form."""

    utterances: tuple[Utterance, ...]
    precision: Precision | None
    form: str
    language: str = ""

    @property
    def speakers(self) -> dict[str, int]:
        """Return the speakers with how many characters each of them said, in the order in which they begin."""
        found: dict[str, int] = {}
        for each in self.utterances:
            found[each.speaker] = found.get(each.speaker, 0) + len(each.text)
        return found


class Refused(Exception):
    """A transcript cannot be read: the line, what is wrong there, and what to do."""

    def __init__(self, line: int, reason: str, hint: str = "") -> None:
        super().__init__(reason)
        self.line, self.reason, self.hint = line, reason, hint


def ordered(utterances: list[Utterance], form: str, *, language: str = "") -> Talk:
    """Return a talk of utterances, sorted by their beginnings; raises `Refused` where nobody says anything."""
    spoken = [each for each in utterances if any(c.isalnum() for c in each.text)]
    if not spoken:
        raise Refused(1, "the transcript holds no words", "was the right file exported?")
    timed = [each for each in spoken if each.start is not None]
    if len(timed) < len(spoken):
        return Talk(utterances=tuple(spoken), precision=None, form=form, language=language)
    spoken.sort(key=lambda each: each.start or 0.0)
    return Talk(utterances=tuple(spoken), precision=_precision(spoken), form=form, language=language)


def wrong_times(start: float, end: float) -> str:
    """Return what is wrong with times that no recording has, else an empty text."""
    if not (math.isfinite(start) and math.isfinite(end)):
        return "its times are not numbers"
    if start < 0:
        return f"it begins {-start:g} s before the recording"
    if end < start:
        return f"it ends at {end:g} s, before it begins at {start:g} s"
    return "" if end <= LONGEST else "it is later than 24 hours: JSON counts seconds, subtitles hours:minutes:seconds"


def _precision(spoken: list[Utterance]) -> Precision:
    if any(each.end is None for each in spoken):
        return Precision.TURNS
    worded = sum(len(each.text) for each in spoken if each.words)
    return Precision.WORDS if 2 * worded >= sum(len(each.text) for each in spoken) else Precision.SEGMENTS
