"""a path, or a message with paths in it -> the same as the person would type it in the folder where they are.

The library names files from the project's root, or absolutely where it knows of no project.  Only here do they become
what a terminal can open from the folder one is in.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

_START = r"(?<![\w./\\~:-])"
_NAME = re.compile(rf"{_START}[\w.-][^\s\"'`,;:()\[\]{{}}]*")
_FILE = re.compile(r"[/\\]|\.(?:md|yaml)$")


def followed(path: Path | str) -> Path:
    """Return the absolute path with symbolic links followed; one that leads to itself stays as it is."""
    return Path(os.path.realpath(path))


def seen(path: Path | str, cwd: Path) -> str:
    """Return an absolute path from `cwd`; it stays as it is where that is shorter, or on another drive."""
    whole = Path(path).as_posix()
    try:
        way = Path(os.path.relpath(whole, cwd)).as_posix()
    except ValueError:
        return whole
    return way if len(way) <= len(whole) else whole


def seen_in(text: str, cwd: Path, root: Path | None = None) -> str:
    """Return a message with its paths as they are seen from `cwd`: absolute ones, and those below `root` that exist.

    `cwd` itself keeps its whole name: whoever is in the wrong folder learns from it where they are.
    """
    ways = {str(folder): way for folder in (cwd, *cwd.parents) if (way := seen(folder, cwd)) != folder.as_posix()}
    if any(folder in text for folder in ways):
        folders = "|".join(map(re.escape, ways))
        inside = re.compile(rf"{_START}({folders})(?:([/\\])(?=[^\s\"'`])|(?![\w.-])[/\\]?)")
        text = inside.sub(lambda found: _exchanged(found, ways), text)
    return text if root is None or root == cwd else _NAME.sub(lambda name: _from(name.group(), cwd, root), text)


def _exchanged(found: re.Match[str], ways: dict[str, str]) -> str:
    """Return the beginning of a path as it is seen from the folder that one is in; that folder stays as it is."""
    way = ways[found[1]]
    if found[2]:
        return "" if way == "." else f"{way}/"
    return found.group() if way == "." else way


def _from(name: str, cwd: Path, root: Path) -> str:
    """Return a name as it is seen from `cwd` where it is a file or folder below `root`."""
    if not _FILE.search(name) or not (root / name).exists():
        return name
    return seen(root / name, cwd) + "/" * (name[-1] in "/\\")
