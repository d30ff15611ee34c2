"""A clone whose files are those of the tree is read where it is; any difference, and the tree is written out."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from evalharness.load.config import CONFIG_FILE
from evalharness.load.git import Git
from evalharness.load.head import project_of, under
from tests.repository import Repository
from tests.support import ANSWER, many

FOLDERS = {CONFIG_FILE, "cases", "rubrics", "labels"}
ATTEMPT = "cases/q0/2026-09-01.md"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path, many(2))
    made.commit()
    return made


def read(root: Path) -> tuple[bool, dict[str, bytes]]:
    """Return whether the commit is read in place, and what is read."""
    git = Git(root)
    tree = git.tree("HEAD")
    wanted = tuple(path for path in tree if under(path, FOLDERS))
    with project_of(git, tree, wanted, FOLDERS, CONFIG_FILE) as whole:
        return whole == root.resolve(), {path: (whole / path).read_bytes() for path in wanted}


def test_a_clean_clone_is_read_where_it_is(repository: Repository) -> None:
    """Whatever else is beside the folders that are read, or hidden in them."""
    (repository.root / "out").mkdir()
    (repository.root / "out/notes.txt").write_text("of mine")
    (repository.root / "cases/.DS_Store").write_bytes(b"\0")

    assert read(repository.root)[0]


def change(root: Path) -> None:
    (root / ATTEMPT).write_text(f"{ANSWER}\nAnd more.\n")


def change_unnoticed(root: Path) -> None:
    """Change a letter, and set the time and the size as they were."""
    file = root / ATTEMPT
    about = file.stat()
    file.write_text(file.read_text().replace("March", "Marsh"))
    os.utime(file, ns=(about.st_atime_ns, about.st_mtime_ns))


def other_line_ends(root: Path) -> None:
    (root / ATTEMPT).write_bytes((root / ATTEMPT).read_bytes().replace(b"\n", b"\r\n"))


def take_away(root: Path) -> None:
    (root / ATTEMPT).unlink()


def add(root: Path) -> None:
    (root / "cases/q0/2026-10-01.md").write_text(ANSWER)


def add_ignored(root: Path) -> None:
    (root / ".git/info/exclude").write_text("*.md\n")
    (root / "cases/q0/2026-10-01.md").write_text(ANSWER)


def add_an_empty_folder(root: Path) -> None:
    (root / "cases/q9").mkdir()


def link(root: Path) -> None:
    file = root / ATTEMPT
    file.rename(root / "elsewhere.md")
    file.symlink_to("../../elsewhere.md")


def link_a_folder(root: Path) -> None:
    (root / "cases/q0").rename(root / "elsewhere")
    (root / "cases/q0").symlink_to("../elsewhere")


def rename(root: Path) -> None:
    (root / ATTEMPT).rename(root / "cases/q0/2026-09-02.md")


DIFFERENCES = [
    change, change_unnoticed, other_line_ends, take_away, add, add_ignored, add_an_empty_folder, link, link_a_folder,
    rename,
]  # fmt: skip


@pytest.mark.parametrize("differ", DIFFERENCES)
def test_what_is_read_is_what_the_commit_holds(repository: Repository, differ: Callable[[Path], None]) -> None:
    """No difference is too small: a letter, a line end, a file that Git ignores, a link to the same words."""
    before = read(repository.root)[1]
    differ(repository.root)

    assert read(repository.root) == (False, before)


def test_without_settings_in_the_tree_it_is_written_out(repository: Repository) -> None:
    """Nobody makes a file in somebody's clone."""
    (repository.root / CONFIG_FILE).unlink()
    repository.commit()

    assert not read(repository.root)[0]
    assert not (repository.root / CONFIG_FILE).exists()
