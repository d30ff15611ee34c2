"""text of an attempt's file <-> its settings and its words, by the same rules as the loader reads them."""

from __future__ import annotations

import re
from typing import NamedTuple

from evalharness.errors import InputError, InvalidFiles
from evalharness.load.text_source import TEXT_LIMIT, decode
from evalharness.model.nouns import ANSWER, Attempt, Case, Question, Rubric
from evalharness.text.front import DRAFT_MARK, front
from evalharness.text.parts import split_parts
from evalharness.text.speaking import SpokenTime, spoken_time

UNFINISHED = f"{DRAFT_MARK}: this is a draft and not graded; delete this line to keep it as an attempt\n"

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f]")


class Sheet(NamedTuple):
    """What stands between the lines `---`, and what follows them without the mark of a draft."""

    settings: str
    words: str


def sheet(text: str) -> Sheet:
    """Return a file's text in its two pieces; what is no front matter for the loader is none here."""
    found = front(text)
    settings = "" if found.trouble else text[found.start : found.end]
    words = text if found.trouble else text[found.body :]
    return Sheet(settings, words.replace(UNFINISHED, "").lstrip("\n") if settings else words.replace(UNFINISHED, ""))


def head(settings: str) -> str:
    """Return the front matter of a file."""
    return f"---\n{settings.rstrip()}\n---\n\n"


def with_setting(settings: str, key: str, value: str) -> str:
    """Return settings with one of them set; what else stands there stays as it was written."""
    line = f"{key}: {value}"
    found = re.search(rf"^{re.escape(key)}[ \t]*:[^\n]*(?:\n[ \t]+[^\n]*)*", settings, re.MULTILINE)
    if found:
        return f"{settings[: found.start()]}{line}{settings[found.end() :]}"
    return f"{settings.rstrip()}\n{line}\n".lstrip("\n")


def typed(text: str) -> str:
    """Return what was typed as the loader takes it: bytes that a console gave as half characters are UTF-8."""
    known = text.encode("utf-8", "surrogateescape" if _escaped(text) else "replace").decode("utf-8", "replace")
    return _CONTROLS.sub("", known.replace("\r\n", "\n").replace("\r", "\n")).replace("\ufffd", "?")


def _escaped(text: str) -> bool:
    return all(not "\ud800" <= c <= "\udfff" or "\udc80" <= c <= "\udcff" for c in text)


def parts_to_write(rubric: Rubric) -> tuple[tuple[str, str], ...]:
    """Return (part, heading) in the order in which one writes them; the answer itself has no heading."""
    inside = [spec for spec in rubric.parts if spec.within_answer]
    after = [spec for spec in rubric.parts if not spec.within_answer]
    return (*((s.id, s.headings[0]) for s in inside), (ANSWER, ""), *((s.id, s.headings[0]) for s in after))


def time_to_say(text: str, question: Question, rubric: Rubric) -> SpokenTime:
    """Return how long an answer takes to say, by the same words as in every report."""
    attempt = Attempt(question=question.id, author="", id="", parts=split_parts(text, 1, rubric.parts))
    return spoken_time(Case(question=question, attempt=attempt, rubric=rubric))


def piped(data: bytes) -> str:
    """Return what another program wrote as text; raises `InvalidFiles` where a file of these bytes would be refused."""
    if len(data) > TEXT_LIMIT:
        raise InputError(
            f"standard input is larger than {TEXT_LIMIT // 1_000_000} MB", hint="is this an answer?", slug="too-large"
        )
    text, problems = decode(data, "standard input")
    if problems:
        raise InvalidFiles(problems)
    return text
