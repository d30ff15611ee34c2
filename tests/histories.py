"""A model's history in a project on the disk, and its screens."""

from __future__ import annotations

from pathlib import Path

import pytest

from evalharness.cli import main
from tests.levels import answers, store_run
from tests.support import write_project

MODEL = {"grader": "anthropic", "model": "model-1"}
ONE, TWO, THREE = "20260901T080000Z-0001", "20260905T080000Z-0002", "20260906T080000Z-0003"
Q2 = {"example": (3,), "trade_offs": (3,)}


def project_with_history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model's history: one series measured, one not, one attempt ungraded, and grades of an older model."""
    names = [f"export/2026-09-0{day}.md" for day in (1, 2, 3)]
    others = ("q2/2026-09-01.md", "q2/2026-09-05.md", "q3/2026-09-04.md")
    write_project(tmp_path, answers(*names, *others), config="grader: anthropic\nmodel: model-1\n")
    file = tmp_path / "cases/export/2026-09-03.md"
    file.write_text("---\nself_score: 5\n---\n" + file.read_text())
    early = {"example": (2, 3, 2), "trade_offs": (2, 2, 1)}
    first = {"export/me/2026-09-01": {"example": (2, 2, 2), "trade_offs": (2, 2, 2)}, "export/me/2026-09-02": early}
    store_run(tmp_path, ONE, {**first, "q2/me/2026-09-01": Q2})
    late = {"example": (5, 5, 4), "trade_offs": (2, 2, 2)}
    second = {"export/me/2026-09-02": early, "export/me/2026-09-03": late}
    store_run(tmp_path, TWO, {**second, "q2/me/2026-09-05": {"example": (4,), "trade_offs": (3,)}})
    store_run(tmp_path, THREE, {"export/me/2026-09-03": early, "q2/me/2026-09-01": Q2}, model="model-0")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def screen(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(arguments) == 0
    return capsys.readouterr().out
