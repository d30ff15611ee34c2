"""TCP bytes -> requests, responses -> TCP bytes: as much HTTP/1.1 as the SDK speaks, and ways to break it."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Literal, cast
from urllib.parse import parse_qsl, unquote, urlsplit

Cut = Literal["", "silent", "head", "within"]
MOST_BYTES = 320 * 2**20


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One request as it came; header names are in lower case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """How a response travels: cut somewhere, reset instead of closed, or in slow small pieces."""

    cut: Cut = ""
    reset: bool = False
    pause: float = 0.0
    piece: int = 1
    torn_at: float = 0.5


PLAIN = Delivery()


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpResponse:
    """One response; content-length is added when it is sent."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    delivery: Delivery = PLAIN


Handler = Callable[[HttpRequest, "Connection"], Awaitable[HttpResponse]]
_REASONS = {status.value: status.phrase for status in HTTPStatus} | {529: "Overloaded"}


def parse_head(head: bytes) -> tuple[str, str, dict[str, str]]:
    """Return method, target and headers of a request head."""
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _ = first.split(" ", 2)
    headers: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    return method, target, headers


def render_head(response: HttpResponse) -> bytes:
    """Return status line and headers."""
    lines = [f"HTTP/1.1 {response.status} {_REASONS.get(response.status, 'Unknown')}"]
    lines += [f"{name}: {value}" for name, value in response.headers.items()]
    lines.append(f"content-length: {len(response.body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


class Connection(asyncio.Protocol):
    """One client connection: requests one after the other, kept alive."""

    def __init__(self, handler: Handler, open_connections: set[Connection]) -> None:
        self._handler = handler
        self._all = open_connections
        self._buffer = bytearray()
        self._head: tuple[str, str, dict[str, str]] | None = None
        self._length = 0
        self._task: asyncio.Task[None] | None = None
        self.gone = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the connection, so that the server can close it."""
        self._transport = cast(asyncio.Transport, transport)
        self._all.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Note that nobody listens any more; work in progress goes on, as it does at the API."""
        self.gone = True
        self._all.discard(self)

    def data_received(self, data: bytes) -> None:
        """Collect bytes until a request is complete."""
        self._buffer += data
        if self._task is None:
            self._next()

    def close(self) -> None:
        """Drop the connection and whatever is being answered on it."""
        if self._task is not None:
            self._task.cancel()
        self._transport.abort()

    def _next(self) -> None:
        """Start the next complete request, if there is one."""
        request = self._take()
        if request is not None:
            self._task = asyncio.get_running_loop().create_task(self._answer(request))

    def _take(self) -> HttpRequest | None:
        """Return a complete request and remove it from the buffer."""
        if self._head is None:
            end = self._buffer.find(b"\r\n\r\n")
            if end < 0:
                return None
            self._head = parse_head(bytes(self._buffer[:end]))
            self._length = int(self._head[2].get("content-length", "0"))
            del self._buffer[: end + 4]
            if self._length > MOST_BYTES:
                self._transport.abort()
        if len(self._buffer) < self._length:
            return None
        body = bytes(self._buffer[: self._length])
        del self._buffer[: self._length]
        (method, target, headers), self._head = self._head, None
        url = urlsplit(target)
        return HttpRequest(method, unquote(url.path), dict(parse_qsl(url.query)), headers, body)

    async def _answer(self, request: HttpRequest) -> None:
        """Answer one request, then look for the next."""
        response = await self._handler(request, self)
        if not self.gone:
            await self._send(response)
        self._task = None
        if not self.gone and not self._transport.is_closing():
            self._next()

    async def _send(self, response: HttpResponse) -> None:
        """Send a response the way its delivery says."""
        delivery, head, body = response.delivery, render_head(response), response.body
        if delivery.cut == "silent":
            self._hang_up(reset=delivery.reset)
            return
        if delivery.cut == "head":
            head, body = head[: len(head) // 2], b""
        elif delivery.cut == "within":
            body = body[: int(len(body) * delivery.torn_at)]
        if delivery.pause > 0:
            await self._dribble(head + body, delivery)
        else:
            self._transport.write(head + body)
        if delivery.cut:
            await asyncio.sleep(0)
            self._hang_up(reset=delivery.reset)

    async def _dribble(self, data: bytes, delivery: Delivery) -> None:
        """Send pieces with a pause after each, until all is sent or the client has gone."""
        for start in range(0, len(data), delivery.piece):
            if self.gone:
                return
            self._transport.write(data[start : start + delivery.piece])
            await asyncio.sleep(delivery.pause)

    def _hang_up(self, *, reset: bool) -> None:
        """Close politely, or with a TCP reset."""
        if reset:
            sock: socket.socket = self._transport.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self._transport.abort()
        else:
            self._transport.close()
