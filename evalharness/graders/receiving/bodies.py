"""an HTTP answer -> its body, unpacked, below a limit and without the key: a transport around another one.

A body that is larger, packed larger, never ends or is packed in a way nobody asked for is refused while it arrives:
no more of it is held than the limit.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

from evalharness.graders.receiving.documents import MOST_BYTES, Unreadable

if TYPE_CHECKING:
    import httpx2

SHORTEST_SECRET: Final = 8
HIDDEN: Final = "[key]"
_PACKED: Final = {"gzip": 16 + zlib.MAX_WBITS, "x-gzip": 16 + zlib.MAX_WBITS, "deflate": zlib.MAX_WBITS}
# A letter as an escape of JSON, or of JSON inside its texts; quotation marks and backslashes stay what they are.
_ESCAPED: Final = re.compile(
    rb"(?<!\\)\\{1,16}(?:u00(2[013-9a-fA-F]|[34][0-9a-fA-F]|5[0-9abdefABDEF]|[67][0-9a-eA-E])|(?=/))"
)
_PIECE: Final = 1 << 16
MOST_PIECES: Final = 1 << 15
_SKIPPED: Final = 16
TOO_LONG: Final = b"(too long)"
_NOT_PASSED_ON: Final = frozenset({b"content-encoding", b"content-length", b"transfer-encoding"})


class Refused(Unreadable):
    """A body that is not read to its end, and why."""


class Secrets:
    """The keys of a run, which a server may echo; what is too short to be a key is a word like any other."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self._texts = tuple(secret for secret in secrets if len(secret) >= SHORTEST_SECRET)

    def hide(self, text: str) -> str:
        """Return `text` without the keys."""
        for secret in self._texts:
            text = text.replace(secret, HIDDEN)
        return text

    def hide_in_header(self, value: bytes) -> bytes:
        """Return the bytes of a header's value without the keys."""
        for secret in self._texts:
            value = value.replace(secret.encode(), HIDDEN.encode())
        return value

    def hide_bytes(self, data: bytes) -> bytes:
        """Return bytes without the keys, also where JSON spells their letters as escapes, at any depth."""
        wanted = [secret.encode() for secret in self._texts]
        if b"\\u00" in data or b"\\/" in data:
            read = _ESCAPED.sub(lambda escape: bytes.fromhex(escape[1].decode()) if escape[1] else b"", data)
            data = read if any(secret in read for secret in wanted) else data
        for secret in wanted:
            data = data.replace(secret, HIDDEN.encode())
        return data

    def hide_in(self, value: Any) -> Any:
        """Return a plain value (of JSON) without the keys in any text of it."""
        match value:
            case str():
                return self.hide(value)
            case dict():
                return {self.hide_in(name): self.hide_in(held) for name, held in value.items()}
            case list() | tuple():
                return [self.hide_in(held) for held in value]
            case _:
                return value


def limited(transport: Any, secrets: Secrets, *, most: int = MOST_BYTES) -> httpx2.AsyncBaseTransport:
    """Return a transport that sends as `transport` does and lets no body through that is over `most` bytes.

    A download of batch results is passed on in pieces instead: it may be large, and whoever reads it takes it line by
    line (`lines`).
    """
    import httpx2

    class Limited(httpx2.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
            answer = await transport.handle_async_request(request)
            headers = [
                (name, secrets.hide_in_header(value))
                for name, value in answer.headers.raw
                if name.lower() not in _NOT_PASSED_ON
            ]
            told: dict[str, Any] = {"headers": headers, "request": request, "extensions": answer.extensions}
            packing = answer.headers.get("content-encoding", "")
            if request.url.path.endswith("/results") and answer.is_success:
                return httpx2.Response(answer.status_code, stream=_Pieces(answer, packing), **told)
            try:
                data = await whole(answer.stream, packing, most=most)
            finally:
                await answer.aclose()
            return httpx2.Response(answer.status_code, content=secrets.hide_bytes(data), **told)

        async def aclose(self) -> None:
            await transport.aclose()

    class _Pieces(httpx2.AsyncByteStream):
        def __init__(self, answer: httpx2.Response, packing: str) -> None:
            self._answer, self._packing = answer, packing

        async def __aiter__(self) -> AsyncIterator[bytes]:
            async for piece in unpacked(self._answer.stream, self._packing):
                yield piece

        async def aclose(self) -> None:
            await self._answer.aclose()

    return Limited()


async def whole(stream: Any, packing: str, *, most: int = MOST_BYTES) -> bytes:
    """Return a body; raises `Refused` as soon as more than `most` bytes have come, packed or unpacked."""
    found = bytearray()
    async for piece in unpacked(_at_most(stream, most), packing):
        found += piece
        if len(found) > most:
            raise _too_much(most)
    return bytes(found)


async def _at_most(stream: Any, most: int) -> AsyncIterator[bytes]:
    came = pieces = 0
    async for data in stream:
        came += len(data)
        pieces += 1
        if came > most:
            raise _too_much(most)
        if pieces > MOST_PIECES:  # each costs the processor more than its bytes do
            raise Refused(f"the server sent its answer in more than {MOST_PIECES:,} pieces")
        yield data


def _too_much(most: int) -> Refused:
    return Refused(f"the server sent more than {most >> 20} MB")


async def unpacked(stream: Any, packing: str) -> AsyncIterator[bytes]:
    """Yield a body in pieces that are never large, however it is packed; raises `Refused` for a packing unknown."""
    name = packing.strip().lower()
    if name in ("", "identity"):
        async for data in stream:
            yield data
        return
    if name not in _PACKED:
        raise Refused("the server packed its answer in a way that was not asked for")
    engine = zlib.decompressobj(_PACKED[name])
    async for data in stream:
        while data:
            if engine.eof:  # several in a row are one body; the ended one would only hold what follows
                engine = zlib.decompressobj(_PACKED[name])
            try:
                for piece in _inflated(engine, data):
                    yield piece
            except zlib.error:
                raise Refused("the server's packed answer is damaged") from None
            data = engine.unused_data


def _inflated(engine: Any, data: bytes) -> Iterator[bytes]:
    while data:
        piece = engine.decompress(data, _PIECE)
        data = engine.unconsumed_tail
        if piece:
            yield piece
        elif not data:
            return


async def lines(pieces: AsyncIterator[bytes], *, most: int = MOST_BYTES) -> AsyncIterator[bytes]:
    r"""Yield the lines of a download, parted at `\n` alone: U+2028, U+2029 and U+0085 may stand inside JSON.

    In place of a line over `most` bytes `TOO_LONG` is yielded, which is no JSON, and none of it is held; one that
    goes on for ever is refused.
    """
    held = bytearray()
    skipped = 0
    async for piece in pieces:
        *ended, rest = piece.split(b"\n")
        for end in ended:
            yield TOO_LONG if skipped or len(held) + len(end) > most else bytes(held) + end
            held.clear()
            skipped = 0
        held += rest
        if skipped or len(held) > most:
            skipped += len(held)
            held.clear()
            if skipped > _SKIPPED * most:
                raise Refused("the server sent a line that does not end")
    if skipped or held:
        yield TOO_LONG if skipped else bytes(held)
