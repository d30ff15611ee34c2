"""An attempt of which some criteria have a level: it is said to be that, and nothing of it is called another's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evalharness.cli import main
from tests.support import ANSWER, write_project

ATTEMPTS = {
    "export/2026-09-01.md": ANSWER,
    "export/2026-09-08.md": f"{ANSWER}\nAnd more.",
    "export/2026-09-15.md": f"{ANSWER}\nAnd 40 trucks.",
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = write_project(tmp_path, ATTEMPTS, config="grader: heuristic\nauthor: me\n")
    monkeypatch.chdir(root)
    assert main(["run"]) == 0
    return root


def newest(root: Path) -> Path:
    return max((root / "reports").glob("*/grades.jsonl"))


def fail(file: Path, attempt: str, criteria: set[str]) -> None:
    """Let the grader have failed at some criteria of an attempt."""
    lines = [json.loads(line) for line in file.read_bytes().splitlines()]
    for line in lines:
        if line["case"].endswith(attempt) and line["criterion"] in criteria:
            line["outcome"] = {"type": "ungraded", "why": "server_error", "detail": "500"}
    file.write_bytes(b"".join(json.dumps(line, separators=(",", ":")).encode() + b"\n" for line in lines))


def lose(file: Path, attempt: str, criteria: set[str]) -> None:
    """Take the lines of some criteria of an attempt away."""
    kept = (json.loads(line) for line in file.read_bytes().splitlines())
    wanted = [one for one in kept if not (one["case"].endswith(attempt) and one["criterion"] in criteria)]
    file.write_bytes(b"".join(json.dumps(one, separators=(",", ":")).encode() + b"\n" for one in wanted))


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    capsys.readouterr()
    assert main([*arguments]) == 0
    return " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("damage", [fail, lose])
def test_it_differs_in_nothing_and_is_graded_in_part(
    project: Path, capsys: pytest.CaptureFixture[str], damage: object
) -> None:
    """Its levels are of today's text; the others are missing, and a run makes them."""
    assert callable(damage)
    damage(newest(project), "09-08", {"trade_offs"})

    for view in (("progress",), ("progress", "export"), ("coverage",), ("brief",)):
        told = said(capsys, *view)
        assert "question or answer text" not in told
        if view[0] == "progress":
            assert "1 of 3 attempts graded only in part. Grade them: evalharness run" in told
            assert "previous graded in part" in told
            assert "not graded under today's settings" not in told


def test_one_without_any_level_is_not_graded(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What a rule measures is no grade."""
    fail(newest(project), "09-15", {"trade_offs", "example"})
    fail(newest(project), "09-08", {"example"})

    told = said(capsys, "progress")
    assert "1 of 3 attempts not graded under today's settings, 1 of 3 attempts graded only in part." in told
    assert "latest not graded" in told


def test_one_whose_text_was_edited_still_differs_in_it(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is stored of it is of another text."""
    (project / "cases/export/2026-09-08.md").write_text(f"{ANSWER}\nAnd less.\n")

    told = said(capsys, "progress", "export")
    assert "1 attempt by heuristic (differs in question or answer text)" in told
    assert "1 of 3 attempts not graded under today's settings" in told


def test_compare_says_which_run_graded_in_part(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An attempt with some levels is not called ungraded."""
    file = project / "cases/export/2026-09-15.md"
    file.write_text(f"{ANSWER}\nAnd 50 trucks.\n")
    assert main(["run"]) == 0
    fail(newest(project), "09-15", {"trade_offs"})

    assert "graded in part after" in said(capsys, "compare", "previous", "latest")

    fail(newest(project), "09-15", {"example"})
    assert "ungraded after" in said(capsys, "compare", "previous", "latest")
