"""A function in a process of its own that may be killed; one process imports everything once, and forks."""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["pytest", "tests.started", "tests.grading.test_kill", "tests.warmed"])
PATIENCE = 60


def started(work: Callable[..., int], *arguments: Any, cwd: Path, env: Mapping[str, str] | None = None) -> int:
    """Do `work` in `cwd`, in silence; return its exit code, or the number of the signal that ended it, below 0."""
    return ended(work, *arguments, cwd=cwd, env=env)[0]


def ended(
    work: Callable[..., int], *arguments: Any, cwd: Path, env: Mapping[str, str] | None = None, **signalled: float
) -> tuple[int, float]:
    """Do the same, and send the signal `number` `after` so many seconds of it; return the exit code and the seconds."""
    begun, begins = CONTEXT.Pipe(duplex=False)
    process = CONTEXT.Process(target=_there, args=(begins, work, arguments, cwd, dict(env or {})))
    process.start()
    begins.close()
    begun.recv()
    start = time.perf_counter()
    if signalled:
        process.join(signalled["after"])
        if process.exitcode is None and process.pid:
            os.kill(process.pid, int(signalled["number"]))
    process.join(PATIENCE)
    assert process.exitcode is not None, "it never ended"
    code = process.exitcode
    process.close()
    return code, time.perf_counter() - start


def _there(
    begins: Connection[bool], work: Callable[..., int], arguments: tuple[Any, ...], cwd: Path, env: dict[str, str]
) -> None:
    os.chdir(cwd)
    os.environ.update(env)
    nothing = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nothing, stream)
    begins.send(True)
    sys.exit(work(*arguments))
