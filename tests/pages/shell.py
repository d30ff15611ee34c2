"""Examples of a page -> one shell that runs them in order in a folder of their own -> what each printed."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.pages.blocks import KEY, SERVER, Command, Example, File
from tests.program import program

LOCAL = "http://127.0.0.1:8080"  # what pages write where a reader's own server stands
NOWHERE = "http://127.0.0.1:9"  # where a command goes whose need of a key was not marked
MARK = "--- end of a command of the page ---"
COLUMNS = 100
SECONDS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A command that was run: its exit code and what it printed on both streams."""

    command: Command
    code: int
    output: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shell:
    """A shell as somebody finds it, without settings: how it starts, and how it does what differs between shells."""

    start: tuple[str, ...]
    evaluate: str = 'eval "$(cat "{file}")" </dev/null 2>&1; code=$?\n'
    unset: str = "unset {name}\n"


SHELLS = {
    "bash": Shell(start=("bash", "--noprofile", "--norc", "-c")),
    "zsh": Shell(start=("zsh", "-f", "-i", "-c")),
    "fish": Shell(
        start=("fish", "--no-config", "-i", "-c"),
        evaluate="eval (cat {file} | string collect) </dev/null 2>&1; set code $status\n",
        unset="set -e {name}\n",
    ),
}


class Runner:
    """A place to run pages in: a warm `evalharness` on the PATH, and a home of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._bin = folder / "bin"
        self._bin.mkdir()
        (self.folder / "home").mkdir()
        (self.folder / "gitconfig").write_text("[init]\n\tdefaultBranch = main\n[commit]\n\tgpgsign = false\n")
        _script(self._bin / "evalharness", f'exec {shlex.join(program())} "$@"')
        for name in ("python", "python3", "pytest"):
            tool = sys.executable if name.startswith("python") else f"{sys.executable} -m pytest"
            _script(self._bin / name, f'exec {tool} "$@"')

    def environment(self) -> dict[str, str]:
        """Return what commands see: nothing of the person who runs the tests."""
        git = {
            f"GIT_{who}_{what}": "you@example.invalid" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
        }
        git |= {"GIT_CONFIG_GLOBAL": str(self.folder / "gitconfig"), "GIT_CONFIG_SYSTEM": os.devnull}
        return git | {
            "PATH": f"{self._bin}:{os.environ['PATH']}",
            "HOME": str(self.folder / "home"),
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "ANTHROPIC_BASE_URL": NOWHERE,
            "PIP_NO_INDEX": "1",
            "COLUMNS": str(COLUMNS),
            "NO_COLOR": "1",
            "LANG": "C.UTF-8",
            "TZ": "UTC",
        }

    def link_tools(self, venv: Path) -> None:
        """Make `venv/bin` what a page expects after its own install."""
        (venv / "bin").mkdir(parents=True)
        for tool in self._bin.iterdir():
            (venv / "bin" / tool.name).symlink_to(tool)
        (venv / "bin/activate").write_text("")

    def run(self, found: Sequence[Example], start: Path, model_url: str, *, shell: str = "bash") -> list[Done]:
        """Run a page's examples in `start`, a model being at `model_url`; return every command that was run."""
        kind = SHELLS[shell]
        commands = [example for example in found if isinstance(example, Command) and example.runs]
        if not commands:
            return []
        staged = start.with_name(f"{start.name}.steps")
        staged.mkdir()
        script = "".join(_step(example, staged / str(number), model_url, kind) for number, example in enumerate(found))
        done = subprocess.run(
            [*kind.start, script],
            cwd=start, env=self.environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, timeout=SECONDS, check=False,
        )  # fmt: skip
        shutil.rmtree(staged)
        *pieces, rest = done.stdout.decode("utf-8", "replace").split(f"\n{MARK} ")
        codes = [piece.split("\n", 1) for piece in [*pieces[1:], rest]]
        outputs = [pieces[0] if pieces else rest, *(text for _, text in codes)]
        ends = [int(code) for code, _ in codes]
        if len(ends) != len(commands):
            raise AssertionError(f"the shell ended after {len(ends)} of {len(commands)} commands:\n{rest}")
        return [
            Done(command=command, code=code, output=output)
            for command, code, output in zip(commands, ends, outputs, strict=False)
        ]


def _step(example: Example, staged: Path, model_url: str, shell: Shell) -> str:
    if isinstance(example, File):
        staged.write_text(example.text, encoding="utf-8")
        return f'mkdir -p "$(dirname "{example.name}")" && cp "{staged}" "{example.name}"\n'
    if not isinstance(example, Command) or not example.runs:
        return ""
    text = example.text.replace(LOCAL, model_url) if example.needs == SERVER else example.text
    staged.write_text(text, encoding="utf-8")
    before = after = ""
    if example.needs == KEY:
        before = f"export ANTHROPIC_API_KEY=test-key ANTHROPIC_BASE_URL={model_url}\n"
        after = f"{shell.unset.format(name='ANTHROPIC_API_KEY')}export ANTHROPIC_BASE_URL={NOWHERE}\n"
    step = shell.evaluate.format(file=staged)
    return f'{before}{step}printf "\\n{MARK} %d\\n" "$code"\n{after}'


def _script(path: Path, line: str) -> None:
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)
