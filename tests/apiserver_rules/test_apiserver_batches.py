"""The test server's batches: made, polled, ended in every way, read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import anthropic
import httpx2
import pytest

from tests.apiserver import (
    ApiServer,
    BatchPlan,
    ManualClock,
    Reply,
    ScriptedResponder,
    Sizes,
    behave,
    cut,
    first,
    indexes,
    overloaded,
    refusal,
    when,
)
from tests.apiserver_calls import batch, body, cached, items, sdk


@pytest.fixture(scope="module")
def plain() -> Iterator[ApiServer]:
    with ApiServer() as server:
        yield server


def test_a_batch_is_processed_after_some_polls_at_half_the_price() -> None:
    responder = ScriptedResponder(Reply("{}", output_tokens=1000))
    with ApiServer(responder=responder, batches=BatchPlan(polls=2)) as server, sdk(server) as client:
        name = batch(client, 5)
        polls = [client.messages.batches.retrieve(name) for _ in range(3)]
        results = list(client.messages.batches.results(name))

    assert [poll.processing_status for poll in polls] == ["in_progress", "in_progress", "ended"]
    assert [poll.request_counts.processing for poll in polls] == [5, 5, 0]
    assert polls[2].request_counts.succeeded == 5
    assert {result.custom_id for result in results} == {f"id-{n}" for n in range(5)}
    assert [result.custom_id for result in results] != [f"id-{n}" for n in range(5)]
    assert server.bill.output_usd == pytest.approx(5 * 1000 * 5 / 1e6)


def test_items_end_in_every_way_and_are_validated_only_while_processing() -> None:
    plan = BatchPlan(errored={0}, expired={1}, canceled={2}, blank_line=False)
    rules = behave(when(indexes(4), overloaded(), on="batch.item"), when(indexes(5), refusal(), on="batch.item"))
    with ApiServer(rules, batches=plan) as server, sdk(server) as client:
        requests = items(7)
        requests[3]["params"]["temperature"] = 0
        name = client.messages.batches.create(requests=requests).id
        results: dict[str, Any] = {r.custom_id: r.result for r in client.messages.batches.results(name)}

    kinds = [results[f"id-{n}"].type for n in range(7)]
    assert kinds == ["errored", "expired", "canceled", "errored", "errored", "succeeded", "succeeded"]
    errors = [results[f"id-{n}"].error.error.type for n in (0, 3, 4)]
    assert errors == ["api_error", "invalid_request_error", "overloaded_error"]
    assert results["id-5"].message.stop_reason == "refusal"
    assert server.bill.batch_replies == 2


@pytest.mark.parametrize("forbidden", [{"stream": False}, {"speed": "standard"}, {"max_tokens": 0}])
def test_items_may_not_hold_what_batches_forbid(plain: ApiServer, forbidden: dict[str, Any]) -> None:
    with sdk(plain) as client:
        (result,) = client.messages.batches.results(batch(client, 1, **forbidden))

    assert result.result.type == "errored"


def test_the_envelope_of_a_batch_is_checked_at_once() -> None:
    with ApiServer(sizes=Sizes(batch_requests=3, batch_bytes=5000)) as server, sdk(server) as client:
        badly_named: list[Any] = [{"custom_id": "a/b", "params": body()}]
        for wrong in ([], items(4), items(1) * 2, badly_named):
            with pytest.raises(anthropic.BadRequestError):
                client.messages.batches.create(requests=wrong)
        with pytest.raises(anthropic.ContentTooLargeError):
            batch(client, 1, system="x" * 5000)


def test_a_create_that_times_out_leaves_a_batch_behind() -> None:
    rules = behave(when(first(1), cut("after"), on="batches.create"))
    with ApiServer(rules) as server, sdk(server) as client:
        with pytest.raises(anthropic.APIConnectionError):
            batch(client, 2)
        kept = batch(client, 3)
        found = list(client.messages.batches.list(limit=1))

    assert [b.request_counts.processing for b in found] == [3, 2]
    assert found[0].id == kept


def test_torn_downloads_and_blank_lines_break_the_reader() -> None:
    with ApiServer(batches=BatchPlan(torn=1)) as server, sdk(server) as client:
        name = batch(client, 20)
        with pytest.raises(httpx2.RemoteProtocolError):
            list(client.messages.batches.results(name))
        assert len(list(client.messages.batches.results(name))) == 20
    with ApiServer(batches=BatchPlan(blank_line=True)) as server, sdk(server) as client:
        name = batch(client, 4)
        with pytest.raises(json.JSONDecodeError):
            list(client.messages.batches.results(name))


def test_a_batch_can_be_canceled_deleted_and_expires() -> None:
    clock = ManualClock()
    with ApiServer(batches=BatchPlan(polls=9), clock=clock) as server, sdk(server) as client:
        batches = client.messages.batches
        gone, late = batch(client, 2), batch(client, 2)
        assert batches.cancel(gone).processing_status == "canceling"
        assert batches.retrieve(gone).request_counts.canceled == 2
        assert batches.delete(gone).id == gone
        clock.advance(86_401)
        assert batches.retrieve(late).request_counts.expired == 2


def test_batch_items_share_the_cache() -> None:
    with ApiServer(batches=BatchPlan(parallel=2)) as server, sdk(server) as client:
        requests: list[Any] = [{"custom_id": f"{n}", "params": cached(f"{n}?", ttl="1h")} for n in range(6)]
        name = client.messages.batches.create(requests=requests).id
        reads = [r.result.message.usage for r in client.messages.batches.results(name) if r.result.type == "succeeded"]

    assert sum(usage.cache_read_input_tokens == 0 for usage in reads) == 2
    assert server.bill.read > 4000
