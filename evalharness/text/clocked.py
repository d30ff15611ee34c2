"""an answer and its recording -> figures by the recording's clock, each measured, estimated or not measured."""

from __future__ import annotations

import enum
from typing import Final

from evalharness.model.noun import Noun
from evalharness.model.nouns import Part
from evalharness.model.timing import Precision, Timing
from evalharness.text import quantities, speech, tongues
from evalharness.text import words as prose
from evalharness.text.timeline import PAUSE, Timeline, timeline

MEASURES: Final = ("pace", "pauses", "time_to_result")
RULES: Final = {
    "speaking_time": (
        "Seconds from the first word to the last by the recording's clock, pauses included, others' turns not; as a "
        "measure, divided by the question's time limit."
    ),
    "pace": "Words a minute by the recording's clock, pauses included.",
    "pauses": f"Seconds of the longest silence within a turn; from {PAUSE:g} s on a silence is a pause.",
    "time_to_result": (
        "Seconds spoken before the first figure with a unit, which stands for a result; how many days, weeks or years "
        "something took is none. In other languages than English the first number; in none is a year one."
    ),
}
DAY: Final = 86_400.0
TOLD: Final = {
    Precision.WORDS: "word by word",
    Precision.SEGMENTS: "cue by cue",
    Precision.TURNS: "only the beginnings of turns have a time",
}


class How(enum.Enum):
    """Where a figure is from."""

    MEASURED = "measured"
    ESTIMATED = "estimated"
    NOT_MEASURED = "not measured"


class Figure(Noun):
    """A figure, how it was got, and why so; a figure that was not measured has no value."""

    value: float | None
    how: How
    why: str = ""


def clock_of(part: Part | None, timing: Timing | None) -> Timeline | None:
    """Return when the words of a part were said; None where no recording of it has a clock."""
    return timeline(speech.spoken(part.text), timing) if part else None


def seconds(part: Part, timing: Timing | None) -> Figure:
    """Return how long a part takes to say."""
    found = clock_of(part, timing)
    if found is None:
        why = f"at {speech.MIDDLE} words a minute"
        if timing is not None:
            why = f"{why}: the text is not what {timing.source} holds"
        return Figure(value=speech.seconds(speech.spoken_words(part.text)), how=How.ESTIMATED, why=why)
    if not found.has_open_end:
        return Figure(
            value=found.seconds, how=How.MEASURED, why=f"{found.timing.source}, {TOLD[found.timing.precision]}"
        )
    last = found.timing.turns[found.words[-1].turn]
    rest = speech.seconds(prose.word_count(last.said[-1].text))
    why = f"{found.timing.source} does not say when the last turn ends: its words at {speech.MIDDLE} a minute"
    return Figure(value=found.seconds + rest, how=How.ESTIMATED, why=why)


def pace(part: Part, timing: Timing | None) -> Figure:
    """Return the words a minute."""
    found = clock_of(part, timing)
    if found is None or found.has_open_end or found.pace is None:
        return _unknown(timing)
    return Figure(value=found.pace, how=How.MEASURED, why=TOLD[found.timing.precision])


def longest_pause(part: Part, timing: Timing | None) -> Figure:
    """Return the seconds of the longest pause; 0 where there is none that a listener notices."""
    found = clock_of(part, timing)
    if found is None or found.pauses is None:
        return _unknown(timing)
    longest = max((pause.length for pause in found.pauses), default=0.0)
    return Figure(value=longest, how=How.MEASURED, why=TOLD[found.timing.precision])


def time_to_result(part: Part, timing: Timing | None, code: str = "") -> Figure:
    """Return the seconds spoken before the first result, in the language `code`, else in the text's own."""
    if not speech.is_counted("quantities", part.text, code):
        return Figure(value=None, how=How.NOT_MEASURED, why="numbers are not known in this language")
    return time_to(part, timing, first_result(part, code))


def time_to_i(part: Part, timing: Timing | None, code: str = "") -> Figure:
    """Return the seconds spoken before the first I, in the language `code`, else in the text's own."""
    if not speech.is_counted("first_person", part.text, code):
        return Figure(value=None, how=How.NOT_MEASURED, why="'I' is not counted in this language")
    return time_to(part, timing, first_i(part, code))


def time_to(part: Part, timing: Timing | None, offset: int | None) -> Figure:
    """Return the seconds spoken before a place of the text; None as the place: it is not in the answer."""
    if offset is None:
        return Figure(value=None, how=How.NOT_MEASURED, why="there is none in the answer")
    found = clock_of(part, timing)
    if found is None or found.timing.precision is Precision.TURNS:
        before = speech.spoken_words(part.text[:offset])
        return Figure(value=speech.seconds(before), how=How.ESTIMATED, why=f"at {speech.MIDDLE} words a minute")
    after = found.after(offset)
    how = How.MEASURED if found.timing.precision is Precision.WORDS else How.ESTIMATED
    return Figure(value=after, how=how if after is not None else How.NOT_MEASURED, why=TOLD[found.timing.precision])


def first_result(part: Part, code: str = "") -> int | None:
    """Return where the first figure with a unit is in a part, in other languages the first number; or None."""
    code = code or speech.language_of(part.text)
    if code != "en":
        return min((found.start for found in speech.numbers(part.text, code)), default=None)
    found = quantities.find(speech.spoken(part.text))
    return min((each.start for each in found if not _is_while(each)), default=None)


def _is_while(found: quantities.Quantity) -> bool:
    """Return whether a figure only says how many days, weeks or years something took."""
    return found.kind == "time" and all(value >= DAY for value, _ in found.values)


def first_i(part: Part, code: str = "") -> int | None:
    """Return where the speaker first says I, or None."""
    code = code or speech.language_of(part.text)
    return speech.first_i(part.text) if code == "en" else tongues.first_i(code, speech.spoken(part.text))


def measure(name: str, part: Part, timing: Timing | None, code: str = "") -> Figure:
    """Return the figure of one of `MEASURES`, in the language `code`, else in the text's own."""
    match name:
        case "pace":
            return pace(part, timing)
        case "pauses":
            return longest_pause(part, timing)
        case _:
            return time_to_result(part, timing, code)


def _unknown(timing: Timing | None) -> Figure:
    if timing is None:
        return Figure(value=None, how=How.NOT_MEASURED, why="there is no recording with a clock")
    return Figure(value=None, how=How.NOT_MEASURED, why=f"{timing.source}: {TOLD[timing.precision]}")
