"""bytes <-> files of a project: replaced as a whole or appended, flushed, every failure one clear error."""

from __future__ import annotations

import contextlib
import errno
import filecmp
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from evalharness.console.regular import read_bytes
from evalharness.errors import StoreError
from evalharness.model import records

_CHUNK = 1 << 18


T = TypeVar("T")


def replace_whole(path: Path, data: Iterable[bytes], *, changed: bool = False) -> None:
    """Write `data` beside `path` and move it there, so that a reader sees the old file or the new one.

    With `changed` it is moved only where it differs.
    """
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("wb") as file:
            file.writelines(data)
        if changed and path.is_file() and filecmp.cmp(partial, path, shallow=False):
            partial.unlink()
        else:
            partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def chunks(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the same bytes in fewer pieces, none of them much longer than `_CHUNK`."""
    gathered = bytearray()
    for piece in pieces:
        gathered += piece
        if len(gathered) >= _CHUNK:
            yield bytes(gathered)
            gathered.clear()
    if gathered:
        yield bytes(gathered)


def append_line(path: Path, data: bytes) -> None:
    """Append one line of JSON to a file of the project; raises `StoreError` where it can't be."""
    guard(lambda: path.parent.mkdir(parents=True, exist_ok=True), path)
    guard(lambda: _cut_torn(path), path)
    guard(lambda: append_bytes(path, data + b"\n"), path)


def append_bytes(path: Path, data: bytes) -> None:
    """Append `data` to a file, all of it, past every buffer."""
    with path.open("ab", buffering=0) as file:
        write_all(file.fileno(), data)


def close_torn(path: Path) -> None:
    """End a last line that a crash tore, so that the next one begins a line of its own."""
    with contextlib.suppress(FileNotFoundError):
        data = read_bytes(path)
        if data and not data.endswith(b"\n"):
            append_bytes(path, b"\n")


def _cut_torn(path: Path) -> None:
    """Take away a last line that a crash tore; one that lacks nothing but its newline gets it."""
    with contextlib.suppress(FileNotFoundError):
        data = read_bytes(path)
        torn = data[data.rfind(b"\n") + 1 :]
        if is_json(torn):
            append_bytes(path, b"\n")
        elif torn:
            os.truncate(path, len(data) - len(torn))


def age_of(path: Path) -> tuple[int, int]:
    """Return when a file was changed last and how long it is: what is the same was not changed since."""
    with contextlib.suppress(OSError):
        found = path.stat()
        return found.st_mtime_ns, found.st_size
    return 0, 0


def is_json(line: bytes) -> bool:
    """Return whether a line holds a whole JSON document."""
    try:
        records.decode(line, object)
    except msgspec.MsgspecError:
        return False
    return True


def write_whole(path: Path, data: bytes) -> None:
    """Write a file of the project as a whole, folders included; raises `StoreError` where it can't be."""
    guard(lambda: path.parent.mkdir(parents=True, exist_ok=True), path)
    guard(lambda: replace_whole(path, (data,)), path)


def write_all(descriptor: int, data: bytes) -> None:
    """Write all of `data`, however many calls that takes."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def guard(action: Callable[[], T], path: Path) -> T:
    """Return what `action` returns; a failure of the file system becomes a `StoreError` that names `path`."""
    try:
        return action()
    except OSError as error:
        raise store_error(error, path) from error


def store_error(error: OSError, path: Path) -> StoreError:
    """Return the error of the file system in our words, with what to do about it."""
    hints = {
        errno.ENOSPC: "free some space and run the same command again; what was stored stays",
        errno.EDQUOT: "free some space and run the same command again; what was stored stays",
        errno.EACCES: "make the folder writable, or name another one with --reports",
        errno.EROFS: "the file system is read-only; name another folder with --reports",
        errno.EEXIST: "two runs chose the same id; run the same command again",
        errno.ENOTDIR: "there is a file where the folder should be; name another one with --reports",
    }
    reason = error.strerror or str(error)
    return StoreError(f"cannot use {path}: {reason.lower()}", hint=hints.get(error.errno or 0, ""))
