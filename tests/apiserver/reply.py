"""Request body -> `Reply`: what the pretended model says, and ready-made responders."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from typing import Any, Literal

from .prompt import user_text
from .schema_rules import resolve

Pick = Literal["first", "middle", "last"]


@dataclass(frozen=True, slots=True)
class Reply:
    """What the model says.  Tokens left out are estimated; a text beyond `max_tokens` is cut by the server.

    `output_tokens` is the billed total, thinking included.  A list as content is sent as these blocks,
    untouched. A header whose value is None is removed from the response.
    """

    content: str | Sequence[Mapping[str, Any]] = ""
    _: KW_ONLY
    stop_reason: str = "end_turn"
    stop_details: Mapping[str, Any] | None = None
    output_tokens: int | None = None
    thinking_tokens: int | None = None
    model: str | None = None
    headers: Mapping[str, str | None] = field(default_factory=dict)


Responder = Callable[[Mapping[str, Any]], Reply]

_SENTENCE = re.compile(r"[^\s.!?][^.!?\n]*[.!?]*")
_FORMATS = {
    "date-time": "2026-11-21T10:00:00Z",
    "time": "10:00:00Z",
    "date": "2026-11-21",
    "duration": "PT1M",
    "email": "a@example.com",
    "hostname": "example.com",
    "uri": "https://example.com/",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uuid": "00000000-0000-4000-8000-000000000000",
}


def sentences(text: str, *, at_least: int = 4) -> Iterator[str]:
    """Yield the sentences of a text that have so many words, verbatim; if none has, the text's first line."""
    found = False
    for match in _SENTENCE.finditer(text):
        sentence = match.group().strip()
        if len(sentence.split()) >= at_least:
            found = True
            yield sentence
    if not found:
        yield text.strip().split("\n", 1)[0]


class _Filler:
    """Fills one schema: required properties only, strings from the user's text in turn."""

    def __init__(self, schema: Mapping[str, Any], text: str, pick: Pick) -> None:
        self._root = schema
        self._text = text
        self._pick = pick
        self._source = sentences(text)

    def fill(self, node: Mapping[str, Any]) -> Any:
        """Return a value that is valid for a node."""
        if "$ref" in node:
            return self.fill(resolve(node["$ref"], self._root))
        if "const" in node:
            return node["const"]
        if "enum" in node:
            values = node["enum"]
            return values[{"first": 0, "middle": len(values) // 2, "last": -1}[self._pick]]
        if "anyOf" in node:
            return self.fill(next((n for n in node["anyOf"] if n.get("type") != "null"), node["anyOf"][0]))
        if "allOf" in node:
            return self.fill({key: value for part in node["allOf"] for key, value in part.items()})
        return self._by_type(node)

    def _by_type(self, node: Mapping[str, Any]) -> Any:
        """Return a value of the node's type."""
        match node.get("type"):
            case "object":
                properties = node.get("properties", {})
                return {name: self.fill(properties[name]) for name in node.get("required", ()) if name in properties}
            case "array":
                return [self.fill(node["items"])] if node.get("items") else []
            case "string":
                return _FORMATS.get(node.get("format", "")) or self._sentence()
            case "integer" | "number":
                return 3
            case "boolean":
                return True
            case _:
                return None

    def _sentence(self) -> str:
        """Return the next sentence, and begin again after the last."""
        sentence = next(self._source, None)
        if sentence is None:
            self._source = sentences(self._text)
            sentence = next(self._source)
        return sentence


def fill(schema: Mapping[str, Any], text: str, *, pick: Pick = "middle") -> Any:
    """Return a value valid for the schema, its strings being sentences of the text."""
    return _Filler(schema, text, pick).fill(schema)


def by_schema(*, pick: Pick = "middle") -> Responder:
    """Return the default responder: JSON valid for the format asked for, else the user's first sentence."""

    def respond(body: Mapping[str, Any]) -> Reply:
        text = user_text(body)
        output_format = (body.get("output_config") or {}).get("format")
        if output_format:
            return Reply(json.dumps(fill(output_format["schema"], text, pick=pick), ensure_ascii=False))
        choice = (body.get("tool_choice") or {}).get("type")
        if choice in ("any", "tool"):
            return _tool_use(body, text, pick)
        return Reply(next(sentences(text)))

    return respond


def _tool_use(body: Mapping[str, Any], text: str, pick: Pick) -> Reply:
    """Return the call of the tool that the request forces."""
    name = body["tool_choice"].get("name", body["tools"][0]["name"])
    tool = next(tool for tool in body["tools"] if tool["name"] == name)
    value = fill(tool["input_schema"], text, pick=pick)
    block = {"type": "tool_use", "id": "toolu_test01", "name": name, "input": value}
    return Reply([block], stop_reason="tool_use")


class ScriptedResponder:
    """Says what it is told, one reply a call, the last one for ever.  Texts and plain data become replies.

    `calls` are the request bodies it was given.
    """

    def __init__(self, *replies: Reply | str | Mapping[str, Any] | Responder) -> None:
        if not replies:
            raise ValueError("a script needs at least one reply")
        self._replies = replies
        self._lock = threading.Lock()
        self.calls: list[Mapping[str, Any]] = []

    def __call__(self, body: Mapping[str, Any]) -> Reply:
        """Return the next reply of the script."""
        with self._lock:
            line = self._replies[min(len(self.calls), len(self._replies) - 1)]
            self.calls.append(body)
        if isinstance(line, Reply):
            return line
        if isinstance(line, str):
            return Reply(line)
        if isinstance(line, Mapping):
            return Reply(json.dumps(line, ensure_ascii=False))
        return line(body)
