"""`undo`: the last command that made files -> which of them can be removed, and their removal."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from evalharness.console.paths import followed
from evalharness.errors import InputError, StoreError
from evalharness.load import find_root
from evalharness.load.find import QUESTION_FILE
from evalharness.load.places import check_project
from evalharness.model.noun import Noun
from evalharness.store.written import Note, forget, hashed, remembered
from evalharness.world import World, real_world

KEPT_FOLDERS = 1  # `cases` and `rubrics` stay, also when they are empty


class Undoing(Noun):
    """What undoing one command would do: the files it removes, and those it keeps.

    `changed` were changed since; `needed` are questions that other files in their folders belong to, and `beside` the
    recording, transcript and times of an answer that was changed.
    """

    root: str
    note: Note
    remove: tuple[str, ...]
    changed: tuple[str, ...] = ()
    needed: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()


def last(*, also_changed: bool = False, world: World | None = None) -> Undoing:
    """Return what to remove of what the last command wrote; raises `InputError` where there is nothing.

    With `also_changed` the files that were changed since go too.
    """
    here = followed((world or real_world()).cwd)
    root = find_root([], here)
    for note in reversed(remembered(root)):
        there = {name: state for name in note.files if _inside(root, name) and (state := hashed(root / name))}
        if there:
            changed = () if also_changed else tuple(n for n, state in there.items() if state != note.files[n])
            stems = {_stem(name) for name in changed}
            beside = tuple(name for name in there if name not in changed and _stem(name) in stems)
            going = [name for name in there if name not in (*changed, *beside)]
            needed = tuple(name for name in going if _is_needed(root, name, going))
            remove = tuple(name for name in going if name not in needed)
            return Undoing(root=str(root), note=note, remove=remove, changed=changed, needed=needed, beside=beside)
    check_project(here)
    raise InputError(
        "there is nothing to undo here",
        hint="it removes what new, practice and import wrote; delete other files yourself",
        slug="nothing-yet",
    )


def undo(found: Undoing, *, world: World | None = None) -> None:
    """Remove the files, and the folders that are empty then."""
    root = Path(found.root)
    for name in found.remove:
        try:
            (root / name).unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(f"cannot remove {name}: {(error.strerror or str(error)).lower()}") from error
    for folder in _folders(found.remove):
        with contextlib.suppress(OSError):  # it holds something else
            (root / folder).rmdir()
    forget(root, found.note, at=(world or real_world()).now())


def _is_needed(root: Path, name: str, going: list[str]) -> bool:
    """Return whether a file is the question of files that stay: without it nobody could read them."""
    if PurePosixPath(name).name != QUESTION_FILE:
        return False
    beside = (file.relative_to(root).as_posix() for file in (root / name).parent.rglob("*") if file.is_file())
    return any(file not in going for file in beside)


def _stem(name: str) -> str:
    """Return what the files of one answer share: `cases/x/2026-05-02` of its words, its recording and its times."""
    path = PurePosixPath(name)
    return (path.parent / path.name.split(".")[0]).as_posix()


def _inside(root: Path, name: str) -> bool:
    """Return whether a file is the project's own: no note can name one elsewhere."""
    return followed(root / name).is_relative_to(root)


def _folders(names: tuple[str, ...]) -> Iterator[str]:
    """Yield the folders that the files were in, the deepest first, without the first of each path."""
    found = {parent for name in names for parent in PurePosixPath(name).parents if len(parent.parts) > KEPT_FOLDERS}
    yield from (parent.as_posix() for parent in sorted(found, key=lambda each: -len(each.parts)))
