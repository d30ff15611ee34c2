"""What became of one request: a reply with its headers, or a failure in plain values."""

from __future__ import annotations

from typing import Any, Final

from evalharness.graders.receiving.documents import Unreadable
from evalharness.model.noun import Noun

NO_CONNECTION: Final = "no_connection"
UNREADABLE: Final = "unreadable"
NAME_LEFT: Final = "name_left"


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


def unreadable(error: Unreadable) -> CallError:
    """Return the failure that an unreadable reply is: asked for again, and then no reason to stop for other calls."""
    said = str(error) if "server" in str(error) else f"the reply cannot be read: {error}"
    return CallError(said, transient=True, status=200, kind=UNREADABLE)
