"""Request body -> the ordered segments of its prompt, and their tokens.

The estimate is deterministic: UTF-8 bytes of all text (other blocks: of their JSON) divided by 3.6 (4.7 for
`claude-haiku-4-5`), rounded up, over the whole prefix, so that the parts of a prompt always sum to the whole.
A format's schema and the tools count, roles and punctuation of the body do not.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from .catalogue import Model

Part = Literal["format", "tools", "system", "messages"]


@dataclass(frozen=True, slots=True)
class Segment:
    """One block of the prompt; `ttl` is set where a cache breakpoint stands."""

    part: Part
    role: str
    data: bytes
    ttl: str | None = None


_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def canonical(value: object) -> bytes:
    """Return JSON that is equal for equal values, key order aside."""
    return _ENCODER.encode(value).encode("utf-8", "surrogatepass")


def ttl_of(holder: Mapping[str, Any]) -> str | None:
    """Return the time to live that a block's `cache_control` asks for."""
    control = holder.get("cache_control")
    return str(control.get("ttl") or "5m") if isinstance(control, Mapping) else None


def _block(part: Part, role: str, block: Any) -> Segment:
    """Return the segment of a content block, a system block or a tool."""
    if isinstance(block, str):
        return Segment(part, role, block.encode("utf-8", "surrogatepass"))
    if not isinstance(block, Mapping):
        return Segment(part, role, canonical(block))
    if block.get("type") == "text" and isinstance(block.get("text"), str):
        return Segment(part, role, block["text"].encode("utf-8", "surrogatepass"), ttl_of(block))
    bare = {key: value for key, value in block.items() if key != "cache_control"}
    return Segment(part, role, canonical(bare), ttl_of(block))


def _blocks(part: Part, role: str, content: Any) -> Iterator[Segment]:
    """Yield the segments of a text or of a list of blocks."""
    for block in content if isinstance(content, Sequence) and not isinstance(content, str) else [content]:
        yield _block(part, role, block)


def _walk(body: Mapping[str, Any]) -> Iterator[Segment]:
    """Yield all segments in the order in which the API renders them."""
    output_format = (body.get("output_config") or {}).get("format")
    if output_format:
        yield Segment("format", "", canonical(output_format))
    yield from _blocks("tools", "", body.get("tools") or [])
    yield from _blocks("system", "", body.get("system") or [])
    for message in body.get("messages") or []:
        yield from _blocks("messages", str(message.get("role")), message.get("content"))


def segments(body: Mapping[str, Any]) -> list[Segment]:
    """Return the prompt; a top-level `cache_control` marks its last segment."""
    found = list(_walk(body))
    automatic = ttl_of(body)
    if automatic and found and found[-1].ttl is None:
        found[-1] = replace(found[-1], ttl=automatic)
    return found


def tokens(size: int, model: Model) -> int:
    """Return the tokens of so many bytes."""
    return math.ceil(size / model.bytes_per_token)


def text_tokens(text: str, model: Model) -> int:
    """Return the tokens of a text."""
    return tokens(len(text.encode("utf-8", "surrogatepass")), model)


def prompt_tokens(prompt: Sequence[Segment], model: Model) -> int:
    """Return the tokens of a whole prompt."""
    return tokens(sum(len(segment.data) for segment in prompt), model)


def user_text(body: Mapping[str, Any]) -> str:
    """Return all text of the user's turns, a blank line between blocks."""
    prompt = [s for s in _walk({"messages": body.get("messages")}) if s.role == "user"]
    return "\n\n".join(segment.data.decode("utf-8", "replace") for segment in prompt)
