"""case -> what a listener would stumble over: time, fillers, I and we, numbers, repeated phrases."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from evalharness.model.noun import Noun
from evalharness.model.nouns import ANSWER, Case, Measure, Part
from evalharness.text import clocked, speech

MOST_FILLERS: Final = 4.0
MOST_HEDGES: Final = 6.0
LEAST_FIRST_PERSON: Final = 0.4
PERSONS_TO_JUDGE: Final = 5
WORDS_TO_JUDGE: Final = 60
PACE: Final = f"at {speech.MIDDLE} words a minute"


class Remark(Noun):
    """One thing worth changing: where it stands (line of the file), what was counted, and the rule."""

    line: int
    message: str
    rule: str
    slug: str


def remarks(case: Case) -> tuple[Remark, ...]:
    """Return what stands out in an attempt as it would be spoken; nothing for a fine one."""
    part = timed_part(case)
    answer = case.attempt.part(ANSWER)
    found = list(_time(case, part)) if part else []
    if answer:
        found += _manner(answer)
    return tuple(found)


def timed_part(case: Case) -> Part | None:
    """Return the part that the question's time limit is for: the one a speaking_time measure reads."""
    for criterion in case.rubric.criteria:
        if isinstance(criterion.kind, Measure) and criterion.kind.measure == "speaking_time":
            return case.attempt.part(criterion.part)
    return case.attempt.part(ANSWER)


class SpokenTime(Noun):
    """How long an attempt takes to say, in seconds, by its words; `limit` is the question's, None where it has none.

    `measured` is its time by the clock of a recording, and `by` the transcript that has it.
    """

    words: int
    limit: float | None = None
    measured: float | None = None
    by: str = ""

    @property
    def seconds(self) -> float:
        """Return the seconds by the recording's clock, else at the middle pace."""
        return speech.seconds(self.words) if self.measured is None else self.measured

    @property
    def told(self) -> str:
        """Return the time for a table: `0:50 of 1:00`."""
        mark = "" if self.measured is None else " measured"
        return clock(self.seconds) + (f" of {clock(self.limit)}" if self.limit else "") + mark

    @property
    def sentence(self) -> str:
        """Return the time and what it rests on: `about 0:50 of 1:00 to say (at 145 words a minute)`."""
        if self.measured is None:
            return f"about {self.told} to say (estimated {PACE})"
        return f"{self.told.removesuffix(' measured')} spoken (measured by {self.by})"


def spoken_time(case: Case) -> SpokenTime:
    """Return how long an attempt takes to say: the one figure that every screen shows."""
    part = timed_part(case)
    count, timing = speech.spoken_words(part.text) if part else 0, case.attempt.timing
    figure = clocked.seconds(part, timing) if part and timing else None
    if figure is None or timing is None or figure.how is not clocked.How.MEASURED:
        return SpokenTime(words=count, limit=case.question.time_limit)
    return SpokenTime(words=count, limit=case.question.time_limit, measured=figure.value, by=timing.source)


def _time(case: Case, part: Part) -> Iterator[Remark]:
    limit = case.question.time_limit
    if limit is None:
        return
    time = spoken_time(case)
    if time.measured is not None:
        if time.measured > limit:
            message = f"{part.id} took {clock(time.measured)} (measured), over the limit of {clock(limit)}"
            yield Remark(line=part.line, message=message, rule=clocked.RULES["speaking_time"], slug="over-time")
        return
    if speech.seconds(time.words, speech.FAST) > limit:
        yield Remark(
            line=part.line,
            message=f"{part.id} takes about {clock(time.seconds)} {PACE}, over the limit of {clock(limit)}",
            rule=speech.RULES["speaking_time"],
            slug="over-time",
        )


def _manner(part: Part) -> Iterator[Remark]:
    spoken = speech.speech(part.text)
    yield from _repeats(part, spoken)
    if not spoken.is_english:
        return
    for name, rate, most in (
        ("fillers", spoken.fillers, MOST_FILLERS),
        ("hedges", spoken.hedges, MOST_HEDGES),
    ):
        if rate > most and spoken.words >= WORDS_TO_JUDGE:
            message = f"{rate:.1f} {name} in 100 words, more than {most:g}"
            yield Remark(line=part.line, message=message, rule=speech.RULES[name], slug=f"many-{name}")
    persons = spoken.i + spoken.we
    if persons >= PERSONS_TO_JUDGE and spoken.i / persons < LEAST_FIRST_PERSON:
        message = f"'I' {_times(spoken.i)}, 'we' {_times(spoken.we)}: what was your part?"
        yield Remark(line=part.line, message=message, rule=speech.RULES["first_person"], slug="we-not-i")
    if not spoken.quantities and spoken.words >= WORDS_TO_JUDGE:
        message = "no number with a unit in this answer"
        yield Remark(line=part.line, message=message, rule=speech.RULES["quantities"], slug="no-number")


def _repeats(part: Part, spoken: speech.Speech) -> Iterator[Remark]:
    for repeat in spoken.repeats:
        message = f"said {repeat.count} times: '{repeat.text}'"
        line = part.line_of(repeat.starts[0])
        yield Remark(line=line, message=message, rule=speech.RULES["repeats"], slug="repeated")


def _times(count: int) -> str:
    return {0: "never", 1: "once"}.get(count, f"{count} times")


def clock(seconds: float) -> str:
    """Return seconds as m:ss."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"
