"""files that a command made -> a note of them, so that `undo` can name and remove them.

The notes are in `.evalharness/`, a folder that Git ignores by itself.  Where they cannot be written, the command that
made the files is not disturbed: there is only nothing to undo.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable
from pathlib import Path

import msgspec

from evalharness.console.regular import read_bytes
from evalharness.errors import StoreError
from evalharness.model import records
from evalharness.model.noun import Noun
from evalharness.store.files import append_line, write_whole

FOLDER = ".evalharness"
NOTES = "written.jsonl"


class Note(Noun):
    """What one command wrote: by path below the project's folder, the hash of the file as it was then."""

    at: str
    command: str
    files: dict[str, str]


def remember(root: Path, command: str, files: Iterable[Path], *, at: str) -> None:
    """Note the files that `command` made in the project `root` at the time `at` (UTC, ISO 8601)."""
    hashes = {file.relative_to(root).as_posix(): state for file in files if (state := hashed(file))}
    if hashes:
        _append(root, Note(at=at, command=command, files=hashes))


def forget(root: Path, note: Note, *, at: str) -> None:
    """Note that what `note` says was undone."""
    _append(root, Note(at=at, command="", files=note.files))


def remembered(root: Path) -> tuple[Note, ...]:
    """Return what is noted and was not undone, oldest first, each file in its newest note only."""
    notes: list[Note] = []
    for line in _lines(root / FOLDER / NOTES):
        with contextlib.suppress(msgspec.MsgspecError):  # a line that a crash tore
            new = records.decode(line, Note)
            older = (_without(note, new.files) for note in notes)
            notes = [note for note in older if note.files] + ([new] if new.command else [])
    return tuple(notes)


def hashed(file: Path) -> str:
    """Return the hash of a file's bytes, "" where there is no file."""
    try:
        return hashlib.sha256(read_bytes(file)).hexdigest()
    except OSError:
        return ""


def _without(note: Note, files: Iterable[str]) -> Note:
    gone = set(files)
    return msgspec.structs.replace(note, files={name: h for name, h in note.files.items() if name not in gone})


def _append(root: Path, note: Note) -> None:
    folder = root / FOLDER
    with contextlib.suppress(OSError, StoreError):
        if not folder.is_dir():
            write_whole(folder / ".gitignore", b"*\n")
        append_line(folder / NOTES, msgspec.json.encode(note))


def _lines(file: Path) -> list[bytes]:
    try:
        return read_bytes(file).splitlines()
    except OSError:
        return []
