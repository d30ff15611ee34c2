"""The test server misbehaves: each fault arrives at the real SDK as the class it should be."""

from __future__ import annotations

import json
import threading
from typing import Any

import anthropic
import pytest

from tests.apiserver import (
    ApiServer,
    BatchPlan,
    Collector,
    ManualClock,
    RateLimits,
    Reply,
    ScriptedResponder,
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
from tests.apiserver_calls import asked, batch, body, effect, sdk, send, text_of, together


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
