"""The Tab key in the real shells: commands, flags, questions, runs, rubrics, graders."""

from __future__ import annotations

import os
import pty
import select
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.program import program
from tests.support import write_project

PATIENCE = 60.0
ASKED = (
    ("evalharness prog", "progress"),
    ("evalharness run --lat", "--latest"),
    ("evalharness progress exp", "export"),
    ("evalharness practice exp", "export"),
    ("evalharness brief exp", "export"),
    ("evalharness report 2026", "20261120T120000Z-0001"),
    ("evalharness new x --rubric proj", "project-deep-dive"),
    ("evalharness run --grader heu", "heuristic"),
)
SCRIPTS = {
    "bash": """eval "$(evalharness completion bash)"
ask() { COMP_WORDS=($1); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMPREPLY=(); _evalharness_completion evalharness
printf '%s ' "${COMPREPLY[@]}"; echo; }
""",
    "fish": "evalharness completion fish | source\nfunction ask; echo (complete -C $argv[1] | cut -f1); end\n",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write_project(tmp_path)
    (tmp_path / "reports/20261120T120000Z-0001").mkdir(parents=True)
    (tmp_path / "reports/20261120T120000Z-0001/run.json").write_text("{}")
    tool = tmp_path / "bin/evalharness"
    tool.parent.mkdir()
    tool.write_text(f'#!/bin/sh\nexec {shlex.join(program())} "$@"\n')
    tool.chmod(0o755)
    return tmp_path


def surroundings(project: Path) -> dict[str, str]:
    path = f"{project / 'bin'}:{os.environ['PATH']}"
    root = str(Path(__file__).parents[2])
    return {**os.environ, "PATH": path, "HOME": str(project), "TERM": "dumb", "PYTHONPATH": root}


@pytest.mark.parametrize("shell", SCRIPTS)
def test_the_shell_completes_what_is_there(project: Path, shell: str) -> None:
    """Each kind of name is offered where it is wanted."""
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    plain = {"bash": ["--norc"], "fish": ["--no-config"]}[shell]
    script = SCRIPTS[shell] + "".join(f"ask '{typed}'\n" for typed, _ in ASKED)

    done = subprocess.run(
        [shell, *plain, "-c", script], cwd=project, env=surroundings(project), capture_output=True, text=True,
        timeout=PATIENCE, check=False,
    )  # fmt: skip

    assert [line.split() for line in done.stdout.splitlines()] == [[wanted] for _, wanted in ASKED], done.stderr


def test_zsh_completes_what_is_there(project: Path) -> None:
    """Typed into an interactive zsh without settings, with the real Tab key; the program's path is completed, too."""
    if shutil.which("zsh") is None:
        pytest.skip("zsh is not installed")
    here, there = pty.openpty()
    process = subprocess.Popen(
        ["zsh", "-f", "-i"], cwd=project, env=surroundings(project), stdin=there, stdout=there, stderr=there,
        preexec_fn=lambda: os.login_tty(there),
    )  # fmt: skip
    os.close(there)
    try:
        os.write(here, b'eval "$(evalharness completion zsh)"; echo rea""dy\n')
        until(here, "ready")
        for typed, wanted in (*ASKED, ("bin/evalharness prog", "progress")):
            os.write(here, f"\x15echo {chr(39)}<{chr(39)}; : ; {typed}\t".encode())
            until(here, typed + wanted.removeprefix(typed.split()[-1]))
            os.write(here, b"\x03")
    finally:
        process.kill()
        process.wait()
        os.close(here)


def until(descriptor: int, text: str) -> None:
    """Read until `text` was shown."""
    seen, end = "", time.monotonic() + PATIENCE
    while text not in seen:
        ready, _, _ = select.select([descriptor], [], [], max(0.0, end - time.monotonic()))
        assert ready, f"{text!r} never came:\n{seen}"
        seen += os.read(descriptor, 4096).decode(errors="replace")


def test_outside_a_project_nothing_is_offered_and_nothing_fails(tmp_path: Path) -> None:
    """Tab never prints an error between the lines of a shell."""
    asked = {"COMP_WORDS": "evalharness progress ", "COMP_CWORD": "2", "_EVALHARNESS_COMPLETE": "bash_complete"}
    command, env = [sys.executable, "-m", "evalharness"], {**os.environ, **asked}
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)

    assert (done.stdout.strip(), done.stderr) == ("", "")
