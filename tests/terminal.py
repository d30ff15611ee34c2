"""A command behind a pseudo-terminal: wait for a prompt, type, press Ctrl-C."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import time
from pathlib import Path
from types import TracebackType

from tests.program import program

CTRL_C = "\x03"
CTRL_D = "\x04"
PATIENCE = 30.0


class Terminal:
    """One process with a terminal of its own; `seen` is everything that stood on its screen."""

    def __init__(self, *arguments: str, cwd: Path, env: dict[str, str] | None = None) -> None:
        self._here, there = pty.openpty()
        base = {k: v for k, v in os.environ.items() if not k.startswith("ANTHROPIC")}
        self._process = subprocess.Popen(
            [*program(env), *arguments],
            cwd=cwd,
            stdin=there,
            stdout=there,
            stderr=there,
            env={**base, "TERM": "dumb", "NO_COLOR": "1", "COLUMNS": "200", **(env or {})},
            preexec_fn=lambda: os.login_tty(there),
        )
        os.close(there)
        self.seen = ""
        self._read_to = 0

    def wait_for(self, text: str) -> None:
        """Read until `text` stands on the screen behind what was waited for before."""
        end = time.monotonic() + PATIENCE
        while text not in self.seen[self._read_to :]:
            if not self._more(end):
                raise AssertionError(f"{text!r} never came; the screen says:\n{self.seen}")
        self._read_to = self.seen.index(text, self._read_to) + len(text)

    def enter(self, text: str) -> None:
        """Type `text` as a person would."""
        os.write(self._here, text.encode())

    def exit_code(self) -> int:
        """Read to the end and return the exit code."""
        end = time.monotonic() + PATIENCE
        while self._more(end):
            pass
        try:
            return self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"it never ended; the screen says:\n{self.seen}") from None

    def _more(self, end: float) -> bool:
        ready, _, _ = select.select([self._here], [], [], max(0.0, end - time.monotonic()))
        if not ready:
            return False
        try:
            data = os.read(self._here, 4096)
        except OSError:  # the other side is closed
            return False
        self.seen += data.decode(errors="replace").replace("\r\n", "\n")
        return bool(data)

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGHUP)  # as where a window is closed
            self._process.wait(PATIENCE)
        os.close(self._here)
