"""Each promise of SECURITY.md names the tests that hold it, and these are there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "SECURITY.md").read_text(encoding="utf-8")


def test_every_test_that_is_named_is_there() -> None:
    """A test that was renamed or removed leaves its promise without proof."""
    named = set(re.findall(r"`(test_\w+)`", PAGE))
    there = {
        name
        for file in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)
    }

    assert len(named) > 40
    assert named - there == set()


def test_every_promise_names_a_test() -> None:
    """A sentence that nothing proves is moved to what is not promised."""
    promised = PAGE[PAGE.index("## What is promised") : PAGE.index("## What is not promised")]
    items = re.split(r"\n(?=- |### |\n)", promised.partition("### ")[2])
    promises = [item for item in items if len(item.split()) > 12 and not item.startswith("- Not promised")]

    assert len(promises) > 25
    assert [item for item in promises if "`test_" not in item] == []
