"""What became of one request: a reply with its headers, or a failure in plain values."""

from __future__ import annotations

from typing import Any

from evalharness.model.noun import Noun


class CallError(Exception):
    """A failed request as plain values: nothing of the SDK's exception survives, for that holds key and prompt.

    `after` is what the server asked us to wait, in seconds; `status` is 0 where there was no HTTP reply.
    """

    def __init__(
        self,
        message: str,
        *,
        transient: bool,
        status: int = 0,
        kind: str = "",
        code: str = "",
        after: float | None = None,
        request: str = "",
    ) -> None:
        super().__init__(message)
        self.message, self.transient, self.status = message, transient, status
        self.kind, self.code, self.after, self.request = kind, code, after, request

    @property
    def busy(self) -> bool:
        """Return whether the server said that it has too much to do."""
        return self.transient and (self.status in (429, 503, 529) or self.kind == "overloaded_error")


class Sent(Noun):
    """A 200: the SDK's message or a plain value, and its headers in lower case."""

    message: Any
    headers: dict[str, str]
