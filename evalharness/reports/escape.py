"""any text -> text that is only text in Markdown, XML or a terminal.

Answers, questions, titles, reasons, paths and ids are written by anybody.  Nothing in them may become a
table cell, a heading, a tag, a link or a control sequence.  What cannot be seen is shown: `{U+202E}`.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from urllib.parse import quote

import msgspec

_ELLIPSIS = "\u2026"

# Line breaks of every kind become blanks where one line is wanted.
_BREAKS = dict.fromkeys(map(ord, "\t\n\v\f\r\x85\u2028\u2029"), " ")

# What a reader cannot see or a terminal obeys: controls, bidi marks and overrides, zero-width and filler
# characters, tags, lone surrogates, code points that are no characters.  Joiners inside emoji and Persian
# words (U+200C, U+200D) and soft hyphens deceive nobody and stay.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ud800-\udfff\ufdd0-\ufdef\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)

_MARKDOWN = re.compile(
    r"""
      [\\`*~\[\]<|]                       # code, emphasis, strike, links, tags, cells
    | (?<![^\W_])_ | _(?![^\W_])          # emphasis, but not the one inside a snake_case word
    | &(?=[\#0-9A-Za-z])                  # entities
    | :(?=//) | (?<=www)\. | @            # links that need no brackets
    """,
    re.VERBOSE | re.IGNORECASE,
)
_MARKDOWN_START = re.compile(r"[#>+\-=:]|[0-9]{1,20}(?P<dot>[.)])(?=\s|$)")


# What a code host makes a link, a call or a command of: a sign and what it names (`@name`, `#12`, `!12`, `~label`,
# `&4`), a key like `GH-7` or the number of an advisory, an address, a word behind a slash at the beginning (`/close`).
_CALLED = re.compile(
    r"(\\?[@#!~&%])(?=[\w\"])|\b([A-Za-z][A-Za-z0-9_]{0,30}-)(?=[0-9])|\bGHSA-(?=\w)|:(?=//)|\A/(?=\w)", re.IGNORECASE
)
_COMMIT = re.compile(r"(?<![0-9A-Za-z])[0-9a-f]{7,}(?![0-9A-Za-z])", re.IGNORECASE)
_SHORT = re.compile(".{1,6}")
_JOINER = "\u2060"


def visible(text: str) -> str:
    """Return `text` with every control, bidi and invisible character as `{U+XXXX}`; tabs, new lines stay."""
    return _UNSEEN.sub(lambda match: f"{{U+{ord(match.group()):04X}}}", text)


def line(text: str) -> str:
    """Return `text` as one visible line: breaks and runs of blanks are one blank."""
    if not (text.isascii() and text.isprintable()):
        text = visible(text.translate(_BREAKS))
    return re.sub(" {2,}", " ", text).strip()


def shorten(text: str, most: int) -> str:
    """Return `text` as one line of at most `most` characters, cut at a word and marked with an ellipsis."""
    whole = line(text)
    if len(whole) <= most:
        return whole
    cut = whole[: most - 1]
    head = cut.rpartition(" ")[0]
    return (head if len(head) > most // 2 else cut).rstrip(" ,;:") + _ELLIPSIS


def markdown(text: str) -> str:
    """Return `text` as one line that reads as itself anywhere in Markdown: paragraph, cell or link text."""
    escaped = _MARKDOWN.sub(r"\\\g<0>", line(text))
    start = _MARKDOWN_START.match(escaped)
    if not start:
        return escaped
    place = start.start("dot") if start["dot"] else 0
    return f"{escaped[:place]}\\{escaped[place:]}"


def quiet(text: str) -> str:
    """Return `markdown(text)` in which a code host sees nobody's name, no number of an issue and no commit.

    Hosts look for these after Markdown was read, so an escape does not stop them: what is written on is parted by a
    joiner that nobody sees.
    """
    return _parted(markdown(text))


def quiet_with_code(text: str) -> str:
    """Return `quiet(text)` in which what is between backticks is code, so that a command is copied as it is.

    A host reads no names and no commits in code.
    """
    return _with_code(text, quiet)


def markdown_with_code(text: str) -> str:
    """Return `markdown(text)` in which what is between backticks is code, so that a command is copied as it is."""
    return _with_code(text, markdown)


def _with_code(text: str, escape: Callable[[str], str]) -> str:
    pieces = text.split("`")
    if len(pieces) % 2 == 0:
        return escape(text)
    return "".join(
        f"`{line(piece)}`" if place % 2 and line(piece) else _within(piece, escape)
        for place, piece in enumerate(pieces)
    )


def _within(text: str, escape: Callable[[str], str]) -> str:
    """Return a piece of a line, escaped, with the blanks at its edges."""
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{before and ' '}{escape(text)}{after and ' '}"


def quiet_html(text: str) -> str:
    """Return `text` as one quiet line inside HTML, where Markdown is not read."""
    return html.escape(_parted(line(text)))


def _parted(text: str) -> str:
    """Return `text` with a joiner in whatever a host would make a link or a call of."""
    short = _COMMIT.sub(lambda match: _JOINER.join(_SHORT.findall(match.group())), text)
    return _CALLED.sub(rf"\g<0>{_JOINER}", short)


def link(label: str, target: str) -> str:
    """Return a Markdown link; `label` is plain text, `target` comes from `address`."""
    return f"[{markdown(label)}]({target})"


def address(path: str, *, root: str = "", line: int | None = None) -> str:
    """Return the relative address of a file and of a line in it; no path can break out of it."""
    anchor = "" if line is None else f"#L{line}"
    return f"{root}{quote(path.lstrip('/'), safe='/', errors='replace')}{anchor}"


def xml(text: str) -> str:
    """Return `text` without what XML 1.0 refuses or rewrites; `<` and `&` are left to the XML writer."""
    return visible(text.replace("\r\n", "\n").replace("\r", "\n"))


def as_json(document: object) -> str:
    """Return a document as JSON that can be printed: unseen characters escaped.

    They stand only inside strings, where JSON lets any character be written so.
    """
    try:
        told = msgspec.json.format(msgspec.json.encode(document), indent=2).decode()
    except UnicodeEncodeError:  # half a surrogate pair, which only a run made in memory can hold
        told = json.dumps(document, indent=2)
    return _UNSEEN.sub(lambda match: json.dumps(match.group())[1:-1], told) + "\n"


def json_line(document: object) -> str:
    """Return a document as one line of JSON that says the same and can be printed: unseen characters escaped."""
    told = json.dumps(document, ensure_ascii=False)
    return _UNSEEN.sub(lambda match: json.dumps(match.group())[1:-1], told)


def terminal(text: str) -> str:
    """Return `text` as one line that holds nothing a terminal obeys."""
    return line(text)
