"""Captions without names -> who probably asks and who answers; a talk of such captions -> the lines of a document.

Subtitles mark at best that somebody else speaks (">>", a dash), automatic ones not even that.  Where they do, the turns
go to and fro; where they don't, what asks opens a question and what follows answers it.  Both are guesses, and
whoever uses them has to say so.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import NamedTuple

import msgspec

from evalharness.documents.direction import seeks
from evalharness.documents.features import REQUESTS, WH, WORD, asks, invites, words
from evalharness.documents.formats.made import Piece
from evalharness.documents.formats.speech import askers_of, bare, turns
from evalharness.text.words import sentences
from evalharness.transcripts.reading import read_talk
from evalharness.transcripts.talk import Talk, Utterance

ASKER, ANSWERER = "Interviewer", "Candidate"
BY_MARKS, BY_WORDS = "by the marks of turns", "by what asks"
LEAST_ALONE = 0.4
LEAST_MARKS, LONG, SHORT, FEW, SURE = 4, 30, 4, 2, 0.6
_TIMES = re.compile(r"\s{0,9}\d{1,4}:\d{1,2}[\d:.,]{0,12}\s{0,9}-->.*")
_CLOCK = re.compile(r"\s{0,9}(?:\d{1,2}:)?\d{1,2}:\d{2}\s*(?=\n|$)")
_NOISE = re.compile(r"[\[(][^\[\]()]{1,40}[\])]")


class Guess(NamedTuple):
    """A talk whose speakers are guessed, and by what; the talk as it was and an empty text where nothing shows."""

    talk: Talk
    by: str


class _Unit(NamedTuple):
    """A sentence, or a cue where there are no sentences: its parts (utterance, from, to), and whether a mark opens it."""

    text: str
    parts: tuple[tuple[int, int, int], ...]
    opens: bool


def guessed(talk: Talk) -> Guess:
    """Return a talk that names nobody with two speakers, where marks of turns or what is asked tell them apart."""
    if set(talk.speakers) - {""}:
        return Guess(talk, "")
    units = list(_units(talk.utterances))
    marked = _alternates(talk.utterances)
    roles = _by_marks(units) if marked else _by_words(units)
    if len(set(roles)) < 2:
        return Guess(talk, "")
    told = msgspec.structs.replace(talk, utterances=tuple(_spoken(talk.utterances, units, roles)))
    return Guess(told, BY_MARKS if marked else BY_WORDS)


def _alternates(found: Sequence[Utterance]) -> bool:
    """Return whether each turn has its mark: many stand alone in their cue, and not only where two people share one."""
    cues = Counter(each.line for each in found if each.opens)
    alone = sum(count == 1 for count in cues.values())
    return cues.total() >= LEAST_MARKS and alone >= LEAST_ALONE * cues.total()


def is_captions(text: str, suffix: str) -> bool:
    """Return whether a text is a file of subtitles: by its ending, by its first times, or by a clock over each line."""
    head = text.lstrip("\ufeff \n")[:400]
    if suffix in {"vtt", "srt"}:
        return True
    if head.startswith(("WEBVTT", "1\n")) and any(_TIMES.match(line) for line in head.split("\n")[:8]):
        return True
    lines = [line for line in text.split("\n") if line.strip()] if _CLOCK.match(head) else []
    clocks = [at for at, line in enumerate(lines) if _CLOCK.fullmatch(line)]
    return len(clocks) >= LEAST_MARKS and all(b - a > 1 for a, b in pairwise(clocks)) and 3 * len(clocks) >= len(lines)


def from_captions(text: str, name: str) -> Sequence[Piece]:
    """Return the turns of captions as pieces, and their times as furniture; raises `Refused` where they are broken."""
    talk = guessed(read_talk(text, name if name.lower().endswith((".vtt", ".srt")) else "")).talk
    first = min(each.line for each in talk.utterances)
    lines = text.split("\n")
    times = [
        Piece(text=line.strip(), place=at, why="time of a recording")
        for at, line in enumerate(lines, start=1)
        if line.strip() and (at < first or _TIMES.match(line) or _CLOCK.fullmatch(line) or _numbers(lines, at))
    ]
    said = [
        piece for name, group in groupby(talk.utterances, key=lambda u: u.speaker) for piece in _turn(name, [*group])
    ]
    found = turns(said) if askers_of(said) else [msgspec.structs.replace(piece, speaker="") for piece in said]
    return sorted([*times, *found], key=lambda piece: piece.place)


def _turn(speaker: str, said: Sequence[Utterance]) -> Iterator[Piece]:
    """Yield a turn as a piece; what stands in front of a question that was found in it, apart."""
    first = next((at for at, each in enumerate(said) if at and each.opens and speaker == ASKER), 0)
    first = 0 if said[0].opens else first
    for part in filter(None, (said[:first], said[first:])):
        text = " ".join(each.text for each in part)
        yield Piece(text=text, place=part[0].line + 1, gap=True, speaker=speaker)


def _numbers(lines: Sequence[str], at: int) -> bool:
    """Return whether a line only counts the cue below it."""
    return lines[at - 1].strip().isdigit() and at < len(lines) and bool(_TIMES.match(lines[at]))


def _units(found: Sequence[Utterance]) -> Iterator[_Unit]:
    """Yield what is said sentence by sentence, over the ends of cues but not over the marks of turns."""
    cuts = [at for at, each in enumerate(found) if at and each.opens]
    for first, last in pairwise([0, *cuts, len(found)]):
        texts = [each.text for each in found[first:last]]
        starts = [sum(len(text) + 1 for text in texts[:at]) for at in range(len(texts))]
        whole = " ".join(texts)
        spans = [(span.start, span.end) for span in sentences(whole)]
        if len(spans) == 1 and len(texts) > 1:  # automatic captions know no sentences
            spans = [
                (start + a, start + b) for start, text in zip(starts, texts, strict=True) for a, b in _clauses(text)
            ]
        for number, (start, end) in enumerate(spans):
            parts = tuple(
                (first + at, max(0, start - begin), min(len(text), end - begin))
                for at, (begin, text) in enumerate(zip(starts, texts, strict=True))
                if begin < end and begin + len(text) > start
            )
            yield _Unit(whole[start:end], parts, opens=number == 0 and found[first].opens)


def _clauses(text: str) -> list[tuple[int, int]]:
    """Return where the parts of a cue without punctuation lie: before what asks somebody, and from there on."""
    starts = [found.start() for found in WORD.finditer(text)]
    asked = (at for at in starts[:-2] if asks(text[at:]) >= SURE and words(text[at:])[0] in WH | REQUESTS)
    first = next(asked, 0)
    return [(0, first - 1), (first, len(text))] if first > 1 else [(0, len(text))]


def _by_marks(units: Sequence[_Unit]) -> list[str]:
    """Return who says each sentence: speakers change at each mark, and a turn that asks is the interviewer's."""
    turns_ = _runs(units)
    texts = [" ".join(unit.text for unit in turn) for turn in turns_]
    asking = [max(_asking(unit.text) for unit in turn) > 0.5 for turn in turns_]
    roles: list[str] = []
    handed = False
    for at, text in enumerate(texts):
        after = texts[at + 1] if at + 1 < len(texts) else ""
        before = roles[-1] if roles else ""
        longer = len(words(text)) >= LONG and len(words(text)) > 2 * len(words(after))
        if asking[at] and not longer and not (handed and before == ASKER):
            role = ASKER
        else:
            role = ANSWERER if before == ASKER or longer else ASKER
        handed = handed or (role == ASKER and any(invites(unit.text) for unit in turns_[at]))
        roles.append(role)
    return [role for role, turn in zip(roles, turns_, strict=True) for _ in turn]


def _runs(units: Sequence[_Unit]) -> list[list[_Unit]]:
    """Return the sentences between the marks of turns."""
    found: list[list[_Unit]] = []
    for unit in units:
        if unit.opens or not found:
            found.append([])
        found[-1].append(unit)
    return found


def _by_words(units: Sequence[_Unit]) -> list[str]:
    """Return who says each sentence: what asks somebody is the interviewer's, until they ask for questions."""
    roles: list[str] = []
    handed = False
    for at, unit in enumerate(units):
        asked = _asking(unit.text) > 0.5 and bool(_NOISE.sub("", unit.text).strip())
        goes_on = roles[-1:] == [ASKER] and units[at - 1].text[-1:].isalpha() and len(words(unit.text)) <= FEW
        roles.append(ASKER if (asked or goes_on) and not handed else ANSWERER)
        handed = handed or (asked and invites(unit.text))
    first = next((at for at, role in enumerate(roles) if role == ASKER), len(roles))
    for at, unit in enumerate(units):
        closed = not unit.text[-1:].isalnum() or (
            at + 1 < len(units) and units[at + 1].parts[0][0] == unit.parts[-1][0]
        )
        leads = roles[at + 1 : at + 2] == [ASKER] and len(words(unit.text)) <= SHORT and closed
        if at < first or (leads and roles[at] == ANSWERER and not handed):
            roles[at] = ASKER  # a greeting, "Great."
    return roles if ANSWERER in roles[first:] else [ASKER] * len(roles)


def _asking(text: str) -> float:
    """Return how much a sentence is put to somebody else: what one asks oneself is none."""
    return 0.0 if {"i", "we"} & set(words(text)[:4]) and seeks(text) > 0 else asks(bare(text))


def _spoken(found: Sequence[Utterance], units: Sequence[_Unit], roles: Sequence[str]) -> Iterator[Utterance]:
    """Yield the utterances with their speakers; one that two people share is cut, and its time shared out by its length.

    What the interviewer asks opens an utterance of its own.
    """
    count, parts = 0, []
    for at, (unit, role) in enumerate(zip(units, roles, strict=True)):
        new = role == ASKER and _asking(unit.text) > 0.5
        count += new or roles[at - 1 : at] != [role]
        parts += [(*part, (role, count, new and part is unit.parts[0])) for part in unit.parts]
    for at, own in groupby(parts, key=lambda part: part[0]):
        for _, same in groupby(list(own), key=lambda part: part[3][:2]):
            stretch = list(same)
            role, _, opens = stretch[0][3]
            yield _stretch(found[at], stretch[0][1], stretch[-1][2], role, opens=opens)


def _stretch(each: Utterance, first: int, last: int, role: str, *, opens: bool) -> Utterance:
    """Return the part of an utterance from one letter to another as said by somebody."""
    if first == 0 and last >= len(each.text):
        return msgspec.structs.replace(each, speaker=role, opens=opens)
    words_ = each.words[len(each.text[:first].split()) : len(each.text[:last].split())]
    start, end = each.start, each.end
    if each.start is not None and each.end is not None:
        long = each.end - each.start
        start, end = each.start + long * first / len(each.text), each.start + long * last / len(each.text)
    text = each.text[first:last].strip()
    return msgspec.structs.replace(each, text=text, speaker=role, start=start, end=end, words=words_, opens=opens)
