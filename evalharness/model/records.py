"""bytes of a stored file -> the record in them, or `msgspec.MsgspecError`, whatever the bytes are.

The decoder itself ends otherwise where a string is no text or where brackets are nested some thousand deep.
"""

from __future__ import annotations

from typing import Generic, TypeVar

import msgspec

T = TypeVar("T")


class Decoder(Generic[T]):
    """Reads one kind of noun."""

    def __init__(self, kind: type[T]) -> None:
        self._decode = msgspec.json.Decoder(kind).decode

    def decode(self, data: bytes) -> T:
        """Return what `data` holds; raises `msgspec.MsgspecError` where that is no such noun."""
        try:
            return self._decode(data)
        except UnicodeDecodeError as error:
            raise msgspec.DecodeError(f"a string is no text: {error}") from error
        except RecursionError:
            raise msgspec.DecodeError("it is nested too deep") from None


def decode(data: bytes, kind: type[T]) -> T:
    """Return what `data` holds, read once."""
    return Decoder(kind).decode(data)
