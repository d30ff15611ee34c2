"""a clone -> the tree that a check is of, and files of trees on disk: what a commit holds is read from Git.

By hand that is what a commit of everything here would hold; in a CI, and where somebody names it, a commit; in a
hook of Git's, what is being committed.
"""

from __future__ import annotations

import contextlib
import enum
import os
import posixpath
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from evalharness.console.paths import followed
from evalharness.console.runners import in_ci
from evalharness.errors import InputError
from evalharness.load.git import LINK, MODULE, Blob, Entry, Git
from evalharness.load.here import is_as_here

_LARGEST = 20_000_000  # nobody reads a longer file, so only its length is written
_MOST_SHOWN = 3


class Read(enum.Enum):
    """What a check is of."""

    COMMIT = "commit"
    STAGED = "staged"
    FILES = "files"


class Head(NamedTuple):
    """The tree that is checked, in a `Git` that sees it.

    `commit` is what it is, or what it would follow; `apart` are files here that are not as in that commit.
    """

    git: Git
    commit: str
    tree: str
    read: Read
    apart: tuple[str, ...] = ()

    def told(self, files: Mapping[str, Blob], folders: Collection[str]) -> Iterator[str]:
        """Yield what was read where that may not be what somebody expects; `files` are those of the tree."""
        if self.read is Read.STAGED:
            yield "this check is of what is about to be committed; what is not staged was not read"
        if self.apart and self.read is Read.FILES:
            yield (
                f"read as it is here, and not committed yet: {listed(self.apart)}. "
                "For the commit alone: `evalharness check --head HEAD`"
            )
        if self.apart and self.read is Read.COMMIT:
            yield f"this check is of the commit {self.commit[:12]}; not committed, so not read: {listed(self.apart)}"
        modules = [path for path, blob in files.items() if blob.mode == MODULE]
        if found := [path for path in modules if under(path, folders)]:
            yield f"a repository of its own, so not part of this one and not read: {listed(found)}"


@contextlib.contextmanager
def head_of(git: Git, ref: str, folders: Iterable[str], environment: Mapping[str, str]) -> Iterator[Head]:
    """Yield what is checked: the commit `ref`, else that of a hook, else HEAD in a CI, else what is here."""
    commit = git.commit(ref or "HEAD")
    index = environment.get("GIT_INDEX_FILE", "")
    with tempfile.TemporaryDirectory(prefix="evalharness-objects-") as scratch:
        if not ref and index and git.is_own_index(git.top() / index):
            seen, tree = git.staged(git.top() / index, Path(scratch))
            yield Head(seen, commit, tree, Read.STAGED)
            return
        ours = bool(ref) or in_ci(environment)
        entries = () if ref else _uncommitted(git, commit, folders, may_fail=ours)
        if ours or not entries:
            yield Head(git, commit, commit, Read.COMMIT, tuple(entry.path for entry in entries))
            return
        seen, tree = git.snapshot(entries, Path(scratch))
        apart = tuple(entry.path for entry in seen.changes(commit, tree, renames=False))
        yield Head(seen, commit, tree, Read.FILES, apart)


def _uncommitted(git: Git, commit: str, folders: Iterable[str], *, may_fail: bool) -> tuple[Entry, ...]:
    """Return what is here and not in the commit; where nothing of it will be read, it need not be known."""
    try:
        return git.uncommitted(commit, folders)
    except InputError:
        if may_fail:
            return ()
        raise


@contextlib.contextmanager
def project_of(
    git: Git, tree: Mapping[str, Blob], paths: Collection[str], folders: Collection[str], config: str
) -> Iterator[Path]:
    """Yield a folder in which a project is exactly as a tree has it in some folders, with a file of settings.

    That is the clone itself where its files are those of the tree, byte for byte: to write thousands of them takes
    longer than all else.
    """
    here = followed(git.folder)
    if config in paths and is_as_here(tree, paths, folders, here):
        yield here
        return
    with files_of(git, tree, paths) as whole:
        (whole / config).touch()
        yield whole


@contextlib.contextmanager
def files_of(git: Git, tree: Mapping[str, Blob], paths: Iterable[str]) -> Iterator[Path]:
    """Yield a folder that holds files of a tree, and nothing else."""
    with tempfile.TemporaryDirectory(prefix="evalharness-tree-") as name:
        root = followed(name)
        write_files(git, tree, tuple(paths), root)
        yield root


def write_files(git: Git, tree: Mapping[str, Blob], paths: Sequence[str], root: Path) -> None:
    """Write files of a tree below `root`; a name that would leave it is passed over.

    Links come last, so that nothing is written through one.
    """
    safe = [path for path in paths if ".." not in path.split("/") and not path.startswith("/")]
    safe = sorted((path for path in safe if tree[path].mode != MODULE), key=lambda path: tree[path].mode == LINK)
    sizes = git.sizes([tree[path].id for path in safe])
    small = {path: size for path, size in zip(safe, sizes, strict=True) if size <= _LARGEST}
    for folder in sorted({(root / path).parent for path in safe}):
        folder.mkdir(parents=True, exist_ok=True)
    for path, size in zip(safe, sizes, strict=True):
        if size > _LARGEST:
            (root / path).touch()
            os.truncate(root / path, size)
    contents = git.contents([tree[path].id for path in small], list(small.values()))
    for path, data in zip(small, contents, strict=True):
        if tree[path].mode == LINK:
            (root / path).symlink_to(os.fsdecode(data))
        else:
            (root / path).write_bytes(data)


def with_targets(git: Git, tree: Mapping[str, Blob], folders: Iterable[str]) -> tuple[str, ...]:
    """Return the files of a tree under some folders, and those that links among them lead to."""
    places, seen = set(folders), set[str]()
    while links := [path for path in tree if tree[path].mode == LINK and path not in seen and under(path, places)]:
        seen.update(links)
        for path, data in zip(links, git.contents([tree[path].id for path in links]), strict=True):
            places.add(posixpath.normpath(posixpath.join(posixpath.dirname(path), os.fsdecode(data))))
    return tuple(path for path in tree if under(path, places))


def under(path: str, folders: Iterable[str]) -> bool:
    """Return whether a path is one of the folders, or in it; `.` is the whole project."""
    return any(folder == "." or path == folder or path.startswith(f"{folder}/") for folder in folders)


def plain(folder: str) -> str:
    """Return a folder as Git names it: `./cases/` is `cases`."""
    return posixpath.normpath(folder)


def listed(paths: Sequence[str]) -> str:
    """Return the first few paths, and how many more there are."""
    shown = ", ".join(named(path) for path in paths[:_MOST_SHOWN])
    return shown if len(paths) <= _MOST_SHOWN else f"{shown} and {len(paths) - _MOST_SHOWN} more"


def named(path: str) -> str:
    """Return a path as messages and nouns say it: what cannot be shown is escaped, as `load` does it."""
    return path if path.isprintable() else "".join(c if c.isprintable() else ascii(c)[1:-1] for c in path)
