"""A stand-in for a server of chat completions, over real HTTP on 127.0.0.1, that can be as bad as the worst of them.

What goes wrong is a `Fault`: from the request's body and how often it has come, a response in place of the good one.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any, Self

from tests.apiserver.server import Listener
from tests.apiserver.wire import Connection, Delivery, HttpRequest, HttpResponse
from tests.responder import GradingResponder

Fault = Callable[[Mapping[str, Any], int], HttpResponse | None]
JSON = {"content-type": "application/json"}


def answer(body: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """Return a response with a JSON body."""
    return HttpResponse(status=status, headers={**JSON, **(headers or {})}, body=json.dumps(body).encode())


def failure(
    status: int, message: str = "no", *, code: str = "", kind: str = "", headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """Return an error as OpenAI words it."""
    return answer({"error": {"message": message, "type": kind, "code": code or None}}, status, headers)


def first(response: HttpResponse, times: int = 1) -> Fault:
    """Return the fault that meets the first requests of each body."""
    return lambda body, seen: response if seen < times else None


def always(response: HttpResponse) -> Fault:
    """Return the fault that meets every request."""
    return lambda body, seen: response


def refuses(*fields: str) -> Fault:
    """Return the fault of a server that does not know some fields, and says so one at a time."""

    def fault(body: Mapping[str, Any], seen: int) -> HttpResponse | None:
        for field in fields:
            if field in body:
                return failure(400, f"Unsupported parameter: '{field}' is not supported with this model.")
        return None

    return fault


def cut() -> HttpResponse:
    """Return a response that is torn in the middle."""
    return HttpResponse(
        headers=JSON, body=b'{"choices": [{"message": {"content": "..."}}]}', delivery=Delivery(cut="within")
    )


def grading(body: Mapping[str, Any]) -> str:
    """Return what a model says that does what it is asked: the format stands in the words."""
    system, user = (message["content"] for message in body["messages"])
    schema = json.loads(system.strip().rpartition("\n")[2])
    as_messages = {
        "messages": [{"content": [{"text": user}]}],
        "output_config": {"format": {"schema": schema}},
    }
    return str(GradingResponder()(as_messages).content)


def completion(body: Mapping[str, Any], text: str, **edits: Any) -> dict[str, Any]:
    """Return a whole completion; `edits` replace its top fields."""
    tokens = len(json.dumps(body)) // 4
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "model": body["model"],
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}],
        "usage": {
            "prompt_tokens": tokens,
            "completion_tokens": 200,
            "prompt_tokens_details": {"cached_tokens": tokens // 2},
        },
        **edits,
    }


class OpenAIServer:
    """Answers `GET /v1/models` and `POST /v1/chat/completions`; `requests` holds every body that came."""

    def __init__(
        self,
        *faults: Fault,
        key: str | None = "test-key",
        text: Callable[[Mapping[str, Any]], str] = grading,
        edits: Mapping[str, Any] | None = None,
        models: HttpResponse | None = None,
    ) -> None:
        self._faults, self._key, self._text, self._edits = faults, key, text, edits or {}
        self._models = models or answer({"data": [{"id": "m"}]})
        self._seen: Counter[str] = Counter()
        self._listener = Listener(self._handle, 0)
        self.requests: list[Mapping[str, Any]] = []
        self.headers: list[Mapping[str, str]] = []

    @property
    def url(self) -> str:
        """Return the base URL."""
        return f"http://127.0.0.1:{self._listener.port}/v1"

    def __enter__(self) -> Self:
        """Start to serve."""
        self._listener.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self._listener.stop()

    async def _handle(self, request: HttpRequest, connection: Connection) -> HttpResponse:
        self.headers.append(request.headers)
        if self._key and request.headers.get("authorization") != f"Bearer {self._key}":
            return failure(401, "Incorrect API key provided", code="invalid_api_key")
        if request.path.endswith("/models"):
            return self._models
        body = json.loads(request.body)
        self.requests.append(body)
        words = json.dumps(body["messages"])
        seen, self._seen[words] = self._seen[words], self._seen[words] + 1
        for fault in self._faults:
            if (response := fault(body, seen)) is not None:
                return response
        return answer(completion(body, self._text(body), **self._edits))


def texts(bodies: Sequence[Mapping[str, Any]]) -> str:
    """Return everything that was sent, as one text."""
    return "\n".join(json.dumps(body, ensure_ascii=False) for body in bodies)
