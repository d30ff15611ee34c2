"""One policy for repeating a request; tenacity alone is in charge, whatever client sends."""

from __future__ import annotations

import contextlib
import datetime
import email.utils
import random
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from evalharness.errors import GradingStopped
from evalharness.graders.sending.failure import CallError, Sent
from evalharness.graders.sending.limiter import Now, Say
from evalharness.model.config import RetryPolicy

FIRST_WAIT, LONGEST_BACKOFF = 1.0, 60.0
NO_CONNECTION: Final = "no_connection"

Send = Callable[[], Awaitable[Sent]]


class Retrying:
    """Repeats transient failures with full jitter, within the policy's attempts and total time."""

    def __init__(
        self, policy: RetryPolicy, *, say: Say, now: Now, sleep: Callable[[float], Awaitable[None]], rng: random.Random
    ) -> None:
        self._policy, self._say, self._now, self._sleep, self._rng = policy, say, now, sleep, rng

    async def __call__(self, send: Send, *, on_error: Callable[[CallError], None]) -> Sent:
        """Return the first good reply; raises the last `CallError`, or `GradingStopped` for a wait too long."""
        import tenacity

        policy = self._policy
        retrying = tenacity.AsyncRetrying(
            retry=tenacity.retry_if_exception(lambda error: isinstance(error, CallError) and error.transient),
            wait=self._wait,
            stop=tenacity.stop_any(
                tenacity.stop_after_attempt(policy.attempts), tenacity.stop_before_delay(policy.total)
            ),
            sleep=self._sleep,
            reraise=True,
        )
        async for attempt in retrying:
            with attempt:
                try:
                    return await send()
                except CallError as error:
                    on_error(error)
                    raise
        raise AssertionError("tenacity ends by returning or raising")

    def _wait(self, state: Any) -> float:
        error = state.outcome.exception() if state.outcome else None
        after = error.after if isinstance(error, CallError) else None
        if after is not None and after > 0:
            if after > self._policy.longest_wait:
                self._too_long(after)
            return after + self._rng.uniform(0, min(1.0, after))
        ceiling = min(LONGEST_BACKOFF, FIRST_WAIT * 2 ** (state.attempt_number - 1)) * self._policy.scale
        wait = self._rng.uniform(0, ceiling)
        if wait >= 5:
            self._say(f"{error}: trying again in {wait:.0f} s (attempt {state.attempt_number + 1})")
        return wait

    def _too_long(self, after: float) -> None:
        until = self._now() + datetime.timedelta(seconds=min(after, 10_000_000))
        raise GradingStopped(
            f"the server asks to wait until {until:%Y-%m-%d %H:%M} UTC",
            hint="nothing can be graded before",
        )


def retry_after(headers: Mapping[str, str], now: datetime.datetime) -> float | None:
    """Return the seconds the server asks to wait, from `retry-after-ms` or `retry-after` (seconds or a date)."""
    for name, scale in (("retry-after-ms", 1e-3), ("retry-after", 1.0)):
        text = headers.get(name)
        if not text:
            continue
        with contextlib.suppress(ValueError):
            return float(text) * scale
        with contextlib.suppress(ValueError, TypeError):
            return (email.utils.parsedate_to_datetime(text) - now).total_seconds()
    return None
