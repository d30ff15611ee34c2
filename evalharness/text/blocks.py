"""Markdown -> what in it is no text: comments and fenced code.  One rule for whoever reads headings, words or marks.

A comment within fenced code is code, a fence within a comment is a comment.  What is never closed reaches to the end.
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})([^\n]*)")
_OPENS = re.compile(r"<!--|`+")
_LINE_END = re.compile(r"\n|\Z")


class Block(NamedTuple):
    """A comment or fenced code, `start` up to `end`; `closed` says whether its end stands in the text."""

    start: int
    end: int
    is_comment: bool
    closed: bool


@functools.lru_cache(maxsize=64)
def blocks(text: str) -> tuple[Block, ...]:
    """Return the comments and the fenced code of `text`, in order."""
    if "<!--" not in text and "```" not in text and "~~~" not in text:
        return ()
    found: list[Block] = []
    at, begins = 0, True
    while at < len(text):
        fence = _FENCE.match(text, at) if begins else None
        if fence and not (fence[1][0] == "`" and "`" in fence[2]):
            found.append(_fenced(text, fence))
        else:
            opens = _comment_in_line(text, at)
            if opens < 0:
                at, begins = _after_line(text, at), True
                continue
            found.append(_comment(text, opens))
        at = found[-1].end
        begins = text[at - 1] == "\n"
    return tuple(found)


def blanked(text: str, *, comments: bool = True, code: bool = True) -> str:
    """Return `text` with blanks for comments and fenced code: lines and offsets stay as they are."""
    out, at = [], 0
    for block in blocks(text):
        if comments if block.is_comment else code:
            out += [text[at : block.start], blank(text[block.start : block.end])]
            at = block.end
    return "".join([*out, text[at:]]) if out else text


def blank(text: str) -> str:
    """Return as many blanks, with the line ends of `text`."""
    return "\n".join(" " * len(line) for line in text.split("\n"))


def _fenced(text: str, fence: re.Match[str]) -> Block:
    """Return the code that a fence opens: up to a line of as many of its marks, and nothing else."""
    mark, least = fence[1][0], len(fence[1])
    at = _after_line(text, fence.end())
    while at < len(text):
        end = _after_line(text, at)
        line = text[at:end]
        bare = line.strip()
        if len(bare) >= least and not bare.strip(mark) and not line.startswith("    "):
            return Block(fence.start(), end, is_comment=False, closed=True)
        at = end
    return Block(fence.start(), len(text), is_comment=False, closed=False)


def _comment(text: str, opens: int) -> Block:
    end = text.find("-->", opens + 2)
    return Block(opens, len(text), True, False) if end < 0 else Block(opens, end + 3, True, True)


def _comment_in_line(text: str, at: int) -> int:
    """Return where a comment opens in the rest of the line, outside of `code`; -1 where none does."""
    end = _after_line(text, at)
    while found := _OPENS.search(text, at, end):
        if found.group() == "<!--":
            return found.start()
        close = text.find(found.group(), found.end(), end)
        at = found.end() if close < 0 else close + len(found.group())
    return -1


def _after_line(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end + 1
