"""A function in a process of its own that may be killed; one process imports everything once, and forks."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

LATE = ("pytest", "anthropic", "aiohttp", "tenacity", "tabulate", "jinja2", "jsonschema", "tests.started")
CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload([*LATE, "evalharness.cli.run", "evalharness.grading.workflow", "evalharness.plugins"])
PATIENCE = 60


def started(work: Callable[..., int], *arguments: Any, cwd: Path, env: Mapping[str, str] | None = None) -> int:
    """Do `work` in `cwd`, in silence; return its exit code, or the number of the signal that ended it, below 0."""
    process = CONTEXT.Process(target=_there, args=(work, arguments, cwd, dict(env or {})))
    process.start()
    process.join(PATIENCE)
    assert process.exitcode is not None, "it never ended"
    code = process.exitcode
    process.close()
    return code


def _there(work: Callable[..., int], arguments: tuple[Any, ...], cwd: Path, env: dict[str, str]) -> None:
    os.chdir(cwd)
    os.environ.update(env)
    nothing = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nothing, stream)
    sys.exit(work(*arguments))
