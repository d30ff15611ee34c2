"""A reader that goes away (`evalharness ... | head -1`) is no error: no noise, and the exit code says what happened."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.program import program
from tests.support import many, write_project


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """More than a pipe holds."""
    root = write_project(tmp_path_factory.mktemp("pipe"), many(30), config="grader: heuristic\n")
    unheard(root, "run", both=False)
    return root


def unheard(root: Path, *arguments: str, both: bool) -> tuple[int, bytes]:
    """Return exit code and talk of a command whose reader has gone; `both`: the reader of its talk too."""
    here, there = os.pipe()
    os.close(here)
    try:
        done = subprocess.run(
            [*program(), *arguments],
            cwd=root,
            stdin=subprocess.DEVNULL,
            stdout=there,
            stderr=there if both else subprocess.PIPE,
            timeout=60,
        )
    finally:
        os.close(there)
    return done.returncode, done.stderr or b""


@pytest.mark.parametrize(
    "command",
    [
        "--help",
        "run",
        "lint",
        "report latest",
        "report latest --format html",
        "prompt q0 --json",
        "progress",
        "coverage",
        "brief",
        "schema rubric",
        "new q0 --no-edit",
    ],
)
def test_no_command_complains_or_fails_because_nobody_reads_on(project: Path, command: str) -> None:
    """Exit 0, and nothing is said about a pipe."""
    code, talk = unheard(project, *command.split(), both=False)

    assert code == 0
    assert b"Traceback" not in talk
    assert b"roken" not in talk


@pytest.mark.parametrize(("command", "code"), [("run --min-score 4.9", 1), ("bogus", 2), ("report nothing", 2)])
def test_the_exit_code_is_the_one_it_would_have_been(project: Path, command: str, code: int) -> None:
    """`evalharness run --min-score 4.9 | head -1` in a script with pipefail must not pass."""
    assert unheard(project, *command.split(), both=True) == (code, b"")
