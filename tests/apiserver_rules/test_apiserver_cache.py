"""The test server's prompt cache: what is written, read and billed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.apiserver import (
    ApiServer,
    ManualClock,
    Reply,
    ScriptedResponder,
    latency,
)
from tests.apiserver_calls import cached, effect, schema, sdk, send, together


def counts(server: ApiServer, request: dict[str, Any]) -> tuple[int, int]:
    """Return tokens written and read; check that usage adds up to what a count gives."""
    usage = send(server, request).usage
    del request["max_tokens"]
    with sdk(server) as client:
        total = client.messages.count_tokens(**request).input_tokens
    written, read = usage.cache_creation_input_tokens, usage.cache_read_input_tokens
    parts = usage.cache_creation
    assert parts.ephemeral_5m_input_tokens + parts.ephemeral_1h_input_tokens == written
    assert usage.input_tokens + written + read == total
    return written, read


def test_a_prefix_is_written_once_and_read_until_it_dies() -> None:
    clock = ManualClock()
    with ApiServer(clock=clock) as server:
        written, nothing = counts(server, cached("One?"))
        assert written > 1000
        assert nothing == 0
        assert counts(server, cached("Two?")) == (0, written)
        clock.advance(299)
        assert counts(server, cached("Three?")) == (0, written)
        clock.advance(299)
        assert counts(server, cached("Four?")) == (0, written)
        clock.advance(301)
        assert counts(server, cached("Five?")) == (written, 0)


def test_format_and_model_belong_to_the_key_and_short_prefixes_are_ignored() -> None:
    with ApiServer() as server:
        written, _ = counts(server, cached("One?"))
        assert counts(server, cached("One?", **schema(title="another")))[1] == 0
        assert counts(server, cached("One?", model="claude-opus-5-5"))[1] == 0
        assert counts(server, cached("One?", thinking={"type": "adaptive"}))[1] == written
        assert counts(server, cached("One?", size=600)) == (0, 0)


def test_an_hour_costs_more_to_write_and_lives_longer() -> None:
    clock = ManualClock()
    with ApiServer(clock=clock, responder=ScriptedResponder(Reply("ok", output_tokens=0))) as server:
        written, _ = counts(server, cached("One?", ttl="1h"))
        assert server.bill.write_1h == written
        assert server.bill.usd == pytest.approx((written * 4 + server.bill.input_tokens * 2) / 1e6)
        clock.advance(3599)
        assert counts(server, cached("Two?", ttl="1h")) == (0, written)
        assert server.bill.input_usd < server.bill.uncached_input_usd * 1.1


def test_requests_sent_in_parallel_all_write() -> None:
    with effect(latency(0.09)) as server:
        usages = [message.usage for message in together(server, [cached(f"{n}?") for n in range(3)])]
        later = send(server, cached("Later?")).usage

    assert [usage.cache_read_input_tokens for usage in usages] == [0, 0, 0]
    assert later.cache_read_input_tokens == usages[0].cache_creation_input_tokens
    assert server.stats()["max_concurrent"] == 3
