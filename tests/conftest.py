"""Tests that are known to fail, by name, until somebody takes them off the list.

`known_gaps.txt` holds two kinds, one test a line.  `importing/`: written for the importer before, which had rules for
phrasings and layouts; import now reads by learned weights, reads other documents better, and these worse.  The others
fail since several changes came together and have not been looked at one by one.  A test that passes meanwhile does
no harm; nothing may be added for convenience.
"""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from evalharness.graders.anthropic.lazily import import_lazily
from tests.examples import PART, THOROUGH

for _profile, _examples in (("here", round(50 * PART)), (THOROUGH, 50)):
    settings.register_profile(_profile, deadline=None, max_examples=_examples)  # a slow machine is no failure
settings.load_profile("here")

# Who runs the tests decides nothing: a CI, a proxy, a key or a terminal of this machine is told to no test.
_KEPT = {"PATH", "HOME", "USER", "TMPDIR", "TMP", "TEMP", "TZ", "LANG", "SHELL", "VIRTUAL_ENV", "SYSTEMROOT"}
_KEPT_GROUPS = ("LC_", "LD_", "PYTEST", "PYTHON", "COV_", "COVERAGE_", "PIP_", "SSL_CERT_")
for _name in set(os.environ) - _KEPT:
    if not _name.startswith(_KEPT_GROUPS):
        del os.environ[_name]

# Containers often ask for no bytecode: each of the hundreds of starts below would compile the package again.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# As the program does at its start: hardly any ring of objects is ever made, and all tests are looked through for it.
gc.set_threshold(100_000)

# As the program does, too: most of what the SDK's import takes goes into endpoints that nobody asks for.
import_lazily("anthropic")

HERE = Path(__file__).parent
GAPS = HERE / "known_gaps.txt"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the known gaps."""
    gaps = frozenset(GAPS.read_text(encoding="utf-8").splitlines())
    files = {gap.partition("::")[0].rpartition("/")[2] for gap in gaps}
    for item in items:
        if item.path.name in files and item.path.is_relative_to(HERE):
            name = f"{item.path.relative_to(HERE).as_posix()}::{item.name}"
            if name.encode("unicode_escape").decode() in gaps:
                item.add_marker(pytest.mark.xfail(reason="a known gap", strict=False))


def pytest_collection_finish() -> None:
    """Never look through the collected tests for unused objects again."""
    gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give each worker a stretch of neighbours: what the tests of a file share is made by one worker, not by all."""
    if config.getoption("dist") != "load":
        return None
    return import_module("xdist.scheduler").WorkStealingScheduling(config, log)
