"""a talk, the project's questions -> which stretch answers which question: spans of turns, never rewritten words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from typing import Final, NamedTuple

from evalharness.model.nouns import Question
from evalharness.text import words as prose
from evalharness.text.voices import LEAST, content, likeness
from evalharness.transcripts.talk import Talk, Utterance

LONG: Final = 60
"""An answer of so many words is to a question of its own, where it does not go on with the one before."""
_ASKS = re.compile(
    r"[?\uff1f]|\b(?:tell|walk|describe|talk|explain|give|what|why|how|when|where|which|who|would|could|did|do you)\b",
    re.IGNORECASE,
)

_MARK = re.compile(r"[?\uff1f]\s*$")
_OPENS = re.compile(r"(?:tell|walk|describe|talk|explain|give)\b", re.IGNORECASE)


class Piece(NamedTuple):
    """A stretch of a talk: the question it answers (None: none of the project's), what was asked, and its turns."""

    question: Question | None
    asked: str
    talk: Talk


class _Turn(NamedTuple):
    own: bool
    utterances: tuple[Utterance, ...]

    @property
    def text(self) -> str:
        """Return all words of the turn."""
        return " ".join(each.text for each in self.utterances)


def cut(talk: Talk, speaker: str, questions: Sequence[Question]) -> tuple[Piece, ...]:
    """Return the stretches in which `speaker` answers, in order; what is said before the first question is left out."""
    groups = groupby(talk.utterances, key=lambda each: each.speaker == speaker)
    turns = [_Turn(own, tuple(group)) for own, group in groups]
    starts: list[tuple[int, Question | None]] = []
    for place, turn in enumerate(turns[:-1]):
        if turn.own:
            continue
        found = _asked(turn.text, questions)
        if found is not None and starts and starts[-1][1] is not None and starts[-1][1].id == found.id:
            continue
        if found is not None or _is_new(turns, place):
            starts.append((place, found))
    ends = [*(place for place, _ in starts), len(turns)][1:]
    pieces = [_piece(turns[start:end], found, talk) for (start, found), end in zip(starts, ends, strict=True)]
    return tuple(piece for piece in pieces if any(each.speaker == speaker for each in piece.talk.utterances))


def question_in(asked: str) -> str:
    """Return the question in what an interviewer says: from the first sentence that asks to the last one, unchanged."""
    sentences = prose.sentences(asked)
    asks = [each for each in sentences if _ASKS.search(each.text) and prose.word_count(each.text) >= LEAST]
    if any(_MARK.search(each.text) for each in asks):
        asks = [each for each in asks if _MARK.search(each.text) or _OPENS.match(each.text)]
    if not asks:
        return " ".join(asked.split())
    return " ".join(asked[asks[0].start : asks[-1].end].split())


def names_nobody(talk: Talk) -> bool:
    """Return whether a transcript does not tell who speaks."""
    return set(talk.speakers) <= {""}


def whole(talk: Talk, speaker: str, question: Question) -> Piece:
    """Return all of a talk as the answer to one question."""
    first = next((each.text for each in talk.utterances if each.speaker != speaker), "")
    return Piece(question, first, talk)


def _piece(turns: Sequence[_Turn], question: Question | None, talk: Talk) -> Piece:
    utterances = tuple(each for turn in turns for each in turn.utterances)
    return Piece(
        question,
        turns[0].text,
        Talk(utterances=utterances, precision=talk.precision, form=talk.form, language=talk.language),
    )


def _asked(text: str, questions: Sequence[Question]) -> Question | None:
    """Return the question that a turn asks, or None."""
    scored = [(likeness(question.text, text), question) for question in questions]
    found = max(scored, key=lambda each: each[0], default=None)
    return found[1] if found is not None and found[0].is_asked(found[1].text) else None


def _is_new(turns: Sequence[_Turn], place: int) -> bool:
    """Return whether a turn asks something new: a long answer follows, and nothing that was just said is taken up."""
    if not _ASKS.search(turns[place].text) or prose.word_count(turns[place + 1].text) < LONG:
        return False
    before = content(turns[place - 1].text) if place else frozenset()
    return len(content(turns[place].text) & before) < LEAST
