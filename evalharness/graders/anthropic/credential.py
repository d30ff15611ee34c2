"""environment, base URL -> a credential that is safe to use and a host that may have it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from evalharness.errors import GradingStopped, InputError
from evalharness.graders.sending.host import Host, check_key, host_of
from evalharness.model.noun import Noun

DEFAULT_URL: Final = "https://api.anthropic.com"
_ELSEWHERE = (
    "ANTHROPIC_PROFILE",
    "ANTHROPIC_FEDERATION_RULE_ID",
    "ANTHROPIC_CONFIG_DIR",
)

NO_KEY_HINT = (
    "set ANTHROPIC_API_KEY, or grade offline with --grader heuristic, or name a local server that speaks the same "
    "protocol with --base-url http://127.0.0.1:PORT"
)


class Credential(Noun):
    """An API key or a token, never printed; both empty where the SDK finds a profile of its own."""

    api_key: str = ""
    auth_token: str = ""

    def __repr__(self) -> str:
        return "Credential(...)"


def find_host(base_url: str, environment: Mapping[str, str]) -> Host:
    """Return the host in use; raises `InputError` for one that must not get a key."""
    url = (base_url or environment.get("ANTHROPIC_BASE_URL", "").strip() or DEFAULT_URL).rstrip("/")
    host = host_of(url, key="ANTHROPIC_API_KEY", example=DEFAULT_URL)
    if host.name.endswith("/v1"):
        raise InputError(
            "the base URL ends in /v1, which is added to it",
            hint=f"use {url.removesuffix('/v1')}",
            slug="grader-setting",
        )
    return host


def find_credential(environment: Mapping[str, str], host: Host) -> Credential:
    """Return the key, else the token, else nothing for a profile or a local server.

    Raises `GradingStopped` where there is none, or where one holds characters that HTTP would print in an error.
    """
    for name, field in (("ANTHROPIC_API_KEY", "api_key"), ("ANTHROPIC_AUTH_TOKEN", "auth_token")):
        value = environment.get(name, "").strip()
        if not value:
            continue
        check_key(name, value)
        return Credential(**{field: value})
    if host.local:
        return Credential(api_key="local")
    if any(environment.get(name, "").strip() for name in _ELSEWHERE):
        return Credential()
    raise GradingStopped("there is no API key, so nothing can be sent", hint=NO_KEY_HINT)
