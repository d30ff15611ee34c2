"""a folder -> whether answers are kept there, where else they may be, and which folders of questions are free."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from evalharness.console.paths import followed
from evalharness.errors import NoProject
from evalharness.load.config import CONFIG_FILE, find_root, read_config
from evalharness.load.find import QUESTION_FILE
from evalharness.load.words import listed

MOST_SHOWN = 3
MOST_SEEN = 200
DEEP = 2


def check_project(cwd: Path) -> None:
    """Raise `NoProject` where `cwd` lies in no project: what is here instead, and where answers seem to be."""
    root = find_root((), followed(cwd))
    if not is_project(root):
        raise NoProject(f"no answers are kept in {root}: {contents(root)}", hint=where_else(root, followed(cwd)))


def is_project(folder: Path) -> bool:
    """Return whether a folder has settings, or a question, or a folder for questions that is still empty."""
    if (folder / CONFIG_FILE).is_file():
        return True
    cases = folder / read_config(folder).config.cases
    return cases.is_dir() and (not any(_entries(cases)) or any(True for _ in cases.rglob(QUESTION_FILE)))


def contents(folder: Path) -> str:
    """Return in a few words what is in a folder that is no project."""
    names = sorted(f"{entry.name}/" if entry.is_dir() else entry.name for entry in _entries(folder))
    if not names:
        return "the folder is empty"
    more = len(names) - MOST_SHOWN
    shown = [name if name.isprintable() else ascii(name)[1:-1] for name in names[:MOST_SHOWN]]
    others = f" and {more} other{'s' * (more != 1)}" if more > 0 else ""
    return f"it has {', '.join(shown)}{others}, and neither {CONFIG_FILE} nor a question"


def where_else(folder: Path, here: Path) -> str:
    """Return where answers seem to be, below or beside a folder, seen from `here`, and how to begin."""
    found = [_way(place, here) for place in islice(_nearby(folder), MOST_SHOWN)]
    begin = "begin here: evalharness init ., or in a new folder: evalharness init my-answers"
    if not found:
        return begin
    others = f" (or {listed(found[1:])})" if found[1:] else ""
    return f"your answers seem to be in {found[0]}: cd {shlex.quote(found[0])}{others}; or {begin}"


def free_folder(wanted: str, cases: Path, known: Iterable[str]) -> str:
    """Return the name for the folder of a new question, with a number behind it where another question has it."""
    names = frozenset(known)
    numbered = (wanted, *(f"{wanted}-{number}" for number in range(2, 1000)))
    return next((name for name in numbered if not is_taken(name, cases, names)), wanted)


def is_taken(name: str, cases: Path, known: Iterable[str]) -> bool:
    """Return whether a question has this name, or its folder holds questions or is a file."""
    folder = cases / name
    is_file = folder.exists() and not folder.is_dir()
    return name in known or is_file or any(True for _ in folder.rglob(QUESTION_FILE))


def _nearby(folder: Path) -> Iterator[Path]:
    """Yield the projects in the next folders below; those beside where there is none."""
    level = [folder]
    for _ in range(DEEP):
        level = [Path(each.path) for parent in level for each in _entries(parent) if each.is_dir(follow_symlinks=False)]
        level = sorted(level)[:MOST_SEEN]
        if found := [place for place in level if is_project(place)]:
            yield from found
            return
    beside = (Path(each.path) for each in _entries(folder.parent) if each.is_dir(follow_symlinks=False))
    yield from sorted(place for place in beside if place != folder and is_project(place))


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    """Yield what is in a folder and not hidden, the first `MOST_SEEN`; nothing where it cannot be read."""
    try:
        with os.scandir(folder) as entries:
            yield from islice((entry for entry in entries if entry.name[0] not in "._"), MOST_SEEN)
    except OSError:
        return


def _way(place: Path, folder: Path) -> str:
    return Path(os.path.relpath(place, folder)).as_posix()
