"""A test runner for interview answers.  Everything the command line does is one call here.

import evalharness

run = evalharness.run(["cases/"], settings={"grader": "heuristic"})
print(evalharness.summary(run).mean)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalharness._version import __version__

if TYPE_CHECKING:
    from evalharness.core.aggregate import Summary
    from evalharness.core.run import Run
    from evalharness.errors import EvalHarnessError, InvalidFiles
    from evalharness.looking_back import compare, progress
    from evalharness.pipeline import Choice, World, read_run, run, summary

__all__ = [
    "Choice",
    "EvalHarnessError",
    "InvalidFiles",
    "Run",
    "Summary",
    "World",
    "__version__",
    "compare",
    "progress",
    "read_run",
    "run",
    "summary",
]

_HOMES = {
    "Choice": "evalharness.pipeline",
    "EvalHarnessError": "evalharness.errors",
    "InvalidFiles": "evalharness.errors",
    "Run": "evalharness.core.run",
    "Summary": "evalharness.core.aggregate",
    "World": "evalharness.pipeline",
    "compare": "evalharness.looking_back",
    "progress": "evalharness.looking_back",
    "read_run": "evalharness.pipeline",
    "run": "evalharness.pipeline",
    "summary": "evalharness.pipeline",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'evalharness' has no attribute '{name}'")
    import importlib

    return getattr(importlib.import_module(_HOMES[name]), name)
