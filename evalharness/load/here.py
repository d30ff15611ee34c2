"""paths of a tree, a folder -> whether the folder holds them, byte for byte, and nothing else where they are.

What is here is held against the ids of the tree, which are hashes of the content: nothing is taken on trust, neither
times nor what Git remembers of the files.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

from evalharness.console.regular import read_bytes
from evalharness.load.git import Blob

LARGEST = 20_000_000
"""A longer file is not looked at."""

_FILES = frozenset({"100644", "100755"})


def is_as_here(tree: Mapping[str, Blob], paths: Collection[str], folders: Iterable[str], here: Path) -> bool:
    """Return whether the folder `here` has each of `paths` as `tree` has it, and nothing else in these `folders`.

    Hidden files do not matter, since nobody reads them; a link makes it False, and so does an empty folder.
    """
    try:
        found = {name for folder in folders for name in _files(here, folder)}
        known = {path for path in paths if not _is_hidden(path)}
        return found == known and all(_is_same(here / path, tree[path]) for path in sorted(paths))
    except (OSError, ValueError):
        return False


def _files(here: Path, name: str) -> Iterator[str]:
    """Yield the files that are not hidden in a folder, or itself; raises `ValueError` for what is in no tree."""
    place = here / name
    if not os.path.lexists(place):
        return
    if not stat.S_ISDIR(place.lstat().st_mode):
        yield name
        return
    for folder, below, names in os.walk(place, onerror=_raise):
        if any(Path(folder, each).is_symlink() for each in below) or not (below or names):
            raise ValueError(folder)
        below[:] = [each for each in below if not _is_hidden(each)]
        yield from (Path(folder, each).relative_to(here).as_posix() for each in names if not _is_hidden(each))


def _is_hidden(path: str) -> bool:
    return any(part.startswith(".") for part in path.split("/"))


def _raise(error: OSError) -> None:
    raise error


def _is_same(file: Path, blob: Blob) -> bool:
    """Return whether a file is a plain one with the content that Git calls by this id."""
    about = file.lstat()
    if blob.mode not in _FILES or not stat.S_ISREG(about.st_mode) or about.st_size > LARGEST:
        return False
    data = read_bytes(file)
    named = hashlib.sha256 if len(blob.id) == hashlib.sha256().digest_size * 2 else hashlib.sha1
    return named(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest() == blob.id
