"""text of an attempt -> its parts, each with the line of the file where it begins."""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from evalharness.model.nouns import ANSWER, FoundBy, Part, PartSpec
from evalharness.text import place
from evalharness.text.blocks import blanked
from evalharness.text.scripts import plain

_LINE = re.compile(r"^ {0,3}(#{1,6})(?:[ \t]+(.*))?$", re.MULTILINE)
_HEADING = re.compile(r"^ {0,3}#{1,6}(?:[ \t].*)?$", re.MULTILINE)


_ALONE = re.compile(r"(?:\A|(?<=\n)[^\S\n]{0,20}\n)[^\S\n]{0,20}(\S[^\n]{0,80})\n[^\S\n]*(?=\n)")
_BARE_TITLE = re.compile(r"(?:\d{1,9}[.)]?\s{1,9})?[^\W\d_][^.!?;:,|]*")
SMALL_WORDS = frozenset("a an the my our your short one for you to".split())
LEAST_LETTERS = 6  # shorter names are too easily alike
ALIKE = 0.85
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


def split_parts(
    body: str, first_line: int, specs: Sequence[PartSpec], *, given: Collection[str] = ()
) -> tuple[Part, ...]:
    """Return the answer and every part of `specs` that `body` has, in the order of `specs`.

    `first_line` is the file's line (1-based) on which `body` begins.  Blank lines around a part are left
    out; a part without text is left out too, except the answer, which is always there.  A part within the answer
    may also begin with a title that lost its mark (see `titles`).  A heading that is near one of the rubric's marks a
    part too.  What no heading marks is found by its place: the opening, the last question; `given` parts are not.
    """
    marked = bool(headings(body))
    marks = [mark for mark in _marks(titles(body), specs) if marked or mark.spec.within_answer]
    ends = [mark.heading.start for mark in marks if not mark.spec.within_answer]
    answer_end = ends[0] if ends else len(body)
    found: dict[str, Part] = {}
    for mark in marks:
        if mark.spec.id not in found and (not mark.spec.within_answer or mark.heading.start < answer_end):
            end = _inner_end(body, mark.heading, answer_end) if mark.spec.within_answer else _next(ends, mark, body)
            part = _part(mark.spec.id, body, mark.heading.end, end, first_line)
            found[mark.spec.id] = _with_near(part, mark) if mark.near else part
    found = {name: part for name, part in found.items() if part.text}
    lost = [spec for spec in specs if spec.id not in found and spec.id not in given and not spec.heading_only]
    outside = next((spec for spec in specs if not spec.within_answer), None)
    said = blanked(body, code=False)  # what a comment asks, as an interviewer does in a transcript, nobody asks back
    if outside in lost and (start := place.last_question(said, answer_end)) is not None:
        found[outside.id] = _placed(_part(outside.id, body, start, answer_end, first_line), FoundBy.LAST_QUESTION)
        answer_end = _without_title(body, start, outside.headings)
    inside = next((spec for spec in specs if spec.within_answer), None)
    if inside in lost and (span := place.opening(said, answer_end, headings(body))):
        found[inside.id] = _placed(_part(inside.id, body, *span, first_line), FoundBy.OPENING)
    found[ANSWER] = _part(ANSWER, body, 0, answer_end, first_line)
    order = (ANSWER, *(spec.id for spec in specs))
    return tuple(found[name] for name in order if name in found and (found[name].text or name == ANSWER))


def _without_title(body: str, end: int, names: tuple[str, ...]) -> int:
    """Return where a text ends without a last line that only names what follows."""
    before = body[:end].rstrip()
    line = before[before.rfind("\n") + 1 :]
    known = {plain_title(name) for name in names}
    return len(before) - len(line) if plain_title(line) in known or _is_near(line, names) else end


def _placed(part: Part, found: FoundBy) -> Part:
    return Part(id=part.id, text=part.text, line=part.line, found=found)


def _with_near(part: Part, mark: _Mark) -> Part:
    return Part(id=part.id, text=part.text, line=part.line, found=FoundBy.NEAR_HEADING, heading=mark.heading.title)


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
    """A heading that begins a part; `near` says that it only resembles one of the rubric's."""

    heading: Heading
    spec: PartSpec
    near: bool = False


def _marks(found: Sequence[Heading], specs: Sequence[PartSpec]) -> list[_Mark]:
    """Return the headings that begin parts, in order; a near one counts where none marks its part exactly."""
    if not specs:
        return []
    named = {plain_title(title): spec for spec in reversed(specs) for title in spec.headings}
    marks = [_Mark(heading, spec) for heading in found if (spec := named.get(plain_title(heading.title)))]
    exact = {mark.spec.id for mark in marks}
    taken = {mark.heading.start for mark in marks}
    for spec in specs:
        if spec.id not in exact:
            near = (h for h in found if h.start not in taken and _is_near(h.title, spec.headings))
            marks += [_Mark(heading, spec, near=True) for heading in near][:1]
    return sorted(marks, key=lambda mark: mark.heading.start)


@functools.lru_cache(maxsize=1024)
def _is_near(title: str, names: tuple[str, ...]) -> bool:
    """Return whether a heading is one of `names` but for spaces, a slip of the pen or a small word around it."""
    said = _compact(title)
    known = [_compact(name) for name in names]
    return said in known or any(
        len(name) >= LEAST_LETTERS and difflib.SequenceMatcher(None, said, name).ratio() >= ALIKE for name in known
    )


@functools.lru_cache(maxsize=1024)
def _compact(title: str) -> str:
    words = re.findall(r"[^\W_]+", plain_title(title))
    return "".join(word for word in words if word not in SMALL_WORDS)


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
