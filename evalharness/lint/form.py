"""attempt -> what is missing from it, too short, or was found without its heading.  Never an error; `run` goes on."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.model.nouns import ANSWER, Case, FoundBy, Measure, Part
from evalharness.plan import precheck
from evalharness.text.speaking import Remark
from evalharness.text.voices import other_voice

SHORT_RULE = "Below the rubric's 'min_words' an answer has no level: a few words more would change every one of them."
MISSING_RULE = "A part that is missing makes the criterion that reads it level 1."
DATE_RULE = "Reports show the newest attempt by date. Name it as in 2026-10-02.md."
VOICE_RULE = (
    "Take out of the Markdown what you did not say, or put a name before each turn of the transcript ('Jordan: ...') "
    "and delete the Markdown: the next run writes it again."
)
FOUND_RULE = "A marked heading always wins; without one, parts are found by near headings and by their place."
_PLACES = {FoundBy.OPENING: "the opening is read as", FoundBy.LAST_QUESTION: "the last question is read as"}


def remarks(case: Case, today: str) -> tuple[Remark, ...]:
    """Return what a person should know about the form of an attempt; nothing for one that has all its parts."""
    return tuple(_remarks(case, today))


def _remarks(case: Case, today: str) -> Iterator[Remark]:
    answer = case.attempt.part(ANSWER)
    line = answer.line if answer else 1
    if not case.attempt.date and not case.attempt.source:
        message = "no date, neither in the name nor as 'date:': it comes before all dated attempts"
        yield Remark(line=line, message=message, rule=DATE_RULE, slug="undated")
    if case.attempt.date > today:
        message = f"the date {case.attempt.date} is still to come: no attempt that you make until then is the latest"
        yield Remark(line=line, message=message, rule=DATE_RULE, slug="future-date")
    if said := two_voices(case):
        source = case.attempt.timing.source if case.attempt.timing else ""
        message = f"{source} does not say who speaks; the interviewer's words count as yours: '{said[:80]}'"
        yield Remark(line=line, message=message, rule=VOICE_RULE, slug="one-voice")
    if short := precheck.too_short(case):
        yield Remark(line=line, message=f"too short to grade: {short}", rule=SHORT_RULE, slug="too-short")
        return
    for criterion in case.rubric.criteria:
        if isinstance(criterion.kind, Measure):
            continue
        if reason := precheck.missing(case, criterion):
            message = f"{criterion.id} will be level 1: {reason}"
            yield Remark(line=line, message=message, rule=MISSING_RULE, slug="missing-part")
    for part in case.attempt.parts:
        if told := found_as(case, part):
            yield Remark(line=part.line, message=told, rule=FOUND_RULE, slug="found-part")


def two_voices(case: Case) -> str:
    """Return what an interviewer seems to say in an answer whose transcript names nobody; else nothing."""
    timing, answer = case.attempt.timing, case.attempt.part(ANSWER)
    if answer is None or timing is None or timing.speaker or timing.asked:
        return ""
    return other_voice(answer.text, case.question.text)


def found_as(case: Case, part: Part) -> str:
    """Return how a part was found that no heading of the rubric marks; nothing where one does."""
    spec = next((spec for spec in case.rubric.parts if spec.id == part.id), None)
    if spec is None or part.found is FoundBy.HEADING:
        return ""
    name = spec.headings[0] if spec.headings else spec.id
    if part.found is FoundBy.NEAR_HEADING:
        return f"the heading '{part.heading}' is read as '{name}'"
    return f"{_PLACES[part.found]} '{name}', because no heading marks it"
