"""case -> what a listener would stumble over: time, fillers, I and we, numbers, repeated phrases."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from evalharness.model.noun import Noun
from evalharness.model.nouns import ANSWER, Case, Measure, Part
from evalharness.text import speech

MOST_FILLERS: Final = 4.0
MOST_HEDGES: Final = 6.0
LEAST_FIRST_PERSON: Final = 0.4
PERSONS_TO_JUDGE: Final = 5
WORDS_TO_JUDGE: Final = 60


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


def _time(case: Case, part: Part) -> Iterator[Remark]:
    limit = case.question.time_limit
    if limit is None:
        return
    spoken = speech.speech(part.text)
    if spoken.seconds_low > limit:
        yield Remark(
            line=part.line,
            message=f"{part.id} takes {clock(spoken.seconds_low)} to {clock(spoken.seconds_high)}, "
            f"over the limit of {clock(limit)}",
            rule=speech.RULES["speaking_time"],
            slug="over-time",
        )


def _manner(part: Part) -> Iterator[Remark]:
    spoken = speech.speech(part.text)
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
