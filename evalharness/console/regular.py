"""path -> an open file, and nothing else: a pipe or a device under the name of a file would be waited for for ever."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

_AT_ONCE = getattr(os, "O_NONBLOCK", 0)  # a pipe that nobody writes to opens at once, too


def opener(path: str, flags: int) -> int:
    """Open `path` as `open(..., opener=opener)` does; raises `OSError` where it is a pipe, a device or a socket."""
    number = os.open(path, flags | _AT_ONCE)
    kind = os.fstat(number).st_mode
    if stat.S_ISREG(kind):
        return number
    os.close(number)
    if stat.S_ISDIR(kind):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
    raise OSError(0, "it is a pipe or a device, not a file", path)


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a file; raises `OSError` where it is none."""
    with open(path, "rb", opener=opener) as file:  # a Path has no opener
        return file.read()
