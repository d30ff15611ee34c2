"""Markdown with front matter, or an entry of `attempts:` -> `Attempt`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from evalharness.errors import Problem, nearest
from evalharness.load import recordings
from evalharness.load.document import Document
from evalharness.load.find import FoundAttempt
from evalharness.load.missions import mission_ids
from evalharness.load.notes import noted, open_comments
from evalharness.load.questions import ID, id_hint, tag_ids, unknown_missions
from evalharness.load.text_source import read_text
from evalharness.load.validate import validate
from evalharness.load.words import listed, shown
from evalharness.load.yaml_source import parse
from evalharness.model.nouns import ANSWER, Attempt, Part, Question, Rubric
from evalharness.model.timing import Timing
from evalharness.text.front import KEYS, front
from evalharness.text.parts import is_blank, part_of, repeated, split_parts

_DATED = re.compile(r"(\d{4}-\d{2}-\d{2})(?!\d)")


class Written(NamedTuple):
    """An attempt as it is written: its settings and their places, its text, and what its file says about it.

    `keys` lead to the settings in `document`; `name` is the id and `author` the author where none is stated.
    """

    document: Document
    settings: dict[str, Any]
    body: str
    line: int
    keys: tuple[str | int, ...] = ()
    name: str = ""
    author: str = ""
    problems: tuple[Problem, ...] = ()
    timing: Timing | None = None

    def texts(self) -> Iterator[tuple[str, int]]:
        """Yield the answer and each part that a key holds, with the line on which it begins."""
        yield self.body, self.line
        for key, text in self.settings.items():
            if self.keys and key not in KEYS and key != ANSWER and isinstance(text, str):
                yield text, self.document.text_line((*self.keys, key))

    def problem(self, key: str, message: str, *, hint: str = "", slug: str = "bad-value") -> Problem:
        """Return a problem at the value of `key`; an empty key: at the attempt itself."""
        keys = (*self.keys, key) if key else self.keys
        if not key and not self.keys:
            return Problem(path=self.document.path, message=message, hint=hint, slug=slug)
        return self.document.problem(keys, message, hint=hint, slug=slug)


class ReadAttempt(NamedTuple):
    """An attempt, None where it is a draft or has problems; `told` is what is worth a look and stops nothing."""

    attempt: Attempt | None
    draft: str = ""
    problems: tuple[Problem, ...] = ()
    told: tuple[Problem, ...] = ()


def read_attempt(found: FoundAttempt, author: str) -> Written:
    """Return the attempt in a Markdown file or a transcript, with its clock where one is kept beside it."""
    if not found.at.name.endswith(".md"):
        return _read_transcript(found, author)
    written = read_markdown(found)
    return written if written.problems else written._replace(timing=recordings.beside(found.at, found.author or author))


def _read_transcript(found: FoundAttempt, author: str) -> Written:
    path = found.at.name
    read = recordings.read(found.at, found.author or author)
    if read.problem is not None:
        return Written(Document(path, ""), {}, "", 1, problems=(read.problem,))
    return _checked(
        Written(Document(path, read.text), {}, read.text, 1, (), found.at.stem, found.author, timing=read.timing)
    )


def read_markdown(found: FoundAttempt) -> Written:
    """Return the attempt in a Markdown file; its problems where it cannot be read."""
    path = found.at.name
    text, problems = read_text(found.at.file, path)
    blank = Document(path, text)
    if problems:
        return Written(blank, {}, "", 1, problems=problems)
    top = front(text)
    first = 1 + text.count("\n", 0, top.start)
    if top.trouble:
        problem = Problem(path=path, line=first, message=top.trouble, hint=top.hint, slug="yaml")
        return Written(blank, {}, "", 1, problems=(problem,))
    if not top.body:
        return _checked(Written(blank, {}, text, 1, (), found.at.stem, found.author))
    document = parse(text[top.start : top.end], path, first_line=first)
    line = first + text.count("\n", top.start, top.body)
    written = Written(document, {}, text[top.body :], line, (), found.at.stem, found.author)
    if document.root is None and not document.problems:
        return _checked(written)
    problems = validate(document, "attempt")
    return written._replace(problems=problems) if problems else _checked(written._replace(settings=document.mapping))


def read_entries(document: Document) -> Iterator[Written]:
    """Yield the entries of `attempts:` in a document that was validated."""
    data: dict[str, Any] = document.mapping
    for index, entry in enumerate(data["attempts"]):
        keys = ("attempts", index)
        name = entry.get("date") or str(index + 1)
        line = document.text_line([*keys, ANSWER])
        yield _checked(Written(document, entry, entry.get(ANSWER) or "", line, keys, name))


def build_attempt(written: Written, question: Question, rubric: Rubric, author: str) -> ReadAttempt:
    """Return the attempt with its parts as `rubric` declares them; `author` gave it if nobody is named."""
    settings = written.settings
    parts, problems = _parts(written, rubric)
    claimed = mission_ids(tag_ids(settings.get("missions")), question, rubric)
    problems += list(unknown_missions(written.document, [*written.keys, "missions"], claimed, question, rubric))
    draft = is_blank(parts[0].text)
    if draft or problems:
        place = written.document.path
        place = f"{place}:{written.document.place(written.keys)[0]}" if written.keys else place
        return ReadAttempt(None, place if draft else "", tuple(problems))
    self_score = settings.get("self_score")
    return ReadAttempt(
        Attempt(
            question=question.id,
            author=settings.get("author") or written.author or author,
            id=settings.get("id") or written.name,
            date=_date(written),
            parts=parts,
            missions=tuple(dict.fromkeys(claimed)),
            self_score=None if self_score is None else float(self_score),
            notes=(settings.get("notes") or "").strip(),
            source=(settings.get("source") or "").strip(),
            path=written.document.path,
            timing=written.timing,
        ),
        told=tuple(noted(written.texts(), written.document.path, question, rubric)) if written.timing is None else (),
    )


def _checked(written: Written) -> Written:
    """Return `written` with the problems that need neither its question nor its rubric."""
    problems = tuple(_own_problems(written))
    return written._replace(problems=problems) if problems else written


def _own_problems(written: Written) -> Iterator[Problem]:
    yield from open_comments(written.texts(), written.document.path)
    stated = written.settings.get("date")
    day = _date(written)
    if day and not _exists(day):
        message = f"there is no day {day}"
        if not stated:
            message = f"{message}, with which the file's name begins"
        yield written.problem("date" if stated else "", message, hint="correct the day or the month")
    if not written.settings.get("id") and not ID.fullmatch(written.name) and not (written.keys and stated):
        message = f"the file's name {shown(written.name)} cannot be an id"
        yield written.problem("", message, hint=id_hint(written.name, "file"), slug="bad-id")
    if written.author and not written.settings.get("author") and not ID.fullmatch(written.author):
        message = f"the folder's name {shown(written.author)} cannot be an author"
        hint = id_hint(written.author, "folder").replace("'id:'", "'author:'")
        yield written.problem("", message, hint=hint, slug="bad-id")


def _date(written: Written) -> str:
    """Return the stated date, else the one with which the name begins, else nothing."""
    stated = written.settings.get("date")
    if stated:
        return str(stated)
    begins = None if written.keys else _DATED.match(written.name)
    return begins[1] if begins else ""


def _exists(day: str) -> bool:
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return True


def _parts(written: Written, rubric: Rubric) -> tuple[tuple[Part, ...], list[Problem]]:
    """Return the parts from headings and from keys, the answer first, and what is wrong with them."""
    given = [key for key, text in written.settings.items() if text] if written.keys else []
    parts = split_parts(written.body, written.line, rubric.parts, given=given)
    problems = [
        Problem(
            path=written.document.path,
            line=line,
            message=f"the part '{name}' begins a second time, after line {first}",
            hint="put both under one heading",
            slug="duplicate",
        )
        for name, first, line in repeated(written.body, written.line, rubric.parts)
    ]
    if not written.keys:
        return parts, problems
    return _with_keys(written, rubric, parts, problems)


def _with_keys(
    written: Written, rubric: Rubric, parts: tuple[Part, ...], problems: list[Problem]
) -> tuple[tuple[Part, ...], list[Problem]]:
    order = [ANSWER, *(spec.id for spec in rubric.parts)]
    found = {part.id: part for part in parts}
    more: list[Problem] = []
    for key, text in written.settings.items():
        if key in KEYS or key == ANSWER or not text:
            continue
        if key not in order:
            guess = nearest(key, [*KEYS, *order])
            hint = f"did you mean '{guess}'?" if guess else f"the rubric '{rubric.id}' has the parts: {listed(order)}"
            message = f"unknown key {shown(key)}: no key of attempts, and no part that the rubric declares"
            keys = (*written.keys, key)
            more.append(written.document.problem(keys, message, hint=hint, slug="unknown-key", of_key=True))
        elif key in found:
            message = f"the part '{key}' is there twice: as a key, and under a heading of the answer"
            more.append(written.problem(key, message, hint="take one out", slug="duplicate"))
        else:
            found[key] = part_of(key, text, written.document.text_line((*written.keys, key)))
    return tuple(found[name] for name in order if name in found), [*problems, *more]
