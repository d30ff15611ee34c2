"""who is asking for which grade right now: a locked file for each, so that several runs at once pay once.

    reports/.claims/<name>      held by the process that asks; the system gives it back when that process ends,
                                however it ends

Where the file system knows no locks nobody waits, and each run pays for itself as it would alone.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

import msgspec

from evalharness.console.regular import opener
from evalharness.errors import StoreError
from evalharness.model.nouns import Grade, Graded
from evalharness.model.run import RunState
from evalharness.plan.identity import digest

if TYPE_CHECKING:
    from evalharness.store.runs import Store

FOLDER: Final = ".claims"
GRADES: Final = "grades.jsonl"
RECENT: Final = 50  # runs that are looked at: one that still goes on is among the newest

_decoder = msgspec.json.Decoder(Grade)

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


class Claims:
    """The claims of one process under one folder of runs."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / FOLDER
        self._held: dict[str, IO[bytes]] = {}

    def take(self, name: str) -> bool:
        """Return whether `name` is ours now (or need not be anybody's); False while another process holds it."""
        if fcntl is None or name in self._held:
            return True
        path = self._path(name)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            file = path.open("ab")
        except OSError:
            return True
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not _is_same(file, path):  # given back, and taken away, between the two
                file.close()
                return False
        except BlockingIOError:
            file.close()
            return False
        except OSError:
            file.close()
            return True
        self._held[name] = file
        return True

    def give_back(self, name: str) -> None:
        """Let others take `name`."""
        file = self._held.pop(name, None)
        if file is not None:
            with contextlib.suppress(OSError):
                self._path(name).unlink()
            file.close()
            if not self._held:
                with contextlib.suppress(OSError):
                    self._folder.rmdir()

    def _path(self, name: str) -> Path:
        return self._folder / digest(name)[:24]


class Others:
    """What other runs under the same folder store from now on: runs that go on, and those that begin later."""

    def __init__(self, store: Store, own: str = "") -> None:
        self._store, self._own = store, own
        self._places: dict[str, int] = {}  # how far each watched file was read
        self._known = frozenset(store.runs())
        self._found: dict[str, tuple[Grade, str]] = {}
        for run in store.runs()[:RECENT]:
            with contextlib.suppress(StoreError):
                if store.read_meta(run).state is RunState.RUNNING:
                    self._places[run] = 0

    def own(self, run: str) -> None:
        """Say which run is ours, so that it is not looked at."""
        self._own = run

    def find(self, keys: Iterable[str]) -> dict[str, Grade]:
        """Return the grades with a level that others have stored for `keys` meanwhile."""
        self._look()
        wanted = {key: self._found[key] for key in keys if key in self._found}
        return {key: msgspec.structs.replace(g, reused_from=g.reused_from or run) for key, (g, run) in wanted.items()}

    def _look(self) -> None:
        for run in self._store.runs()[:RECENT]:
            if run not in self._known and run != self._own:
                self._places.setdefault(run, 0)
        for run, place in self._places.items():
            if run != self._own:
                self._places[run] = place + self._read(run, place)

    def _read(self, run: str, place: int) -> int:
        """Take in the whole lines that a run has stored since; return how many bytes they are."""
        with contextlib.suppress(OSError), open(self._store.folder / run / GRADES, "rb", opener=opener) as file:
            file.seek(place)
            data = file.read()
            whole = data[: data.rfind(b"\n") + 1]
            for line in whole.split(b"\n"):
                with contextlib.suppress(msgspec.MsgspecError):
                    grade = _decoder.decode(line)
                    if isinstance(grade.outcome, Graded) and self._store.fits(grade):
                        self._found[grade.key] = (grade, run)
            return len(whole)
        return 0


def _is_same(file: IO[bytes], path: Path) -> bool:
    try:
        here, there = os.fstat(file.fileno()), path.stat()
    except OSError:
        return False
    return (here.st_dev, here.st_ino) == (there.st_dev, there.st_ino)
