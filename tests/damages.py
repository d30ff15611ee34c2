"""What happens to stored files: torn, emptied, merged, edited, written over.  `None` takes the file away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

OURS, BAR, THEIRS = b"<<<<<<< HEAD\n", b"=======\n", b">>>>>>> other\n"
Damage = Callable[[bytes], bytes]


def torn(data: bytes) -> bytes:
    return data[: len(data) - 9]


def conflicted(data: bytes) -> bytes:
    half = data[: len(data) // 3]
    return half + b"\n" + OURS + data[len(half) :] + BAR + THEIRS


def nested(data: bytes) -> bytes:
    """Return `data` with a field in its first record that is nested too deep to read."""
    return data.replace(b"{", b'{"x":' + b'{"x":' * 50_000 + b"1" + b"}" * 50_000 + b",", 1)


DAMAGES: dict[str, Damage | None] = {
    "torn": torn,
    "empty": lambda data: b"",
    "missing": None,
    "conflicted": conflicted,
    "merged twice": lambda data: data + data,
    "another document": lambda data: b"[]\n",
    "no text": lambda data: b"\xff\xfe\x00" * 50 + b"\n",
    "nested": nested,
    "a level that is none": lambda data: data.replace(b'"level":', b'"level":1e300,"was":'),
    "a field of another kind": lambda data: data.replace(b'":"', b'":["', 1),
    "another key": lambda data: data.replace(b'"key":"', b'"key":"x'),
    "another attempt": lambda data: data.replace(b"2026-09-01", b"2019-09-01"),
}


def damage(file: Path, name: str) -> bool:
    """Damage a file; return whether that changed anything."""
    data, how = file.read_bytes(), DAMAGES[name]
    if how is None:
        file.unlink()
        return True
    file.write_bytes(how(data))
    return how(data) != data
