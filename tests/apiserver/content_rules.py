"""Messages, system and tools -> nothing, or the API's 400 for what is wrong in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .catalogue import Model
from .errors import invalid

MOST_MESSAGES = 100_000
MOST_MARKS = 4
ROLES = ("user", "assistant", "system")
BLOCK_FIELDS: Mapping[str, set[str]] = {
    "text": {"text", "citations"},
    "image": {"source", "transformations"},
    "document": {"source", "title", "context", "citations"},
    "search_result": {"source", "title", "content", "citations"},
    "thinking": {"thinking", "signature"},
    "redacted_thinking": {"data"},
    "tool_use": {"id", "name", "input", "caller"},
    "tool_result": {"tool_use_id", "content", "is_error"},
}
UNMARKED = ("thinking", "redacted_thinking")


def check_messages(messages: Any, model: Model) -> None:
    """Raise for the first thing wrong in the conversation."""
    if not isinstance(messages, list):
        raise invalid("messages: Input should be a valid list")
    if not messages:
        raise invalid("messages: at least one message is required")
    if len(messages) > MOST_MESSAGES:
        raise invalid(f"messages: List should have at most {MOST_MESSAGES} items")
    for place, message in enumerate(messages):
        _check_message(message, f"messages.{place}")
    if messages[0]["role"] != "user":
        raise invalid('messages: first message must use the "user" role')
    if messages[-1]["role"] == "assistant" and not model.prefill:
        raise invalid(
            f"This model ({model.id}) does not support assistant message prefill. "
            "The conversation must end with a user message."
        )


def _check_message(message: Any, where: str) -> None:
    """Raise when one message has a wrong form."""
    if not isinstance(message, Mapping):
        raise invalid(f"{where}: Input should be an object")
    for name in message:
        if name not in ("role", "content"):
            raise invalid(f"{where}.{name}: Extra inputs are not permitted")
    if message.get("role") not in ROLES:
        raise invalid(f"{where}.role: Input should be 'user' or 'assistant'")
    if "content" not in message:
        raise invalid(f"{where}.content: Field required")
    check_blocks(message["content"], f"{where}.content", kinds=tuple(BLOCK_FIELDS))


def check_blocks(content: Any, where: str, *, kinds: tuple[str, ...]) -> None:
    """Raise when a text or a list of blocks has a wrong form."""
    if isinstance(content, str):
        if not content.strip():
            raise invalid(f"{where}: text content blocks must contain non-whitespace text")
        return
    if not isinstance(content, list):
        raise invalid(f"{where}: Input should be a valid string or list")
    if not content:
        raise invalid(f"{where}: must have non-empty content")
    for place, block in enumerate(content):
        _check_block(block, f"{where}.{place}", kinds)


def _check_block(block: Any, where: str, kinds: tuple[str, ...]) -> None:
    """Raise when one block has a wrong form."""
    if not isinstance(block, Mapping):
        raise invalid(f"{where}: Input should be an object")
    kind = block.get("type")
    if kind not in kinds:
        raise invalid(f"{where}: Input tag '{kind}' does not match any of the expected tags: {', '.join(kinds)}")
    for name in block:
        if name not in BLOCK_FIELDS[kind] | {"type", "cache_control"}:
            raise invalid(f"{where}.{kind}.{name}: Extra inputs are not permitted")
    if kind == "text":
        _check_text(block, where)
    if kind in UNMARKED and block.get("cache_control") is not None:
        raise invalid(f"{where}.{kind}.cache_control: Extra inputs are not permitted")


def _check_text(block: Mapping[str, Any], where: str) -> None:
    """Raise when a text block has no text."""
    text = block.get("text")
    if not isinstance(text, str):
        raise invalid(
            f"{where}.text.text: " + ("Input should be a valid string" if "text" in block else "Field required")
        )
    if not text:
        if block.get("cache_control"):
            raise invalid(f"{where}.text: cache_control cannot be set for empty text blocks")
        raise invalid(f"{where}: text content blocks must be non-empty")
    if not text.strip():
        raise invalid(f"{where}: text content blocks must contain non-whitespace text")


def check_system(system: Any) -> None:
    """Raise when the system prompt is not text."""
    if isinstance(system, str):
        return
    if not isinstance(system, list):
        raise invalid("system: Input should be a valid string or list")
    if system:
        check_blocks(system, "system", kinds=("text",))


def check_tools(tools: Any) -> None:
    """Raise when a tool has no name or no schema."""
    if not isinstance(tools, list):
        raise invalid("tools: Input should be a valid list")
    for place, tool in enumerate(tools):
        if not isinstance(tool, Mapping) or not isinstance(tool.get("name"), str):
            raise invalid(f"tools.{place}.name: Field required")
        if tool.get("type", "custom") == "custom" and not isinstance(tool.get("input_schema"), Mapping):
            raise invalid(f"tools.{place}.custom.input_schema: Field required")
    names = [tool["name"] for tool in tools]
    if len(set(names)) != len(names):
        raise invalid("tools: Tool names must be unique.")


def _holders(body: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield everything that may carry a `cache_control`, in prompt order."""
    groups = [("tools", body.get("tools")), ("system", body.get("system"))]
    groups += [(f"messages.{i}.content", m.get("content")) for i, m in enumerate(body["messages"])]
    for where, blocks in groups:
        for place, block in enumerate(blocks if isinstance(blocks, list) else []):
            yield f"{where}.{place}", block
    yield "body", body


def check_marks(body: Mapping[str, Any]) -> None:
    """Raise when a cache breakpoint is malformed, one too many, or a long one after a short one."""
    ttls = []
    for where, holder in _holders(body):
        control = holder.get("cache_control")
        if control is not None:
            ttls.append(_ttl(control, f"{where}.cache_control"))
    if len(ttls) > MOST_MARKS:
        raise invalid(f"A maximum of {MOST_MARKS} blocks with cache_control may be provided. Found {len(ttls)}.")
    if "5m" in ttls and "1h" in ttls[ttls.index("5m") :]:
        raise invalid(
            "a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block. "
            "Note that blocks are processed in the following order: `tools`, `system`, `messages`."
        )


def _ttl(control: Any, where: str) -> str:
    """Return the time to live of a well-formed `cache_control`."""
    if not isinstance(control, Mapping):
        raise invalid(f"{where}: Input should be an object")
    if control.get("type") != "ephemeral":
        raise invalid(f"{where}.type: Input should be 'ephemeral'")
    for name in control:
        if name not in ("type", "ttl"):
            raise invalid(f"{where}.ephemeral.{name}: Extra inputs are not permitted")
    ttl = control.get("ttl", "5m")
    if ttl not in ("5m", "1h"):
        raise invalid(f"{where}.ephemeral.ttl: Input should be '5m' or '1h'")
    return str(ttl)
