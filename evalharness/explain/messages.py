"""the page on messages -> what each name in brackets means."""

from __future__ import annotations

import re
import textwrap

_ITEM = re.compile(r"^- ((?:`[a-z-]+`(?:, | and )?)+): (.*?)(?=^- |^#|\Z|\n\n)", re.MULTILINE | re.DOTALL)
_NAME = re.compile(r"`([a-z-]+)`")


def explanations(page: str) -> dict[str, str]:
    """Return what each message means and what to do, by its name, in the order of the page."""
    return {name: " ".join(found[2].split()) for found in _ITEM.finditer(page) for name in _NAME.findall(found[1])}


def text(name: str, told: str, *, width: int) -> str:
    """Return the explanation of one message in lines of at most `width`."""
    return f"{name}\n" + textwrap.fill(told, max(width, 20), initial_indent="  ", subsequent_indent="  ") + "\n"


def title(page: str) -> str:
    """Return the title of a page."""
    return next((line.removeprefix("# ") for line in page.split("\n") if line.startswith("# ")), "")
