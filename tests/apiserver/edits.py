"""Ways in which a message goes wrong inside: a good reply (billed as such) with something spoilt."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from .behaviour import Call, Edit, Effect, Plan
from .schema_rules import resolve

Message = dict[str, Any]


def edit(change: Edit) -> Effect:
    """Return an effect that changes the message; `change(message, request body)` returns a new message."""

    def effect(plan: Plan, call: Call) -> Plan:
        return replace(plan, edits=(*plan.edits, change))

    return effect


def set_fields(**fields: Any) -> Effect:
    """Return an effect that sets top-level fields of the message to anything."""
    return edit(lambda message, body: {**message, **fields})


def drop_fields(*names: str) -> Effect:
    """Return an effect that leaves out top-level fields of the message, such as `usage`."""
    return edit(lambda message, body: {key: value for key, value in message.items() if key not in names})


def none_fields(*names: str) -> Effect:
    """Return an effect that sets fields to null; without names `id`, `content`, `stop_reason` and `usage`."""
    return set_fields(**dict.fromkeys(names or ("id", "content", "stop_reason", "usage")))


def sparse_usage() -> Effect:
    """Return an effect that leaves only the two token counts in `usage`, as gateways do."""
    keep = ("input_tokens", "output_tokens")
    return edit(lambda m, body: {**m, "usage": {key: m["usage"][key] for key in keep}})


def stop_reason(value: str | None) -> Effect:
    """Return an effect that sets the stop reason, known or not."""
    return set_fields(stop_reason=value)


def other_model(name: str) -> Effect:
    """Return an effect that names another model than the one asked for."""
    return set_fields(model=name)


def refusal(category: str | None = "reasoning_extraction", explanation: str | None = "Not this.") -> Effect:
    """Return a refusal with its details and no text."""
    details = {"type": "refusal", "category": category, "explanation": explanation}
    return set_fields(content=[], stop_reason="refusal", stop_details=details)


def _texts(message: Message, change: Callable[[str], str]) -> Message:
    """Return the message with its text blocks changed."""
    blocks = [{**b, "text": change(b["text"])} if b["type"] == "text" else b for b in message["content"]]
    return {**message, "content": blocks}


def edit_text(change: Callable[[str], str]) -> Effect:
    """Return an effect that changes the text."""
    return edit(lambda message, body: _texts(message, change))


def say(text: str) -> Effect:
    """Return an effect that replaces the text."""
    return edit_text(lambda old: text)


def cut_at_max_tokens(*, keep: float = 0.5) -> Effect:
    """Return an effect that cuts the text, with stop reason `max_tokens`."""

    def change(message: Message, body: Mapping[str, Any]) -> Message:
        shorter = _texts(message, lambda text: text[: int(len(text) * keep)])
        usage = {**message["usage"], "output_tokens": body["max_tokens"]}
        return {**shorter, "stop_reason": "max_tokens", "usage": usage}

    return edit(change)


def in_prose(before: str = "Here is my assessment:\n\n", after: str = "\n\nLet me know if {you} need more.") -> Effect:
    """Return an effect that wraps the text in prose (with braces of its own)."""
    return edit_text(lambda text: before + text + after)


def in_fence(language: str = "json") -> Effect:
    """Return an effect that puts the text into a code fence."""
    return edit_text(lambda text: f"```{language}\n{text}\n```")


def thinking_first(text: str = "") -> Effect:
    """Return an effect that puts a thinking block before the content, whatever the request says."""
    block = {"type": "thinking", "thinking": text, "signature": "c2lnbmF0dXJl"}
    return edit(lambda message, body: {**message, "content": [block, *message["content"]]})


def no_thinking() -> Effect:
    """Return an effect that leaves out thinking blocks."""
    return edit(lambda m, body: {**m, "content": [b for b in m["content"] if b["type"] != "thinking"]})


def capitals(change: Callable[[str], str] = str.upper) -> Effect:
    """Return an effect that writes the enum strings of the reply with other capitals."""

    def spoil(message: Message, body: Mapping[str, Any]) -> Message:
        schema = ((body.get("output_config") or {}).get("format") or {}).get("schema")
        if not schema:
            return message
        return _texts(message, lambda text: json.dumps(_recase(json.loads(text), schema, schema, change)))

    return edit(spoil)


def _recase(value: Any, node: Mapping[str, Any], root: Mapping[str, Any], change: Callable[[str], str]) -> Any:
    """Return the value with its enum strings changed."""
    if "$ref" in node:
        return _recase(value, resolve(node["$ref"], root), root, change)
    if isinstance(value, str):
        return change(value) if "enum" in node or "const" in node else value
    if isinstance(value, list):
        return [_recase(item, node.get("items", {}), root, change) for item in value]
    if isinstance(value, dict):
        properties = node.get("properties", {})
        return {key: _recase(item, properties.get(key, {}), root, change) for key, item in value.items()}
    return value
