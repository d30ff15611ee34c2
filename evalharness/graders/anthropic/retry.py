"""One request of the SDK -> its reply, or its failure in plain values; the SDK's own retries are off."""

from __future__ import annotations

import datetime
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from evalharness.errors import EvalHarnessError
from evalharness.graders.anthropic.client import CallError, Sent
from evalharness.graders.receiving.documents import Unreadable, document
from evalharness.graders.receiving.values import field, text, wait
from evalharness.graders.sending.deadline import within
from evalharness.graders.sending.failure import NO_CONNECTION, UNREADABLE, unreadable
from evalharness.graders.sending.retrying import Retrying, Send

__all__ = ["NO_CONNECTION", "Retrying", "Send", "of_status", "send_checked"]

# Never healed by waiting: the account's spend limits.
PERMANENT: Final = frozenset({"enforced_spend_limit_reached", "contract_spend_limit_reached", "ramp_limit_exceeded"})
OWN_LIMIT: Final = "You have reached your specified API usage limits"


async def send_checked(make: Callable[[], Awaitable[Any]], *, deadline: float) -> Sent:
    """Send one request within a real deadline; every failure, whatever its type, becomes a `CallError`."""
    import anthropic

    try:
        async with within(deadline):
            sent = await _received(make)
    except (CallError, EvalHarnessError):
        raise
    except anthropic.APIStatusError as error:
        raise of_status(error.response) from None
    except anthropic.APIConnectionError as error:
        raise of_connection(error) from None
    except TimeoutError:
        raise CallError(f"no complete reply within {deadline:g} s", transient=True) from None
    except Unreadable as error:
        raise unreadable(error) from None
    except anthropic.AnthropicError as error:
        raise CallError(f"the client failed: {type(error).__name__}", transient=False) from None
    except Exception as error:  # noqa: BLE001  # whatever the bytes do to the libraries that read them
        raise CallError(
            f"the reply could not be read ({type(error).__name__})", transient=True, status=200, kind=UNREADABLE
        ) from None
    if not isinstance(sent.message, dict):
        raise unreadable(Unreadable("the server sent something else than a message"))
    if sent.message.get("type") == "error":
        kind = text(field(sent.message.get("error"), "type"), 60)
        raise CallError("the server sent an error inside a 200", transient=True, status=200, kind=kind)
    return sent


async def _received(make: Callable[[], Awaitable[Any]]) -> Sent:
    """Return what a request is answered with; the SDK raises for another status unless a bare answer is asked for."""
    raw = await make()
    answer = getattr(raw, "http_response", raw)
    if not answer.is_success:
        raise of_status(answer)
    message = document(await answer.aread())
    return Sent(message=message, headers={name.lower(): text(value) for name, value in answer.headers.items()})


def of_connection(error: Any) -> CallError:
    """Return the failure of a request that has no answer, as plain values."""
    cause = error.__cause__ or error.__context__
    if isinstance(cause, CallError):
        return cause
    if isinstance(cause, Unreadable):
        return unreadable(cause)
    names = {type(found).__name__ for found in (cause, getattr(cause, "__cause__", None))}
    if "ServerDisconnectedError" not in names and any("Connect" in name and "Timeout" not in name for name in names):
        return CallError("no connection could be made", transient=True, kind=NO_CONNECTION)
    return CallError("the connection failed or was cut", transient=True)


def of_status(answer: Any) -> CallError:
    """Return the error as plain values.  The server's words are shown, the request's never."""
    try:
        body = document(answer.content)
    except (Unreadable, RuntimeError):  # a web page; a body that was never read
        body = None
    error = field(body, "error")
    status, kind = answer.status_code, text(field(error, "type"), 60)
    code, said = text(field(field(error, "details"), "error_code"), 60), text(field(error, "message"))
    headers = answer.headers
    message = f"HTTP {status}" + (f" {kind}" if kind else "") + (f": {said}" if said else "")
    return CallError(
        message,
        transient=_is_transient(status, code, kind, said, headers),
        status=status,
        kind=kind,
        code=code,
        after=wait(headers, datetime.datetime.now(datetime.UTC)),
        request=text(headers.get("request-id")),
    )


def _is_transient(status: int, code: str, kind: str, said: str, headers: Mapping[str, str]) -> bool:
    if code in PERMANENT or said.startswith(OWN_LIMIT):
        return False
    hint = headers.get("x-should-retry")
    if hint in ("true", "false"):
        return hint == "true"
    return status in (408, 409, 429) or not 200 <= status < 500 or kind == "overloaded_error"
