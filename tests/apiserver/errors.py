"""A refusal of the API -> its status, JSON body and headers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

ERROR_TYPES: Mapping[int, str] = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    408: "timeout_error",
    409: "conflict_error",
    413: "request_too_large",
    422: "invalid_request_error",
    429: "rate_limit_error",
    500: "api_error",
    503: "api_error",
    504: "timeout_error",
    529: "overloaded_error",
}


class ApiError(Exception):
    """An answer with an error status, as the API words it."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        kind: str | None = None,
        details: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.kind = kind or ERROR_TYPES.get(status, "api_error")
        self.details = details
        self.headers = dict(headers or {})

    def error(self) -> dict[str, Any]:
        """Return the inner `error` object."""
        error: dict[str, Any] = {"type": self.kind, "message": self.message}
        if self.details is not None:
            error["details"] = dict(self.details)
        return error

    def body(self, request_id: str | None) -> dict[str, Any]:
        """Return the whole error body."""
        return {"type": "error", "error": self.error(), "request_id": request_id}


def invalid(message: str) -> ApiError:
    """Return the 400 that the API gives for a request it does not accept."""
    return ApiError(400, message)
