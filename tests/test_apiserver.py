"""The stand-in for the Messages API, through the real SDK: what it enforces, and each way it fails."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import anthropic
import httpx2
import pytest
from anthropic import Anthropic

from tests.apiserver import (
    ApiServer,
    BatchPlan,
    Collector,
    ManualClock,
    RateLimits,
    Reply,
    ScriptedResponder,
    Sizes,
    attempts,
    behave,
    body_has,
    broken_json,
    busier_than,
    capitals,
    chance,
    cut,
    cut_at_max_tokens,
    dribble,
    drop_fields,
    error,
    every_time,
    first,
    html,
    in_fence,
    in_prose,
    indexes,
    latency,
    mix,
    no_request_id,
    no_thinking,
    none_fields,
    other_model,
    overloaded,
    overloaded_in_200,
    own_limit,
    rate_limit_headers,
    rate_limited,
    redirect,
    refusal,
    server_error,
    sparse_usage,
    spend_limit,
    stop_reason,
    thinking_first,
    until,
    when,
    wrong_shape,
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


@pytest.fixture(scope="module")
def plain() -> Iterator[ApiServer]:
    with ApiServer() as server:
        yield server


# -- good answers ------------------------------


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


# -- what is enforced ------------------------------


def schema(**changes: Any) -> dict[str, Any]:
    return {"output_config": {"format": {"type": "json_schema", "schema": {**SCHEMA, **changes}}}}


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


# -- the prompt cache ------------------------------


def cached(question: str, *, ttl: str = "5m", size: int = 3600, **changes: Any) -> dict[str, Any]:
    mark = {"type": "ephemeral", "ttl": ttl}
    system = [{"type": "text", "text": "s" * size, "cache_control": mark}]
    return body(system=system, messages=[{"role": "user", "content": question}], **changes)


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


# -- errors and waiting ------------------------------


@pytest.mark.parametrize(
    ("fault", "kind", "status"),
    [
        (rate_limited(), anthropic.RateLimitError, 429),
        (spend_limit(), anthropic.EnforcedSpendLimitReachedError, 429),
        (own_limit(), anthropic.BadRequestError, 400),
        (overloaded(), anthropic.OverloadedError, 529),
        (server_error(500), anthropic.InternalServerError, 500),
        (server_error(503), anthropic.ServiceUnavailableError, 503),
        (server_error(504), anthropic.GatewayTimeoutError, 504),
        (error(400, "Invalid request data"), anthropic.BadRequestError, 400),
    ],
)
def test_each_error_has_the_class_the_sdk_gives_it(
    fault: Effect, kind: type[anthropic.APIStatusError], status: int
) -> None:
    with effect(fault) as server, pytest.raises(kind) as caught:
        send(server)

    assert (caught.value.status_code, caught.value.response.headers.get("retry-after")) == (status, None)
    assert (server.requests[0].outcome, server.bill.replies) == ("failed", 0)


def test_a_429_carries_the_wait_and_limits_it_is_given() -> None:
    with (
        effect(rate_limited(86_400), rate_limit_headers(limit=1000, remaining=0, reset=1_795_000_000)) as server,
        pytest.raises(anthropic.RateLimitError) as caught,
    ):
        send(server)

    headers = caught.value.response.headers
    assert headers["retry-after"] == "86400"
    assert headers["anthropic-ratelimit-requests-remaining"] == "0"
    assert headers["anthropic-ratelimit-requests-reset"].endswith("Z")


def test_a_storm_passes_by_count_or_by_clock() -> None:
    clock = ManualClock()
    rules = behave(when(until(240), overloaded()), when(first(3), overloaded()))
    with ApiServer(rules, clock=clock) as server:
        for _ in range(2):
            with pytest.raises(anthropic.OverloadedError):
                send(server)
        clock.advance(241)
        with pytest.raises(anthropic.OverloadedError):
            send(server)
        assert send(server).stop_reason == "end_turn"


def test_token_buckets_refuse_and_refill() -> None:
    clock = ManualClock()
    with ApiServer(rate_limits=RateLimits(requests=2), clock=clock) as server:
        send(server)
        send(server)
        with pytest.raises(anthropic.RateLimitError) as caught:
            send(server)
        clock.advance(float(caught.value.response.headers["retry-after"]))
        assert send(server).stop_reason == "end_turn"


def test_too_many_at_once_are_turned_away() -> None:
    rules = behave(every_time(latency(0.09)), when(busier_than(2), overloaded()))
    with ApiServer(rules) as server:
        together(server, [asked(f"{n}?") for n in range(4)])

    assert sorted(request.status or 0 for request in server.requests) == [200, 200, 529, 529]


def test_the_dice_depend_on_body_and_attempt_and_not_on_order() -> None:
    def statuses(order: list[int], seed: int) -> dict[tuple[int, int], int | None]:
        shares = mix((0.3, rate_limited()), (0.2, server_error()))
        with ApiServer(behave(shares, seed=seed), strict=False) as server, sdk(server) as client:
            for number in order:
                try:
                    client.messages.create(model="m", max_tokens=number, messages=[])
                except anthropic.APIStatusError:
                    continue
        return {(r.body["max_tokens"], r.attempt): r.status for r in server.requests}

    order = [*range(1, 41)] * 2
    found = statuses(order, 7)
    assert found == statuses(order[::-1], 7) != statuses(order, 8)
    assert 10 <= sum(status == 429 for status in found.values()) <= 38


def test_conditions_choose_by_number_attempt_text_and_chance() -> None:
    rules = behave(
        when(indexes(0), server_error()),
        when(attempts(1), overloaded()),
        when(body_has("Priya"), rate_limited()),
        when(chance(0.0), html()),
        when(chance(1.0), own_limit(), on="models.*"),
    )
    with ApiServer(rules) as server, sdk(server) as client:
        for request in (body(), body(), asked("I am Priya."), asked("I am Noor.")):
            try:
                send(server, request)
            except anthropic.APIStatusError:
                continue
        with pytest.raises(anthropic.BadRequestError):
            client.models.list()

    assert [request.status for request in server.requests] == [500, 529, 429, 200, 400]


# -- broken connections ------------------------------


@pytest.mark.parametrize("where", ["before", "after", "head", "within"])
@pytest.mark.parametrize("reset", [False, True])
def test_a_cut_connection_is_a_connection_error(where: Any, reset: bool) -> None:
    with effect(cut(where, reset=reset)) as server, pytest.raises(anthropic.APIConnectionError):
        send(server)

    assert server.requests[0].outcome == "cut"
    assert server.bill.replies == (0 if where == "before" else 1)


def test_dribbled_bytes_never_time_out_while_they_come() -> None:
    with effect(dribble(0.01, piece=64)) as server:
        assert send(server, timeout=0.1).stop_reason == "end_turn"
    with effect(dribble(0.3, piece=1)) as server, pytest.raises(anthropic.APITimeoutError):
        send(server, timeout=0.05)


def test_a_client_that_leaves_is_billed_all_the_same() -> None:
    with effect(latency(0.08)) as server:
        with pytest.raises(anthropic.APITimeoutError):
            send(server, timeout=0.02)
        while server.requests[0].outcome == "pending":
            threading.Event().wait(0.005)

    assert (server.requests[0].outcome, server.bill.replies) == ("abandoned", 1)


# -- 200, and yet wrong ------------------------------


def test_garbage_with_status_200_is_what_the_sdk_makes_of_it() -> None:
    with effect(html()) as server:
        assert isinstance(send(server), str)
        assert server.requests[0].outcome == "spoiled"
    with effect(broken_json()) as server, pytest.raises(json.JSONDecodeError):
        send(server)
    with effect(wrong_shape()) as server:
        assert send(server).content is None
    with effect(wrong_shape([1, 2])) as server:
        assert send(server) == [1, 2]
    with effect(overloaded_in_200()) as server:
        assert send(server).type == "error"


def test_missing_and_null_fields_arrive_as_none() -> None:
    with effect(drop_fields("usage")) as server:
        assert send(server).usage is None
    with effect(none_fields()) as server:
        assert send(server).content is None
    with effect(sparse_usage(), no_request_id()) as server:
        message = send(server)
    assert message.usage.cache_read_input_tokens is None
    assert message._request_id is None


def test_refusal_truncation_and_unknown_stop_reasons() -> None:
    with effect(refusal("reasoning_extraction")) as server:
        message = send(server)
        assert (message.stop_reason, message.content) == ("refusal", [])
        assert message.stop_details.category == "reasoning_extraction"
    with effect(cut_at_max_tokens()) as server:
        message = send(server)
        assert message.stop_reason == "max_tokens"
        with pytest.raises(json.JSONDecodeError):
            json.loads(text_of(message))
    with effect(stop_reason("stop"), other_model("claude-haiku-4-5")) as server:
        message = send(server)
        assert (message.stop_reason, message.model) == ("stop", "claude-haiku-4-5")


def test_text_around_and_within_the_json_changes() -> None:
    with effect(in_fence(), in_prose()) as server:
        text = text_of(send(server))
        assert "```json\n{" in text
        assert text.startswith("Here is")
    with effect(capitals()) as server:
        assert json.loads(text_of(send(server)))["state"] == "PARTLY"
    with effect(no_thinking(), thinking_first("Hm.")) as server:
        assert [block.type for block in send(server).content] == ["thinking", "text"]


def test_a_script_says_what_it_is_told() -> None:
    script = ScriptedResponder({"level": 1}, Reply("{}", model="claude-opus-5", headers={"x-a": "b"}), "last")
    with ApiServer(responder=script) as server, sdk(server) as client:
        texts = [text_of(send(server)) for _ in range(2)]
        raw = client.messages.with_raw_response.create(**asked("x"))
    assert [*texts, text_of(raw.parse())] == ['{"level": 1}', "{}", "last"]
    assert len(script.calls) == 3


# -- other hosts ------------------------------


def test_a_redirect_takes_the_body_to_another_host_but_not_the_key() -> None:
    with Collector() as other, effect(redirect(other.url)) as server:
        send(server)

    assert (other.seen[0].path, other.seen[0].key) == ("/v1/messages", "none")
    assert b"Tarn Bank" in other.seen[0].body


def test_a_results_url_on_another_host_gets_the_key() -> None:
    with Collector() as other:
        plan = BatchPlan(results_origin=other.url)
        with ApiServer(batches=plan) as server, sdk(server) as client:
            list(client.messages.batches.results(batch(client, 1)))

    assert other.seen[0].key == "right"


# -- batches ------------------------------


def items(count: int, **changes: Any) -> list[Any]:
    return [{"custom_id": f"id-{n}", "params": {**asked(f"Answer number {n}?"), **changes}} for n in range(count)]


def batch(client: Anthropic, count: int, **changes: Any) -> str:
    return client.messages.batches.create(requests=items(count, **changes)).id


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


# -- as a process ------------------------------


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
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[1]) as process:
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
