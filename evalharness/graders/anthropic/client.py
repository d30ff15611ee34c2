"""One SDK client a run, made safe: no redirects, no foreign hosts, no chatter about keys or answers.

This module and `batch` are the only ones that import the SDK, and only once a call is to be made.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from evalharness.graders.anthropic.credential import Credential
from evalharness.graders.sending.failure import CallError, Sent
from evalharness.graders.sending.host import Host

if TYPE_CHECKING:
    import anthropic

__all__ = ["CallError", "Sent", "make_client"]

RESULTS = "/v1/messages/batches/"
_LOUD = ("anthropic", "httpx2", "httpcore2")


def make_client(host: Host, credential: Credential, *, connections: int, timeout: float) -> anthropic.AsyncAnthropic:
    """Return the client; its pool is as wide as the run, and it never follows a redirect."""
    import anthropic

    for name in _LOUD:
        logging.getLogger(name).setLevel(logging.WARNING)
    limits = _limits(connections)
    given: dict[str, Any] = {}
    if credential.api_key:
        given["api_key"] = credential.api_key
    elif credential.auth_token:
        given["auth_token"] = credential.auth_token
    return anthropic.AsyncAnthropic(
        **given,
        base_url=host.url,
        max_retries=0,
        timeout=timeout,
        open_telemetry=False,
        http_client=anthropic.DefaultAioHttpClient(follow_redirects=False, limits=limits, timeout=timeout),
        middleware=[_same_host(host)],
    )


def _limits(connections: int) -> Any:
    import httpx2

    return httpx2.Limits(max_connections=connections, max_keepalive_connections=connections)


def _same_host(host: Host) -> Any:
    from urllib.parse import urlsplit

    async def guard(request: Any, call_next: Any) -> Any:
        """Keep the key at home: the SDK would fetch batch results from whatever host a reply names.

        Behind a gateway that is the provider's host: the same path is asked of the gateway instead.
        """
        asked = urlsplit(str(request.url))
        if asked.netloc and asked.netloc != urlsplit(host.url).netloc:
            if RESULTS in asked.path:
                path = asked.path[asked.path.index(RESULTS) :]
                return await call_next(request.copy(url=f"{host.url}{path}"))
            raise CallError(
                f"the server pointed to another host ({asked.hostname}), which does not get the key", transient=False
            )
        return await call_next(request)

    return guard
