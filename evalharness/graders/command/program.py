"""arguments, text -> what a program printed.  It may hang, flood, crash or not read: each has an end here."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from evalharness.model.noun import Noun

MOST_BYTES: Final = 2_000_000
TAIL: Final = 4_000
_PIECE: Final = 65_536


class Ran(Noun):
    """How a program ended.  `error` is the end of its standard error; `code` is None where it was stopped here."""

    output: str = ""
    error: str = ""
    code: int | None = None
    hung: bool = False
    flooded: bool = False
    absent: bool = False


async def run(
    arguments: Sequence[str], text: str, *, folder: Path, environment: Mapping[str, str], seconds: float
) -> Ran:
    """Return what a program prints that is given `text` on its standard input; whatever it started ends with it."""
    try:
        process = await asyncio.create_subprocess_exec(
            *arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            cwd=folder,
            env=dict(environment),
            start_new_session=True,  # so that Ctrl-C reaches it through us, and its children with it
        )
    except OSError as error:
        return Ran(absent=True, error=error.strerror or type(error).__name__)
    try:
        return await _conversation(process, text, seconds)
    finally:
        await _end(process)


async def _conversation(process: asyncio.subprocess.Process, text: str, seconds: float) -> Ran:
    assert process.stdin is not None  # noqa: S101  # all three are pipes
    assert process.stdout is not None  # noqa: S101
    assert process.stderr is not None  # noqa: S101
    output, error = _Kept(), _Kept()
    try:
        async with asyncio.timeout(seconds) as limit:
            await asyncio.gather(
                _write(process.stdin, text),
                output.read(process.stdout, MOST_BYTES, stop=lambda: limit.reschedule(0)),
                error.read_tail(process.stderr),
            )
            code = await process.wait()
    except TimeoutError:
        return Ran(output=output.head, error=error.tail, hung=not output.is_full, flooded=output.is_full)
    return Ran(output=output.head, error=error.tail, code=code)


class _Kept:
    """What is kept of one pipe: the head of the output, the tail of what is said about errors."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self.is_full = False

    async def read(self, pipe: asyncio.StreamReader, most: int, *, stop: Callable[[], None]) -> None:
        """Read to the end, or until it is more than `most` bytes: then nobody waits for the rest."""
        while piece := await pipe.read(_PIECE):
            self._bytes += piece
            if len(self._bytes) > most:
                self.is_full = True
                stop()
                return

    async def read_tail(self, pipe: asyncio.StreamReader) -> None:
        """Read to the end and keep the last bytes."""
        while piece := await pipe.read(_PIECE):
            self._bytes += piece
            del self._bytes[:-TAIL]

    @property
    def head(self) -> str:
        """Return the text, up to the most that is read."""
        return self._bytes[:MOST_BYTES].decode("utf-8", "replace")

    @property
    def tail(self) -> str:
        """Return the last words, without white space around."""
        return self._bytes.decode("utf-8", "replace").strip()


async def _write(pipe: asyncio.StreamWriter, text: str) -> None:
    """Write all of `text`; a program that does not want it is no error."""
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        pipe.write(text.encode("utf-8", "surrogatepass"))
        await pipe.drain()
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        pipe.close()
        await pipe.wait_closed()


async def _end(process: asyncio.subprocess.Process) -> None:
    """End the program and everything it has started, and give back its pipes.

    The pipes go first.  A grandchild in a session of its own may hold their other ends for ever, and what was not read
    of a flood keeps them open: asyncio tells nobody that a program has ended before all its pipes have.
    """
    _kill(process)
    transport: Any = getattr(process, "_transport", None)
    pipes = [transport.get_pipe_transport(number) for number in range(3)] if transport is not None else []
    for pipe in filter(None, pipes):
        pipe.close()
    await process.wait()
    if transport is not None:
        transport.close()


def _kill(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        elif process.returncode is None:
            process.kill()
