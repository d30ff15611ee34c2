"""a text of a rubric <-> the mark in front of it: drafted, by whom, and nobody has decided on it yet.

    draft: names the price that was paid
    draft by claude-sonnet-5-5: names the price that was paid

The mark is for people and `lint`. It is no part of the text, so no grader sees it, and taking it away costs no call.
"""

from __future__ import annotations

import re
from typing import NamedTuple

IMPORT = "import"
_NAME = r"[A-Za-z0-9](?:[\w.@/+-]|:(?=\w)){0,99}"
_MARK = re.compile(rf"draft(?: by (?P<by>{_NAME}))?:\s+(?P<text>\S.*)", re.DOTALL)


class Marked(NamedTuple):
    """A text without its mark, and who drafted it: a model, `import`, or nobody (empty)."""

    text: str
    by: str


def read_mark(text: str) -> Marked:
    """Return `text` without the mark in front of it, and who drafted it."""
    found = _MARK.fullmatch(text)
    return Marked(found["text"], found["by"] or IMPORT) if found else Marked(text, "")


def marked(text: str, model: str) -> str:
    """Return `text` marked as drafted by `model`, of which only what a name may hold is kept."""
    name = re.sub(r"[^\w.@/+:-]", "", model, flags=re.ASCII).strip(":._@/+-")[:80] or "a-model"
    return f"draft by {name}: {read_mark(text).text}"
