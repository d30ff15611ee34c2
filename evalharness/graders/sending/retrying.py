"""One policy for repeating a request; tenacity alone is in charge, whatever client sends."""

from __future__ import annotations

import datetime
import random
from collections.abc import Awaitable, Callable
from typing import Any, Final

from evalharness.errors import GradingStopped
from evalharness.graders.sending.failure import UNREADABLE, CallError, Sent
from evalharness.graders.sending.limiter import Now, Say
from evalharness.model.config import RetryPolicy

FIRST_WAIT, LONGEST_BACKOFF = 1.0, 60.0
UNREADABLE_ATTEMPTS: Final = 3
WORTH_SAYING: Final = 3.0

Send = Callable[[], Awaitable[Sent]]


class Retrying:
    """Repeats transient failures with full jitter, within the policy's attempts and total time."""

    def __init__(
        self, policy: RetryPolicy, *, say: Say, now: Now, sleep: Callable[[float], Awaitable[None]], rng: random.Random
    ) -> None:
        self._policy, self._say, self._now, self._sleep, self._rng = policy, say, now, sleep, rng
        self._told: datetime.datetime | None = None

    async def __call__(self, send: Send, *, on_error: Callable[[CallError], None]) -> Sent:
        """Return the first good reply; raises the last `CallError`, or `GradingStopped` for a wait too long."""
        import tenacity

        policy = self._policy
        enough = tenacity.stop_any(
            tenacity.stop_after_attempt(policy.attempts), tenacity.stop_before_delay(policy.total)
        )
        unreadable = 0
        retrying = tenacity.AsyncRetrying(
            retry=tenacity.retry_if_exception(lambda error: isinstance(error, CallError) and error.transient),
            wait=self._wait,
            stop=lambda state: enough(state) or unreadable >= UNREADABLE_ATTEMPTS,
            sleep=self._sleep,
            reraise=True,
        )
        async for attempt in retrying:
            with attempt:
                try:
                    return await send()
                except CallError as error:
                    unreadable += error.kind == UNREADABLE
                    on_error(error)
                    raise
        raise AssertionError("tenacity ends by returning or raising")

    def _wait(self, state: Any) -> float:
        error = state.outcome.exception() if state.outcome else None
        after = error.after if isinstance(error, CallError) else None
        if after is not None and after > 0:
            if after > self._policy.longest_wait:
                self._too_long(after)
            self._tell(f"{error}: the server asks to wait {after:.0f} s", after)
            return after + self._rng.uniform(0, min(1.0, after))
        ceiling = min(LONGEST_BACKOFF, FIRST_WAIT * 2 ** (state.attempt_number - 1)) * self._policy.scale
        seconds = self._rng.uniform(0, ceiling)
        self._tell(f"{error}: trying again in {seconds:.0f} s (attempt {state.attempt_number + 1})", seconds)
        return seconds

    def _tell(self, line: str, seconds: float) -> None:
        """Say that nothing happens for a while; once for the calls that wait for the same moment."""
        until = self._now() + datetime.timedelta(seconds=seconds)
        if seconds >= WORTH_SAYING and (self._told is None or until > self._told):
            self._told = until + datetime.timedelta(seconds=WORTH_SAYING)
            self._say(f"{line}, until {until:%H:%M:%S} UTC")

    def _too_long(self, after: float) -> None:
        until = self._now() + datetime.timedelta(seconds=min(after, 10_000_000))
        raise GradingStopped(
            f"the server asks to wait until {until:%Y-%m-%d %H:%M} UTC",
            hint="nothing can be graded before",
        )
