"""Bytes of a stored line that are no text any more: no view ends in a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from evalharness.cli import main
from tests.support import ANSWER, write_project


@pytest.mark.parametrize("name", [b"case", b"key"])
@pytest.mark.parametrize("view", ["progress", "brief", "run"])
def test_a_name_that_is_no_text_ends_no_view(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: bytes, view: str
) -> None:
    """The first byte of each name is one that no UTF-8 begins with."""
    root = write_project(tmp_path, {"export/2026-09-01.md": ANSWER, "export/2026-09-08.md": f"{ANSWER}\nAnd more."})
    monkeypatch.chdir(root)
    assert main(["run"]) == 0
    for file in (root / "reports").glob("*/grades.jsonl"):
        data = file.read_bytes()
        assert b'"%b":"' % name in data
        file.write_bytes(data.replace(b'"%b":"' % name, b'"%b":"\xad' % name))

    assert main([view]) in {0, 2}
