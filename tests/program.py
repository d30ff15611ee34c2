"""`evalharness` as a process of its own, for tests that need one, without the price of a start.

The process is a fork of one that has imported everything.  What a start itself does (imports, encodings, what is
set before Python begins) is tested with `python -m evalharness`.
"""

from __future__ import annotations

import atexit
import functools
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

FORKED, SERVING = (Path(__file__).with_name("pages") / name for name in ("forked.py", "serving.py"))


def program(environment: Mapping[str, str] | None = None) -> list[str]:
    """Return the command that stands for `python -m evalharness`, or that one where Python itself reads a variable."""
    if any(name.startswith("PYTHON") for name in environment or {}):
        return [sys.executable, "-m", "evalharness"]
    return [sys.executable, "-IS", str(FORKED), warm()]


@functools.cache
def warm() -> str:
    """Start the process that forks, one for all tests of a worker; return its socket."""
    folder = tempfile.TemporaryDirectory(prefix="eh-")  # a socket's path may have 100 characters
    path = f"{folder.name}/s"
    command = [sys.executable, str(SERVING), path]
    server = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=FORKED.parents[2],
        start_new_session=True, env={**os.environ, "LANG": "C.UTF-8"},
    )  # fmt: skip
    assert server.stdout is not None
    assert server.stdout.readline() == "ready\n"
    atexit.register(folder.cleanup)
    atexit.register(server.communicate)
    return path
