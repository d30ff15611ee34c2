"""a talk and who answers -> the answer as Markdown that one can read, and the clock of its words.

What others say stands between the paragraphs as comments: a reader sees what was asked, and nobody grades it.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final, NamedTuple

from evalharness.model.timing import Asked, Precision, Said, Timing, Turn
from evalharness.text import words as prose
from evalharness.transcripts.talk import Talk, Utterance

BREAK: Final = 2.0
"""Seconds of silence after which a new paragraph begins."""
SENTENCES: Final = 6
LINE: Final = 40
WIDTH: Final = 110
_MARK = re.compile(r"^(?:#{1,6}|[-*+>|]|\d{1,9}[.)]|```|~~~|={3,}|-{3,})(?=\s|$|`|~)")
_INTERVIEWER: Final = re.compile(r"interview|host|moderator|recruiter|panel", re.IGNORECASE)


class Answer(NamedTuple):
    """An answer as text (Markdown without front matter), and its clock, None where the transcript has none."""

    text: str
    timing: Timing | None


def candidate(talk: Talk, wanted: str = "") -> str:
    """Return the speaker who answers: the one called `wanted` where there is one, else who says most."""
    said = talk.speakers
    called = [name for name in said if wanted and _folded(wanted) in (_folded(name), *_folded(name).split())]
    if called:
        return called[0]
    others = {name: count for name, count in said.items() if not _INTERVIEWER.search(name)} or said
    return max(others, key=lambda name: others[name])


def is_there(talk: Talk, wanted: str) -> bool:
    """Return whether `wanted` names one of the speakers, with or without the family name."""
    return any(_folded(wanted) in (_folded(name), *_folded(name).split()) for name in talk.speakers)


def answer(talk: Talk, speaker: str, *, source: str, follow_up: str = "") -> Answer:
    """Return what `speaker` says in `talk`; `follow_up` is the heading for a question asked back at the very end."""
    turns = [(own, list(group)) for own, group in groupby(talk.utterances, key=lambda each: each.speaker == speaker)]
    last = max(number for number, (own, _) in enumerate(turns) if own)
    blocks: list[str] = []
    for number, (own, group) in enumerate(turns):
        if not own:
            blocks += [_comment(each) for each in _merged(group)]
            continue
        paragraphs = list(_paragraphs(group))
        asks = number == last and any(turn[0] for turn in turns[:number]) and follow_up
        if asks and re.search(r"[?\uff1f]\s*$", paragraphs[-1]) and len(paragraphs) == 1:
            blocks.append(f"## {follow_up}")
        blocks += paragraphs
    return Answer("\n\n".join(blocks) + "\n", _timing(talk, speaker, source))


def _timing(talk: Talk, speaker: str, source: str) -> Timing | None:
    if talk.precision is None:
        return None
    own = [list(group) for is_own, group in groupby(talk.utterances, key=lambda e: e.speaker == speaker) if is_own]
    others = [each for each in talk.utterances if each.speaker != speaker]
    asked = [Asked(text=each.text, at=each.start or 0.0, by=each.speaker) for each in _merged(others)]
    return Timing(
        turns=tuple(Turn(said=tuple(_said(turn)), open=turn[-1].end is None) for turn in own),
        precision=talk.precision,
        source=source,
        speaker=speaker,
        language=talk.language,
        asked=tuple(asked),
        others=round(sum(max(0.0, (e.end or e.start or 0.0) - (e.start or 0.0)) for e in others), 3),
    )


def _said(turn: Sequence[Utterance]) -> Iterator[Said]:
    for each in turn:
        start = each.start or 0.0
        if each.words:
            yield from each.words
        else:
            yield Said(text=each.text, start=start, end=each.end if each.end is not None else start)


def _merged(found: Sequence[Utterance]) -> list[Utterance]:
    """Return what one person says in several cues as one utterance."""
    result: list[Utterance] = []
    for each in found:
        before = result[-1] if result else None
        near = before is not None and (each.start or 0) - (before.end or before.start or 0) < BREAK
        if before is not None and before.speaker == each.speaker and near:
            text = _joined(before.text, each.text)
            result[-1] = Utterance(text=text, line=before.line, speaker=each.speaker, start=before.start, end=each.end)
        else:
            result.append(each)
    return result


def _paragraphs(turn: Sequence[Utterance]) -> Iterator[str]:
    """Yield what one says without another in between, cut at long pauses and after some sentences."""
    piece: list[Utterance] = []
    for each in turn:
        gap = (each.start or 0.0) - (piece[-1].end or each.start or 0.0) if piece else 0.0
        if piece and (gap >= BREAK or _is_long(piece)):
            yield _paragraph(piece)
            piece = []
        piece.append(each)
    yield _paragraph(piece)


def _is_long(piece: Sequence[Utterance]) -> bool:
    text = " ".join(each.text for each in piece)
    return (
        bool(re.search(r"[.!?\u3002\uff01\uff1f][\"'\u201d\u2019)]*$", text))
        and len(prose.sentences(text)) >= SENTENCES
    )


def _paragraph(piece: Sequence[Utterance]) -> str:
    text = ""
    for each in piece:
        text = _joined(text, each.text)
    lines: list[str] = []
    for sentence in prose.sentences(text) or [prose.Span(0, len(text), text)]:
        long = len(sentence.text.split()) > LINE
        lines += (
            textwrap.wrap(sentence.text, WIDTH, break_on_hyphens=False) if long else [" ".join(sentence.text.split())]
        )
    return "\n".join(_plain(line) for line in lines)


def _joined(before: str, after: str) -> str:
    """Return two pieces of speech as one: with a blank between them, where the script sets any."""
    blank = "" if not before or prose.is_blankless(before[-1:] + after[:1]) or _ends_blankless(before) else " "
    return f"{before}{blank}{after}"


def _ends_blankless(text: str) -> bool:
    return text[-1:] in "\u3002\uff0c\u3001\uff01\uff1f"


def _plain(line: str) -> str:
    """Return a line that Markdown takes for nothing but text."""
    line = line.replace("<!--", "<! --")
    return f"\\{line}" if _MARK.match(line) else line


def _comment(each: Utterance) -> str:
    at = f" at {_clock(each.start)}" if each.start is not None else ""
    text = re.sub(r"-{2,}", "-", each.text).replace(">", "\u203a")
    return f"<!-- {re.sub(r'[-<>]+', '-', each.speaker) or 'the interviewer'}{at}: {text} -->"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02d}"


def _folded(name: str) -> str:
    return " ".join(name.casefold().replace("_", " ").split())


__all__ = ["Answer", "Precision", "answer", "candidate", "is_there"]
