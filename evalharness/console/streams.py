"""Standard input, output and error as they are found -> streams that a command can use without asking how they are.

A closed stream is nothing to read and nobody to tell; a reader that went away ends nothing; a full disk is told once,
at the end; a character that the console does not know becomes a question mark; and where a CI reads along, text of
other people is no command to it.
"""

from __future__ import annotations

import io
import os
import sys
from typing import IO, Any, Final, TextIO

from evalharness.console.runners import end_of_line, harmless, in_ci

_READ, _WRITE = os.O_RDONLY, os.O_WRONLY
_MODES: Final = (_READ, _WRITE, _WRITE)


class _Sink(io.RawIOBase):
    """A file descriptor that never fails: what can't be written is dropped, and the reason kept."""

    def __init__(self, descriptor: int, name: str) -> None:
        self._descriptor, self.name = descriptor, name
        self.failed = ""
        self._gone = False

    def writable(self) -> bool:
        """Return that it is."""
        return True

    def fileno(self) -> int:
        """Return the descriptor."""
        return self._descriptor

    def isatty(self) -> bool:
        """Return whether a person reads it."""
        return os.isatty(self._descriptor)

    def write(self, data: Any, /) -> int:
        """Write, or drop."""
        if not self._gone:
            try:
                return os.write(self._descriptor, data)
            except BlockingIOError:
                return self._patiently(data)
            except BrokenPipeError:
                self._gone = True
            except OSError as error:
                self._gone, self.failed = True, (error.strerror or str(error)).lower()
        return len(data)

    def _patiently(self, data: Any) -> int:
        """Write to a pipe that somebody made non-blocking, once there is room in it."""
        import select

        select.select([], [self._descriptor], [], 60)
        try:
            return os.write(self._descriptor, data)
        except OSError as error:
            self._gone, self.failed = True, (error.strerror or str(error)).lower()
            return len(data)


class _Text(io.TextIOWrapper):
    """Text for a person: shows what the console can show, and gives a CI no commands."""

    def __init__(self, sink: IO[bytes], like: TextIO, *, guarded: bool) -> None:
        super().__init__(
            sink, encoding=like.encoding, errors="replace", line_buffering=like.isatty() or like is sys.stderr
        )
        self._guarded = guarded
        self._line = ""

    def write(self, text: str, /) -> int:
        """Write text; return how much of the text given that was."""
        shown = harmless(text, self._line) if self._guarded else text
        if self._guarded:
            self._line = end_of_line(self._line + shown)
        super().write(shown)
        return len(text)


def open_streams() -> None:
    """Make the three standard streams of this process usable, whatever they are."""
    for descriptor, mode in enumerate(_MODES):
        try:
            os.fstat(descriptor)
        except OSError:  # closed: the next file that is opened would be taken for it
            os.open(os.devnull, mode)
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115  # for the life of the process
    guarded = in_ci(os.environ)
    sys.stdout = _wrapped(sys.stdout, "standard output", guarded=guarded)
    sys.stderr = _wrapped(sys.stderr, "standard error", guarded=guarded)


def _wrapped(stream: TextIO | None, name: str, *, guarded: bool) -> TextIO:
    if stream is None:
        return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123  # for the life of the process
    buffer = getattr(stream, "buffer", None)
    raw = getattr(buffer, "raw", buffer)  # with PYTHONUNBUFFERED there is no buffer between
    if type(raw) is not io.FileIO:  # a Windows console, or somebody else's stream: it knows best how to write
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
        return stream
    stream.flush()
    return _Text(io.BufferedWriter(_Sink(raw.fileno(), name)), stream, guarded=guarded)


def close_streams() -> str:
    """Write out what is left; return what went wrong with standard output, or nothing."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError) as error:
            if stream is sys.stdout and isinstance(error, OSError) and not isinstance(error, BrokenPipeError):
                return (error.strerror or str(error)).lower()
    raw = getattr(getattr(sys.stdout, "buffer", None), "raw", None)
    return raw.failed if isinstance(raw, _Sink) else ""
