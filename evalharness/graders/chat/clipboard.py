"""text -> the clipboard of whoever sits at the terminal: by a program of this machine, else through the terminal."""

from __future__ import annotations

import base64
import shutil
import subprocess
from collections.abc import Callable, Mapping
from typing import Final

MOST_THROUGH_A_TERMINAL: Final = 74_000  # what xterm and others take of an OSC 52
WAIT: Final = 5.0

_PROGRAMS: Final = (
    ("", ("pbcopy",)),
    ("WAYLAND_DISPLAY", ("wl-copy",)),
    ("DISPLAY", ("xclip", "-selection", "clipboard")),
    ("DISPLAY", ("xsel", "--clipboard", "--input")),
    ("", ("clip.exe",)),
)


def copy(text: str, environment: Mapping[str, str], to_terminal: Callable[[str], bool]) -> str:
    """Return by what `text` was copied, or nothing where no clipboard can be reached.

    Over SSH the clipboard is at the other end, where only the terminal reaches it.
    """
    remote = bool(environment.get("SSH_TTY") or environment.get("SSH_CONNECTION"))
    if not remote and (program := _by_program(text, environment)):
        return program
    encoded = base64.b64encode(text.encode("utf-8", "surrogatepass")).decode()
    if len(encoded) <= MOST_THROUGH_A_TERMINAL and to_terminal(f"\x1b]52;c;{encoded}\x07"):
        return "the terminal"
    return ""


def _by_program(text: str, environment: Mapping[str, str]) -> str:
    for needs, arguments in _PROGRAMS:
        path = shutil.which(arguments[0], path=environment.get("PATH", ""))
        if path is None or (needs and not environment.get(needs)):
            continue
        encoding = "utf-16" if arguments[0] == "clip.exe" else "utf-8"
        try:
            done = subprocess.run(  # noqa: S603  # a program of the list above, found on the search path
                [path, *arguments[1:]],
                input=text.encode(encoding, "replace"),
                stdout=subprocess.DEVNULL,  # xclip stays in the background and would hold a pipe
                stderr=subprocess.DEVNULL,
                env=dict(environment),
                timeout=WAIT,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            continue
        if done.returncode == 0:
            return arguments[0]
    return ""
