"""Requests to the test server as the real SDK and as plain HTTP send them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import anthropic
from anthropic import Anthropic

from tests.apiserver import (
    ApiServer,
    behave,
    every_time,
)
from tests.apiserver.behaviour import Effect

ANSWER = "I moved the ledger of Tarn Bank to a new store. It served four thousand writes a second. Good."


SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["quotes", "state", "level"],
    "properties": {
        "quotes": {"type": "array", "items": {"type": "string"}},
        "state": {"type": "string", "enum": ["met", "partly", "not met"]},
        "level": {"type": "integer", "enum": [1, 2, 3, 4, 5]},
        "note": {"anyOf": [{"type": "string"}, {"type": "null"}]},
    },
}


def body(**changes: Any) -> dict[str, Any]:
    """Return a request as a grader sends it."""
    plain = {
        "model": "claude-sonnet-5-5",
        "max_tokens": 2000,
        "messages": [{"role": "user", "content": ANSWER}],
        "output_config": {"effort": "low", "format": {"type": "json_schema", "schema": SCHEMA}},
    }
    return {key: value for key, value in {**plain, **changes}.items() if value is not None}


def asked(text: str) -> dict[str, Any]:
    return body(messages=[{"role": "user", "content": text}])


def sdk(server: ApiServer, **options: Any) -> Anthropic:
    return Anthropic(**{"api_key": "test-key", "base_url": server.url, "max_retries": 0, "timeout": 5.0, **options})


def send(server: ApiServer, request: Mapping[str, Any] | None = None, **options: Any) -> Any:
    """Send a request as it is, whatever the SDK's signatures say; return what the SDK makes of the answer."""
    with sdk(server, **options) as client:
        return client.messages.create(model="", max_tokens=1, messages=[], extra_body=request or body())


def together(server: ApiServer, requests: list[dict[str, Any]]) -> list[Any]:
    """Send requests at the same time with one asynchronous client; return messages and errors."""

    async def send_all() -> list[Any]:
        async with anthropic.AsyncAnthropic(api_key="test-key", base_url=server.url, max_retries=0) as client:
            calls = [client.messages.create(**request) for request in requests]
            return await asyncio.gather(*calls, return_exceptions=True)

    return asyncio.run(send_all())


def text_of(message: Any) -> str:
    return "".join(block.text for block in message.content if block.type == "text")


def effect(*effects: Effect) -> ApiServer:
    return ApiServer(behave(every_time(*effects)))


def schema(**changes: Any) -> dict[str, Any]:
    return {"output_config": {"format": {"type": "json_schema", "schema": {**SCHEMA, **changes}}}}


def cached(question: str, *, ttl: str = "5m", size: int = 3600, **changes: Any) -> dict[str, Any]:
    mark = {"type": "ephemeral", "ttl": ttl}
    system = [{"type": "text", "text": "s" * size, "cache_control": mark}]
    return body(system=system, messages=[{"role": "user", "content": question}], **changes)


def items(count: int, **changes: Any) -> list[Any]:
    return [{"custom_id": f"id-{n}", "params": {**asked(f"Answer number {n}?"), **changes}} for n in range(count)]


def batch(client: Anthropic, count: int, **changes: Any) -> str:
    return client.messages.batches.create(requests=items(count, **changes)).id
