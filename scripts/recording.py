"""The first ten minutes in a real shell behind a terminal: what the README says is typed, and what comes is kept.

python -m scripts.recording zsh          print the recording
python -m scripts.recording zsh --page   write it to docs/recording.md

The shell starts without settings, with an empty home and nothing of this machine but /usr/bin and pip's own settings.
"""

from __future__ import annotations

import argparse
import os
import pty
import re
import select
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
ADDRESS = "https://git.example/evalharness.git"
PAGE = ROOT / "docs/recording.md"
MARK = "evening$ "
PATIENCE = 400.0
SHELLS = {
    "bash": (["bash", "--noprofile", "--norc", "-i"], f"PS1='{MARK}'; PS2=''"),
    "zsh": (["zsh", "-f", "-i"], f"PS1='{MARK}'; PS2=''; unsetopt zle prompt_sp"),
    "fish": (
        ["fish", "--no-config", "-i"],
        f"function fish_prompt; echo -n '{MARK}'; end; function fish_greeting; end",
    ),
}
SAID = """\
In 2023 your team published the list of alarms that a ward had turned off, and I read it twice.
We had the same list at the depot, and nobody had counted it: 212 alarms in one night. I turned
off 190 of them with the dispatchers, one by one. It cost us two weeks, and since then they call.
"""
PREP = """\
# Fernhollow, culture round
Interviewer: Imre Talvik, head of deployment studies
## 1. What does responsibility mean to you in your work?
Sample answer: "My scheduler sent 212 trucks to the wrong docks. I fixed it in an hour, and then I rang every depot."
Follow-up question to ask Imre: What do you look at first when a system starts to change how people work?
"""
OPENING = """\
# The first ten minutes, recorded

Made by `python -m scripts.recording {shell} --page`: the commands of the README, typed one after the other into {shell}
without settings, in an empty home, and all that came back. The editor of the recording adds an answer of a few
sentences and saves. The same was recorded in {others}.
"""


class Step(NamedTuple):
    """A command, and what is typed when the program waits: (what it says, what is typed)."""

    command: str
    replies: tuple[tuple[str, str], ...] = ()


STEPS = (
    Step(f"git clone --quiet {ADDRESS}"),
    Step("cd evalharness"),
    Step(
        "python3 -m venv .venv && .venv/bin/pip install --quiet . && "
        ".venv/bin/evalharness run cases/ --grader heuristic"
    ),
    Step('export PATH="$PWD/.venv/bin:$PATH"'),
    Step("evalharness init my-answers"),
    Step("cd my-answers"),
    Step('evalharness new "Why us?" --rubric story --time 2m'),
    Step("evalharness run"),
    Step(
        "evalharness practice",
        (
            ("/2:00> ", "I would rather work where the list is read than where it is long.\n"),
            ("/2:00> ", "In March I read yours to 14 dispatchers, and two of them asked for a copy.\n"),
            ("/2:00> ", ".\n"),
            ("how good did it feel", "4\n"),
            ("another go?", "n\n"),
        ),
    ),
    Step("evalharness brief --for tomorrow"),
    Step("cp ~/prep.md ."),
    Step("evalharness import prep.md --dry-run"),
    Step("evalharness import prep.md --yes"),
    Step("evalharness practice --list"),
)


class Terminal:
    """A shell in a terminal of 100 columns; `seen` is what has come and was not taken yet."""

    def __init__(self, shell: str, home: Path) -> None:
        arguments, prompt = SHELLS[shell]
        kept = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
        address = {
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": f"url.file://{ROOT}.insteadOf",
            "GIT_CONFIG_VALUE_0": ADDRESS,
        }
        own = {"HOME": str(home), "PATH": "/usr/bin:/bin", "TERM": "dumb", "LANG": "C.UTF-8", "COLUMNS": "100"}
        process, self._here = pty.fork()
        if process == 0:
            os.chdir(home)
            os.execvpe(arguments[0], arguments, {**kept, **address, **own, "EDITOR": f"sh {home / 'editor'}"})
        self._raw, self._count = b"", 0
        self.seen = ""
        self.run(Step(prompt))

    def type(self, text: str) -> None:
        """Type a text."""
        os.write(self._here, text.encode())

    def until(self, text: str) -> str:
        """Return what comes up to `text`, which must come."""
        end = time.monotonic() + PATIENCE
        while text not in self.seen:
            if time.monotonic() > end:
                raise SystemExit(f"{text!r} never came:\n{self.seen}")
            if select.select([self._here], [], [], 1.0)[0]:
                self._raw += os.read(self._here, 65_536)
                self.seen = plain(self._raw.decode(errors="replace"))
        found, _, rest = self.seen.partition(text)
        self.seen, self._raw = rest, rest.encode()
        return found + text

    def run(self, step: Step) -> str:
        """Return what a command printed, with what was typed into it; a word behind it tells that it has ended."""
        self._count += 1
        self.type(f"{step.command}; printf '\\n=%s=\\n' done{self._count}\n")
        told = ""
        for said, typed in step.replies:
            told += self.until(said)
            self.type(typed)
        told += self.until(f"\n=done{self._count}=\n")
        told = told.rpartition(f" done{self._count}\n")[2].rpartition("\n=")[0]
        return told.replace(MARK, "").strip("\n")


def plain(text: str) -> str:
    """Return what a terminal shows, without what only moves the cursor."""
    text = re.sub(r"\x1b(?:\[[0-9;?>=]*[A-Za-z]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][A-Z0-9]|[=>])", "", text)
    return re.sub(r"[^\n]*\r", "", text.replace("\r\n", "\n"))  # what a later line was written over


def record(shell: str) -> str:
    """Return a recording as text."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "prep.md").write_text(PREP, encoding="utf-8")
        (home / "said").write_text(SAID, encoding="utf-8")
        (home / "editor").write_text(f'cat {home / "said"} >> "$1"\n', encoding="utf-8")
        terminal = Terminal(shell, home)
        parts = [f"$ {step.command}\n{terminal.run(step)}".rstrip() for step in STEPS]
    return "\n\n".join(parts).replace(folder, "~") + "\n"


def main(arguments: Sequence[str]) -> None:
    """Record one shell."""
    parser = argparse.ArgumentParser(description="the first ten minutes")
    parser.add_argument("shell", choices=SHELLS)
    parser.add_argument("--page", action="store_true")
    given = parser.parse_args(arguments)
    text = record(given.shell)
    if not given.page:
        print(text)
        return
    others = " and ".join(name for name in SHELLS if name != given.shell)
    PAGE.write_text(f"{OPENING.format(shell=given.shell, others=others)}\n```text\n{text}```\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
