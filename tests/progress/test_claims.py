"""Claims belong to the attempt: where they change, a change of the level is not the answer's alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evalharness.cli import main
from tests.cli.test_views_cli import RESILIENCE, RUBRIC
from tests.support import write_project

CONFIG = "author: me\ngrader: heuristic\n"
QUESTION = "question: What did you change?\nrubric: talk\ntime_limit: 60 s\nmissions: [1, 3]\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same answer twice; the first one claims two missions and shows one, the second claims what it shows."""
    root = write_project(tmp_path, {"export/2026-09-01.md": RESILIENCE}, rubric=RUBRIC, config=CONFIG)
    (root / "cases/export/question.yaml").write_text(QUESTION, encoding="utf-8")
    monkeypatch.chdir(root)
    monkeypatch.setenv("COLUMNS", "110")
    main(["run"])
    later = f"---\nmissions: [1]\n---\n\n{RESILIENCE}\nIt was worth it.\n"
    (root / "cases/export/2026-09-08.md").write_text(later, encoding="utf-8")
    main(["run"])
    return root


def screen(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    capsys.readouterr()
    assert main(list(arguments)) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("command", ["progress", "progress export", "compare previous latest"])
@pytest.mark.parametrize("form", ["text", "md"])
def test_a_change_under_other_claims_is_marked_and_explained(
    project: Path, capsys: pytest.CaptureFixture[str], command: str, form: str
) -> None:
    """The level rose because one claim was dropped: the reading says so beside itself."""
    told = " ".join(screen(capsys, *command.split(), "--format", form).split())

    assert "better by surface features *" in told.replace("\\*", "*")
    assert "* claims differ: the two attempts claim different missions" in told.replace("\\*", "*")


def test_only_the_criterion_that_reads_claims_is_marked(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Speaking time has nothing to do with them."""
    rows = screen(capsys, "progress", "export").splitlines()

    assert [row.split()[0] for row in rows if row.endswith(" *")] == ["Missions", "Score"]


def test_programs_get_the_mark_too(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In `progress` and in `compare`."""
    for command in ("progress", "progress export", "compare previous latest"):
        (series,) = json.loads(screen(capsys, *command.split(), "--format", "json"))["series"]
        assert series["claims_differ"] is True


def test_equal_claims_have_no_mark_however_they_are_written(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Said by the question, or by the attempt in another order."""
    later = f"---\nmissions: [3, 1]\n---\n\n{RESILIENCE}\nIt was worth it.\n"
    (project / "cases/export/2026-09-08.md").write_text(later, encoding="utf-8")
    main(["run"])

    assert "*" not in screen(capsys, "progress", "export")


def test_coverage_counts_what_its_own_row_shows(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Not the level of an attempt with other claims, which the row may contradict."""
    (project / "cases/export/2026-09-15.md").write_text(
        f"---\nmissions: [1, 2, 3]\n---\n\n{RESILIENCE}", encoding="utf-8"
    )
    main(["run"])

    told = screen(capsys, "coverage", "--date", "2026-09-20")

    (row,) = [line for line in told.splitlines() if line.startswith("export")]
    assert row.split() == ["export", "met", "5d", "claimed", "claimed", "1", "of", "3"]
    assert "Met: of the missions that the latest attempt claims." in " ".join(told.split())
