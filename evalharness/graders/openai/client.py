"""One HTTP client a run: no redirects, no foreign hosts, and every failure as plain values without key or prompt.

Only this module imports the HTTP client, and only once a call is to be made.
"""

from __future__ import annotations

import asyncio
import datetime
import json
import logging
from collections.abc import Mapping
from typing import Any, Final

from evalharness.graders.sending.failure import CallError, Sent
from evalharness.graders.sending.host import Host
from evalharness.graders.sending.retrying import NO_CONNECTION, retry_after

MOST_BYTES: Final = 16_000_000
SHOWN: Final = 300
_LOUD = ("httpx2", "httpcore2")
# Never healed by waiting.
_PERMANENT: Final = frozenset({"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"})


class Client:
    """Sends to one host and to no other."""

    def __init__(self, host: Host, key: str, *, connections: int) -> None:
        import httpx2

        for name in _LOUD:
            logging.getLogger(name).setLevel(logging.WARNING)
        headers = {"authorization": f"Bearer {key}"} if key else {}
        limits = httpx2.Limits(max_connections=connections, max_keepalive_connections=connections)
        self._host = host
        self._client = httpx2.AsyncClient(
            headers=headers, limits=limits, timeout=None, follow_redirects=False, trust_env=not host.local
        )

    async def send(self, method: str, path: str, body: Mapping[str, Any] | None, *, deadline: float) -> Sent:
        """Send one request within a real deadline; raises `CallError` for whatever is no JSON object in a 200."""
        import httpx2

        try:
            async with asyncio.timeout(deadline):
                data = None if body is None else json.dumps(body, ensure_ascii=True).encode()
                kind = {"content-type": "application/json"}
                async with self._client.stream(
                    method, f"{self._host.url}{path}", content=data, headers=kind
                ) as response:
                    text = await _limited(response)
        except TimeoutError:
            raise CallError(f"no complete reply within {deadline:g} s", transient=True) from None
        except httpx2.ConnectError:
            raise CallError("no connection could be made", transient=True, kind=NO_CONNECTION) from None
        except (httpx2.TransportError, httpx2.DecodingError):
            raise CallError("the connection failed or was cut", transient=True) from None
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Sent(message=_read(response.status_code, headers, text), headers=headers)

    async def close(self) -> None:
        """Close all connections."""
        await self._client.aclose()


async def _limited(response: Any) -> bytes:
    found = bytearray()
    async for piece in response.aiter_bytes():
        found += piece
        if len(found) > MOST_BYTES:
            raise CallError(f"the server sent more than {MOST_BYTES:,} bytes", transient=False)
    return bytes(found)


def _read(status: int, headers: Mapping[str, str], text: bytes) -> dict[str, Any]:
    """Return the JSON object of a 200; raises `CallError` for all else, an error inside a 200 included."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        value = None
    error = value.get("error") if isinstance(value, dict) else None
    if 300 <= status < 400:
        raise CallError("the server pointed to another address, which does not get the key", transient=False)
    if status != 200 or error:
        raise _failure(status, headers, error if error else value)
    if not isinstance(value, dict):
        raise CallError("the server sent no JSON object (a web page?)", transient=True, status=status)
    return value


def _failure(status: int, headers: Mapping[str, str], error: object) -> CallError:
    """Return the error as plain values.  The server's words are shown, the request's never."""
    found = error if isinstance(error, dict) else {"message": error if isinstance(error, str) else ""}
    said = str(found.get("message") or found.get("detail") or "")[:SHOWN]
    code, kind = str(found.get("code") or ""), str(found.get("type") or "")
    if status == 200 and code.isdigit():  # gateways put the status of the server behind them into a 200
        status = int(code)
    message = f"HTTP {status}" + (f" {kind or code}" if kind or code else "") + (f": {said}" if said else "")
    return CallError(
        message,
        transient=_is_transient(status, code, kind),
        status=status,
        kind=kind,
        code=code,
        after=retry_after(headers, datetime.datetime.now(datetime.UTC)),
        request=headers.get("x-request-id", ""),
    )


def _is_transient(status: int, code: str, kind: str) -> bool:
    if _PERMANENT & {code, kind}:
        return False
    return status in (200, 408, 409, 425, 429) or status >= 500
