"""The test server refuses what the API refuses, and takes what it takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import anthropic
import pytest

from tests.apiserver import (
    ApiServer,
    Sizes,
)
from tests.apiserver_calls import SCHEMA, asked, body, schema, sdk, send


@pytest.fixture(scope="module")
def plain() -> Iterator[ApiServer]:
    with ApiServer() as server:
        yield server


def marked(count: int, **control: Any) -> list[dict[str, Any]]:
    mark = {"type": "ephemeral", **control}
    return [{"role": "user", "content": [{"type": "text", "text": "x", "cache_control": mark}] * count}]


TOOL = {"name": "grade", "input_schema": {"type": "object"}}
LOOP = {"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"type": "array", "items": {"$ref": "#/$defs/a"}}}}
FIELDS = {f"p{number}": {"type": "string"} for number in range(25)}
UNIONS = {f"p{number}": {"anyOf": [{"type": "string"}, {"type": "null"}]} for number in range(17)}


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"tempreature": 1}, "tempreature: Extra inputs"),
    ({"temperature": 1.0}, "temperature: this parameter"),
    ({"top_p": 1.0}, "top_p: this parameter"),
    ({"top_k": 5}, "top_k: this parameter"),
    ({"max_tokens": None}, "max_tokens: Field required"),
    ({"max_tokens": 128_001}, "maximum allowed number of output tokens"),
    ({"tools": [TOOL], "tool_choice": {"type": "any"}}, "forcing tool use"),
    (
        {"tools": [TOOL], "tool_choice": {"type": "tool", "name": "grade"}, "model": "claude-opus-5-5"},
        "forcing",
    ),
    ({"messages": [*body()["messages"], {"role": "assistant", "content": "{"}]}, "prefill"),
    ({"messages": [{"role": "user", "content": " "}]}, "non-whitespace"),
    ({"messages": [{"role": "user", "content": "x", "name": "me"}]}, "messages.0.name: Extra inputs"),
    ({"thinking": {"type": "disabled"}}, "not supported on claude-sonnet-5-5"),
    ({"thinking": {"type": "enabled", "budget_tokens": 1024}}, "not supported on"),
    ({"thinking": {"type": "between_tools"}, "model": "claude-haiku-5-5"}, "not supported on"),
    ({"thinking": {"type": "between_tools"}, "output_config": {"effort": "max"}}, "with effort"),
    ({"output_config": {"effort": "minimal"}}, "output_config.effort"),
    ({"output_config": {"effort": "low"}, "model": "claude-haiku-4-5"}, "does not support the effort"),
    ({"output_config": {"schema": SCHEMA}}, "output_config.schema: Extra inputs"),
    (schema(additionalProperties=True), "additionalProperties"),
    (schema(minProperties=1), "'minProperties' is not supported"),
    (schema(properties={**SCHEMA["properties"], "level": {"type": "integer", "minimum": 1}}), "'minimum'"),
    (schema(properties={**SCHEMA["properties"], "level": {"type": ["integer", "null"]}}), "single type"),
    (schema(properties={**SCHEMA["properties"], "level": {}}), "must have a 'type'"),
    (schema(properties={**SCHEMA["properties"], "level": {"$ref": "https://x.org/a"}}), "external"),
    (schema(**LOOP), "recursive"),
    (schema(required=[], properties=FIELDS), "too many optional parameters (25)"),
    (schema(required=list(UNIONS), properties=UNIONS), "union types (17"),
    (schema(required=["missing"]), "'missing' is not in"),
    ({"messages": marked(5)}, "A maximum of 4 blocks"),
    ({"messages": marked(1, ttl="2h")}, "'5m' or '1h'"),
    ({"messages": marked(1, scope="all")}, "scope: Extra inputs"),
    ({"messages": marked(1, ttl="1h"), "system": marked(1)[0]["content"]}, "must not come after"),
    ({"messages": [{"role": "user", "content": "x" * 3_700_000}]}, "prompt is too long"),
]


@pytest.mark.parametrize(("changes", "words"), REFUSED, ids=[words for _, words in REFUSED])
def test_what_the_api_refuses_is_a_400(plain: ApiServer, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(anthropic.BadRequestError) as caught:
        send(plain, {**body(), **changes})

    assert caught.value.type == "invalid_request_error"
    assert words in str(caught.value.api_message)
    assert caught.value.request_id


@pytest.mark.parametrize(
    "changes",
    [
        {"thinking": {"type": "between_tools"}},
        {"thinking": {"type": "disabled"}, "model": "claude-haiku-5-5"},
        {"tools": [TOOL], "tool_choice": {"type": "any"}, "model": "claude-haiku-5-5", "output_config": None},
        {"messages": marked(4, ttl="1h"), "system": "Grade."},
        {"output_config": {"format": {"type": "json_schema", "schema": anthropic.transform_schema(SCHEMA)}}},
    ],
)
def test_what_the_api_takes_is_answered(plain: ApiServer, changes: dict[str, Any]) -> None:
    message = send(plain, body(**changes))

    assert message.content[0].type == ("thinking" if "thinking" not in changes else "text")


def test_unknown_models_versions_and_bodies_have_their_own_errors(plain: ApiServer) -> None:
    with pytest.raises(anthropic.NotFoundError):
        send(plain, body(model="claude-3"))
    with pytest.raises(anthropic.BadRequestError, match="2023-06-01"):
        send(plain, default_headers={"anthropic-version": "2023-06-01"})
    with ApiServer(sizes=Sizes(message_bytes=500)) as small, pytest.raises(anthropic.ContentTooLargeError):
        send(small, asked("x" * 500))


def test_32_megabytes_are_the_limit(plain: ApiServer) -> None:
    with pytest.raises(anthropic.ContentTooLargeError):
        send(plain, asked("x" * (32 * 2**20)))


def test_a_gateway_has_a_prefix_and_a_local_server_less() -> None:
    with ApiServer(prefix="/anthropic") as gateway:
        assert send(gateway).model == "claude-sonnet-5-5"
        assert gateway.requests[0].path == "/anthropic/v1/messages"
        with pytest.raises(anthropic.NotFoundError):
            send(gateway, base_url=gateway.origin)
    missing = ("batches", "count_tokens", "models")
    with ApiServer(strict=False, key=None, without=missing) as local, sdk(local, api_key="x") as client:
        assert send(local, body(model="qwen", temperature=0)).model == "qwen"
        for call in (client.models.list, client.messages.batches.list):
            with pytest.raises(anthropic.NotFoundError):
                call()
        assert local.bill.unpriced_replies == 1
