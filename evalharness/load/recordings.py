"""a transcript beside a question -> the text of an attempt and its clock; or the clock of an attempt's Markdown."""

from __future__ import annotations

import os.path
from pathlib import Path
from typing import NamedTuple

import msgspec

from evalharness.console.regular import read_bytes
from evalharness.errors import Problem
from evalharness.load.find import FoundFile
from evalharness.load.text_source import read_text
from evalharness.model import records
from evalharness.model.timing import Timing
from evalharness.transcripts.answer import answer, candidate
from evalharness.transcripts.reading import ENDINGS, TIMES, Refused, read_talk

LIMIT = 20_000_000
_is_file = os.path.isfile  # asked five times of every answer, most of which have nothing beside them: a Path costs more


class Recording(NamedTuple):
    """What a transcript says; `problem` where it cannot be read."""

    text: str = ""
    timing: Timing | None = None
    problem: Problem | None = None


def read(at: FoundFile, author: str) -> Recording:
    """Return the answer in a transcript: the author's words, or those of whoever speaks most."""
    text, problems = read_text(at.file, at.name, limit=LIMIT)
    if problems:
        return Recording(problem=problems[0])
    try:
        talk = read_talk(text, at.name)
    except Refused as refused:
        hint = refused.hint or "export the transcript again"
        problem = Problem(path=at.name, line=refused.line, message=refused.reason, hint=hint, slug="bad-transcript")
        return Recording(problem=problem)
    found = answer(talk, candidate(talk, author), source=at.name.rpartition("/")[2])
    return Recording(found.text, found.timing)


def beside(at: FoundFile, author: str) -> Timing | None:
    """Return the clock that is kept beside an attempt's Markdown, else that of a transcript of the same name."""
    stem = at.file.removesuffix(".md")
    kept = stem + TIMES
    try:
        if _is_file(kept):
            return records.decode(read_bytes(Path(kept)), Timing)
    except (OSError, msgspec.MsgspecError):
        return None
    for ending in ENDINGS:
        if _is_file(stem + ending):
            name = at.name.removesuffix(".md") + ending
            return read(FoundFile(stem + ending, name), author).timing
    return None
