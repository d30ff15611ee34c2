"""text -> plain data with places.  YAML 1.2 scalars, nothing executable, everything bounded, no exceptions.

PyYAML's loaders read YAML 1.1 (`no` is false, 2026-09-14 a date, 1:30 the number 90), keep the last of two
equal keys and know no bounds.  So only its parser is used, the one in C where there is one, and its
events are put together here.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Callable
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from evalharness.errors import Problem
from evalharness.load.document import Data, Document, Node
from evalharness.load.yaml_errors import explain

YAML_LIMIT = 2_000_000
MAX_DEPTH = 40
MAX_NODES = 50_000
MAX_ALIASES = 100
MAX_PROBLEMS = 100

_BREAK = re.compile("[\u0085\u2028\u2029]")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_WORDS: dict[str, Data] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


def parse(text: str, path: str, *, first_line: int = 1, pure: bool = False) -> Document:
    """Return `text` as plain data with places; `problems` tell what cannot be read, and why.

    `path` and `first_line` (1-based) are where the text stands.  `pure` forces the parser in Python.
    """
    refused = _refusal(text)
    if refused:
        offset, message, hint = refused
        return _broken(Document(path, text, first_line=first_line), offset, message, hint)
    composer = _Composer(_parser(pure=pure)(text))
    blank = Document(path, text, first_line=first_line)
    try:
        root = composer.document()
    except _Stop as stop:
        composer.found.append(stop.found)
        root = None
    except yaml.YAMLError as error:
        composer.found.append(explain(error, text))
        root = None
    problems = tuple(_problem(blank, *found) for found in composer.found)
    return Document(path, text, root, problems, first_line)


def scalar(text: str) -> Data:
    """Return what `text` without quotation marks is in YAML 1.2: null, a boolean, a number, or text.

    Numbers are decimal; what a float cannot hold (an infinity, 1e999) stays text.
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "0123456789+-.":
        return text
    if _INTEGER.fullmatch(text):
        return int(text)
    if len(text) < 40 and _FLOAT.fullmatch(text):
        number = float(text)
        return number if math.isfinite(number) else text
    return text


_Found = tuple[int, str, str]


class _Stop(Exception):
    def __init__(self, offset: int, message: str, hint: str) -> None:
        super().__init__(message)
        self.found: _Found = (offset, message, hint)


class _Composer:
    """Events -> nodes.  `found` collects what can be reported without stopping."""

    def __init__(self, parser: Any) -> None:
        self.found: list[_Found] = []
        self._next: Callable[[], Any] = parser.get_event
        self._anchors: dict[str, Node | None] = {}
        self._nodes = 0
        self._aliases = 0

    def _note(self, found: _Found) -> None:
        if len(self.found) >= MAX_PROBLEMS:
            raise _Stop(found[0], f"there are more than {MAX_PROBLEMS} problems in this file", "")
        self.found.append(found)

    def document(self) -> Node | None:
        """Return the root of the only document, None where there is none."""
        self._next()
        if type(self._next()) is StreamEndEvent:
            return None
        root = self._node(self._next(), 0)
        self._next()
        event = self._next()
        if type(event) is not StreamEndEvent:
            message = "a second document begins here, but a file has only one"
            raise _Stop(event.start_mark.index, message, "take out the line '---'")
        return root

    def _node(self, event: Any, depth: int) -> Node:
        kind = type(event)
        if kind is AliasEvent:
            return self._alias(event, depth)
        offset = event.start_mark.index
        self._count(1, offset)
        if event.tag is not None:
            self._refuse_tag(event.tag, offset)
        if kind is ScalarEvent:
            node = _scalar_node(event, offset)
            self._refuse_escapes(node)
        else:
            self._check_depth(depth + 1, offset)
            if event.anchor is not None:
                self._anchors[event.anchor] = None
            node = self._sequence(offset, depth) if kind is SequenceStartEvent else self._mapping(offset, depth)
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        return node

    def _sequence(self, offset: int, depth: int) -> Node:
        nodes: list[Node] = []
        event = self._next()
        while type(event) is not SequenceEndEvent:
            nodes.append(self._node(event, depth + 1))
            event = self._next()
        return _collection([node.value for node in nodes], offset, nodes, nodes)

    def _mapping(self, offset: int, depth: int) -> Node:
        members: dict[str, tuple[int, Node]] = {}
        event = self._next()
        while type(event) is not MappingEndEvent:
            start = event.start_mark.index
            key = self._key(event, depth)
            node = self._node(self._next(), depth + 1)
            if key in members:
                self._note((start, f"the key '{key[:60]}' is there twice", f"@{members[key][0]}"))
            elif key is not None:
                members[key] = (start, node)
            event = self._next()
        nodes = [node for _, node in members.values()]
        return _collection({key: node.value for key, (_, node) in members.items()}, offset, members, nodes)

    def _key(self, event: Any, depth: int) -> str | None:
        node = self._node(event, depth + 1)
        if node.members is not None or (node.value is None and not node.style):
            message = "a key is empty" if node.value is None else "a key must be plain text, found a list or mapping"
            self._note((event.start_mark.index, message, "write 'key: value'"))
            return None
        return node.raw

    def _alias(self, event: Any, depth: int) -> Node:
        name, offset = event.anchor, event.start_mark.index
        node = self._anchors.get(name)
        if node is None:
            known = name in self._anchors
            message = (
                f"the alias '*{name}' is inside of what it names" if known else f"the alias '*{name}' names nothing"
            )
            hint = "" if known else f"text that begins with '*' must be in quotes; an alias needs '&{name}' above it"
            self._note((offset, message, hint))
            return Node(None, offset)
        self._aliases += 1
        if self._aliases > MAX_ALIASES:
            raise _Stop(offset, f"there are more than {MAX_ALIASES} aliases", "write the values out")
        self._count(node.size, offset)
        self._check_depth(depth + node.height, offset)
        return node

    def _count(self, nodes: int, offset: int) -> None:
        self._nodes += nodes
        if self._nodes > MAX_NODES:
            hint = "aliases count as often as they are used" if self._aliases else "split the file"
            raise _Stop(offset, f"there are more than {MAX_NODES:,} values", hint)

    def _check_depth(self, depth: int, offset: int) -> None:
        if depth > MAX_DEPTH:
            raise _Stop(offset, f"values are nested deeper than {MAX_DEPTH} levels", "")

    def _refuse_tag(self, tag: str, offset: int) -> None:
        shown = tag.replace("tag:yaml.org,2002:", "!!")
        shown = shown if shown.startswith("!") else f"!<{shown}>"
        self._note((offset, f"the tag '{shown[:60]}' is refused: only plain values are allowed", "take it out"))

    def _refuse_escapes(self, node: Node) -> None:
        unseen = _FORBIDDEN.search(node.raw) if node.style == '"' else None
        if unseen:
            message = f"an escape in these double quotes makes the character U+{ord(unseen.group()):04X}"
            self._note((node.start, message, "take it out"))


def _scalar_node(event: Any, offset: int) -> Node:
    raw: str = event.value
    if event.implicit[0] and event.tag is None and not event.style:
        return Node(scalar(raw), offset, "", raw)
    return Node(raw, offset, event.style or "!", raw)


def _collection(value: Data, offset: int, members: dict[str, tuple[int, Node]] | list[Node], nodes: list[Node]) -> Node:
    size = 1 + sum(node.size for node in nodes)
    height = 1 + max((node.height for node in nodes), default=0)
    return Node(value, offset, "", "", members, size, height)


def _problem(document: Document, offset: int, message: str, hint: str) -> Problem:
    if hint.startswith("@"):
        message = f"{message}, first on line {_line(document, int(hint[1:]))}"
        hint = "take one of them out"
    line = _line(document, offset)
    column = offset - document.text.rfind("\n", 0, offset)
    return Problem(path=document.path, line=line, column=column, message=message, hint=hint, slug="yaml")


def _line(document: Document, offset: int) -> int:
    return document.first_line + document.text.count("\n", 0, offset)


def _broken(document: Document, offset: int, message: str, hint: str) -> Document:
    problem = _problem(document, offset, message, hint)
    return Document(document.path, document.text, None, (problem,), document.first_line)


def _refusal(text: str) -> _Found | None:
    """Return why `text` is not even parsed: what YAML may not hold, or 1.1 and 1.2 read differently."""
    if len(text) > YAML_LIMIT:
        return 0, f"the file is larger than {YAML_LIMIT // 1_000_000} MB", ""
    match = _FORBIDDEN.search(text)
    if match:
        return (
            match.start(),
            f"the character U+{ord(match.group()):04X} is not allowed in YAML",
            "take it out",
        )
    match = None if text.isascii() else _BREAK.search(text)
    if match:
        message = f"the line separator U+{ord(match.group()):04X} is in the text"
        return match.start(), message, "type an ordinary line break or a space instead"
    return None


@functools.cache
def _parser(*, pure: bool) -> type[Any]:
    """Return the parser in C where there is one, else the one in Python; both have `get_event`."""
    try:
        from yaml._yaml import CParser
    except ImportError:
        pure = True
    if not pure:
        return CParser

    class Pure(yaml.reader.Reader, yaml.scanner.Scanner, yaml.parser.Parser):
        def __init__(self, text: str) -> None:
            yaml.reader.Reader.__init__(self, text)
            yaml.scanner.Scanner.__init__(self)
            yaml.parser.Parser.__init__(self)

    return Pure
