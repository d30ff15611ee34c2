"""who is asking for which grade right now: a locked byte for each, so that several runs at once pay once.

    reports/.claimed    an empty file.  For each grade one byte of it is locked by the process that asks; the system
                        gives the lock back when that process ends, however it ends.  Making and removing a file for
                        each call would take a tenth of a run's time

Where the file system knows no locks nobody waits, and each run pays for itself as it would alone.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from evalharness.console.regular import opener
from evalharness.errors import StoreError
from evalharness.model import records
from evalharness.model.nouns import Grade, Graded
from evalharness.model.run import RunState
from evalharness.plan.identity import digest

if TYPE_CHECKING:
    from evalharness.store.runs import Store

FILE: Final = ".claimed"
GRADES: Final = "grades.jsonl"
RECENT: Final = 50  # runs that are looked at: one that still goes on is among the newest

_decoder = records.Decoder(Grade)

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


class Claims:
    """The claims of one run, or of one work, under one folder of runs."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._own: set[str] = set()

    def take(self, name: str) -> bool:
        """Return whether `name` is ours now (or need not be anybody's); False while another one holds it."""
        if fcntl is None or name in self._own:
            return True
        file = _files.setdefault(self._path, _File(self._path))
        try:
            if not file.lock(name):
                return False
        except OSError:
            return True
        self._own.add(name)
        return True

    def give_back(self, name: str) -> None:
        """Let others take `name`."""
        if name in self._own:
            self._own.remove(name)
            with contextlib.suppress(OSError):
                _files[self._path].unlock(name)


class _File:
    """The file whose bytes are locked, open once a process: closing any descriptor of it would give back all locks."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: int | None = None
        self._held: set[str] = set()

    def lock(self, name: str) -> bool:
        """Lock the byte of `name`; return False where another process, or another run of this one, holds it."""
        while name not in self._held:
            file = self._file = self._opened() if self._file is None else self._file
            try:
                fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, _byte(name))
            except (BlockingIOError, PermissionError):
                return False
            if self._held or _is_same(file, self._path):
                self._held.add(name)
                return True
            self._close()  # whoever gave back the last claim has removed the file between the two
        return False

    def unlock(self, name: str) -> None:
        """Give a byte back; the file goes with the last claim of all processes."""
        self._held.discard(name)
        if self._file is None:
            return
        if self._held:
            fcntl.lockf(self._file, fcntl.LOCK_UN, 1, _byte(name))
            return
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_same(self._file, self._path):
                self._path.unlink()
        finally:
            self._close()

    def _opened(self) -> int:
        flags = os.O_RDWR | os.O_CREAT
        try:
            return os.open(self._path, flags, 0o666)
        except FileNotFoundError:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            return os.open(self._path, flags, 0o666)

    def _close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


_files: dict[Path, _File] = {}


def _byte(name: str) -> int:
    """Return the place of a name's byte, which need not exist: of 2**60 places, two names do not share one."""
    return int(digest(name)[:15], 16)


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
        """Read on in the runs that are watched; one that is new is watched from its `run.json` on."""
        for run in self._store.names()[:RECENT]:
            is_new = run not in self._places and run not in self._known and run != self._own
            if is_new and self._store.is_run(run):
                self._places[run] = 0
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


def _is_same(file: int, path: Path) -> bool:
    try:
        here, there = os.fstat(file), path.stat()
    except OSError:
        return False
    return (here.st_dev, here.st_ino) == (there.st_dev, there.st_ino)
