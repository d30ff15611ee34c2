"""A repository of several people: whose answer it is shows, and a report per author on request."""

from __future__ import annotations

from pathlib import Path

import pytest

from evalharness.cli import main
from tests.repository import BETTER, WEAK, Repository
from tests.support import ANSWER


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    made = Repository(tmp_path / "answers", {"export/2026-09-01.md": f"---\nauthor: ilse\n---\n{WEAK}"})
    made.write("cases/export/priya/2026-09-01.md", ANSWER)
    made.commit("priya's")
    made.git("branch", "--force", "main")
    monkeypatch.chdir(made.root)
    return made


def test_a_report_per_author_holds_nobody_elses_words(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    """Authors come from folders or front matter; a name that is not there is told."""
    assert main(["run", "--grader", "heuristic"]) == 0
    capsys.readouterr()

    assert main(["report", "latest", "--author", "priya"]) == 0
    page = capsys.readouterr().out
    assert "nightly export" in page
    assert "some discussion" not in page
    assert main(["report", "latest", "--author", "prya"]) == 2
    assert "did you mean 'priya'?" in capsys.readouterr().err


def test_each_author_has_a_series_of_her_own(repository: Repository) -> None:
    """A new answer is held against the author's own last one."""
    repository.write("cases/export/priya/2026-10-01.md", BETTER)
    repository.commit()

    _, told = repository.check()

    assert [(row["case"], row["held_against"]) for row in told["rows"]] == [
        ("export/priya/2026-10-01", "export/priya/2026-09-01")
    ]
