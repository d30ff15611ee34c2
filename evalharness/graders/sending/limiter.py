"""How many requests may be under way: down together when the provider is busy, up again slowly.

Additive increase, multiplicative decrease (Chiu & Jain 1989), as TCP shares a line: every success adds a little,
the first sign of overload halves the limit for everybody, at most once a second.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Final

START: Final = 32
SETTLE: Final = 1.0
LONGEST_HOLD: Final = 60.0

Say = Callable[[str], None]
Sleep = Callable[[float], Awaitable[None]]
Now = Callable[[], datetime.datetime]


class Limiter:
    """A gate whose width follows what the provider says."""

    def __init__(self, most: int, *, say: Say, sleep: Sleep, now: Now) -> None:
        self.most = most
        self.limit = float(min(most, START))
        self.active = 0
        self._room = asyncio.Condition()
        self._say, self._sleep, self._now = say, sleep, now
        self._settled = self._held_until = datetime.datetime.min.replace(tzinfo=datetime.UTC)

    @contextlib.asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Hold one place for one request."""
        async with self._room:
            await self._room.wait_for(lambda: self.active < max(1, int(self.limit)))
            self.active += 1
        try:
            await self._hold()
            yield
        finally:
            async with self._room:
                self.active -= 1
                self._room.notify_all()

    def rest(self) -> None:
        """Forget who waits: nobody does, and the next request may come from another event loop."""
        self._room = asyncio.Condition()

    def went_well(self) -> None:
        """Widen by one place for each full round of successes."""
        self.limit = min(float(self.most), self.limit + 1.0 / max(1.0, self.limit / 4))

    def is_busy(self, why: str) -> None:
        """Halve the limit for all, at most once in `SETTLE` seconds."""
        now = self._now()
        if now < self._settled:
            return
        self._settled = now + datetime.timedelta(seconds=SETTLE)
        before, self.limit = int(self.limit), max(1.0, self.limit / 2)
        if int(self.limit) < before:
            self._say(f"{why}: from {before} to {int(self.limit)} requests at a time")

    def steer(self, headers: Mapping[str, str]) -> None:
        """Hold new requests until the reset where the rate-limit headers say that nothing is left."""
        for kind in ("requests", "input-tokens", "output-tokens", "tokens"):
            left = _number(headers.get(f"anthropic-ratelimit-{kind}-remaining"))
            reset = _moment(headers.get(f"anthropic-ratelimit-{kind}-reset"))
            if left is None or reset is None or left > 0:
                continue
            until = min(reset, self._now() + datetime.timedelta(seconds=LONGEST_HOLD))
            if until > self._held_until and until > self._now():
                self._held_until = until
                self._say(f"the limit of {kind} a minute is used up: waiting until {until:%H:%M:%S} UTC")

    async def _hold(self) -> None:
        while (left := (self._held_until - self._now()).total_seconds()) > 0:
            await self._sleep(left)
            if (self._held_until - self._now()).total_seconds() >= left:
                return  # a clock that stands still (a test's) must not hold us for ever


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None


def _moment(text: str | None) -> datetime.datetime | None:
    try:
        found = datetime.datetime.fromisoformat(text) if text else None
    except ValueError:
        return None
    return found.replace(tzinfo=found.tzinfo or datetime.UTC) if found else None
