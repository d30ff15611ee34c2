"""As fast as the provider allows: no refusal where its headers are followed, and nobody waits for what never comes."""

from __future__ import annotations

import asyncio
import datetime
import heapq
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import evalharness
from evalharness.calls.runner import grade_all
from evalharness.graders import Answered, Reply
from evalharness.graders.sending.deadline import within
from evalharness.graders.sending.limiter import Limiter
from evalharness.graders.sending.pace import Allowance, Pace, requests_allowance
from evalharness.graders.sending.patience import Patience
from evalharness.load import load_project
from evalharness.model.config import RetryPolicy
from evalharness.model.nouns import GraderId
from evalharness.plan.plan import Call, make_calls, make_plan
from tests import apiserver as api
from tests.responder import GradingResponder
from tests.support import ScriptedGrader, many, world_at, write_project

NOON = datetime.datetime(2026, 11, 20, 12, 0, tzinfo=datetime.UTC)


class Bucket:
    """The server's side: a bucket of requests that is refilled all the time."""

    def __init__(self, limit: int) -> None:
        self.limit, self.level, self.at, self.refused = limit, float(limit), 0.0, 0

    def admit(self, now: float) -> Allowance:
        self.level = min(self.limit, self.level + (now - self.at) * self.limit / 60)
        self.at = now
        self.refused += self.level < 1
        self.level -= 1
        full_in = (self.limit - self.level) * 60 / self.limit
        return Allowance(left=max(0, int(self.level)), limit=self.limit, full_in=full_in)


def simulate(calls: int, *, limit: int, latency: float, width: int) -> tuple[int, float]:
    """Return how many of `calls` requests a server refuses, and when the last was sent; time is simulated."""
    pace, bucket = Pace(), Bucket(limit)
    now, sent, active = 0.0, 0, 0
    under_way: list[tuple[float, int, Allowance]] = []
    while sent < calls:
        wait = pace.wait(now)
        if wait == 0 and active < width:
            number = pace.send(now)
            heapq.heappush(under_way, (now + latency, number, bucket.admit(now)))
            sent, active = sent + 1, active + 1
            continue
        next_reply = under_way[0][0] if under_way else float("inf")
        now = min(next_reply, now + wait if wait else float("inf"))
        while under_way and under_way[0][0] <= now:
            _, number, allowance = heapq.heappop(under_way)
            pace.hear(number, allowance, now)
            pace.ended()
            active -= 1
    return bucket.refused, now


@given(latency=st.floats(0.01, 30), limit=st.sampled_from([50, 60, 100, 1000]), width=st.integers(1, 64))
def test_a_limit_that_the_headers_tell_is_never_run_into(latency: float, limit: int, width: int) -> None:
    """Whatever the latency: 150 requests against a bucket, none of them refused."""
    refused, _ = simulate(150, limit=limit, latency=latency, width=width)

    assert refused == 0


def test_a_limit_is_used_and_not_only_kept() -> None:
    """112 requests at 50 a minute take little more than the 75 s that the limit itself asks for."""
    _, last = simulate(112, limit=50, latency=6.0, width=64)

    assert 74 <= last < 95


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (
            {
                "anthropic-ratelimit-requests-remaining": "7",
                "anthropic-ratelimit-requests-limit": "50",
                "anthropic-ratelimit-requests-reset": "2026-11-20T12:00:30Z",
            },
            (7, 50, 30),
        ),
        (
            {
                "x-ratelimit-remaining-requests": "59",
                "x-ratelimit-limit-requests": "60",
                "x-ratelimit-reset-requests": "1s",
            },
            (59, 60, 1),
        ),
        ({"x-ratelimit-remaining-requests": "1", "x-ratelimit-reset-requests": "6m0s"}, (1, None, 360)),
        ({"x-ratelimit-remaining-requests": "1", "x-ratelimit-reset-requests": "120ms"}, (1, None, 0.12)),
        ({"x-ratelimit-remaining-requests": "1", "x-ratelimit-reset-requests": "soon"}, (1, None, 60)),
        ({"x-ratelimit-remaining-requests": "many"}, None),
        ({}, None),
    ],
)
def test_the_headers_of_both_protocols_are_understood(headers: dict[str, str], expected: Any) -> None:
    """Moments, durations, and what gateways make of them."""
    found = requests_allowance(headers, NOON)

    assert (found and (found.left, found.limit, found.full_in)) == expected


def test_a_clock_that_is_wrong_does_not_shift_the_reset() -> None:
    """The server's own clock stands in its headers."""
    headers = {
        "anthropic-ratelimit-requests-remaining": "0",
        "anthropic-ratelimit-requests-limit": "50",
        "anthropic-ratelimit-requests-reset": "2026-11-20T12:00:30Z",
        "date": "Fri, 20 Nov 2026 12:00:00 GMT",
    }

    found = requests_allowance(headers, NOON + datetime.timedelta(hours=3))

    assert found is not None
    assert found.full_in == 30


def test_requests_that_fail_without_headers_do_not_hold_the_others_for_ever() -> None:
    """A storm at the very beginning uses no allowance up."""
    pace = Pace()
    for _ in range(500):
        assert pace.wait(0.0) == 0
        pace.send(0.0)
        pace.ended()


def test_the_gate_doubles_every_second_until_the_first_complaint() -> None:
    """Sixteen at once, then up to 64 while nothing is wrong; halved at trouble, and from then on slowly."""
    now = NOON
    said: list[str] = []

    async def sleep(seconds: float) -> None:
        raise AssertionError("nobody has to wait")

    gate = Limiter(64, say=said.append, sleep=sleep, now=lambda: now, start=16)

    async def widths() -> list[int]:
        nonlocal now
        found = []
        for _ in range(4):
            async with gate.turn():
                found.append(int(gate.limit))
            now += datetime.timedelta(seconds=1)
        gate.is_busy("the server is busy")
        now += datetime.timedelta(seconds=10)
        async with gate.turn():
            found.append(int(gate.limit))
        return found

    assert asyncio.run(widths()) == [16, 32, 64, 64, 32]


@given(st.lists(st.floats(0.1, 80), max_size=60))
def test_patience_is_never_short_and_never_endless(took: list[float]) -> None:
    """90 s until 20 replies are known, then three times the slowest, between 30 s and 180 s; repeats get longer."""
    patience = Patience(90.0)
    for seconds in took:
        patience.took(seconds)

    first = patience.deadline(1)
    assert first == 90.0 if len(took) < 20 else 30.0 <= first <= 180.0
    assert [patience.deadline(n) / first for n in (2, 3, 9)] == [2, 4, 8]


def test_a_request_that_never_answers_does_not_hold_the_run(tmp_path: Path) -> None:
    """One in twenty hangs; each is given up at its deadline and answered by a repeat, longer than the first."""
    policy = RetryPolicy(scale=0.001, call=1.0)
    rule = api.behave(api.when(api.indexes(3), api.latency(600)))
    with api.ApiServer(rule, GradingResponder()) as server:
        given = {"grader": "anthropic", "base_url": server.url, "max_usd": 0.0, "retry": policy, "max_samples": 1}
        world = world_at(write_project(tmp_path, many(10)), environment={"ANTHROPIC_API_KEY": "test-key"})
        run = evalharness.run([], settings=given, world=world)

    assert run.meta.ungraded == 0


class Ahead(ScriptedGrader):
    """A grader whose calls end when they are told to; notes which have begun."""

    def __init__(self, head_start: float) -> None:
        super().__init__(lambda criterion, turn: Answered(drafts={}))
        self.id = GraderId(name="ahead", version="1", mode="per_criterion")
        self.head_start = head_start
        self.begun: list[str] = []
        self.let_go = asyncio.Event()

    async def ask(self, call: Call, *, turn: int) -> Reply:
        self.begun.append(call.criteria[0].id)
        await self.let_go.wait()
        return await super().ask(call, turn=turn)


@pytest.mark.parametrize(("head_start", "begun"), [(0.0, 2), (float("inf"), 1)])
def test_calls_that_begin_alike_follow_the_first_only_where_that_is_worth_waiting_for(
    tmp_path: Path, head_start: float, begun: int
) -> None:
    """Without a head start everything goes out at once."""
    cases = load_project([], cwd=write_project(tmp_path)).cases

    async def look() -> int:
        grader = Ahead(head_start)
        calls = make_calls(make_plan(cases, grader.id, grader.reads).slots, "per_criterion")
        calls = tuple(call for call in calls if grader.reads(call.criteria[0]))
        run = asyncio.create_task(
            grade_all(calls, grader, concurrency=8, on_grade=lambda grade: None, clock=lambda: "now")
        )
        for _ in range(50):
            await asyncio.sleep(0)
        found = len(grader.begun)
        grader.let_go.set()
        await run
        return found

    assert asyncio.run(look()) == begun


def test_joint_mode_writes_no_cache_that_nobody_reads(tmp_path: Path) -> None:
    """All calls go out at once, so no mark is paid for; one call at a time still shares what it can."""
    prices = {}
    for concurrency in ("auto", 1):
        with api.ApiServer(responder=GradingResponder()) as server:
            settings = {"grader": "anthropic", "base_url": server.url, "mode": "joint", "max_samples": 1}
            root = write_project(tmp_path / str(concurrency), many(4))
            world = world_at(root, environment={"ANTHROPIC_API_KEY": "test-key"})
            run = evalharness.run([], settings={**settings, "concurrency": concurrency}, world=world)
        prices[concurrency] = run.meta.cost
    assert prices["auto"].cache_write == 0
    assert prices[1].cache_read > 0


class Jumping(asyncio.SelectorEventLoop):
    """A loop whose clock can be put forward, as it seems to a process that stood still."""

    missed = 0.0

    def time(self) -> float:
        return super().time() + self.missed


@pytest.mark.parametrize(("stalls", "answered"), [(1, True), (20, False)])
def test_a_process_that_stood_still_still_takes_the_replies_that_lie_there(stalls: int, answered: bool) -> None:
    """A laptop that slept for an hour pays no call twice; what never answers is given up all the same."""

    async def asked() -> str:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, Jumping)
        async with within(60.0):
            for _ in range(stalls):
                loop.missed += 3600
                for _ in range(5):  # a reply takes a few turns of the loop to be read
                    await asyncio.sleep(0)
        return "read"

    with asyncio.Runner(loop_factory=Jumping) as runner:
        if answered:
            assert runner.run(asked()) == "read"
        else:
            with pytest.raises(TimeoutError):
                runner.run(asked())
