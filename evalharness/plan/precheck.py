"""case, criterion -> level 1 by rule, or nothing.  An answer of a word or two is not worth a call."""

from __future__ import annotations

import functools

from evalharness.model.nouns import ANSWER, By, Case, Criterion, Graded, Scale, said_of
from evalharness.text.words import sentences, word_count

SENTENCE_WORDS = 4
OTHER_PART_WORDS = 3


def below_floor(case: Case, criterion: Criterion) -> str:
    """Return why what `criterion` reads is too little to grade, in plain words, or an empty text."""
    part = case.attempt.part(criterion.part)
    if part is None:
        return f"there is no part '{criterion.part}' in this attempt"
    count, floor = _words(part.text), _floor(case, criterion.part)
    if count < floor:
        return f"{count} word{'s' * (count != 1)}; below {floor} it is level 1 by rule"
    if not _has_sentence(part.text):
        return f"no sentence of {SENTENCE_WORDS} words or more; that is level 1 by rule"
    return ""


def level_by_rule(case: Case, criterion: Criterion) -> Graded | None:
    """Return level 1 with the reason where the part is below the floor, else None."""
    reason = below_floor(case, criterion)
    return Graded(level=1.0, by=By.CODE, reason=reason, missing="an answer to grade") if reason else None


def has_what_signals_need(case: Case, criterion: Criterion) -> bool:
    """Return whether the heuristic can read `criterion` here: where it goes by the context alone, that must say something."""
    if not isinstance(criterion.kind, Scale) or criterion.kind.signals is None:
        return True
    signals = criterion.kind.signals
    others = (signals.quantities, signals.ownership, signals.length_band, *signals.markers, *signals.terms)
    return not signals.context or any(others) or bool(said_of(case.question.context, signals.context.of))


_words = functools.lru_cache(maxsize=256)(word_count)


@functools.lru_cache(maxsize=256)
def _has_sentence(text: str) -> bool:
    return any(word_count(sentence.text) >= SENTENCE_WORDS for sentence in sentences(text))


def _floor(case: Case, part: str) -> int:
    return case.rubric.min_words if part == ANSWER else OTHER_PART_WORDS
