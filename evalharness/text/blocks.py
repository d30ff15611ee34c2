"""Markdown -> what in it is no text: comments and fenced code.  One rule for whoever reads headings, words or marks.

A comment is what a reader of the page does not see: `<!-- -->`, `%% %%`, what HTML hides (`<? ?>`, `<template>`, an
element that is `hidden`), and a line that only defines a link, which people write as `[//]: # (a note)`; and what
programs that make pages leave out: `{# #}`, `{/* */}` and their like in braces, and all between a begin and an end of
`comment`.  One within code is code, a fence within a comment is a comment.  A `<!--` that is never closed reaches to
the end; any other mark that nothing closes is no comment.
"""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})([^\n]*)")
_OPENS = re.compile(
    r"<!--|(?<![\w%])%%(?!%)|`+|<\?|<!\[CDATA\[|<![A-Za-z]|<(?:script|style|template)\b"
    r"|<[A-Za-z]{1,10}\s[^<>\n]{0,99}?(?:hidden\b|display\s{0,9}:\s{0,9}none)"
    r"|\{\{?(?:#-?(?=\s)|/\*|\*(?=\s)|--?(?=\s)|>>|!(?:--)?(?=\s))|<%--"
    r"|\{%-?[ \t]{0,9}comment\b[^%\n]{0,99}%\}|#\+begin_comment\b|\\begin\{comment\}",
    re.IGNORECASE,
)
_CLOSES = {
    "<!--": "-->", "%%": "%%", "<?": "?>", "<![cdata[": "]]>", "#+begin_comment": "#+end_comment",
    "\\begin{comment}": "\\end{comment}",
}  # fmt: skip
_MIRRORED = str.maketrans("{<>", "}><", "!")  # {{!-- and --}}
_END_TAG = "endcomment"
_TAG = re.compile(r"<([A-Za-z]+)")
_DEFINED = re.compile(
    r" {0,3}\[(?!\^)[^\]\n]{1,99}\]:[ \t]{0,9}(?:<[^<>\n]{0,999}>|[^\s<][^\s]{0,999})"
    r"(?:[ \t]{1,9}(?:\"[^\"\n]*\"|'[^'\n]*'|\([^()\n]*\)))?[ \t]{0,9}(?=\n|\Z)"
)
_SIGNS = ("<!", "<?", "<%", "%%", "]:", "```", "~~~", "hidden", "none", "<s", "<t", "<S", "<T", "{", "#+")
_SMALL = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}


class Block(NamedTuple):
    """A comment or fenced code, `start` up to `end`; `closed` says whether its end stands in the text."""

    start: int
    end: int
    is_comment: bool
    closed: bool


@functools.lru_cache(maxsize=64)
def blocks(text: str) -> tuple[Block, ...]:
    """Return the comments and the fenced code of `text`, in order."""
    if not any(mark in text for mark in _SIGNS):
        return ()
    found: list[Block] = []
    at, begins = 0, True
    while at < len(text):
        fence = _FENCE.match(text, at) if begins else None
        if fence and not (fence[1][0] == "`" and "`" in fence[2]):
            found.append(_fenced(text, fence))
        elif begins and (defined := _DEFINED.match(text, at)):
            found.append(Block(at, defined.end(), is_comment=True, closed=True))
        else:
            comment = _comment_in_line(text, at)
            if comment is None:
                at, begins = _after_line(text, at), True
                continue
            found.append(comment)
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


def _comment_in_line(text: str, at: int) -> Block | None:
    """Return the first comment that opens in the rest of the line, outside of `code`."""
    end = _after_line(text, at)
    while found := _OPENS.search(text, at, end):
        mark = found.group()
        close = _closing(mark)
        if not close:  # code within the line
            ends = text.find(mark, found.end(), end)
            at = found.end() if ends < 0 else ends + len(mark)
            continue
        if found.start() + 2 <= _last(text, close):
            ends = _lower(text).index(close, found.start() + 2) + len(close)
            if close == _END_TAG:
                ends = text.find("%}", ends) + 2 or ends
            return Block(found.start(), ends, is_comment=True, closed=True)
        if mark == "<!--":
            return Block(found.start(), len(text), is_comment=True, closed=False)
        at = found.end()  # nothing closes it, and it is no comment
    return None


def _closing(mark: str) -> str:
    """Return what closes a comment that `mark` opens, in small letters; nothing for code within a line."""
    small = mark.lower()
    if tag := _TAG.match(small):
        return f"</{tag[1]}>"
    if small.startswith(("{", "<%")):
        return _END_TAG if "comment" in small else small[::-1].translate(_MIRRORED)
    return _CLOSES.get(small, ">" if small.startswith("<!") else "")


@functools.lru_cache(maxsize=32)
def _last(text: str, close: str) -> int:
    """Return where `close` stands last: without it, marks that nothing closes would be searched for again and again."""
    return _lower(text).rfind(close)


@functools.lru_cache(maxsize=4)
def _lower(text: str) -> str:
    """Return `text` with small letters for the Latin capitals: every place stays."""
    return text.translate(_SMALL)


def _after_line(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end + 1
