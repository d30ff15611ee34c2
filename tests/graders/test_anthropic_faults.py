"""The Messages API as it fails: what heals, what is ungraded with its reason, and what ends the run."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
import pytest

import evalharness
from evalharness.model.nouns import Why
from evalharness.model.run import RunState
from tests import apiserver as api
from tests.graders.test_anthropic import KEY, QUICK, go, graded, messages, reasons
from tests.responder import GradingResponder
from tests.support import Notes, many, world_at, write_project


@pytest.mark.parametrize(
    "effect",
    [
        api.rate_limited(),
        api.rate_limited(0.01),
        api.server_error(500),
        api.server_error(503),
        api.overloaded(),
        api.cut("before"),
        api.cut("within"),
        api.html(),
        api.broken_json(),
        api.overloaded_in_200(),
        api.wrong_shape(),
        api.say("no JSON here, sorry"),
        api.stop_reason("stop"),
        api.error(400, "Invalid request data"),
    ],
    ids=lambda effect: getattr(effect, "__qualname__", repr(effect))[:40],
)
def test_a_passing_fault_costs_nobody_a_grade(tmp_path: Path, effect: Any) -> None:
    """Whatever happens to the first request of each body, a later one heals it."""
    rule = api.behave(api.when(api.attempts(0), effect))
    with api.ApiServer(rule, GradingResponder()) as server:
        run = go(write_project(tmp_path, many(2)), server)

    assert reasons(run) == Counter()
    assert len(graded(run)) == 6


def test_a_reply_cut_at_the_limit_is_asked_once_more_with_more_room(tmp_path: Path) -> None:
    """The second request has four times the room."""
    rule = api.when(lambda call, number: call.body["max_tokens"] == 4096, api.cut_at_max_tokens())
    with api.ApiServer(api.behave(rule), GradingResponder()) as server:
        run = go(write_project(tmp_path), server)

    rooms = sorted(request.body["max_tokens"] for request in messages(server))
    assert reasons(run) == Counter()
    assert rooms == [4096, 4096, 16384, 16384]


@pytest.mark.parametrize(
    "effect",
    [api.capitals(), api.in_prose(), api.in_fence(), api.thinking_first(), api.drop_fields("usage")],
    ids=["capitals", "prose", "fence", "thinking", "no-usage"],
)
def test_a_server_with_habits_of_its_own_is_understood(tmp_path: Path, effect: Any) -> None:
    """Lenient in reading: other capitals, prose around the object, thinking first, fields left out."""
    with api.ApiServer(api.behave(api.every_time(effect)), GradingResponder()) as server:
        run = go(write_project(tmp_path), server)

    assert len(graded(run)) == 3


@pytest.mark.parametrize(
    ("effect", "why"),
    [
        (api.refusal("general_harms"), Why.REFUSED),
        (api.cut_at_max_tokens(), Why.CUT_OFF),
        (api.stop_reason("stop"), Why.INVALID_REPLY),
        (api.say('{"level": 7}'), Why.INVALID_REPLY),
        (api.say("4"), Why.INVALID_REPLY),
        (api.none_fields(), Why.INVALID_REPLY),
        (api.error(413, "request too large"), Why.TOO_LARGE),
        (api.error(418, "I'm a teapot"), Why.GAVE_UP),
        (api.error(451, "not where you are"), Why.GAVE_UP),
    ],
    ids=["refusal", "max_tokens", "stop", "level 7", "bare number", "none", "413", "418", "451"],
)
def test_what_does_not_heal_is_ungraded_with_its_reason(tmp_path: Path, effect: Any, why: Why) -> None:
    """Never a low score: the total is missing, and the run says so."""
    with api.ApiServer(api.behave(api.every_time(effect)), GradingResponder()) as server:
        run = go(write_project(tmp_path), server)

    assert reasons(run) == Counter({why: 2})
    assert evalharness.summary(run).series[0].latest.total is None


@pytest.mark.parametrize(
    ("effect", "said"),
    [
        (api.error(401, "invalid x-api-key", kind="authentication_error"), "HTTP 401"),
        (api.error(403, "not allowed", kind="permission_error"), "HTTP 403"),
        (api.spend_limit(), "HTTP 429"),
        (api.own_limit(), "HTTP 400"),
        (api.error(400, "max_tokens: too large"), "max_tokens: too large"),
    ],
    ids=["401", "403", "spend limit", "own limit", "invalid request"],
)
def test_what_no_call_survives_stops_the_run_at_once(tmp_path: Path, effect: Any, said: str) -> None:
    """One clear message, no storm of requests, everything graded is kept, exit 3."""
    with api.ApiServer(api.behave(api.every_time(effect)), GradingResponder()) as server:
        run = go(write_project(tmp_path, many(30)), server, concurrency=2)

    assert run.meta.state is RunState.STOPPED
    assert said in run.meta.why
    assert len(messages(server)) <= 4
    assert reasons(run) == Counter({Why.STOPPED: 60})


def test_a_server_that_asks_for_an_hour_is_not_obeyed_in_silence(tmp_path: Path) -> None:
    """The run stops, says until when, and keeps what it has."""
    with api.ApiServer(api.behave(api.every_time(api.rate_limited(3600))), GradingResponder()) as server:
        run = go(write_project(tmp_path), server)

    assert run.meta.state is RunState.STOPPED
    assert "asks to wait until" in run.meta.why


def test_a_server_that_is_down_ends_the_run_after_three_lost_calls(tmp_path: Path) -> None:
    """Not every one of a thousand calls is repeated for ten minutes."""
    policy = msgspec.structs.replace(QUICK, attempts=3)
    with api.ApiServer(api.behave(api.every_time(api.overloaded())), GradingResponder()) as server:
        run = go(write_project(tmp_path, many(40)), server, retry=policy, concurrency=4)

    assert run.meta.state is RunState.STOPPED
    assert "calls in a row failed" in run.meta.why
    assert len(messages(server)) < 40


def test_a_dribbling_server_meets_a_real_deadline(tmp_path: Path) -> None:
    """A byte now and then is no reply; the call ends at its deadline and is repeated."""
    policy = msgspec.structs.replace(QUICK, call=0.3, attempts=2)
    rule = api.behave(api.when(api.indexes(0), api.dribble(0.05)))
    with api.ApiServer(rule, GradingResponder()) as server:
        run = go(write_project(tmp_path), server, retry=policy)

    assert len(graded(run)) == 3


def test_a_redirect_is_not_followed(tmp_path: Path) -> None:
    """Neither the answer nor the key goes to another host."""
    with (
        api.Collector() as other,
        api.ApiServer(api.behave(api.every_time(api.redirect(other.url))), GradingResponder()) as server,
    ):
        run = go(write_project(tmp_path), server)

    assert run.meta.state is RunState.STOPPED
    assert other.seen == []


def test_under_ten_percent_faults_every_grade_arrives_and_none_twice(tmp_path: Path) -> None:
    """10 % 429, 5 % 500, 3 % cut, 2 % garbage: 200 of 200 graded, as many answers used as were given."""
    faults = api.behave(
        api.mix((0.10, api.rate_limited()), (0.05, api.server_error()), (0.03, api.cut()), (0.02, api.html())), seed=5
    )
    with api.ApiServer(faults, GradingResponder()) as server:
        run = go(write_project(tmp_path, many(100)), server, concurrency=16)

    keys = [line[8:40] for line in (tmp_path / "reports" / run.meta.id / "grades.jsonl").read_bytes().splitlines()]
    assert run.meta.ungraded == 0
    assert len(keys) == len(set(keys)) == 300
    assert server.bill.replies == 200


def test_concurrency_goes_down_for_all_when_the_server_is_busy(tmp_path: Path) -> None:
    """The first signs of overload halve the width once, not once a request."""
    notes = Notes()
    with api.ApiServer(api.behave(api.when(api.first(8), api.overloaded())), GradingResponder()) as server:
        go(write_project(tmp_path, many(10)), server, notes=notes, concurrency=8)

    assert "the server is busy: from 8 to 4 requests at a time" in notes.lines


def test_a_model_that_nobody_knows_ends_the_run_at_the_first_call(tmp_path: Path) -> None:
    """A typo costs one refused call: what a server says to the question for a model is only a help."""
    with api.ApiServer(responder=GradingResponder()) as server:
        run = go(write_project(tmp_path), server, model="claude-sonet-5-5")

    assert "does not know the model claude-sonet-5-5" in run.meta.why
    assert [request.status for request in messages(server)] == [404]


def test_a_server_that_is_not_there_is_told_at_once(tmp_path: Path) -> None:
    """A wrong port costs a second, not ten minutes of repeats."""
    with api.ApiServer(responder=GradingResponder()) as server:
        url = server.url
    given = {"grader": "anthropic", "base_url": url, "max_usd": 0.0}

    run = evalharness.run([], settings=given, world=world_at(write_project(tmp_path), environment=KEY))

    assert run.meta.state is RunState.STOPPED
    assert "nothing answers at 127.0.0.1" in run.meta.why


def test_a_server_without_a_list_of_models_is_fine(tmp_path: Path) -> None:
    """Gateways and local servers answer 404 to what they don't have."""
    notes = Notes()
    with api.ApiServer(responder=GradingResponder(), without=("models",), prefix="/anthropic") as server:
        run = go(write_project(tmp_path), server, notes=notes)

    assert run.meta.ungraded == 0
