"""How many requests may be under way: quickly more while nothing complains, down together when the provider is busy.

Additive increase, multiplicative decrease (Chiu & Jain 1989), as TCP shares a line: the width doubles every second
until the first sign of overload; that halves it for everybody, at most once a second, and from then on every success
adds a little.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Final

from evalharness.graders.receiving import values
from evalharness.graders.sending.pace import BLIND, Pace, requests_allowance

START: Final = 32
SETTLE: Final = 1.0
LONGEST_HOLD: Final = 60.0
TOLD_FROM: Final = 2.0

Say = Callable[[str], None]
Sleep = Callable[[float], Awaitable[None]]
Now = Callable[[], datetime.datetime]


class Limiter:
    """A gate whose width follows what the provider says; `start` is where it begins."""

    def __init__(
        self, most: int, *, say: Say, sleep: Sleep, now: Now, start: int = START, blind: float = BLIND
    ) -> None:
        self.most = most
        self.limit = float(min(most, start))
        self.active = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._say, self._sleep, self._now = say, sleep, now
        self._settled = self._held_until = datetime.datetime.min.replace(tzinfo=datetime.UTC)
        self._waited_for: set[datetime.datetime] = set()
        self._pace = Pace(blind)
        self._began = now()
        self._widened: datetime.datetime | None = None  # None: not begun, or no longer widened by time
        self._calm, self._told = True, False
        self._news = asyncio.Event()

    @contextlib.asynccontextmanager
    async def turn(self) -> AsyncIterator[int]:
        """Hold one place for one request and yield the request's number."""
        await self._enter()
        try:
            await self._hold()
            await self._keep_pace()
            yield self._pace.send(self._seconds())
        finally:
            self._pace.ended()
            self._news.set()
            self.active -= 1
            self._wake()

    def rest(self) -> None:
        """Forget who waits: nobody does, and the next request may come from another event loop."""
        self._waiting.clear()
        self._news = asyncio.Event()

    def widen(self) -> None:
        """Double the limit: something was answered without a complaint."""
        self.limit = min(float(self.most), self.limit * 2)

    def went_well(self) -> None:
        """Widen by one place for each full round of successes."""
        self.limit = min(float(self.most), self.limit + 1.0 / max(1.0, self.limit / 4))

    def is_busy(self, why: str) -> None:
        """Halve the limit for all, at most once in `SETTLE` seconds."""
        now = self._now()
        self._calm = False
        if now < self._settled:
            return
        self._settled = now + datetime.timedelta(seconds=SETTLE)
        before, self.limit = int(self.limit), max(1.0, self.limit / 2)
        if int(self.limit) < before:
            self._say(f"{why}: from {before} to {int(self.limit)} requests at a time")

    def steer(self, headers: Mapping[str, str], number_: int = 0) -> None:
        """Follow the rate-limit headers of the reply to a request: its pace, or a hold where nothing is left."""
        allowance = requests_allowance(headers, self._now())
        self._pace.hear(number_, allowance, self._seconds())
        self._news.set()
        paced = allowance is not None and allowance.limit is not None
        for kind in ("requests", "input-tokens", "output-tokens", "tokens"):
            left = values.number(headers.get(f"anthropic-ratelimit-{kind}-remaining"))
            reset = values.reset(headers.get(f"anthropic-ratelimit-{kind}-reset"), self._now())
            if left is None or reset is None or left > 0 or (paced and kind == "requests"):
                continue
            until = min(reset, self._now() + datetime.timedelta(seconds=LONGEST_HOLD))
            if until > self._held_until and reset not in self._waited_for:
                self._waited_for.add(reset)  # said again after that wait, it was not true
                self._held_until = until
                self._say(f"the limit of {kind} a minute is used up: waiting until {until:%H:%M:%S} UTC")

    async def _enter(self) -> None:
        """Take a place, waiting for one that becomes free or for the gate to widen."""
        while self.active >= max(1, int(self._width())):
            free = asyncio.get_running_loop().create_future()
            self._waiting.append(free)
            try:
                await asyncio.wait([free], timeout=SETTLE if self._calm and self.limit < self.most else None)
            finally:
                with contextlib.suppress(ValueError):
                    self._waiting.remove(free)
        self.active += 1

    def _wake(self) -> None:
        """Wake as many of those who wait as there are places."""
        room = max(1, int(self.limit)) - self.active
        while self._waiting and room > 0:
            free = self._waiting.popleft()
            if not free.done():
                free.set_result(None)
                room -= 1

    def _width(self) -> float:
        """Return the limit of now: twice as wide for every second without a complaint."""
        now = self._now()
        if self._widened is None:
            self._widened = now
        seconds = int((now - self._widened).total_seconds() / SETTLE)
        if self._calm and seconds > 0:
            self._widened += datetime.timedelta(seconds=seconds * SETTLE)
            self.limit = min(float(self.most), self.limit * 2 ** min(seconds, 8))
            self._wake()
        return self.limit

    async def _hold(self) -> None:
        while (left := (self._held_until - self._now()).total_seconds()) > 0:
            await self._sleep(left)
            if (self._held_until - self._now()).total_seconds() >= left:
                return  # a clock that stands still (a test's) must not hold us for ever

    async def _keep_pace(self) -> None:
        """Wait until the limit of requests a minute allows one more; before the first reply, until one has ended."""
        while (wait := self._pace.wait(self._seconds())) > 0:
            if self._pace.is_blind:
                self._news.clear()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(wait):
                        await self._news.wait()
                continue
            if wait >= TOLD_FROM and not self._told:
                self._told = True
                self._say("the limit of requests a minute is nearly used up: going on as fast as it allows")
            await self._sleep(wait)

    def _seconds(self) -> float:
        return (self._now() - self._began).total_seconds()
