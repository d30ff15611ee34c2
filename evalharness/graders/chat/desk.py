"""The folder `chat/`: prompts to paste, replies that were pasted or dropped there; nothing in it is ever deleted."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from evalharness.errors import InputError, StoreError

FOLDER: Final = "chat"
PROMPT, REPLY, AGAIN = ".prompt.txt", ".reply.txt", ".again.txt"
MOST_BYTES: Final = 2_000_000


class Desk:
    """Reads each reply file once, and again when it has changed.  The first of `folders` is written to."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = tuple(folders)
        self._seen: dict[Path, tuple[int, int]] = {}

    @property
    def folder(self) -> Path:
        """Return where prompts are written."""
        return self._folders[0]

    def write(self, name: str, text: str) -> Path:
        """Write a file into the folder, which keeps itself out of Git: it holds whole answers."""
        path = self.folder / name
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            ignore = self.folder / ".gitignore"
            if not ignore.exists():
                ignore.write_text("*\n", encoding="utf-8")
            path.write_text(text, encoding="utf-8", errors="surrogatepass")
        except OSError as error:
            raise StoreError(f"{path} can't be written: {error.strerror}") from error
        return path

    def keep(self, name: str, text: str) -> Path:
        """Write a pasted reply under a name that is free, and do not read it again."""
        number = 1
        while (self.folder / _numbered(name, number)).exists():
            number += 1
        path = self.write(_numbered(name, number), text)
        self._seen[path] = _state(path)
        return path

    def arrived(self) -> Iterator[tuple[Path, str]]:
        """Yield the files that are new or have changed since the last look, the oldest first."""
        for path in sorted(self._files(), key=lambda path: (_state(path)[0], path.name)):
            state = _state(path)
            if self._seen.get(path) != state:
                self._seen[path] = state
                yield path, path.read_text(encoding="utf-8", errors="replace")

    def check(self) -> None:
        """Raise `InputError` where a folder to import from is not there."""
        for folder in self._folders[1:]:
            if not folder.is_dir():
                raise InputError(f"there is no folder {folder} to read replies from", slug="grader-setting")

    def _files(self) -> Iterator[Path]:
        for folder in self._folders:
            if not folder.is_dir():
                continue
            for entry in os.scandir(folder):
                ours = entry.name.startswith(".") or entry.name.endswith((PROMPT, AGAIN))
                if entry.is_file() and not ours and entry.stat().st_size <= MOST_BYTES:
                    yield Path(entry.path)


def _numbered(name: str, number: int) -> str:
    return f"{name}{REPLY}" if number == 1 else f"{name}-{number}{REPLY}"


def _state(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_mtime_ns, found.st_size
