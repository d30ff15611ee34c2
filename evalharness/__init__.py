"""A test runner for interview answers.  Everything the command line does is one call here.

import evalharness

run = evalharness.run(["cases/"], settings={"grader": "heuristic"})
print(evalharness.summary(run).mean)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evalharness._version import __version__

if TYPE_CHECKING:
    from evalharness.compare.workflow import compare
    from evalharness.errors import EvalHarnessError, InvalidFiles
    from evalharness.grading.workflow import Choice, World, read_run, run, summary
    from evalharness.model.run import Run
    from evalharness.progress.workflow import progress
    from evalharness.results.aggregate import Summary

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
    "Choice": "evalharness.grading.workflow",
    "EvalHarnessError": "evalharness.errors",
    "InvalidFiles": "evalharness.errors",
    "Run": "evalharness.model.run",
    "Summary": "evalharness.results.aggregate",
    "World": "evalharness.grading.workflow",
    "compare": "evalharness.compare.workflow",
    "progress": "evalharness.progress.workflow",
    "read_run": "evalharness.grading.workflow",
    "run": "evalharness.grading.workflow",
    "summary": "evalharness.grading.workflow",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'evalharness' has no attribute '{name}'")
    import importlib

    return getattr(importlib.import_module(_HOMES[name]), name)
