"""text of an answer -> where its opening and its last question are, for parts that no heading marks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Protocol

from evalharness.text.words import each_sentence, sentences, word_count

LEAST_WORDS = 20  # an opening of fewer words is only a way in ("The short version first.")
ONE_BLOCK = 40  # words of an opening that no blank line ends
NEAR_THE_END = 3  # sentences among which the last question is looked for
_BLANK = re.compile(r"\n[^\S\n]*\n")
_ASKS = re.compile(r"\?[\"'\u201d\u2019)\]*_]*$")


class Heading(Protocol):
    """A heading's level, where its line starts and where the next line does."""

    @property
    def level(self) -> int: ...  # noqa: D102

    @property
    def start(self) -> int: ...  # noqa: D102

    @property
    def end(self) -> int: ...  # noqa: D102


def opening(body: str, end: int, headings: Sequence[Heading]) -> tuple[int, int] | None:
    """Return where the opening of `body[:end]` is: what comes before the first section, else the first paragraph.

    A title above everything is skipped.  A paragraph of a few words is only a way in, and the next one belongs to it;
    where there is one paragraph alone, its first sentences are the opening.
    """
    inside = [heading for heading in headings if heading.start < end]
    start, to_section = 0, True
    while inside and not body[start : inside[0].start].strip():
        to_section = inside[0].level == 1
        start = inside.pop(0).end
    limit = inside[0].start if inside else end
    if inside and to_section:
        return _span(body, start, limit)
    return _span(body, start, _paragraph_end(body, start, limit))


def _paragraph_end(body: str, start: int, limit: int) -> int:
    start += len(body[start:limit]) - len(body[start:limit].lstrip())
    for blank in _BLANK.finditer(body, start, limit):
        if word_count(body[start : blank.start()]) >= LEAST_WORDS:
            return blank.start()
    for sentence in each_sentence(body[start:limit]):
        if word_count(body[start : start + sentence.end]) >= ONE_BLOCK:
            return start + sentence.end
    return limit


def _span(body: str, start: int, end: int) -> tuple[int, int] | None:
    return (start, end) if body[start:end].strip() else None


def last_question(body: str, end: int) -> int | None:
    """Return where the question asked back begins: the last one, near the end; None where there is none.

    Questions in a row belong together.  An answer that is nothing but questions has none to ask back.
    """
    found = sentences(body[:end])
    asked = [place for place, sentence in enumerate(found) if _ASKS.search(sentence.text.rstrip())]
    if not asked or asked[-1] < len(found) - NEAR_THE_END:
        return None
    first = asked[-1]
    while first - 1 in asked:
        first -= 1
    return found[first].start if first else None
