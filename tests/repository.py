"""A real Git repository of answers, and the real command in it."""

from __future__ import annotations

import atexit
import functools
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evalharness.cli import main
from tests.support import ANSWER, write_project

WEAK = "We were asked to change the export and so it was changed by the team after some discussion about it.\n"
BETTER = f"{ANSWER}I told the three teams that used the old file myself, in 2 meetings, instead of a mail.\n"
CONFIG = "grader: heuristic\ngate:\n  no_regression: true\n"


class Repository:
    """A clone with a main branch that holds the first state, and a branch `change` that is checked out."""

    def __init__(self, root: Path, answers: Mapping[str, str] | None = None, *, config: str = CONFIG) -> None:
        self.root = root
        shutil.copytree(_made(tuple(answers.items()) if answers else (), config), root, dirs_exist_ok=True)

    def git(self, *arguments: str) -> str:
        clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        names = {
            f"GIT_{who}_{what}": "a@example.invalid" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
        }
        config = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
        command = ["git", "-c", "commit.gpgsign=false", *arguments]
        done = subprocess.run(
            command, cwd=self.root, env={**clean, **names, **config}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def commit(self, message: str = "change") -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "-m", message)

    def write(self, name: str, text: str) -> Path:
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return file

    def check(self, *arguments: str, out: str = "out") -> tuple[int, dict[str, Any]]:
        """Run the command; return its exit code and `check.json`, empty where there is none."""
        folder = self.root.parent / out
        code = main(["check", "--base", "main", "--out", str(folder), *arguments])
        file = folder / "check.json"
        return code, json.loads(file.read_text()) if file.exists() else {}

    def comment(self, out: str = "out") -> str:
        return (self.root.parent / out / "comment.md").read_text()


@functools.cache
def _made(answers: tuple[tuple[str, str], ...], config: str) -> Path:
    """Return the folder of a repository that is made once and copied for each test."""
    folder = tempfile.TemporaryDirectory(prefix="eh-")
    atexit.register(folder.cleanup)
    made = Repository.__new__(Repository)
    made.root = write_project(Path(folder.name) / "made", dict(answers), config=config)
    made.git("init", "--quiet", "--initial-branch=main")
    for sample in (made.root / ".git/hooks").glob("*.sample"):
        sample.unlink()
    made.commit("first")
    made.git("checkout", "--quiet", "-b", "change")
    return made.root
