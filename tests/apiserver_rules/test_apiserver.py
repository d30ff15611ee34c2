"""The test server by default: replies, bills and counts as the API does, over real HTTP."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import anthropic
import pytest
from anthropic import Anthropic

from tests.apiserver import (
    ApiServer,
    Reply,
    ScriptedResponder,
)
from tests.apiserver_calls import asked, body, sdk, send, text_of


@pytest.fixture(scope="module")
def plain() -> Iterator[ApiServer]:
    with ApiServer() as server:
        yield server


def test_the_default_reply_fits_the_schema_and_quotes_the_user(plain: ApiServer) -> None:
    message = send(plain)

    assert [block.type for block in message.content] == ["thinking", "text"]
    assert message.content[0].thinking == ""
    assert json.loads(text_of(message)) == {
        "quotes": ["I moved the ledger of Tarn Bank to a new store."],
        "state": "partly",
        "level": 3,
    }
    assert (message.stop_reason, message.model) == ("end_turn", "claude-sonnet-5-5")
    assert message._request_id.startswith("req_")


def test_a_request_is_recorded_without_its_key() -> None:
    with ApiServer() as server:
        send(server)
        with pytest.raises(anthropic.AuthenticationError):
            send(server, api_key="sk-other")
        good, bad = server.requests

    assert (good.path, good.body["model"], good.retry_count) == ("/v1/messages", "claude-sonnet-5-5", 0)
    assert (good.key, good.status, good.outcome) == ("right", 200, "answered")
    assert (bad.key, bad.status, bad.outcome) == ("wrong", 401, "rejected")
    assert "test-key" not in repr(good)
    assert "sk-other" not in repr(bad)


def test_the_bill_uses_the_prices_of_the_model_and_the_step_of_haiku() -> None:
    with ApiServer(responder=ScriptedResponder(Reply("fine", output_tokens=1000))) as server:
        send(server, asked("a" * 36_000))
        assert server.bill.usd == pytest.approx((server.bill.input_tokens * 2 + 1000 * 10) / 1e6)
        before = server.bill
        long = body(model="claude-haiku-5-5", messages=[{"role": "user", "content": "b" * 400_000}])
        send(server, long)

    tokens = server.bill.input_tokens - before.input_tokens
    assert server.bill.usd - before.usd == pytest.approx((tokens * 0.50 + 1000 * 2.50) / 1e6)


def test_max_tokens_is_kept_by_the_server_thinking_included() -> None:
    responder = ScriptedResponder(Reply("word " * 1000, thinking_tokens=400))
    with ApiServer(responder=responder) as server:
        message = send(server, body(max_tokens=500))
        only_thinking = send(server, body(max_tokens=300))

    assert (message.stop_reason, message.usage.output_tokens) == ("max_tokens", 500)
    assert 0 < len(text_of(message)) < 500
    assert [block.type for block in only_thinking.content] == ["thinking"]


def test_tokens_are_counted_as_they_are_billed(plain: ApiServer) -> None:
    request = body()
    del request["max_tokens"]
    with sdk(plain) as client:
        counted = client.messages.count_tokens(**request).input_tokens

    assert counted == send(plain).usage.input_tokens


def test_models_are_described(plain: ApiServer) -> None:
    with sdk(plain) as client:
        model = client.models.retrieve("claude-haiku-5-5")
        ids = [listed.id for listed in client.models.list(limit=2)]
        with pytest.raises(anthropic.NotFoundError):
            client.models.retrieve("claude-unheard-of")

    assert model.capabilities is not None
    assert model.capabilities.thinking.types.disabled.supported
    assert len(ids) == len(set(ids)) == 7


def test_a_responder_that_raises_does_not_go_unnoticed() -> None:
    def broken(request: Mapping[str, Any]) -> Reply:
        raise KeyError("rubric")

    with (
        pytest.raises(RuntimeError, match="KeyError: 'rubric'"),
        ApiServer(responder=broken) as server,
        pytest.raises(anthropic.InternalServerError),
    ):
        send(server)


def test_the_command_line_serves_and_counts() -> None:
    command = [
        sys.executable,
        "-m",
        "tests.apiserver",
        "--latency",
        "0.001",
        "--storm-first",
        "1",
        "--seed",
        "3",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        with Anthropic(api_key="test-key", base_url=url, max_retries=0) as client:
            with pytest.raises(anthropic.OverloadedError):
                client.messages.create(**body())
            client.messages.create(**body())
        with urllib.request.urlopen(url + "/__stats__") as answer:
            stats = json.load(answer)
        process.terminate()

    assert (stats["requests"], stats["outcomes"]) == (2, {"failed": 1, "answered": 1})
    assert list(stats["answered_by_body"].values()) == [1]
    assert list(stats["received_by_body"].values()) == [2]
    assert stats["bill"]["replies"] == 1
