"""a talk, the project's questions -> which stretch answers which question: spans of turns, never rewritten words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import groupby
from statistics import median
from typing import Final, NamedTuple

import msgspec

from evalharness.documents.features import asks, invites
from evalharness.documents.formats.speech import bare
from evalharness.importing import read
from evalharness.model.nouns import Question
from evalharness.text import words as prose
from evalharness.text.voices import LEAST, content, likeness
from evalharness.transcripts.talk import Talk, Utterance

LONG: Final = 60
"""An answer of so many words is to a question of its own, where it does not go on with the one before."""
ENOUGH: Final = 12
"""So many are enough where the turn before reads as a question of an interview."""
SHORT: Final = 20
"""An answer of fewer words is told to be short, and after one that is the last nobody asks back."""
FEW: Final = 8
"""A question of so few words that says "she" or "that" asks about what was just said."""
SURE: Final = 0.5
"""From here on a sentence asks somebody."""
VOICES: Final = ("Jordan", "Riley")
"""Names for the interviewer and the one who answers, where a talk is read like a document: any two would do."""
_ASKS = re.compile(
    r"[?\uff1f]|\b(?:tell|walk|describe|talk|explain|give|what|why|how|when|where|which|who|would|could|did|do you)\b",
    re.IGNORECASE,
)

_BACK = re.compile(r"\b(?:he|she|it|they|him|her|them|his|their|this|that|these|those)\b", re.IGNORECASE)
_WHICH = re.compile(r"\b(?:an?|the|any|some)\s\w+(?:\s\w+)?\sthat\b", re.IGNORECASE)  # "a project that ran late"
_MARK = re.compile(r"[?\uff1f]\s*$")
_OPENS = re.compile(r"(?:tell|walk|describe|talk|explain|give)\b", re.IGNORECASE)


class Piece(NamedTuple):
    """A stretch of a talk: the question it answers (None: none of the project's), what was asked, and its turns.

    `end` is where in them the interviewer asks for questions, and where the last of these ends; zeros where none does.
    """

    question: Question | None
    asked: str
    talk: Talk
    end: tuple[int, int] = (0, 0)

    def kept(self, *, follow_up: bool) -> Talk:
        """Return the talk without the end of the interview, at which `speaker` asks: none of it answers the question.

        With `follow_up` it ends with what is asked back last, else before the interviewer hands over.
        """
        last = self.end[1] if follow_up else self.end[0]
        return msgspec.structs.replace(self.talk, utterances=self.talk.utterances[: last or None])

    def asked_back(self, speaker: str) -> tuple[str, ...]:
        """Return what `speaker` asks at the end of the interview, a question each."""
        said = self.talk.utterances[self.end[0] : self.end[1]]
        texts = (bare(part.text) for each in said if each.speaker == speaker for part in prose.sentences(each.text))
        return tuple(dict.fromkeys(text for text in texts if asks(text) >= SURE and prose.word_count(text) >= LEAST))


class _Turn(NamedTuple):
    own: bool
    utterances: tuple[Utterance, ...]

    @property
    def text(self) -> str:
        """Return all words of the turn."""
        return " ".join(each.text for each in self.utterances)

    @property
    def size(self) -> int:
        """Return how many words those are."""
        return prose.word_count(self.text)


class _Read(NamedTuple):
    """What the interviewer asks, by the place of the turn, and the turns in which the other one asks back."""

    asked: Mapping[int, str]
    back: Sequence[int]


class _Start(NamedTuple):
    """The turn at which an answer begins: the question of the project, or None, and what was asked."""

    place: int
    question: Question | None
    asked: str


def cut(talk: Talk, speaker: str, questions: Sequence[Question]) -> tuple[Piece, ...]:
    """Return the stretches in which `speaker` answers, in order; what is said before the first question is left out.

    Where no answer is as long as answers are, those of any length count.
    """
    groups = groupby(talk.utterances, key=lambda each: each.speaker == speaker)
    turns = [_Turn(own, tuple(group)) for own, group in groups]
    read = _read(turns)
    every = [_starts(turns, questions, read.asked), _starts(turns, questions, read.asked, 1)]
    short = [start for start in every[1] if start.question is not None or start.place in read.asked]
    starts = _without_asides(every[0] or short or every[1], turns)
    ends = [*(start.place for start in starts), len(turns)][1:]
    pieces = [_piece(turns[start.place : end], start, talk) for start, end in zip(starts, ends, strict=True)]
    if pieces:
        pieces[-1] = pieces[-1]._replace(end=_end(turns, starts[-1].place, read.back))
    return tuple(piece for piece in pieces if any(each.speaker == speaker for each in piece.talk.utterances))


def _starts(
    turns: Sequence[_Turn], questions: Sequence[Question], asked: Mapping[int, str], least: int = 0
) -> list[_Start]:
    """Return the turns that ask one of the project's questions, or something new that gets at least so many words."""
    starts: list[_Start] = []
    for place, turn in enumerate(turns[:-1]):
        if turn.own:
            continue
        found = _asked(turn.text, questions)
        before = starts[-1].question if starts else None
        if found is not None and before is not None and before.id == found.id:
            continue
        if found is None and _hands_over(turn):
            continue
        if found is not None or _is_new(turns, place, asked.get(place, ""), least):
            starts.append(_Start(place, found, asked.get(place) or question_in(turn.text)))
    return starts


def _read(turns: Sequence[_Turn]) -> _Read:
    """Return what both sides ask, as `import` reads it in any document."""
    lines = (f"{VOICES[turn.own]}: {' '.join(turn.text.split())}\n" for turn in turns)
    found = read("".join(lines), "talk.txt")
    own = {place for place, turn in enumerate(turns) if turn.own}
    asks_ = [each for each in found.questions if prose.word_count(each.text) >= LEAST]  # "Mhm." asks nothing
    asked = {each.line - 1: question_in(each.text) for each in asks_ if each.line - 1 not in own}
    return _Read(asked, [each.line - 1 for each in found.to_ask if each.line - 1 in own])


def _end(turns: Sequence[_Turn], start: int, back: Sequence[int]) -> tuple[int, int]:
    """Return the end of an interview whose last answer begins at `start`; (0, 0) where nobody asks back."""
    back = [place for place in back if place > start]
    later = (place for place in range(start + 1, len(turns)) if not turns[place].own and _hands_over(turns[place]))
    over = next((place for place in later if any(turn.own for turn in turns[start:place])), None)
    if over is not None:
        asking = {place for place in range(over, len(turns)) if turns[place].own and _asks_them(turns[place])}
        last = max((place + 1 for place in {*back, *asking} if place > over), default=over)
        return _count(turns[start:over]), _count(turns[start:last])
    if not back or not _ASKS.search(turns[back[0] - 1].text):
        return 0, 0
    if sum(turn.size for turn in turns[start : back[0]] if turn.own) < SHORT:
        return 0, 0
    return _count(turns[start : back[0] - 1]), _count(turns[start : back[-1] + 1])


def _count(turns: Sequence[_Turn]) -> int:
    return sum(len(turn.utterances) for turn in turns)


def _asks_them(turn: _Turn) -> bool:
    """Return whether a turn asks: once they asked for questions, those are for them."""
    return any(asks(each.text) >= SURE for each in prose.sentences(turn.text))


def _hands_over(turn: _Turn) -> bool:
    """Return whether an interviewer asks for questions in a turn."""
    return any(invites(each.text) for each in prose.sentences(turn.text))


def _without_asides(starts: list[_Start], turns: Sequence[_Turn]) -> list[_Start]:
    """Return the questions without those that get a much shorter answer than is usual here."""
    ends = [*(start.place for start in starts), len(turns)][1:]
    sizes = [sum(t.size for t in turns[a.place : b] if t.own) for a, b in zip(starts, ends, strict=True)]
    sure = [size for start, size in zip(starts, sizes, strict=True) if start.question is not None]
    usual = median(sure or sizes or [0])
    kept = (s.question is not None or size >= min(LONG, usual / 3) for s, size in zip(starts, sizes, strict=True))
    return [start for start, keep in zip(starts, kept, strict=True) if keep]


def question_in(asked: str) -> str:
    """Return the question in what an interviewer says: from the first sentence that asks to the last one, unchanged."""
    sentences = prose.sentences(asked)
    asks = [each for each in sentences if _ASKS.search(each.text) and prose.word_count(each.text) >= LEAST]
    if any(_MARK.search(each.text) for each in asks):
        asks = [each for each in asks if _MARK.search(each.text) or _OPENS.match(each.text)]
    if not asks:
        return " ".join(asked.split())
    return " ".join(asked[asks[0].start : asks[-1].end].split())


def further(talk: Talk, speaker: str) -> tuple[str, ...]:
    """Return what the others ask `speaker` beside the first question, a turn each."""
    groups = [(own, list(group)) for own, group in groupby(talk.utterances, key=lambda each: each.speaker == speaker)]
    asked = [" ".join(each.text for each in group) for own, group in groups if not own]
    return tuple(question_in(text) for text in asked[1:] if _ASKS.search(text))


def names_nobody(talk: Talk) -> bool:
    """Return whether a transcript does not say who speaks."""
    return set(talk.speakers) <= {""}


def whole(talk: Talk, speaker: str, question: Question) -> Piece:
    """Return all of a talk as the answer to one question."""
    first = next((each.text for each in talk.utterances if each.speaker != speaker), "")
    return Piece(question, first, talk)


def _piece(turns: Sequence[_Turn], start: _Start, talk: Talk) -> Piece:
    utterances = tuple(each for turn in turns for each in turn.utterances)
    return Piece(
        start.question,
        start.asked,
        msgspec.structs.replace(talk, utterances=utterances),
    )


def _asked(text: str, questions: Sequence[Question]) -> Question | None:
    """Return the question that a turn asks, or None."""
    scored = [(likeness(question.text, text), question) for question in questions]
    found = max(scored, key=lambda each: each[0], default=None)
    return found[1] if found is not None and found[0].is_asked(found[1].text) else None


def _is_new(turns: Sequence[_Turn], place: int, read: str, least: int = 0) -> bool:
    """Return whether a turn asks something new: an answer of some length follows, and nothing just said is taken up."""
    size = turns[place + 1].size
    if size < (least or (ENOUGH if read else LONG)) or not (read or _ASKS.search(turns[place].text)):
        return False
    asked = read or turns[place].text
    if prose.word_count(asked) <= FEW and _BACK.search(_WHICH.sub("", asked)):
        return False
    before = content(turns[place - 1].text) if place else frozenset()
    return len(content(turns[place].text) & before) < LEAST
