"""One request of the SDK -> its reply, or its failure in plain values; the SDK's own retries are off."""

from __future__ import annotations

import asyncio
import datetime
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from evalharness.graders.anthropic.client import CallError, Sent
from evalharness.graders.sending.retrying import NO_CONNECTION, Retrying, Send, retry_after

__all__ = ["NO_CONNECTION", "Retrying", "Send", "retry_after", "send_checked"]

# Never healed by waiting: the account's spend limits.
PERMANENT: Final = frozenset({"enforced_spend_limit_reached", "contract_spend_limit_reached", "ramp_limit_exceeded"})
OWN_LIMIT: Final = "You have reached your specified API usage limits"


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
