"""A run over a part of the project says so, and nothing that was not asked for reads as gone, new or first."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evalharness.cli import main
from tests.support import ANSWER, write_project

SERIES = {"export/2026-09-01.md": "It was fine and we all were happy with the thing.", "export/2026-09-08.md": ANSWER}
SCOPE = "This run is over 1 of the project's 3 attempts: cases/export/2026-09-08.md"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A whole run, and after it one over a single file, which was edited."""
    root = write_project(tmp_path, {**SERIES, "other/2026-09-01.md": ANSWER}, config="grader: heuristic\n")
    monkeypatch.chdir(root)
    monkeypatch.setenv("COLUMNS", "120")
    main(["run"])
    file = root / "cases/export/2026-09-08.md"
    file.write_text(f"{ANSWER}We paid 3 weeks for it.\n", encoding="utf-8")
    main(["run", "cases/export/2026-09-08.md"])
    return root


def screen(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    capsys.readouterr()
    assert main(list(arguments)) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("form", ["text", "md", "html"])
def test_the_report_says_over_what_it_is(project: Path, capsys: pytest.CaptureFixture[str], form: str) -> None:
    """The latest run may be over one file: its mean is not the project's."""
    told = " ".join(screen(capsys, "report", "latest", "--format", form).replace("\\", "").split())

    assert f"{SCOPE.replace(chr(39), '&#39;') if form == 'html' else SCOPE}." in told
    assert "first here" in told


def test_a_run_over_everything_says_nothing_of_it(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Paths that hold the whole project are the whole project."""
    assert "This run is over" not in screen(capsys, "report", "previous")
    assert "This run is over" not in screen(capsys, "run", "cases/")


def test_json_holds_what_was_asked_for(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """For programs."""
    run = json.loads(screen(capsys, "report", "latest", "--format", "json"))["run"]

    assert (run["asked"], run["attempts"], run["of"]) == (["cases/export/2026-09-08.md"], 1, 3)


def test_selected_attempts_and_one_author_are_a_part_too(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """However the part was chosen."""
    assert "1 of the project's 3 attempts: --select other" in " ".join(
        screen(capsys, "run", "--select", "other").split()
    )
    assert "3 attempts: --author me" not in screen(capsys, "report", "previous", "--author", "me")


def test_what_the_newer_run_was_not_asked_for_is_not_gone(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Compared is what both hold; the rest was not asked, and the heads say over how much each run is."""
    told = screen(capsys, "compare")

    assert "1 sample, over 1 of 3 attempts" in told
    assert "not in the run after" in told
    assert "1 only in the run before" in told
    assert "gone" not in told
    assert "not in the run before" in screen(capsys, "compare", "latest", "previous")


def test_progress_looks_at_all_runs_and_so_is_not_misled(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A run over one file takes nothing away from the page."""
    told = screen(capsys, "progress")

    assert "3 attempts in 2 series" in told
    assert "2 of 2 graded" in told


def test_a_broken_file_elsewhere_does_not_stop_a_run_over_a_part(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What can't be read is not counted."""
    (project / "cases/other/question.yaml").write_text("bogus: 1\n", encoding="utf-8")

    told = screen(capsys, "run", "cases/export/2026-09-01.md")

    assert "over 1 of the project's 2 attempts" in " ".join(told.split())
