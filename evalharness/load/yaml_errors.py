"""a parser's error -> place, message and hint in our words, equal for both parsers of PyYAML."""

from __future__ import annotations

import re

import yaml

_OPENED = "opened"

# A piece of what the parsers say, where to point (at the error, or at what was opened), our words, the hint.
_WORDS = (
    (
        "mapping values are not allowed",
        "",
        "a ':' is where no key can be",
        "put text that contains ': ' in quotes, and check the indentation",
    ),
    (
        "unexpected ':'",
        "",
        "a ':' is where no key can be",
        "put text with ':' in quotes",
    ),
    (
        "sequence entries are not allowed",
        "",
        "a list item '- ' is where none can be",
        "begin the list on a line of its own",
    ),
    (
        "mapping keys are not allowed",
        "",
        "a '?' is where no key can be",
        "put text that begins with '?' in quotes",
    ),
    (
        "unexpected end of stream",
        _OPENED,
        "the quotation mark that opens here is never closed",
        "close it, or take it out",
    ),
    (
        "document indicator",
        _OPENED,
        "the quotation mark that opens here is never closed",
        "close it, or take it out",
    ),
    (
        "document separator",
        _OPENED,
        "the quotation mark that opens here is never closed",
        "close it, or take it out",
    ),
    (
        "',' or ']'",
        _OPENED,
        "the list that opens here with '[' goes wrong: a ',' or the ']' is missing",
        "put text with brackets, commas or ': ' in quotes",
    ),
    (
        "',' or '}'",
        _OPENED,
        "the mapping that opens here with '{' goes wrong: a ',' or the '}' is missing",
        "put text with braces or commas in quotes",
    ),
    (
        "node content",
        "",
        "a value or a closing bracket is missing",
        "put text with brackets in quotes",
    ),
    (
        "scanning a block scalar",
        "",
        "there is text after the '|' or '>' that begins a text block",
        "begin the text on the next line, indented",
    ),
    (
        "unknown escape",
        _OPENED,
        "a backslash in these double quotes begins no known escape",
        "use single quotes for text with backslashes",
    ),
    (
        "could not find expected ':'",
        _OPENED,
        "there is a line where 'key: value' is expected",
        "check the indentation; a text block begins with 'key: |'",
    ),
    (
        "undefined tag handle",
        "",
        "a tag is refused: only plain values are allowed",
        "put text that begins with '!' in quotes",
    ),
    (
        "incompatible YAML",
        "",
        "the file asks for another version of YAML",
        "take out the line that begins with '%YAML'",
    ),
)

_GLUED = re.compile(r"\s{0,20}([a-z_]{1,30}):(?!//)([^\s:][^:]*)$")
_INDENTED = (
    "this line does not fit the indentation above",
    "keys of one mapping, and items of one list, begin in the same column",
)
_AFTER = ("there is text after a value that is complete", "put the whole text in quotes")


def explain(error: yaml.YAMLError, text: str) -> tuple[int, str, str]:
    """Return the offset in `text` that `error` is about, what is wrong there, and what to do."""
    if not isinstance(error, yaml.MarkedYAMLError):
        return getattr(error, "position", 0) or 0, "this is not valid YAML", ""
    said = f"{error.context or ''} {error.problem or ''}"
    offset = _offset(error.problem_mark, text)
    if _tab(text, offset) or text[offset : offset + 1] == "\t":
        return offset, "there is a tab where YAML allows only spaces", "indent with spaces"
    if "cannot start any token" in said and offset < len(text):
        return offset, f"text cannot begin with '{text[offset]}'", "put the text in quotes"
    if "scanning an a" in said:  # an alias, an anchor
        offset = _offset(error.context_mark, text)
        return offset, f"text cannot begin with '{text[offset]}'", "put the text in quotes"
    if "document start" in said or "expected key" in said or "block end" in said or "'-' indicator" in said:
        return offset, *(_AFTER if _follows(text, offset) else _INDENTED)
    for piece, where, message, hint in _WORDS:
        if piece in said:
            if glued := _GLUED.match(_line(text, _offset(error.context_mark or error.problem_mark, text))):
                hint = f"put a space after the colon: '{glued[1]}: {glued[2][:40]}'"
            opened = where == _OPENED and error.context_mark is not None
            return _offset(error.context_mark, text) if opened else offset, message, hint
    return offset, f"this is not valid YAML: {error.problem}", ""


def _follows(text: str, offset: int) -> bool:
    """Return whether something stands before `offset` on its line."""
    return bool(text[text.rfind("\n", 0, offset) + 1 : offset].strip(" -"))


def _offset(mark: yaml.Mark | None, text: str) -> int:
    return min(mark.index, len(text)) if mark is not None else 0


def _line(text: str, offset: int) -> str:
    return text[text.rfind("\n", 0, offset) + 1 :].partition("\n")[0]


def _tab(text: str, offset: int) -> bool:
    """Return whether the line of `offset` is indented with a tab."""
    start = text.rfind("\n", 0, offset) + 1
    line = text[start : text.find("\n", start) if "\n" in text[start:] else len(text)]
    return "\t" in line[: len(line) - len(line.lstrip(" \t"))]
