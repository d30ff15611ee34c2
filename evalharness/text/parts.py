"""text of an attempt -> its parts, each with the line of the file where it begins."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from evalharness.model.nouns import ANSWER, Part, PartSpec
from evalharness.text.blocks import blanked
from evalharness.text.scripts import plain

_LINE = re.compile(r"^ {0,3}(#{1,6})(?:[ \t]+(.*))?$", re.MULTILINE)
_HEADING = re.compile(r"^ {0,3}#{1,6}(?:[ \t].*)?$", re.MULTILINE)


_ALONE = re.compile(r"(?:\A|(?<=\n)[^\S\n]*\n)[^\S\n]*(\S[^\n]{0,80})\n[^\S\n]*(?=\n)")
_BARE_TITLE = re.compile(r"(?:\d+[.)]?\s+)?[^\W\d_][^.!?;:,|]*")
TITLE_WORDS = 6  # a line of more words is a sentence


class Heading(NamedTuple):
    """A Markdown heading: its level (1 to 6) and words, where its line starts and where the next one does."""

    level: int
    title: str
    start: int
    end: int


@functools.lru_cache(maxsize=8)
def headings(text: str) -> tuple[Heading, ...]:
    """Return the headings (`#` to `######`) of `text` in order; those in comments and fenced code are none."""
    return tuple(_headings(text)) if "#" in text else ()


@functools.lru_cache(maxsize=32)
def titles(text: str) -> tuple[Heading, ...]:
    """Return the headings of `text`; without any, its short lines between blank ones that hold no punctuation.

    So an answer that was pasted without its Markdown keeps its sections.
    """
    return headings(text) or tuple(
        Heading(1, found[1].strip(), found.start(1), min(found.end(1) + 1, len(text)))
        for found in _ALONE.finditer(text)
        if len(found[1].split()) <= TITLE_WORDS and _BARE_TITLE.fullmatch(found[1].strip())
    )


def split_parts(body: str, first_line: int, specs: Sequence[PartSpec]) -> tuple[Part, ...]:
    """Return the answer and every part of `specs` that `body` has, in the order of `specs`.

    `first_line` is the file's line (1-based) on which `body` begins.  Blank lines around a part are left
    out; a part without text is left out too, except the answer, which is always there.  A part within the answer
    may also begin with a title that lost its mark (see `titles`).
    """
    marked = bool(headings(body))
    marks = [mark for mark in _marks(titles(body), specs) if marked or mark.spec.within_answer]
    ends = [mark.heading.start for mark in marks if not mark.spec.within_answer]
    answer_end = ends[0] if ends else len(body)
    found = {ANSWER: _part(ANSWER, body, 0, answer_end, first_line)}
    for mark in marks:
        if mark.spec.id not in found and (not mark.spec.within_answer or mark.heading.start < answer_end):
            end = _inner_end(body, mark.heading, answer_end) if mark.spec.within_answer else _next(ends, mark, body)
            found[mark.spec.id] = _part(mark.spec.id, body, mark.heading.end, end, first_line)
    order = (ANSWER, *(spec.id for spec in specs))
    return tuple(found[name] for name in order if name in found and (found[name].text or name == ANSWER))


def repeated(body: str, first_line: int, specs: Sequence[PartSpec]) -> list[tuple[str, int, int]]:
    """Return (part id, line of its first heading, line of its second) for each part that begins again."""
    lines: dict[str, list[int]] = {}
    line, counted = first_line, 0
    for mark in _marks(headings(body), specs):
        line += body.count("\n", counted, mark.heading.start)
        counted = mark.heading.start
        lines.setdefault(mark.spec.id, []).append(line)
    return [(name, found[0], found[1]) for name, found in lines.items() if len(found) > 1]


def part_of(name: str, text: str, first_line: int) -> Part:
    """Return `text`, which begins on `first_line` of its file, as a part without blank lines around it."""
    return _part(name, text, 0, len(text), first_line)


def is_blank(text: str) -> bool:
    """Return whether `text` says nothing: no letter or digit outside of headings and HTML comments."""
    text = blanked(text, code=False)
    if "#" in text:
        text = _HEADING.sub("", text)
    return not any(character.isalnum() for character in text)


@functools.lru_cache(maxsize=1024)
def plain_title(title: str) -> str:
    """Return a heading's words without case, emphasis, and punctuation at its end, to compare headings by."""
    return " ".join(title.casefold().replace("\u2010", "-").replace("\u2011", "-").strip("*_`:.?! \t").split())


class _Mark(NamedTuple):
    """A heading that begins a part."""

    heading: Heading
    spec: PartSpec


def _marks(found: Sequence[Heading], specs: Sequence[PartSpec]) -> Iterator[_Mark]:
    if not specs:
        return
    named = {plain_title(title): spec for spec in reversed(specs) for title in spec.headings}
    for heading in found:
        spec = named.get(plain_title(heading.title))
        if spec:
            yield _Mark(heading, spec)


def _headings(text: str) -> Iterator[Heading]:
    for match in _LINE.finditer(blanked(text)):
        marks, title = match.groups()
        yield Heading(len(marks), _title(title or ""), match.start(), min(match.end() + 1, len(text)))


def _title(rest: str) -> str:
    """Return what follows the marks of a heading without the marks that may close it."""
    title = rest.strip()
    bare = title.rstrip("#")
    return bare.rstrip() if not bare or bare[-1] in " \t" else title


def _inner_end(body: str, heading: Heading, answer_end: int) -> int:
    later = (h.start for h in titles(body) if h.start > heading.start and h.level <= heading.level)
    return min(next(later, answer_end), answer_end)


def _next(ends: Sequence[int], mark: _Mark, body: str) -> int:
    return next((end for end in ends if end > mark.heading.start), len(body))


def _part(name: str, body: str, start: int, end: int, first_line: int) -> Part:
    """Return a stretch of `body` without its comments, and without blank lines around it."""
    said = blanked(body, code=False)[start:end]
    indent = len(said) - len(said.lstrip())
    begin = start + said.rfind("\n", 0, indent) + 1
    return Part(id=name, text=plain(said[begin - start :].rstrip()), line=first_line + body.count("\n", 0, begin))
