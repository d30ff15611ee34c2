"""How many requests are under way follows what the provider says; time is handed in."""

from __future__ import annotations

import asyncio
import datetime
import random

import pytest

from evalharness.errors import GradingStopped
from evalharness.graders.anthropic.client import CallError, Sent
from evalharness.graders.anthropic.retry import Retrying
from evalharness.graders.receiving import values
from evalharness.graders.sending.limiter import Limiter
from evalharness.model.config import RetryPolicy

NOON = datetime.datetime(2026, 11, 20, 12, 0, tzinfo=datetime.UTC)


class Time:
    """A clock that only sleeping moves."""

    def __init__(self) -> None:
        self.now = NOON
        self.slept: list[float] = []
        self.said: list[str] = []

    def __call__(self) -> datetime.datetime:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += datetime.timedelta(seconds=seconds)


def limiter(most: int, time: Time) -> Limiter:
    return Limiter(most, say=time.said.append, sleep=time.sleep, now=time)


def retrying(time: Time, **policy: float) -> Retrying:
    given = RetryPolicy(**policy)  # type: ignore[arg-type]  # attempts is an int where it is given
    return Retrying(given, say=time.said.append, now=time, sleep=time.sleep, rng=random.Random(1))


def test_the_first_sign_of_overload_halves_the_width_once_for_all() -> None:
    """Eight requests that fail in the same second are one sign, not eight."""
    time = Time()
    gate = limiter(16, time)

    for _ in range(8):
        gate.is_busy("the server is busy")

    assert gate.limit == 8
    assert time.said == ["the server is busy: from 16 to 8 requests at a time"]
    time.now += datetime.timedelta(seconds=2)
    gate.is_busy("the server is busy")
    assert gate.limit == 4


def test_the_width_comes_up_again_slowly_and_never_beyond_the_most() -> None:
    """A whole round of successes adds a few places, not all of them."""
    time = Time()
    gate = limiter(16, time)
    gate.is_busy("busy")

    gate.went_well()
    assert 8 < gate.limit < 9
    for _ in range(500):
        gate.went_well()
    assert gate.limit == 16


def test_a_used_up_limit_holds_everybody_until_its_reset_and_says_so() -> None:
    """The headers speak before the first 429 does."""
    time = Time()
    gate = limiter(4, time)
    reset = NOON + datetime.timedelta(seconds=20)
    gate.steer({"anthropic-ratelimit-requests-remaining": "0", "anthropic-ratelimit-requests-reset": reset.isoformat()})

    async def one() -> None:
        async with gate.turn():
            assert time.now >= reset

    asyncio.run(one())
    assert time.slept == [20.0]
    assert time.said == ["the limit of requests a minute is used up: waiting until 12:00:20 UTC"]


@pytest.mark.parametrize("headers", [{}, {"anthropic-ratelimit-tokens-remaining": "x"}, {"retry-after": "soon"}])
def test_headers_that_say_nothing_hold_nobody(headers: dict[str, str]) -> None:
    """Gateways send what they like."""
    time = Time()
    gate = limiter(4, time)
    gate.steer(headers)

    async def one() -> None:
        async with gate.turn():
            pass

    asyncio.run(one())
    assert time.slept == []


def test_a_storm_of_minutes_is_outlasted() -> None:
    """Every request fails for four minutes; the call is repeated until the server is back."""
    time = Time()
    calls = 0

    async def send() -> Sent:
        nonlocal calls
        calls += 1
        if time.now < NOON + datetime.timedelta(seconds=100):
            raise CallError("HTTP 529 overloaded_error", transient=True, status=529)
        return Sent(message="fine", headers={})

    sent = asyncio.run(retrying(time, attempts=40)(send, on_error=lambda error: None))

    assert sent.message == "fine"
    assert sum(time.slept) >= 100
    assert max(time.slept) <= 60


def test_what_the_server_asks_to_wait_is_waited_with_a_little_more() -> None:
    """Never less than asked, and not all at the same moment."""
    time = Time()
    errors = [CallError("HTTP 429", transient=True, status=429, after=7.0)]

    async def send() -> Sent:
        if errors:
            raise errors.pop()
        return Sent(message="fine", headers={})

    asyncio.run(retrying(time)(send, on_error=lambda error: None))
    (slept,) = time.slept
    assert 7.0 <= slept <= 8.0


def test_a_wait_beyond_the_longest_stops_the_run_and_says_until_when() -> None:
    """Forty-nine days are nobody's night before."""
    time = Time()

    async def send() -> Sent:
        raise CallError("HTTP 429", transient=True, status=429, after=3600.0)

    with pytest.raises(GradingStopped, match="asks to wait until 2026-11-20 13:00 UTC"):
        asyncio.run(retrying(time)(send, on_error=lambda error: None))
    assert time.slept == []


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "12"}, 12.0),
        ({"retry-after-ms": "1500", "retry-after": "12"}, 1.5),
        ({"retry-after": "Fri, 20 Nov 2026 12:00:30 GMT"}, 30.0),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "Fri, 31 Dec 9999 23:59:59 GMT"}, None),
        ({"retry-after": "1e300"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "-5", "retry-after-ms": "inf"}, None),
        ({}, None),
    ],
)
def test_every_form_of_retry_after_is_read(headers: dict[str, str], seconds: float | None) -> None:
    """Seconds, milliseconds, a date; what is none of them, or what nobody means, counts as not said."""
    found = values.wait(headers, NOON)
    assert found == (pytest.approx(seconds) if seconds is not None else None)
