"""values and places -> the words that messages use for them, on one line and without control characters."""

from __future__ import annotations

import re

from evalharness.load.document import Data, Keys

_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]+")


def shown(text: str, limit: int = 40) -> str:
    """Return `text` in quotation marks, on one line, cut after `limit` characters."""
    return f"'{one_line(text, limit)}'"


def one_line(text: str, limit: int = 40) -> str:
    """Return `text` on one line, cut after `limit` characters."""
    line = _UNSEEN.sub(" ", text[: limit + 1])
    return f"{line[:limit]}..." if len(line) > limit else line


def found(value: Data, written: str = "") -> str:
    """Return what `value` is, as the end of "..., found"."""
    if isinstance(value, bool):
        return f"the boolean {written or value}"
    if isinstance(value, int | float):
        return f"the number {written or value}"
    if isinstance(value, str):
        return f"the text {shown(value)}" if value else "an empty text"
    if isinstance(value, list):
        return "a list"
    return "a mapping" if isinstance(value, dict) else "nothing"


def label(keys: Keys) -> str:
    """Return how a message calls the value at `keys`: 'weight', or item 2 of 'missions'."""
    names = [key for key in keys if isinstance(key, str)]
    if not names:
        return "the file" if not keys else f"item {int(keys[-1]) + 1}"
    last = keys[-1]
    return f"item {last + 1} of {shown(names[-1])}" if isinstance(last, int) else shown(last)


def listed(names: list[str], limit: int = 12) -> str:
    """Return `names` separated by commas, the first `limit` of them."""
    more = ", ..." if len(names) > limit else ""
    return ", ".join(names[:limit]) + more
