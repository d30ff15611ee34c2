"""base URL, key -> a host that may have the key, and a key that is safe to send."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Mapping
from urllib.parse import urlsplit

from evalharness.errors import GradingStopped, InputError
from evalharness.model.noun import Noun

_NUMBER = re.compile(r"\d[\da-fx.]*")  # an address as the system reads it: 127.1, 0x7f.1
_CLEAN = re.compile(r"[\x21-\x7e]+")


class Host(Noun):
    """Where requests go: the base URL without a trailing slash, its host, and whether it is this machine."""

    url: str
    name: str
    local: bool


def host_of(url: str, *, key: str, example: str) -> Host:
    """Return the host of a base URL; raises `InputError` for one that must not get a key."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise InputError("the base URL cannot be read", hint=f"for example {example}", slug="grader-setting") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InputError(f"the base URL must begin with http:// or https://, not '{url[:40]}'", slug="grader-setting")
    if parts.username or parts.password:
        raise InputError(
            "the base URL contains a user or password",
            hint=f"it would replace the key; set the key by {key}",
            slug="grader-setting",
        )
    local = _is_here(parts.hostname)
    if parts.scheme == "http" and not local:
        raise InputError(
            f"plain http to {parts.hostname} would show answers and key to the network",
            hint="use https://, or a server on this machine (127.0.0.1)",
            slug="grader-setting",
        )
    name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    name += "" if port is None else f":{port}"
    return Host(url=url, name=name + parts.path, local=local)


def _is_here(name: str) -> bool:
    """Return whether a host is this machine, in whatever way it is written: `localhost.`, `127.0.0.2`, `127.1`."""
    if name.removesuffix(".") == "localhost":
        return True
    try:
        address = ipaddress.ip_address(socket.inet_aton(name) if _NUMBER.fullmatch(name) else name)
    except (OSError, ValueError):
        return False
    address = getattr(address, "ipv4_mapped", None) or address
    return address.is_loopback or address.is_unspecified


def api_of(host: Host, gateways: Mapping[str, str]) -> str:
    """Return the name of the API behind a host: that of the gateway's provider, where the settings name it.

    A gateway's address and port are nobody's measurement: colleagues who reach one API by several have one grader.
    """
    bare = host.name.partition("/")[0]
    return gateways.get(host.name) or gateways.get(bare) or gateways.get(bare.partition(":")[0]) or host.name


def check_key(name: str, value: str) -> None:
    """Raise `GradingStopped` for a key with characters that HTTP would print in an error."""
    if not _CLEAN.fullmatch(value):
        raise GradingStopped(
            f"{name} holds a space, a control character or a letter that no key has",
            hint="copy the key again, on one line; it is not shown here on purpose",
        )
