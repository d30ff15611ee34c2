"""Ways in which the answer as a whole goes wrong: late, refused, cut, dribbled, replaced, redirected."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Literal

from .behaviour import Call, Effect, Plan
from .errors import ApiError
from .wire import Delivery, HttpResponse

JSON = "application/json"


def _instead(response: HttpResponse) -> Effect:
    """Return an effect that answers before the model is asked: not billed, nothing cached, no batch made."""

    def effect(plan: Plan, call: Call) -> Plan:
        return plan if plan.answer is not None else replace(plan, answer=response)

    return effect


def error_response(error: ApiError, request_id: str | None) -> HttpResponse:
    """Return the response for an error of the API."""
    body = json.dumps(error.body(request_id), ensure_ascii=False).encode("utf-8", "replace")
    return HttpResponse(status=error.status, headers={"content-type": JSON, **error.headers}, body=body)


# -- time ------------------------------


def latency(seconds: float, *, jitter: float = 0.0) -> Effect:
    """Return an effect that waits before the answer, up to `jitter` seconds longer."""

    def effect(plan: Plan, call: Call) -> Plan:
        more = call.roll("latency") * jitter if jitter else 0.0
        return replace(plan, delay=plan.delay + seconds + more)

    return effect


def dribble(pause: float, *, piece: int = 1) -> Effect:
    """Return an effect that sends the response in pieces of so many bytes, with a pause after each."""
    return lambda plan, call: replace(plan, delivery=replace(plan.delivery, pause=pause, piece=piece))


# -- errors of the API ------------------------------


def error(
    status: int,
    message: str = "Something went wrong",
    *,
    kind: str | None = None,
    details: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Effect:
    """Return an effect that answers with any error."""
    return _instead(error_response(ApiError(status, message, kind=kind, details=details, headers=headers), None))


def rate_limited(retry_after: float | str | None = None, *, headers: Mapping[str, str] | None = None) -> Effect:
    """Return a 429, with or without `retry-after` (any number of seconds, or any text)."""
    after = {} if retry_after is None else {"retry-after": f"{retry_after}"}
    message = "This request would exceed your organization's rate limit. Please try again later."
    return error(429, message, headers={**after, **(headers or {})})


def spend_limit(code: str = "enforced_spend_limit_reached") -> Effect:
    """Return the 429 of a spend limit: no `retry-after`, and it will not heal."""
    message = "Your organization has reached its monthly API usage threshold."
    return error(429, message, details={"error_code": code})


def own_limit() -> Effect:
    """Return the 400 of a limit the organisation set itself."""
    return error(
        400,
        "You have reached your specified API usage limits. You will regain access on 2026-12-01.",
    )


def overloaded(*, headers: Mapping[str, str] | None = None) -> Effect:
    """Return a 529."""
    return error(529, "Overloaded", headers=headers)


def server_error(status: int = 500) -> Effect:
    """Return a 500, 503 or 504."""
    return error(status, "Internal server error")


# -- connections ------------------------------


def cut(where: Literal["before", "after", "head", "within"] = "before", *, reset: bool = False) -> Effect:
    """Return an effect that cuts the connection.

    `before`: nothing was done.  `after`: the work is done (billed, the batch accepted) and nothing is sent.
    `head`, `within`: in the middle of the headers, or of the body.  `reset` cuts with a TCP reset.
    """
    if where == "before":
        return _instead(HttpResponse(status=0, delivery=Delivery(cut="silent", reset=reset)))
    how: Literal["silent", "head", "within"] = "silent" if where == "after" else where
    return lambda plan, call: replace(plan, delivery=replace(plan.delivery, cut=how, reset=reset))


def redirect(url: str, *, status: int = 307) -> Effect:
    """Return a redirect to the same path below another address."""

    def effect(plan: Plan, call: Call) -> Plan:
        response = HttpResponse(status=status, headers={"location": url.rstrip("/") + call.path})
        return _instead(response)(plan, call)

    return effect


# -- 200, and not a message ------------------------------


def raw(body: bytes | str, *, status: int = 200, content_type: str = JSON) -> Effect:
    """Return any response, as something between client and API would give it: not billed."""
    data = body.encode() if isinstance(body, str) else body
    return _instead(HttpResponse(status=status, headers={"content-type": content_type}, body=data))


def html() -> Effect:
    """Return a page of HTML with status 200."""
    return raw("<!doctype html><title>Sign in</title><h1>Welcome to the hotel</h1>", content_type="text/html")


def wrong_shape(payload: object = None) -> Effect:
    """Return 200 and JSON that is no message."""
    return raw(json.dumps({"ok": True} if payload is None else payload))


def overloaded_in_200() -> Effect:
    """Return an overload inside a 200."""
    return wrong_shape(ApiError(529, "Overloaded").body(None))


def broken_json(*, keep: float = 0.6) -> Effect:
    """Return an effect that sends only the start of a real (and billed) reply, as if it were all."""

    def damage(body: bytes) -> bytes:
        return body[: int(len(body) * keep)]

    return lambda plan, call: replace(plan, damage=(*plan.damage, damage))


# -- headers ------------------------------


def with_headers(headers: Mapping[str, str | None]) -> Effect:
    """Return an effect that sets headers, or removes those given as None."""
    return lambda plan, call: replace(plan, headers={**plan.headers, **headers})


def no_request_id() -> Effect:
    """Return an effect that leaves out the header `request-id`, as gateways do."""
    return with_headers({"request-id": None, "anthropic-organization-id": None})


def rate_limit_headers(kind: str = "requests", *, limit: int, remaining: int, reset: float | str) -> Effect:
    """Return an effect that sets the three headers of one rate limit; `reset` is RFC 3339 or a Unix time."""
    when = reset if isinstance(reset, str) else rfc3339(reset)
    names = {"limit": str(limit), "remaining": str(remaining), "reset": when}
    return with_headers({f"anthropic-ratelimit-{kind}-{name}": value for name, value in names.items()})


def rfc3339(seconds: float) -> str:
    """Return a Unix time as the API writes it."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
