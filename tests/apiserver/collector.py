"""Another host: takes whatever comes and remembers it, to see what a client sends where it should not."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from .journal import KeyState, key_state, safe_headers
from .server import Listener
from .wire import Connection, HttpRequest, HttpResponse


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """One request that reached the other host; `key` tells whether the API's key came with it."""

    method: str
    path: str
    headers: Mapping[str, str]
    key: KeyState
    body: bytes


class Collector:
    """A host of its own on 127.0.0.1 that answers everything with the same response."""

    def __init__(self, response: HttpResponse | None = None, *, key: str = "test-key") -> None:
        self._response = response or HttpResponse(headers={"content-type": "application/json"}, body=b"{}")
        self._key = key
        self._lock = threading.Lock()
        self._seen: list[Collected] = []
        self._listener = Listener(self._answer, 0)

    def __enter__(self) -> Self:
        """Start to listen."""
        self._listener.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self._listener.stop()

    @property
    def url(self) -> str:
        """Return scheme, host and port."""
        return f"http://127.0.0.1:{self._listener.port}"

    @property
    def seen(self) -> list[Collected]:
        """Return what has come so far."""
        with self._lock:
            return list(self._seen)

    async def _answer(self, request: HttpRequest, peer: Connection) -> HttpResponse:
        """Remember a request and answer it."""
        collected = Collected(
            method=request.method,
            path=request.path,
            headers=safe_headers(request.headers, self._key),
            key=key_state(request.headers, self._key),
            body=request.body,
        )
        with self._lock:
            self._seen.append(collected)
        return self._response
