"""environment, base URL -> a credential that is safe to use and a host that may have it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from evalharness.errors import GradingStopped, InputError
from evalharness.model.noun import Noun

DEFAULT_URL: Final = "https://api.anthropic.com"
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})

_CLEAN = re.compile(r"[\x21-\x7e]+")
_ELSEWHERE = (
    "ANTHROPIC_PROFILE",
    "ANTHROPIC_FEDERATION_RULE_ID",
    "ANTHROPIC_CONFIG_DIR",
)

NO_KEY_HINT = (
    "set ANTHROPIC_API_KEY, or grade offline with --grader heuristic, or name a local server that speaks the same "
    "protocol with --base-url http://127.0.0.1:PORT"
)


class Host(Noun):
    """Where requests go: the base URL without a trailing slash, its host, and whether it is this machine."""

    url: str
    name: str
    local: bool


class Credential(Noun):
    """An API key or a token, never printed; both empty where the SDK finds a profile of its own."""

    api_key: str = ""
    auth_token: str = ""

    def __repr__(self) -> str:
        return "Credential(...)"


def find_host(base_url: str, environment: Mapping[str, str]) -> Host:
    """Return the host in use; raises `InputError` for one that must not get a key."""
    url = (base_url or environment.get("ANTHROPIC_BASE_URL", "").strip() or DEFAULT_URL).rstrip("/")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise InputError("the base URL cannot be read", hint=f"for example {DEFAULT_URL}") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InputError(f"the base URL must begin with http:// or https://, not '{url[:40]}'")
    if parts.username or parts.password:
        raise InputError(
            "the base URL holds a user or password", hint="it would replace the key; set the key by ANTHROPIC_API_KEY"
        )
    if parts.path.endswith("/v1"):
        raise InputError("the base URL ends in /v1, which is added to it", hint=f"use {url.removesuffix('/v1')}")
    local = parts.hostname in LOOPBACK
    if parts.scheme == "http" and not local:
        raise InputError(
            f"plain http to {parts.hostname} would show answers and key to the network",
            hint="use https://, or a server on this machine (127.0.0.1)",
        )
    name = parts.hostname if port is None else f"{parts.hostname}:{port}"
    return Host(url=url, name=name + parts.path, local=local)


def find_credential(environment: Mapping[str, str], host: Host) -> Credential:
    """Return the key, else the token, else nothing for a profile or a local server.

    Raises `GradingStopped` where there is none, or where one holds characters that HTTP would print in an error.
    """
    for name, field in (("ANTHROPIC_API_KEY", "api_key"), ("ANTHROPIC_AUTH_TOKEN", "auth_token")):
        value = environment.get(name, "").strip()
        if not value:
            continue
        if not _CLEAN.fullmatch(value):
            raise GradingStopped(
                f"{name} holds a space or a control character in the middle",
                hint="copy the key again, on one line; it is not shown here on purpose",
            )
        return Credential(**{field: value})
    if host.local:
        return Credential(api_key="local")
    if any(environment.get(name, "").strip() for name in _ELSEWHERE):
        return Credential()
    raise GradingStopped("there is no API key, so nothing can be sent", hint=NO_KEY_HINT)
