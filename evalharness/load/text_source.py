"""path -> text, or the reason why it is none.  UTF-8 only, nothing invisible, nothing garbled."""

from __future__ import annotations

import codecs
import re
import shlex
from itertools import islice
from typing import NamedTuple

from evalharness.console.paths import followed
from evalharness.console.regular import opener
from evalharness.errors import Problem
from evalharness.load.words import shown
from evalharness.text.blocks import blocks

TEXT_LIMIT = 1_000_000
MOST_LINES = 20

_CONTROLS = bytes(c for c in range(0x20) if c not in b"\t\n\r") + b"\x7f"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_BOMS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)

# What the bytes 80 to BF of UTF-8 turn into when a program takes them for Windows-1252 or Latin-1.
_TRAIL = (
    "\u0080-\u00bf\u20ac\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u017d"
    "\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u017e\u0178"
)
_SUSPECT = re.compile(f"[\u00c2\u00c3\u00d0\u00d1\u00e2\u00ef\u00f0][{_TRAIL}]|\ufffd")
_MERGE = re.compile(r"^(?:<{7,}|>{7,}|\|{7,})(?: |$)", re.MULTILINE)
_LFS = re.compile(r"\s{0,20}version https?://[^\s]{1,200}/spec/v\d+[ \t]*\n(?:ext-[^\n]*\n)*oid [a-z0-9]+:")
_ANNEX = re.compile(r"^(?:\S{0,200}/)?annex/objects/\S{1,500}\s{0,9}\Z")
_PAGE = re.compile(r"^\s{0,99}(?:<\?xml[^>]{0,200}>\s{0,99})?<(?:!doctype html|html)\b", re.IGNORECASE)
_CODE = re.compile(r"`[^`\n]*`")


class Text(NamedTuple):
    """What a file says (empty where it cannot be read), and what is wrong with it."""

    text: str
    problems: tuple[Problem, ...] = ()


def read_text(file: str, name: str, *, limit: int = TEXT_LIMIT, piped: bool = False) -> Text:
    """Return the text of `file`, which messages call `name` and which may be a pipe if `piped`; `limit` in bytes.

    Never raises.
    """
    try:
        with open(file, "rb", buffering=0, opener=None if piped else opener) as stream:
            data = stream.read(limit + 1) or b""
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return _refused(name, f"the file cannot be read: {reason}", slug="unreadable")
    if len(data) > limit:
        return _refused(
            name,
            f"the file is larger than {limit // 1_000_000} MB",
            hint="an answer is a few kilobytes; is this the right file?",
            slug="too-large",
        )
    return decode(data, name)


_TAKE_IN = "copy your words into a text file, or import it: evalharness import FILE"
_BINARIES = {
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "a word processor's file or another zip file",
    b"\xd0\xcf\x11\xe0": "an old word processor's file",
    b"{\\rtf": "rich text",
}


def decode(data: bytes, name: str) -> Text:
    """Return `data` as text with all newlines alike, and a problem for the damage found in it."""
    if data.startswith(codecs.BOM_UTF8):
        data = data[3:]
    if kind := next((kind for mark, kind in _BINARIES.items() if data.startswith(mark)), ""):
        return _refused(name, f"this is {kind}, not a text file", hint=_TAKE_IN, slug="encoding")
    wide = _wide_encoding(data)
    if wide:
        return _refused(name, f"this is {wide} and not UTF-8", hint=_convert(wide, name), slug="encoding")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _undecodable(data, error, name)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return Text(text, _damage(data, text, name))


def repair(text: str) -> str:
    """Return `text` with mis-decoded stretches put right as far as they can be."""
    import ftfy

    return ftfy.fix_encoding(text)


def leaves(file: str, root: str) -> bool:
    """Return whether `file`, with symbolic links followed, lies outside of `root`."""
    real, base = followed(file), followed(root)
    return real != base and base not in real.parents


def _refused(name: str, message: str, *, line: int = 1, column: int = 1, hint: str = "", slug: str) -> Text:
    return Text("", (Problem(path=name, line=line, column=column, message=message, hint=hint, slug=slug),))


def _wide_encoding(data: bytes) -> str:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return encoding
    head = data[:2000]
    if len(head) < 4 or b"\0" not in head:
        return ""
    half = len(head) // 2
    if head[1::2].count(0) > half * 0.6:
        return "UTF-16LE"
    return "UTF-16BE" if head[::2].count(0) > half * 0.6 else ""


def _convert(encoding: str, name: str) -> str:
    file, new = shlex.quote(name), shlex.quote(f"{name}.new")
    return f"convert it: iconv -f {encoding} -t UTF-8 {file} > {new} && mv {new} {file}"


def _undecodable(data: bytes, error: UnicodeDecodeError, name: str) -> Text:
    line = data.count(b"\n", 0, error.start) + 1
    column = len(data[data.rfind(b"\n", 0, error.start) + 1 : error.start].decode()) + 1
    byte = f"byte 0x{data[error.start]:02X}"
    if not data[: error.start].isascii():
        return _refused(
            name,
            f"{byte} is not UTF-8, although text before it is",
            line=line,
            column=column,
            hint="the file mixes two encodings: type that character again",
            slug="encoding",
        )
    latin = not re.search(rb"[\x80-\x9f]", data)
    encoding = "ISO-8859-1" if latin else "WINDOWS-1252"
    likely = "Latin-1" if latin else "Windows-1252"
    return _refused(
        name,
        f"{byte} is not UTF-8; the file is probably {likely}",
        line=line,
        column=column,
        hint=_convert(encoding, name),
        slug="encoding",
    )


def _damage(data: bytes, text: str, name: str) -> tuple[Problem, ...]:
    # Bytes are looked at first because that is ten times faster: almost every file is clean.
    if len(data.translate(None, _CONTROLS)) != len(data):
        return (_control(text, name),)
    if found := _unmerged(text, name) or _pointer(text, name):
        return (found,)
    if data.isascii():
        return ()
    garbled = _garbled(text, name) if b"\xc3" in data or b"\xef\xbf\xbd" in data else None
    if garbled:
        return (garbled,)
    return (_control(text, name),) if _CONTROL.search(text) else ()


def _unmerged(text: str, name: str) -> Problem | None:
    """Return the first line that a merge left behind, outside of fenced code."""
    if "<<<<<<<" not in text and ">>>>>>>" not in text and "|||||||" not in text:
        return None
    code = [block for block in blocks(text) if not block.is_comment and block.closed]
    marks = _MERGE.finditer(text)
    match = next((m for m in marks if not any(c.start <= m.start() < c.end for c in code)), None)
    if match is None:
        return None
    return Problem(
        path=name,
        line=text.count("\n", 0, match.start()) + 1,
        message="an unresolved merge: the file contains both sides",
        hint="keep one of them, and take out the lines of marks",
        slug="merge",
    )


def _pointer(text: str, name: str) -> Problem | None:
    """Return that a file is what Git LFS or git-annex puts in the place of a large one, or a whole web page."""
    for rule, what, hint in (
        (_LFS, "a pointer of Git LFS, not the file itself", "git lfs pull"),
        (_ANNEX, "a pointer of git-annex, not the file itself", "git annex get"),
        (_PAGE, "a web page, not a text file", _TAKE_IN),
    ):
        if rule.match(text):
            return Problem(
                path=name, message=f"this is {what}", hint=hint, slug="merge" if rule != _PAGE else "encoding"
            )
    return None


def _control(text: str, name: str) -> Problem:
    match = _CONTROL.search(text)
    start = match.start() if match else 0
    return Problem(
        path=name,
        line=text.count("\n", 0, start) + 1,
        column=start - text.rfind("\n", 0, start),
        message=f"the control character U+{ord(text[start]):04X} is in the text",
        hint="take it out; it cannot be seen, and often comes with a copy from a PDF or a terminal",
        slug="control-character",
    )


def _garbled(text: str, name: str) -> Problem | None:
    """Return the first line that reads like UTF-8 taken for something else.  Text in backticks may do so."""
    if not _SUSPECT.search(text):
        return None
    lines = enumerate(text.split("\n"), start=1)
    found = list(islice(((number, seen) for number, line in lines if (seen := _seen(line))), MOST_LINES + 1))
    if not found:
        return None
    number, (column, word, fixed) = found[0]
    if not fixed:
        message, hint = "the character U+FFFD says that text was lost here", "type the lost characters again"
    else:
        more = f"more than {MOST_LINES}" if len(found) > MOST_LINES else str(len(found))
        message = f"mis-decoded text: {shown(word)}{f', on {more} lines' if len(found) > 1 else ''}"
        file, new = shlex.quote(name), shlex.quote(f"{name}.new")
        hint = f"it was probably {shown(fixed)}; repair the file: ftfy {file} -o {new} && mv {new} {file}"
    return Problem(path=name, line=number, column=column, message=message, hint=hint, slug="mojibake")


class _Seen(NamedTuple):
    """A garbled word, its column, and its repair; empty where text is lost."""

    column: int
    word: str
    fixed: str


def _seen(line: str) -> _Seen | None:
    bare = _CODE.sub(lambda code: " " * len(code.group()), line)
    for match in islice(_SUSPECT.finditer(bare), 10):
        if match.group() == "\ufffd":
            return _Seen(match.start() + 1, "\ufffd", "")
        start = max(bare.rfind(" ", 0, match.start()) + 1, match.start() - 20)
        stop = bare.find(" ", match.end())
        word = bare[start : min(stop if stop >= 0 else len(bare), match.end() + 20)]
        # A quotation of several words is only recognised as a whole.
        for piece in (word, bare[start : match.end() + 100]):
            fixed = repair(piece)
            if fixed != piece:
                return _Seen(match.start() + 1, piece, fixed)
    return None
