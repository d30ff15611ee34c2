"""Valid request body -> message with its usage: responder, prompt cache, token limit and bill."""

from __future__ import annotations

import itertools
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .behaviour import Plan
from .bill import Ledger, Usage
from .cache import Lookup, PromptCache
from .catalogue import Model
from .errors import ApiError
from .prompt import segments, text_tokens
from .ratelimit import Limiter, RateLimits
from .reply import Reply, Responder

# Invented, but steady: the thinking that a reply costs when the responder does not say.
THINKING_TOKENS: Mapping[str | None, int] = {"low": 50, "medium": 150, "high": 400, "xhigh": 900, "max": 2000}


@dataclass(frozen=True, slots=True)
class Work:
    """A request that has been let in; the cache was looked up when it came."""

    body: Mapping[str, Any]
    model: Model
    lookup: Lookup
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Written:
    """What is left of a reply after `max_tokens`."""

    content: list[Mapping[str, Any]]
    stop_reason: str
    output_tokens: int
    thinking_tokens: int


class Engine:
    """The pretended model and its accounts."""

    def __init__(self, responder: Responder, limits: RateLimits, clock: Callable[[], float]) -> None:
        self._responder = responder
        self._cache = PromptCache(clock)
        self._limiter = Limiter(limits, clock)
        self._numbers = itertools.count(1)
        self.ledger = Ledger()
        self.errors: list[str] = []

    def start(self, body: Mapping[str, Any], model: Model, *, batch: bool = False) -> Work:
        """Let a request in: rate limits, and what the cache holds at this moment."""
        lookup = self._cache.look_up(body, segments(body), model)
        uncached = lookup.usage.prompt - lookup.usage.read
        headers = {} if batch else self._limiter.admit(model, uncached)
        return Work(body, model, lookup, headers)

    def finish(self, work: Work, plan: Plan, *, batch: bool = False) -> tuple[dict[str, Any], dict[str, str | None]]:
        """Return the message and its headers; from now on the cache can be read, and the reply is billed."""
        reply = self._ask(work.body)
        written = _write(reply, work.body, work.model)
        usage = replace(work.lookup.usage, output_tokens=written.output_tokens, thinking_tokens=written.thinking_tokens)
        self._cache.commit(work.lookup)
        self.ledger.charge(work.model, usage, batch=batch)
        if not batch:
            self._limiter.spend(work.model, usage.output_tokens)
        message = self._message(reply, written, work, _usage(usage, batch=batch))
        for edit in plan.edits:
            message = edit(message, work.body)
        return message, {**work.headers, **reply.headers, **plan.headers}

    def _ask(self, body: Mapping[str, Any]) -> Reply:
        """Return the responder's reply; its bugs become a 500 and are raised when the server is left."""
        if body.get("max_tokens") == 0:
            return Reply("", stop_reason="max_tokens", thinking_tokens=0)
        try:
            return self._responder(body)
        except Exception:  # noqa: BLE001  # a bug of a responder is a 500 here, and told at the end
            self.errors.append(traceback.format_exc())
            raise ApiError(500, "the responder of the test server failed") from None

    def _message(self, reply: Reply, written: _Written, work: Work, usage: dict[str, Any]) -> dict[str, Any]:
        """Return the message as the API words it."""
        return {
            "id": f"msg_{next(self._numbers):024d}",
            "type": "message",
            "role": "assistant",
            "model": reply.model or work.model.id,
            "content": written.content,
            "stop_reason": written.stop_reason,
            "stop_sequence": None,
            "stop_details": reply.stop_details,
            "usage": usage,
        }


def thinks(body: Mapping[str, Any], model: Model) -> bool:
    """Return whether the reply begins with a thinking block."""
    thinking = body.get("thinking")
    if thinking is None:
        return model.thinks_by_default
    return thinking.get("type") in ("adaptive", "enabled")


def _thinking_block(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the thinking block, empty unless a summary was asked for."""
    shown = (body.get("thinking") or {}).get("display") == "summarized"
    text = "Weighing what the request asks for." if shown else ""
    return {"type": "thinking", "thinking": text, "signature": "c2lnbmF0dXJlIG9mIHRoZSB0ZXN0IHNlcnZlcg=="}


def _write(reply: Reply, body: Mapping[str, Any], model: Model) -> _Written:
    """Return the content as far as `max_tokens` reaches, thinking first."""
    room = int(body.get("max_tokens") or 0)
    thinking = _thinking_tokens(reply, body, model)
    if thinking >= room:
        blocks: list[Mapping[str, Any]] = [_thinking_block(body)] if room and thinking else []
        return _Written(blocks, "max_tokens", room, min(thinking, room))
    head = [_thinking_block(body)] if thinks(body, model) else []
    if not isinstance(reply.content, str):
        cost = reply.output_tokens or thinking + text_tokens(str(reply.content), model)
        return _Written([*head, *reply.content], reply.stop_reason, cost, thinking)
    cost = text_tokens(reply.content, model)
    if reply.output_tokens is not None:
        cost = max(0, reply.output_tokens - thinking)
    if thinking + cost <= room:
        return _Written([*head, *_text(reply.content)], reply.stop_reason, thinking + cost, thinking)
    kept = reply.content[: int(len(reply.content) * (room - thinking) / cost)]
    return _Written([*head, *_text(kept)], "max_tokens", room, thinking)


def _thinking_tokens(reply: Reply, body: Mapping[str, Any], model: Model) -> int:
    """Return the tokens of thinking, invented by effort where the reply does not say."""
    if reply.thinking_tokens is not None:
        return reply.thinking_tokens
    if not thinks(body, model):
        return 0
    effort = (body.get("output_config") or {}).get("effort") or model.effort_default
    wanted = THINKING_TOKENS.get(effort, 150)
    return wanted if reply.output_tokens is None else min(wanted, reply.output_tokens)


def _text(text: str) -> Sequence[dict[str, Any]]:
    """Return the text block, or none for an empty text."""
    return [{"type": "text", "text": text, "citations": None}] if text else []


def _usage(usage: Usage, *, batch: bool) -> dict[str, Any]:
    """Return the usage as the API reports it."""
    return {
        "input_tokens": usage.input_tokens,
        "cache_creation_input_tokens": usage.write_5m + usage.write_1h,
        "cache_read_input_tokens": usage.read,
        "cache_creation": {
            "ephemeral_5m_input_tokens": usage.write_5m,
            "ephemeral_1h_input_tokens": usage.write_1h,
        },
        "output_tokens": usage.output_tokens,
        "output_tokens_details": {"thinking_tokens": usage.thinking_tokens},
        "service_tier": "batch" if batch else "standard",
        "inference_geo": "global",
        "server_tool_use": None,
        "speed": None,
    }
