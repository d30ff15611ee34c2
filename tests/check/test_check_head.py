"""What `check` reads: what a commit holds, or what one of everything here would, as a fresh clone has it."""

from __future__ import annotations

import functools
import os
import shlex
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evalharness.cli import main
from evalharness.errors import InputError
from evalharness.load.change import change_set
from tests.program import program
from tests.repository import BETTER, WEAK, Repository
from tests.support import ANSWER, QUESTION, RUBRIC

FILE = "cases/export/2026-09-01.md"
OTHER = "cases/other/2026-09-01.md"
TWO = {"export/2026-09-01.md": ANSWER, "other/2026-09-01.md": ANSWER}
GATE = ("--min-score", "3", "--deleted", "fail")
Tamper = Callable[[Repository, str], object]


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    made = Repository(tmp_path / "answers", TWO)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(made.root)
    return made


def told(folder: Path, out: Path, *arguments: str) -> tuple[int, Any]:
    """Return what a check in a folder ends with, and what it says of the answers."""
    here = Path.cwd()
    os.chdir(folder)
    try:
        made = Repository.__new__(Repository)
        made.root = out / "x"
        out.mkdir()
        code, said = made.check(*GATE, *arguments)
    finally:
        os.chdir(here)
    return code, (said.get("rows"), said.get("announced"), said.get("verdict"))


def in_a_clone(repository: Repository, name: str) -> tuple[int, Any]:
    """Return what a check says in a fresh clone of the branch: what everybody else sees."""
    clone = repository.root.parent / name
    plain = ("-c", "core.symlinks=true", "-c", "core.autocrlf=false")
    repository.git("clone", "--quiet", *plain, "--branch", "change", str(repository.root), str(clone))
    subprocess.run(["git", "branch", "--quiet", "main", "origin/main"], cwd=clone, check=True)
    return told(clone, clone.with_name(f"{name}-out"))


@pytest.fixture(scope="module")
def cloned(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[int, Any]]:
    """What a check says in a fresh clone of a branch with one committed answer: no tampering changes a commit."""

    @functools.cache
    def found(committed: str) -> tuple[int, Any]:
        repository = Repository(tmp_path_factory.mktemp("clone") / "answers", TWO)
        repository.write(FILE, committed)
        repository.commit()
        return in_a_clone(repository, "clone")

    return found


def edited(repository: Repository, text: str) -> None:
    repository.write(FILE, text)


def assumed(repository: Repository, text: str) -> None:
    repository.git("update-index", "--assume-unchanged", FILE)
    repository.write(FILE, text)


def skipped(repository: Repository, text: str) -> None:
    repository.git("update-index", "--skip-worktree", FILE)
    repository.write(FILE, text)


def assumed_and_gone(repository: Repository, text: str) -> None:
    repository.git("update-index", "--assume-unchanged", FILE)
    (repository.root / FILE).unlink()


def sparse(repository: Repository, text: str) -> None:
    repository.git("sparse-checkout", "set", "--no-cone", "/*", f"!/{FILE}")


def sparse_in_cones(repository: Repository, text: str) -> None:
    repository.git("sparse-checkout", "set", "--cone", "--sparse-index", "rubrics", "cases/other")


def gone(repository: Repository, text: str) -> None:
    (repository.root / FILE).unlink()


def gone_with_its_folder(repository: Repository, text: str) -> None:
    shutil.rmtree(repository.root / "cases/export")


def staged_and_taken_back(repository: Repository, text: str) -> None:
    before = (repository.root / FILE).read_text()
    repository.write(FILE, text)
    repository.git("add", FILE)
    repository.write(FILE, before)


def no_longer_tracked(repository: Repository, text: str) -> None:
    repository.git("rm", "--quiet", "--cached", FILE)
    repository.write(FILE, text)


def another_answer(repository: Repository, text: str) -> None:
    repository.write("cases/export/2026-09-02.md", text)


def ignored(repository: Repository, text: str) -> None:
    repository.write("cases/export/2026-09-02.md", text)
    repository.write(".git/info/exclude", "2026-09-02.md\n")


def ignored_rubric(repository: Repository, text: str) -> None:
    repository.write("rubrics/mine.yaml", RUBRIC.replace("id: talk", "id: mine"))
    repository.write("cases/export/question.yaml", QUESTION.replace("talk", "mine"))
    repository.write(".git/info/exclude", "mine.yaml\n")


def rubric(repository: Repository, text: str) -> None:
    repository.write("rubrics/talk.yaml", RUBRIC.replace("weight: 2", "weight: 3"))


def question(repository: Repository, text: str) -> None:
    repository.write("cases/other/question.yaml", QUESTION.replace("60 s", "20 s"))


def settings(repository: Repository, text: str) -> None:
    repository.write("evalharness.yaml", "grader: heuristic\ncases: elsewhere\n")


def stored_grades(repository: Repository, text: str) -> None:
    repository.write(FILE, text)
    assert main(["run"]) == 0


def other_line_ends(repository: Repository, text: str) -> None:
    repository.git("config", "core.autocrlf", "true")
    (repository.root / FILE).write_bytes(text.replace("\n", "\r\n").encode())


def filtered(repository: Repository, text: str) -> None:
    """What is checked out reads better than what is committed, by a filter of this clone."""
    repository.write(".git/info/attributes", "*.md filter=flatter\n")
    repository.git("config", "filter.flatter.smudge", f"cat >/dev/null; printf '%s' '{BETTER}'")
    repository.git("config", "filter.flatter.clean", "sed s/three/four/")
    repository.write(FILE, text)


def encoded(repository: Repository, text: str) -> None:
    repository.write(".git/info/attributes", "*.md working-tree-encoding=UTF-16LE-BOM\n")
    (repository.root / FILE).write_text(text, encoding="utf-16")


def a_link_to_another(repository: Repository, text: str) -> None:
    (repository.root / FILE).unlink()
    (repository.root / FILE).symlink_to("../other/2026-09-01.md")
    repository.write(OTHER, text)


def a_folder_becomes_a_link(repository: Repository, text: str) -> None:
    repository.write("notes/2026-09-01.md", text)
    repository.write("notes/question.yaml", QUESTION)
    repository.git("add", "notes")
    shutil.rmtree(repository.root / "cases/export")
    (repository.root / "cases/export").symlink_to("../notes")


def a_file_becomes_a_folder(repository: Repository, text: str) -> None:
    (repository.root / FILE).unlink()
    repository.write(f"{FILE}/2026-09-01.md", text)


def a_repository_inside(repository: Repository, text: str) -> None:
    folder = repository.root / "cases/inner"
    repository.write("cases/inner/question.yaml", QUESTION)
    repository.write("cases/inner/2026-09-01.md", text)
    subprocess.run(["git", "init", "--quiet", str(folder)], check=True)


HIDDEN = (assumed, skipped, assumed_and_gone, sparse, sparse_in_cones, ignored)
ALL = (
    *HIDDEN,
    *(edited, gone, gone_with_its_folder, staged_and_taken_back, no_longer_tracked, another_answer, ignored_rubric),
    *(rubric, question, settings, stored_grades, other_line_ends, filtered, encoded, a_link_to_another),
    *(a_folder_becomes_a_link, a_file_becomes_a_folder, a_repository_inside),
)


@pytest.mark.parametrize("tamper", ALL)
@pytest.mark.parametrize(
    ("committed", "here", "how"),
    [(WEAK, BETTER, ("--head", "HEAD")), (BETTER, WEAK, ())],
    ids=["weak, named", "better, in a CI"],
)
def test_the_commit_is_checked_whatever_is_here(
    repository: Repository,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    cloned: Callable[[str], tuple[int, Any]],
    tamper: Tamper,
    committed: str,
    here: str,
    how: tuple[str, ...],
) -> None:
    """In a CI, and where the commit is named, the check says what it says in a fresh clone."""
    repository.write(FILE, committed)
    repository.commit()
    tamper(repository, here)
    expected = cloned(committed)
    if not how:
        monkeypatch.setenv("CI", "true")

    found = told(repository.root, tmp_path / "found", *how)

    assert expected[0] == (1 if committed == WEAK else 0)
    assert found == expected


@pytest.mark.parametrize("tamper", ALL)
def test_by_hand_it_is_what_a_commit_of_everything_would_hold(
    repository: Repository, tmp_path: Path, tamper: Tamper
) -> None:
    """Whoever checks before the commit learns what the check of that commit will say."""
    repository.write(FILE, WEAK)
    repository.commit()
    tamper(repository, BETTER)
    before = repository.git("status", "--porcelain=v2", "--ignored")

    found = told(repository.root, tmp_path / "hand")

    assert repository.git("status", "--porcelain=v2", "--ignored") == before
    if tamper is a_repository_inside:
        shutil.rmtree(repository.root / "cases/inner/.git")
        shutil.rmtree(repository.root / "cases/inner")
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--allow-empty", "-m", "all of it")
    assert found == in_a_clone(repository, "clone")


HOOK = """#!/bin/sh
{program} check --base main --min-score 3 --out {out}
echo code $?
"""


def committing(repository: Repository, folder: Path, *arguments: str) -> str:
    """Return what a commit prints whose hook runs the check."""
    hook = repository.root / ".git/hooks/pre-commit"
    hook.write_text(HOOK.format(program=shlex.join(program()), out=repository.root.parent / "hooked"), "utf-8")
    hook.chmod(0o755)
    names = {f"GIT_{who}_{what}": "a" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    done = subprocess.run(
        ["git", "commit", "-m", "x", *arguments],
        cwd=folder,
        env={**os.environ, **names},
        capture_output=True,
        text=True,
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize(("staged", "here", "code"), [(WEAK, BETTER, 1), (BETTER, WEAK, 0)])
@pytest.mark.parametrize("linked", [False, True])
def test_a_hook_checks_what_is_about_to_be_committed(
    repository: Repository, tmp_path: Path, staged: str, here: str, code: int, linked: bool
) -> None:
    """What is changed again and not staged is in no commit, in a linked worktree too."""
    folder = repository.root
    if linked:
        folder = tmp_path / "linked"
        repository.git("worktree", "add", "--quiet", "-b", "other", str(folder))
    (folder / FILE).write_text(staged, encoding="utf-8")
    subprocess.run(["git", "add", FILE], cwd=folder, check=True)
    (folder / FILE).write_text(here, encoding="utf-8")

    said = committing(repository, folder)

    assert f"code {code}" in said
    assert "this check is of what is about to be committed" in said


@pytest.mark.parametrize("arguments", [("--all",), ("--only", FILE), ("--include", FILE)])
def test_every_kind_of_commit_has_its_own_index(repository: Repository, arguments: tuple[str, ...]) -> None:
    """`git commit --all` and `git commit FILE` hand another index to their hooks."""
    repository.write(FILE, WEAK)

    assert "code 1" in committing(repository, repository.root, *arguments)


def test_the_index_of_another_repository_counts_for_nothing(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hook of one repository may check another."""
    other = Repository(tmp_path / "elsewhere", {"export/2026-09-01.md": ANSWER})
    repository.write(FILE, WEAK)
    monkeypatch.setenv("GIT_INDEX_FILE", str(other.root / ".git/index"))

    assert repository.check("--min-score", "3")[0] == 1


def test_it_is_said_what_was_read(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """By hand what is not committed is read, in a CI it is not, and both say so with the names."""
    repository.write(FILE, WEAK)
    head = repository.git("rev-parse", "HEAD").strip()

    _, by_hand = repository.check()
    assert by_hand["head"] == {"commit": head, "read": "files"}
    assert f"read as it is here, and not committed yet: {FILE}. For the commit alone: " in capsys.readouterr().out
    monkeypatch.setenv("CI", "true")
    _, in_ci = repository.check()
    assert in_ci["head"] == {"commit": head, "read": "commit"}
    assert f"not committed, so not read: {FILE}" in capsys.readouterr().out
    repository.commit()
    monkeypatch.delenv("CI")
    assert repository.check()[1]["head"]["read"] == "commit"
    assert "committed" not in capsys.readouterr().out


def test_an_older_commit_can_be_checked(repository: Repository) -> None:
    """`--head` names any commit; a name that is none is told like one of the base."""
    repository.write(FILE, WEAK)
    repository.commit()
    repository.write(FILE, BETTER)
    repository.commit()

    assert repository.check("--min-score", "3", "--head", "HEAD^")[0] == 1
    assert repository.check("--min-score", "3", "--head", "change")[0] == 0
    assert repository.check("--head", "nowhere")[0] == 2


def test_answers_in_a_submodule_are_no_part_of_the_commit(
    repository: Repository, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another repository has them, and its own check: that is said, and nothing of it is graded."""
    inner = Repository(tmp_path / "inner", {"export/2026-09-01.md": WEAK})
    repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner.root), "cases/inner")
    repository.commit()

    code, _ = repository.check("--min-score", "3")

    assert code == 0
    assert "a repository of its own, so not part of this one and not read: cases/inner" in capsys.readouterr().out


def test_a_folder_of_answers_may_be_written_in_another_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`./cases/` is the folder that Git calls `cases`: an answer is held against the one before."""
    config = "grader: heuristic\ncases: ./cases/\nrubrics: ./rubrics\ngate: {no_regression: true}\n"
    repository = Repository(tmp_path / "answers", {"export/2026-09-01.md": ANSWER}, config=config)
    monkeypatch.chdir(repository.root)
    repository.write(FILE, WEAK)

    code, said = repository.check()

    assert (code, said["rows"][0]["how"]) == (1, "edited")


def test_what_git_cannot_take_in_is_told_with_the_way_out(repository: Repository) -> None:
    """A filter that fails, as where Git LFS is not installed: the commit can still be checked."""
    repository.write(".git/info/attributes", "*.md filter=gone\n")
    repository.git("config", "filter.gone.required", "true")
    repository.git("config", "filter.gone.clean", "exit 1")
    repository.write(FILE, WEAK)

    with pytest.raises(InputError, match="gone") as refused:
        change_set("main", repository.root)

    assert "evalharness check --head HEAD" in refused.value.hint
    assert change_set("main", repository.root, environment={"CI": "true"}).changed == ()
