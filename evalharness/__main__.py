"""argv -> exit code.  `--version` is answered before anything else is imported."""

from __future__ import annotations

import sys
from typing import TextIO, cast

from evalharness._version import __version__


def main() -> None:
    """Run the command line and leave with its exit code."""
    if sys.argv[1:] == ["--version"]:
        sys.stdout.write(f"evalharness {__version__}\n")
        return
    from evalharness.cli import main as cli

    sys.stdout, sys.stderr = _heard(sys.stdout), _heard(sys.stderr)
    try:
        code = cli()
    finally:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
    sys.exit(code)


def _heard(stream: TextIO) -> TextIO:
    return cast(TextIO, _Heard(stream) if stream is not None else None)  # None: closed before we began


class _Heard:
    """A stream whose reader may go away (`| head`): the rest is dropped, the command ends as it would have."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        """Write, or drop what nobody reads."""
        try:
            return self._stream.write(text)
        except BrokenPipeError:
            self._drop()
            return len(text)

    def flush(self) -> None:
        """Flush, or drop what nobody reads."""
        try:
            self._stream.flush()
        except BrokenPipeError:
            self._drop()

    def _drop(self) -> None:
        import os

        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self._stream.fileno())
        os.close(nowhere)


if __name__ == "__main__":
    main()
