"""What the server saw, in order, readable from any thread while it goes on."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from .behaviour import Call
from .wire import HttpRequest

KeyState = Literal["right", "wrong", "none"]
# pending: not answered yet; answered: a whole reply went out; rejected: a rule of the API was broken;
# failed: an error by behaviour; spoiled: 200 but no message; redirected; cut: connection cut; abandoned:
# the client had gone.
Outcome = Literal["pending", "answered", "rejected", "failed", "spoiled", "redirected", "cut", "abandoned"]
SECRET = ("authorization", "x-api-key", "proxy-authorization", "cookie")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One request as it arrived, and what became of it.  The key is never kept, only whether it was right."""

    number: int
    at: float
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    key: KeyState
    endpoint: str
    index: int
    attempt: int
    body_hash: str
    body: Any
    retry_count: int | None
    status: int | None = None
    outcome: Outcome = "pending"


@dataclass(slots=True)
class Counts:
    """Running totals; they stay right when requests are not kept."""

    requests: int = 0
    in_flight: int = 0
    max_concurrent: int = 0
    endpoints: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    attempts: Counter[str] = field(default_factory=Counter)
    received: Counter[str] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)


def key_state(headers: Mapping[str, str], key: str | None) -> KeyState:
    """Return whether a key came along, and whether it was the right one."""
    sent = headers.get("authorization") or headers.get("x-api-key")
    if not sent:
        return "none"
    return "right" if key is None or sent in (f"Bearer {key}", key) else "wrong"


class Journal:
    """The record of one server."""

    def __init__(self, *, keep: bool) -> None:
        self._keep = keep
        self._lock = threading.Lock()
        self._kept: dict[int, Recorded] = {}
        self._counts = Counts()

    def open(self, request: HttpRequest, call: Call, *, key: str | None, at: float) -> tuple[int, Call]:
        """Record an arriving request; return its number and the call with its counts filled in."""
        with self._lock:
            counts = self._counts
            number = counts.requests
            call = replace(
                call,
                index=counts.endpoints[call.endpoint],
                attempt=counts.attempts[call.body_hash],
                concurrent=counts.in_flight + 1,
            )
            counts.requests += 1
            counts.in_flight += 1
            counts.max_concurrent = max(counts.max_concurrent, counts.in_flight)
            counts.endpoints[call.endpoint] += 1
            counts.attempts[call.body_hash] += 1
            if call.endpoint == "messages":
                counts.received[call.body_hash] += 1
            if self._keep:
                self._kept[number] = _recorded(number, request, call, key, at)
            return number, call

    def item(self, body_hash: str, *, answered: bool) -> None:
        """Count a batch item beside the messages with the same body."""
        with self._lock:
            counts = self._counts.answered if answered else self._counts.received
            counts[body_hash] += 1

    def close(self, number: int, call: Call, *, status: int, outcome: Outcome) -> None:
        """Record what became of a request."""
        with self._lock:
            counts = self._counts
            counts.in_flight -= 1
            counts.statuses[str(status)] += 1
            counts.outcomes[outcome] += 1
            if outcome == "answered" and call.endpoint == "messages":
                counts.answered[call.body_hash] += 1
            if number in self._kept:
                self._kept[number] = replace(self._kept[number], status=status, outcome=outcome)

    @property
    def requests(self) -> list[Recorded]:
        """Return all requests so far, in the order of their arrival."""
        with self._lock:
            return list(self._kept.values())

    def stats(self) -> dict[str, Any]:
        """Return the counts as plain data."""
        with self._lock:
            counts = self._counts
            return {
                "requests": counts.requests,
                "in_flight": counts.in_flight,
                "max_concurrent": counts.max_concurrent,
                "endpoints": dict(counts.endpoints),
                "statuses": dict(counts.statuses),
                "outcomes": dict(counts.outcomes),
                "received_by_body": dict(counts.received),
                "answered_by_body": dict(counts.answered),
            }


def safe_headers(headers: Mapping[str, str], key: str | None) -> dict[str, str]:
    """Return headers without credentials, and without the key wherever else it stands."""
    shown = {name: value for name, value in headers.items() if name not in SECRET}
    return {name: value.replace(key, "<key>") for name, value in shown.items()} if key else shown


def _recorded(number: int, request: HttpRequest, call: Call, key: str | None, at: float) -> Recorded:
    """Return the record of a request."""
    retries = request.headers.get("x-stainless-retry-count", "")
    return Recorded(
        number=number,
        at=at,
        method=request.method,
        path=request.path,
        query=request.query,
        headers=safe_headers(request.headers, key),
        key=key_state(request.headers, key),
        endpoint=call.endpoint,
        index=call.index,
        attempt=call.attempt,
        body_hash=call.body_hash,
        body=call.body or None,
        retry_count=int(retries) if retries.isdigit() else None,
    )
