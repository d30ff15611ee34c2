"""a folder in a Git repository -> what Git says about it.  All calls of Git, as argument lists, never through a shell.

Every list is asked for with `-z`, so that no name (blanks, quotes, new lines) can be taken for two.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from evalharness.errors import InputError

LINK: Final = "120000"
_SIMILAR: Final = "-M40%"
_PLAIN: Final = ("-c", "core.quotePath=false", "-c", "core.fsmonitor=false", "-c", "diff.renameLimit=0")


class Entry(NamedTuple):
    """One difference: `status` is Git's letter; `old` is the path before, of a rename too (POSIX, from the root)."""

    status: str
    mode: str
    path: str
    old: str


class Blob(NamedTuple):
    """A file of a commit: its mode and the id of its content."""

    mode: str
    id: str


class Git:
    """A repository, seen from one folder in it: all paths are relative to that folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        inside = self._try("rev-parse", "--is-inside-work-tree")
        if inside is None or inside.strip() != b"true":
            raise InputError(f"{folder} is not in a Git repository", hint="run it in a clone of the answers")

    def top(self) -> Path:
        """Return the folder of the whole working tree."""
        return Path(os.fsdecode(self._call("rev-parse", "--show-toplevel").rstrip(b"\n")))

    def commit(self, ref: str) -> str:
        """Return the commit that `ref` names; raises `InputError` where there is none."""
        found = self._try("rev-parse", "--verify", "--quiet", "--end-of-options", f"{ref}^{{commit}}")
        if found is None:
            hint = "fetch it first, for example: git fetch origin main"
            raise InputError(f"there is no commit called '{ref}'", hint=hint)
        return found.decode().strip()

    def merge_base(self, ref: str) -> str:
        """Return the commit at which HEAD left `ref`; raises `InputError` where this clone does not reach it."""
        found = self._try("merge-base", self.commit(ref), self.commit("HEAD"))
        if found:
            return found.decode().split()[0]
        shallow = self._call("rev-parse", "--is-shallow-repository").strip() == b"true"
        if shallow:
            raise InputError(
                f"this clone is shallow and does not reach the commit that it shares with '{ref}'",
                hint="git fetch --unshallow, or in a workflow: actions/checkout with fetch-depth: 0",
            )
        raise InputError(f"'{ref}' and HEAD share no commit", hint="is this the right base?")

    def changes(self, base: str) -> tuple[Entry, ...]:
        """Return what differs between a commit and the files as they are now, files that Git does not know included."""
        raw = self._call("diff", "--raw", "-z", "--no-abbrev", "--relative", "--no-ext-diff", _SIMILAR, base, "--")
        known = tuple(_entries(raw.split(b"\0")))
        others = self._call("ls-files", "-z", "--others", "--exclude-standard").split(b"\0")
        paths = {entry.path for entry in known}
        new = (os.fsdecode(name) for name in others if name)
        return (*known, *(Entry("A", "100644", path, path) for path in new if path not in paths))

    def committed(self, base: str) -> tuple[str, ...]:
        """Return the paths that differ between two commits, `base` and HEAD, both names of a rename."""
        raw = self._call(
            "diff", "--raw", "-z", "--no-abbrev", "--relative", "--no-ext-diff", "--no-renames", base, "HEAD", "--"
        )
        return tuple(entry.path for entry in _entries(raw.split(b"\0")))

    def tree(self, commit: str) -> dict[str, Blob]:
        """Return every file of a commit under this folder, by path."""
        found: dict[str, Blob] = {}
        for line in self._call("ls-tree", "-r", "-z", commit).split(b"\0"):
            if line:
                about, _, name = line.partition(b"\t")
                mode, _, id_ = about.decode().split(" ")
                found[os.fsdecode(name)] = Blob(mode, id_)
        return found

    def contents(self, ids: Sequence[str]) -> Iterator[bytes]:
        """Yield the content of each blob, in order, out of one process."""
        asked = "".join(f"{id_}\n" for id_ in ids).encode()
        data = self._call("cat-file", "--batch", input_=asked) if ids else b""
        place = 0
        for _ in ids:
            end = data.index(b"\n", place)
            size = int(data[place:end].split(b" ")[2])
            yield data[end + 1 : end + 1 + size]
            place = end + size + 2

    def _call(self, *arguments: str, input_: bytes | None = None) -> bytes:
        done = self._run(arguments, input_)
        if done.returncode:
            said = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise InputError(f"git {arguments[0]} failed: {said[-1] if said else 'it said nothing'}")
        return done.stdout

    def _try(self, *arguments: str) -> bytes | None:
        done = self._run(arguments, None)
        return None if done.returncode else done.stdout

    def _run(self, arguments: Iterable[str], input_: bytes | None) -> subprocess.CompletedProcess[bytes]:
        environment = {**os.environ, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0"}
        command = ["git", *_PLAIN, *arguments]
        try:
            # An argument list without a shell; what a person names as a ref stands behind --end-of-options.
            return subprocess.run(  # noqa: S603
                command, cwd=self.folder, env=environment, input=input_ or b"", capture_output=True, check=False
            )
        except FileNotFoundError:
            raise InputError("git is not installed", hint="install Git, or make sure that it is on the PATH") from None


def _entries(fields: Sequence[bytes]) -> Iterator[Entry]:
    """Yield the entries of `diff --raw -z`: `:mode mode id id status`, then one path, or two of a rename or copy."""
    rest = iter(fields)
    for head in rest:
        if not head:
            continue
        _, mode, _, _, status = head.decode().lstrip(":").split(" ")
        first = os.fsdecode(next(rest))
        second = os.fsdecode(next(rest)) if status[0] in "RC" else first
        yield Entry(status[0], mode, second, first)
