"""text of a program -> drafts, also where the reply is wrapped in JSON of the program's own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from evalharness.graders.prompting.redact import Redaction
from evalharness.graders.prompting.reply import objects, parse
from evalharness.model.draft import Draft
from evalharness.plan.plan import Call

DEEPEST: Final = 8


def parse_anywhere(text: str, call: Call, mode: str, redaction: Redaction) -> tuple[Mapping[str, Draft], str]:
    """Return the drafts in `text`, else those in a string of a JSON object in it, and what was wrong."""
    drafts, detail = parse(text, call, mode, redaction)
    if drafts:
        return drafts, detail
    for inner in inner_texts(text):
        found, why = parse(inner, call, mode, redaction)
        if found:
            return found, why
    return drafts, detail


def inner_texts(text: str) -> Iterator[str]:
    """Yield the strings that may hold a reply inside the JSON objects of `text`, the longest of each first."""
    for value in objects(text):
        yield from sorted((s for s in _strings(value, DEEPEST) if "{" in s), key=len, reverse=True)


def _strings(value: object, depth: int) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif depth and isinstance(value, dict):
        for member in value.values():
            yield from _strings(member, depth - 1)
    elif depth and isinstance(value, list):
        for member in value:
            yield from _strings(member, depth - 1)
