"""One SDK client a run, made safe: no redirects, no foreign hosts, no chatter about keys or answers.

This module and `batch` are the only ones that import the SDK, and only once a call is to be made.
"""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING, Any

from evalharness.errors import GradingStopped
from evalharness.graders.anthropic.credential import Credential
from evalharness.graders.anthropic.lazily import import_lazily
from evalharness.graders.receiving.bodies import Secrets, limited
from evalharness.graders.sending.failure import CallError, Sent
from evalharness.graders.sending.host import Host

if TYPE_CHECKING:
    import anthropic

__all__ = ["CallError", "Sent", "make_client", "post"]

MESSAGES = "/v1/messages"
RESULTS = "/v1/messages/batches/"
_FROM_OUTSIDE = (
    "SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE", "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy",
    "ALL_PROXY", "all_proxy", "ANTHROPIC_CUSTOM_HEADERS", "ANTHROPIC_CONFIG_DIR", "ANTHROPIC_PROFILE",
)  # fmt: skip
_LOUD = ("anthropic", "httpx2", "httpcore2")


def make_client(host: Host, credential: Credential, *, connections: int, timeout: float) -> anthropic.AsyncAnthropic:
    """Return the client; its pool is as wide as the run, and it never follows a redirect."""
    import_lazily("anthropic")
    import anthropic

    for name in _LOUD:
        logging.getLogger(name).setLevel(logging.WARNING)
    limits = _limits(connections)
    secrets = Secrets((credential.api_key, credential.auth_token))
    given: dict[str, Any] = {}
    if credential.api_key:
        given["api_key"] = credential.api_key
    elif credential.auth_token:
        given["auth_token"] = credential.auth_token
    try:
        http = anthropic.DefaultAioHttpClient(
            follow_redirects=False,
            limits=limits,
            timeout=timeout,
            # Of certificates; plain http, to this machine, needs none, and none are loaded for it.
            trust_env=host.url.startswith("https:"),
            verify=host.url.startswith("https:"),
        )
        _limit(http, secrets, host)
        return anthropic.AsyncAnthropic(
            **given,
            base_url=host.url,
            max_retries=0,
            timeout=timeout,
            open_telemetry=False,
            http_client=http,
            middleware=[_same_host(host)],
        )
    except Exception as error:  # noqa: BLE001  # what a proxy, a certificate file or a header from outside does to it
        raise _unfit(error) from None


async def post(client: anthropic.AsyncAnthropic, body: bytes) -> Any:
    """Send a body of JSON to the Messages API and return the bare answer, of whatever status.

    `client.messages.create` would copy the body, encode it and build a model of the reply, which is read by our own
    rules anyway: a third of what a request takes.
    """
    import httpx2

    return await client.post(MESSAGES, cast_to=httpx2.Response, content=body)


def _limit(http: Any, secrets: Secrets, host: Host) -> None:
    """Put every transport of a client inside one that lets no body through that is too large.

    What is asked of this machine goes to this machine, whatever proxy is set: it would see key and answers.
    """
    http._transport = limited(http._transport, secrets)
    http._mounts = {
        pattern: limited(transport, secrets) if transport is not None else None
        for pattern, transport in http._mounts.items()
        if not host.local
    }


def _unfit(error: Exception) -> GradingStopped:
    """Return why no request can be sent from here; what the error says may hold a key, so only its kind is told."""
    named = ", ".join(name for name in _FROM_OUTSIDE if os.environ.get(name))
    return GradingStopped(
        f"no connection can be prepared ({type(error).__name__})",
        hint=f"look at the environment, which sets {named}" if named else "look at the environment and the profile",
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
