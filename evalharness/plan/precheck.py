"""case, criterion -> what a rule says without a grader: too short to grade, or level 1 because something is missing."""

from __future__ import annotations

import functools

from evalharness.model.asked import said_of
from evalharness.model.nouns import (
    ANSWER,
    By,
    Case,
    Criterion,
    Graded,
    Measure,
    PartSpec,
    Scale,
    Tags,
    Ungraded,
    Why,
    company_tags,
)
from evalharness.text import clocked
from evalharness.text.speech import is_counted
from evalharness.text.words import Span, each_sentence, has_words, word_count

SENTENCE_WORDS = 4
OTHER_PART_WORDS = 3
_ANSWERS = 16_384  # of which is remembered what was counted: a run makes its plan, and its page of progress another
SPEAKING_TIME = "speaking_time"
ENGLISH = ("fillers", "hedges", "first_person", "quantities")
"""What is counted by words, and not measured in a language of which they are not known."""


def too_short(case: Case) -> str:
    """Return how far an answer is below the rubric's fewest words (`119 of 120 words`), else an empty text."""
    part, fewest = case.attempt.part(ANSWER), case.rubric.min_words
    if part and _has_words(part.text, fewest):
        return ""
    count = word_count(part.text) if part else 0
    return f"{count} of {fewest} words" if count < fewest else ""


def applies(case: Case, criterion: Criterion, *, by_surface: bool = False) -> bool:
    """Return whether a criterion can be graded in this attempt at all; where it can't, it is outside the total.

    Speaking time needs a time limit to be a level, and what a recording's clock measures needs a recording. A grader
    `by_surface` reads missions by the signals of the rubric's own list, and a company's own missions have none; where
    signals go by the context alone, that must say something.
    """
    match criterion.kind:
        case Measure(measure=name) if name == SPEAKING_TIME:
            return case.question.time_limit is not None
        case Measure(measure=name) if name in clocked.MEASURES:
            part = case.attempt.part(criterion.part)
            code = case.question.language
            return part is None or clocked.measure(name, part, case.attempt.timing, code).value is not None
        case Measure(measure=name) if name in ENGLISH:
            part = case.attempt.part(criterion.part)
            return part is None or is_counted(name, part.text, case.question.language)
        case Tags():
            return not (by_surface and company_tags(case.question))
        case Scale():
            return not by_surface or has_what_signals_need(case, criterion)
        case _:
            return True


def missing(case: Case, criterion: Criterion) -> str:
    """Return why what a criterion reads is not there, in plain words and with what to do; an empty text where it is."""
    part = case.attempt.part(criterion.part)
    if part is None or (criterion.part != ANSWER and not _has_words(part.text, OTHER_PART_WORDS)):
        return not_found(_spec(case, criterion.part))
    if not _has_sentence(part.text):
        return f"there is no sentence of {SENTENCE_WORDS} words or more"
    if isinstance(criterion.kind, Tags) and not case.claimed:
        return "no mission is claimed: say with 'missions:' in the attempt or in question.yaml which ones it shows"
    return ""


def not_found(spec: PartSpec) -> str:
    """Return that a part was not found, and how to mark it."""
    name = spec.headings[0] if spec.headings else spec.id
    return f"no '{name}' was found: write it under a heading '## {name}'"


def by_rule(case: Case, criterion: Criterion) -> Graded | Ungraded | None:
    """Return what a rule says of a criterion, or None where a grader must be asked, or the program must measure."""
    if short := too_short(case):
        return Ungraded(why=Why.TOO_SHORT, detail=short)
    reason = missing(case, criterion)
    return Graded(level=1.0, by=By.CODE, reason=reason) if reason else None


def floor_of(case: Case, criterion: Criterion) -> str:
    """Return the rule that fits a criterion, for the identity of its grade; an empty text where none does."""
    return too_short(case) or missing(case, criterion)


def _spec(case: Case, part: str) -> PartSpec:
    return next((spec for spec in case.rubric.parts if spec.id == part), PartSpec(id=part, headings=(part,)))


def has_what_signals_need(case: Case, criterion: Criterion) -> bool:
    """Return whether the heuristic can read `criterion` here: what goes by the context alone needs one."""
    if not isinstance(criterion.kind, Scale) or criterion.kind.signals is None:
        return True
    signals = criterion.kind.signals
    others = (signals.quantities, signals.ownership, signals.length_band, *signals.markers, *signals.terms)
    return not signals.context or any(others) or bool(said_of(case.question.context, signals.context.of))


_has_words = functools.lru_cache(maxsize=_ANSWERS)(has_words)


@functools.lru_cache(maxsize=_ANSWERS)
def _has_sentence(text: str) -> bool:
    return any(map(_is_sentence, each_sentence(text)))


def _is_sentence(found: Span) -> bool:
    return has_words(found.text, SENTENCE_WORDS)
