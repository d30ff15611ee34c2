"""what stands around the questions -> title, company, interviewer, advice for all answers, time for all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from evalharness.importing.labels import NAME, is_manner, is_tip, label_of
from evalharness.importing.nouns import Block, Ignored
from evalharness.importing.times import is_time_hint, seconds_in
from evalharness.text.words import sentences

_ABOUT = re.compile(
    rf"^(?:(?:About|What (?:we|I|you) know (?:about|of)|Facts (?:about|on)) (?P<name>{NAME})|(?:Company "
    rf")?(?:facts|background))$"
)

_SUBJECT = re.compile(r"(?i)^subject: ?(?:(?:re|fwd?|aw): ?)*")


@dataclass
class Frame:
    """What holds for the whole document."""

    title: str = ""
    company: str = ""
    facts: list[str] = field(default_factory=list)
    interviewer: str = ""
    role: str = ""
    advice: list[str] = field(default_factory=list)
    time_limit: float | None = None
    ignored: list[Ignored] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


def read_frame(before: Sequence[Block], after: Sequence[Block] = ()) -> Frame:
    """Return what the blocks before the first question, and those that belong to none, say."""
    frame = Frame(lines=[block.text for block in before])
    state = ""
    for block in (*before, *after):
        state = _read(frame, block, state)
    return frame


def _read(frame: Frame, block: Block, state: str) -> str:
    """Read one block into `frame`; return what the next one stands under."""
    if block.kind == "rule":
        return ""
    label = label_of(block.text)
    if label and label.kind in {"company", "interviewer"}:
        return _named(frame, label.kind, label.rest) if label.rest else label.kind
    if label and label.kind in {"tone", "note"}:
        state = "tone" if is_tip(block.text) else label.kind
        if label.rest:
            _advice(frame, block, label.rest, state)
        return state
    about = _ABOUT.match(block.text.strip(" :"))
    if about and block.heads:
        frame.company = about["name"] or frame.company
        return "facts"
    if not frame.title and not frame.ignored and _is_title(block):
        frame.title = _SUBJECT.sub("", block.text)
        return ""
    if state in {"company", "interviewer"}:
        return _named(frame, state, block.text)
    return _rest(frame, block, state, is_time=label is not None and label.kind == "time")


def _is_title(block: Block) -> bool:
    short = block.kind == "para" and len(block.text.split()) <= 12 and block.text[-1:] not in set(".:?")
    return block.kind == "heading" or short


def _rest(frame: Frame, block: Block, state: str, *, is_time: bool) -> str:
    """Read a block without a label: time for all answers, facts, advice; the rest is ignored."""
    if is_time or (is_time_hint(block.text) and (state != "tone" or len(block.text.split()) <= 8)):
        frame.time_limit = frame.time_limit or seconds_in(block.text)
        frame.advice.extend(clause for clause in _clauses(block.text) if is_manner(clause))
        return state
    if state == "facts" and block.kind == "item":
        frame.facts.append(block.text)
    elif (state in {"tone", "note"} and not block.heads) or is_manner(block.text):
        _advice(frame, block, block.text, state)
    else:
        frame.ignored.append(Ignored(line=block.line, text=block.text, why="belongs to no question"))
        return "" if block.heads else state
    return state


def _named(frame: Frame, kind: str, text: str) -> str:
    """Read who asks or where; return what the next block stands under."""
    name, _, more = text.partition(",") if "," in text else text.partition(" (")
    if kind == "company":
        frame.company = name.strip(" .")
        return "facts"
    if re.match(NAME, name):
        frame.interviewer, frame.role = name.strip(" ."), more.strip(" .)")
    return ""


def _clauses(text: str) -> list[str]:
    """Return the sentences of `text`, of those that name a time only the other clauses."""
    found: list[str] = []
    for sentence in sentences(text):
        timed = seconds_in(sentence.text) is not None
        pieces = re.split(r"[,;]\s+(?:and|but)\s+|;\s+|\s[\u2013\u2014]\s", sentence.text) if timed else [sentence.text]
        found += [piece for piece in pieces if not timed or seconds_in(piece) is None]
    return found


def _advice(frame: Frame, block: Block, text: str, state: str) -> None:
    if frame.time_limit is None and any(is_time_hint(sentence.text) for sentence in sentences(text)):
        frame.time_limit = seconds_in(text)
        text = " ".join(clause for clause in _clauses(text) if state == "tone" or is_manner(clause))
        if not text:
            return
    if state == "tone" or is_manner(text):
        frame.advice.append(text)
    else:
        frame.ignored.append(Ignored(line=block.line, text=block.text, why="a note that belongs to no question"))
