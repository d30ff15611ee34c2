"""One policy for repeating a request; tenacity alone is in charge, the SDK's own retries are off."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import email.utils
import json
import random
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from evalharness.errors import GradingStopped
from evalharness.graders.anthropic.client import CallError, Sent
from evalharness.graders.sending.limiter import Now, Say
from evalharness.model.config import RetryPolicy

# Never healed by waiting: the account's spend limits.
PERMANENT: Final = frozenset({"enforced_spend_limit_reached", "contract_spend_limit_reached", "ramp_limit_exceeded"})
FIRST_WAIT, LONGEST_BACKOFF = 1.0, 60.0
NO_CONNECTION: Final = "no_connection"
OWN_LIMIT: Final = "You have reached your specified API usage limits"

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


async def send_checked(make: Callable[[], Awaitable[Any]], *, deadline: float) -> Sent:
    """Send one request within a real deadline; every failure, whatever its type, becomes a `CallError`."""
    import anthropic

    try:
        async with asyncio.timeout(deadline):
            raw = await make()
            message = await raw.parse()
    except CallError:
        raise
    except anthropic.APIStatusError as error:
        raise _of_status(error) from None
    except anthropic.APIConnectionError as error:
        raise _of_connection(error) from None
    except TimeoutError:
        raise CallError(f"no complete reply within {deadline:g} s", transient=True) from None
    except json.JSONDecodeError:
        raise CallError("the server sent broken JSON", transient=True, status=200) from None
    except anthropic.AnthropicError as error:
        raise CallError(f"the client failed: {type(error).__name__}", transient=False) from None
    headers = {name.lower(): value for name, value in raw.headers.items()}
    if isinstance(message, (str, bytes, list)) or message is None:
        raise CallError("the server sent something else than a message (a web page?)", transient=True, status=200)
    if getattr(message, "type", None) == "error":
        raise CallError("the server sent an error inside a 200", transient=True, status=200, kind=_kind_of(message))
    return Sent(message=message, headers=headers)


def _kind_of(message: Any) -> str:
    error = getattr(message, "error", None)
    return str(error.get("type", "")) if isinstance(error, dict) else ""


def _of_connection(error: Any) -> CallError:
    cause = error.__cause__ or error.__context__
    if isinstance(cause, CallError):
        return cause
    names = {type(found).__name__ for found in (cause, getattr(cause, "__cause__", None))}
    if any("Connect" in name and "Timeout" not in name for name in names):
        return CallError("no connection could be made", transient=True, kind=NO_CONNECTION)
    return CallError("the connection failed or was cut", transient=True)


def _of_status(error: Any) -> CallError:
    """Return the error as plain values.  The server's words are shown, the request's never."""
    status, code, kind = error.status_code, str(error.error_code or ""), str(error.type or "")
    said = str(error.api_message or "")[:300] if isinstance(error.api_message, str) else ""
    headers = error.response.headers
    message = f"HTTP {status}" + (f" {kind}" if kind else "") + (f": {said}" if said else "")
    return CallError(
        message,
        transient=_is_transient(status, code, kind, said, headers),
        status=status,
        kind=kind,
        code=code,
        after=retry_after(headers, datetime.datetime.now(datetime.UTC)),
        request=str(error.request_id or ""),
    )


def _is_transient(status: int, code: str, kind: str, said: str, headers: Mapping[str, str]) -> bool:
    if code in PERMANENT or said.startswith(OWN_LIMIT):
        return False
    hint = headers.get("x-should-retry")
    if hint in ("true", "false"):
        return hint == "true"
    return status in (408, 409, 429) or status >= 500 or kind == "overloaded_error"


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
