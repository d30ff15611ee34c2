"""One HTTP client a run: no redirects, no foreign hosts, and every failure as plain values without key or prompt.

Only this module imports the HTTP client, and only once a call is to be made.
"""

from __future__ import annotations

import datetime
import json
import logging
import os
from collections.abc import Mapping
from typing import Any, Final

from evalharness.errors import GradingStopped
from evalharness.graders.receiving.bodies import Secrets, whole
from evalharness.graders.receiving.documents import Unreadable, document
from evalharness.graders.receiving.values import field, text, wait
from evalharness.graders.sending.deadline import within
from evalharness.graders.sending.failure import NO_CONNECTION, UNREADABLE, CallError, Sent, unreadable
from evalharness.graders.sending.host import Host

_FROM_OUTSIDE = (
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "SSLKEYLOGFILE",
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
)
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
        self._host, self._secrets = host, Secrets((key,))
        try:
            self._client = httpx2.AsyncClient(
                headers=headers,
                limits=limits,
                timeout=None,
                follow_redirects=False,
                trust_env=not host.local,
                verify=host.url.startswith("https:"),  # plain http, to this machine, needs no certificates
            )
        except Exception as error:  # noqa: BLE001  # what a proxy or a certificate file from outside does to it
            named = ", ".join(name for name in _FROM_OUTSIDE if os.environ.get(name)) or "nothing for it"
            raise GradingStopped(
                f"no connection can be prepared ({type(error).__name__})",
                hint=f"look at the environment, which sets {named}",
            ) from None

    async def send(self, method: str, path: str, body: Mapping[str, Any] | None, *, deadline: float) -> Sent:
        """Send one request within a real deadline; raises `CallError` for whatever is no JSON object in a 200."""
        import httpx2

        try:
            async with within(deadline):
                data = None if body is None else json.dumps(body, ensure_ascii=True).encode()
                kind = {"content-type": "application/json"}
                async with self._client.stream(
                    method, f"{self._host.url}{path}", content=data, headers=kind
                ) as response:
                    packing = response.headers.get("content-encoding", "")
                    said = await whole(response.aiter_raw(), packing)
        except Unreadable as error:
            raise unreadable(error) from None
        except TimeoutError:
            raise CallError(f"no complete reply within {deadline:g} s", transient=True) from None
        except httpx2.ConnectError:
            raise CallError("no connection could be made", transient=True, kind=NO_CONNECTION) from None
        except (httpx2.TransportError, httpx2.DecodingError):
            raise CallError("the connection failed or was cut", transient=True) from None
        except (httpx2.InvalidURL, httpx2.StreamError, ValueError, RuntimeError) as error:
            detail = f"the reply could not be read ({type(error).__name__})"
            raise CallError(detail, transient=True, status=200, kind=UNREADABLE) from None
        headers = {name.lower(): text(self._secrets.hide(value)) for name, value in response.headers.items()}
        return Sent(message=_read(response.status_code, headers, self._secrets.hide_bytes(said)), headers=headers)

    async def close(self) -> None:
        """Close all connections."""
        await self._client.aclose()


def _read(status: int, headers: Mapping[str, str], said: bytes) -> dict[str, Any]:
    """Return the JSON object of a 200; raises `CallError` for all else, an error inside a 200 included."""
    try:
        value = document(said)
    except Unreadable as broken:
        if status == 200:
            raise unreadable(broken) from None
        value = None
    error = value.get("error") if isinstance(value, dict) else None
    if 300 <= status < 400 and status != 304:
        raise CallError("the server pointed to another address, which does not get the key", transient=False)
    if status != 200 or error:
        raise _failure(status, headers, error if error else value)
    if not isinstance(value, dict):
        raise unreadable(Unreadable("the server sent no JSON object"))
    return value


def _failure(status: int, headers: Mapping[str, str], error: object) -> CallError:
    """Return the error as plain values.  The server's words are shown, the request's never."""
    found = error if isinstance(error, dict) else {"message": error if isinstance(error, str) else ""}
    said = text(found.get("message")) or text(found.get("detail"))
    code, kind = text(str(field(found, "code") or ""), 60), text(found.get("type"), 60)
    if status == 200 and len(code) == 3 and code.isdecimal():  # a gateway's 200 around the status of what is behind it
        status = int(code)
    message = f"HTTP {status}" + (f" {kind or code}" if kind or code else "") + (f": {said}" if said else "")
    return CallError(
        message,
        transient=_is_transient(status, code, kind),
        status=status,
        kind=kind,
        code=code,
        after=wait(headers, datetime.datetime.now(datetime.UTC)),
        request=headers.get("x-request-id", ""),
    )


def _is_transient(status: int, code: str, kind: str) -> bool:
    if _PERMANENT & {code, kind}:
        return False
    return status in (200, 408, 409, 425, 429) or not 200 <= status < 500
