"""A Messages API on 127.0.0.1 whose replies are any bytes: whatever a server, a gateway or a proxy has ever sent.

    python -m tests.hostile [--share 0.5] [--seed 0]      prints its address; GET /__stats__ says what it has sent

Which fault meets a request is drawn from seed, body and number of earlier requests with this body, so that the order in
which parallel requests arrive changes nothing.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import hashlib
import itertools
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from tests.responder import GradingResponder

Body = bytes | Iterator[bytes]
Answer = tuple[int, dict[str, str], Body]
JSON = {"content-type": "application/json"}
MB = 1 << 20


def message(body: Mapping[str, Any], text: str, **changes: Any) -> dict[str, Any]:
    """Return a message of the API that says `text`."""
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": body["model"],
        "content": [{"type": "text", "text": text}],
        "stop_reason": "end_turn",
        "usage": {"input_tokens": 900, "output_tokens": 120},
        **changes,
    }


def sent(value: object, status: int = 200, **headers: str) -> Answer:
    data = value if isinstance(value, bytes) else json.dumps(value, ensure_ascii=True).encode()
    return status, {**JSON, **{name.replace("_", "-"): said for name, said in headers.items()}}, data


def endless(piece: bytes) -> Iterator[bytes]:
    while True:
        yield piece


def bomb(head: bytes) -> bytes:
    return gzip.compress(head + b" " * (64 * MB), 9)


_BOMB: list[bytes] = []


def faults(body: Mapping[str, Any], text: str) -> dict[str, Callable[[], Answer]]:
    """Return every fault by name; each makes the whole answer to one request, whose right reply is `text`."""
    good = message(body, text)
    grade = json.loads(text)
    raw = json.dumps(good, ensure_ascii=True).encode()

    def said(words: str, **changes: Any) -> Answer:
        return sent(message(body, words, **changes))

    def bombed() -> Answer:
        if not _BOMB:
            _BOMB.append(bomb(b"{"))
        return sent(_BOMB[0], content_encoding="gzip")

    error = {"type": "error", "error": {"type": "overloaded_error", "message": "\x1b[31mbusy \u202e\u200b"}}
    return {
        "half_surrogate": lambda: said(json.dumps({**grade, "reason": "X"}).replace('"X"', '"half \\ud83d pair"')),
        "half_outside": lambda: sent(raw.replace(b'"msg_1"', b'"\\udc00"')),
        "no_utf8": lambda: sent(raw.replace(b"msg_1", b"\xff\xfe\x80")),
        "no_text": lambda: sent(bytes(range(256)) * 9),
        "digits": lambda: sent(raw.replace(b"900", b"9" * 4_301)),
        "inner_digits": lambda: said(text.replace('"level": ', '"level": ' + "9" * 4_301)),
        "nested": lambda: sent(b"[" * 100_000 + b"]" * 100_000),
        "inner_nested": lambda: said('{"a":' * 100_000 + "1" + "}" * 100_000),
        "endless": lambda: (200, JSON, endless(b" " * 65_536)),
        "endless_error": lambda: (500, JSON, endless(b"x" * 65_536)),
        "bomb": bombed,
        "packed_again_and_again": lambda: (
            200,
            {**JSON, "content-encoding": "gzip"},
            endless(gzip.compress(b" " * 1000) * 50),
        ),
        "packed_nothing": lambda: (
            200,
            {**JSON, "content-encoding": "deflate"},
            itertools.chain([b"\x78\x9c"], endless(b"\x00\x00\x00\xff\xff" * 10_000)),
        ),
        "brotli": lambda: sent(b"\x1b\x00", content_encoding="br"),
        "twice_packed": lambda: sent(raw, content_encoding="gzip, gzip"),
        "not_packed": lambda: sent(raw, content_encoding="gzip"),
        "packed": lambda: sent(gzip.compress(raw), content_encoding="gzip"),
        "packed_in_two": lambda: sent(gzip.compress(raw[:99]) + gzip.compress(raw[99:]), content_encoding="gzip"),
        "braces": lambda: said("{" * MB),
        "fences": lambda: said("```json\n{" * (MB // 9)),
        "year_9999": lambda: sent(
            good, anthropic_ratelimit_tokens_remaining="0", anthropic_ratelimit_tokens_reset="9999-12-31T23:59:59Z"
        ),
        "nan": lambda: sent(
            good, anthropic_ratelimit_requests_remaining="nan", anthropic_ratelimit_requests_limit="-inf"
        ),
        "wait_9999": lambda: sent(error, 429, retry_after="Fri, 31 Dec 9999 23:59:59 GMT"),
        "429": lambda: sent(error, 429, retry_after="0.01"),
        "500": lambda: sent(error, 500),
        "529_list": lambda: sent([error], 529),
        "page": lambda: (200, {"content-type": "text/html"}, b"<html>login</html>"),
        "list": lambda: sent([good]),
        "null": lambda: sent(None),
        "empty": lambda: sent(b""),
        "error_inside": lambda: sent(error),
        "wrong_kinds": lambda: sent({"content": 7, "usage": [], "stop_reason": {}, "model": None, "type": 1}),
        "true_tokens": lambda: sent({**good, "usage": {"input_tokens": True, "output_tokens": 10**30}}),
        "no_usage": lambda: said(text, usage=None),
        "trailing_comma": lambda: said(text[:-1] + ",}"),
        "no_stop": lambda: said(text, stop_reason=None),
        "other_stop": lambda: said(text, stop_reason="\ud800"),
        "many_quotes": lambda: said(json.dumps({**grade, "quotes": ["we held it for six weeks"] * 100_000})),
        "long_reason": lambda: said(json.dumps({**grade, "reason": "e\u0301" * 400_000, "missing": "x " * 400_000})),
        "float_level": lambda: said(json.dumps({**grade, "level": float(grade["level"])})),
        "text_level": lambda: said(json.dumps({**grade, "level": str(grade["level"])})),
        "control": lambda: said(json.dumps({**grade, "reason": "\x1b[2J\x07\u202e\u200b\x00"})),
        "cut": lambda: (200, {**JSON, "content-length": str(len(raw) + 10)}, iter([raw])),
    }


class Hostile:
    """The server; `share` of all requests meet a fault, drawn from `names` (default: all of them)."""

    def __init__(self, *, share: float = 1.0, seed: int = 0, names: tuple[str, ...] = ()) -> None:
        self.share, self.seed, self.names = share, seed, names
        self.sent: Counter[str] = Counter()
        self.bodies: Counter[str] = Counter()
        self.right: Counter[str] = Counter()  # answers that hold a usable grade, by body
        self._lock = threading.Lock()
        self._responder = GradingResponder()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, body: Mapping[str, Any]) -> Answer:
        """Return what one request gets."""
        name = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
        with self._lock:
            attempt = self.bodies[name]
            self.bodies[name] += 1
        text = str(self._responder(body).content)
        rolled = hashlib.sha256(f"{self.seed}|{name}|{attempt}".encode()).digest()
        choices = faults(body, text)
        known = self.names or tuple(choices)
        is_fault = rolled[0] < 256 * self.share
        chosen = known[int.from_bytes(rolled[1:3], "big") % len(known)] if is_fault else "good"
        with self._lock:
            self.sent[chosen] += 1
        return choices[chosen]() if is_fault else sent(message(body, text))


def _handler(server: Hostile) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def do_GET(self) -> None:  # the name that the library calls
            if self.path == "/__stats__":
                self._send(sent({"sent": dict(server.sent), "requests": sum(server.bodies.values())}))
            else:
                self._send((403, JSON, b'{"message": "Missing Authentication Token"}'))

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            self._send(server.answer(body))

        def _send(self, answer: Answer) -> None:
            status, headers, data = answer
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            whole = isinstance(data, bytes)
            if whole:
                self.send_header("content-length", str(len(data)))  # type: ignore[arg-type]
            else:
                self.send_header("connection", "close")
                self.close_connection = True
            with contextlib.suppress(OSError):
                self.end_headers()
                for piece in (data,) if isinstance(data, bytes) else data:
                    self.wfile.write(piece)

    return Handler


def main() -> None:
    """Serve until the process ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--share", type=float, default=0.5)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    with Hostile(share=given.share, seed=given.seed) as server:
        print(server.url, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
