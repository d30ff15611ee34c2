"""`PROGRESS.md` and its charts: written where something changed, and only then."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from evalharness.load import load_project
from evalharness.progress import workflow as looking_back
from evalharness.progress import workflow as progress_page
from tests.histories import project_with_history, screen
from tests.levels import answers
from tests.support import ANSWER, Notes, world_at, write_project


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return project_with_history(tmp_path, monkeypatch)


def write(root: Path, notes: Notes | None = None) -> Path | None:
    return progress_page.write(load_project([], cwd=root), world_at(root, watcher=notes))


def test_the_page_shows_every_series_with_a_picture_that_is_there(project: Path) -> None:
    """Every picture and every link leads to a file; a single attempt has no chart."""
    path = write(project)

    assert path == project / "reports/PROGRESS.md"
    text = path.read_text()
    assert [line for line in text.splitlines() if line.startswith("### ")] == ["### export", "### q2", "### q3"]
    targets = re.findall(r"\]\((\.\./[^)#]*|progress/[^)]*)", text)
    assert len(targets) > 10
    assert all((path.parent / target).exists() for target in targets)
    assert len(list((project / "reports/progress").iterdir())) == 3
    assert "2026-09-03: **3.5 of 5**, +1.2 since 2026-09-02: better, over 99 % sure." in text


def test_the_page_is_written_only_when_it_says_something_else(project: Path) -> None:
    """A run that changes nothing makes no difference in Git, and no file is touched."""
    write(project)
    files = [project / "reports/PROGRESS.md", *(project / "reports/progress").iterdir()]
    before = {file: (file.stat().st_ino, file.stat().st_mtime_ns) for file in files}

    write(project)

    assert {file: (file.stat().st_ino, file.stat().st_mtime_ns) for file in files} == before


def test_charts_of_series_that_are_gone_are_removed_and_nothing_else(project: Path) -> None:
    write(project)
    mine = project / "reports/progress/my-own.svg"
    mine.write_text("mine")
    for file in (project / "cases/q2").iterdir():
        file.unlink()

    write(project)

    names = {file.name for file in mine.parent.iterdir()}
    assert len(names) == 3
    assert {"my-own.svg", "overview.svg"} <= names


def test_a_project_that_cannot_be_read_leaves_the_page_as_it_was(project: Path) -> None:
    """A run over one folder must not fail for a broken file in another."""
    loaded = load_project([project / "cases/q2"], cwd=project)
    write(project)
    before = (project / "reports/PROGRESS.md").read_text()
    (project / "cases/q3/question.yaml").write_text("question: x\nrubrik: talk\n")
    notes = Notes()

    assert progress_page.write(loaded, world_at(project, watcher=notes)) is None
    assert (project / "reports/PROGRESS.md").read_text() == before
    assert notes.lines == [
        "PROGRESS.md was not written: 2 problems in 1 file (cases/q3/question.yaml:1:1); see `evalharness lint`"
    ]


def test_a_part_of_the_project_still_makes_the_whole_page(project: Path) -> None:
    loaded = load_project([project / "cases/q2"], cwd=project)

    path = progress_page.write(loaded, world_at(project))

    assert path is not None
    assert "### export" in path.read_text()


def test_what_an_answer_says_cannot_break_page_or_screen(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Titles and answers are text: no tag, no cell, no link."""
    question = project / "cases/q2/question.yaml"
    question.write_text('title: "<b>|`x`](http://a.b)"\n' + question.read_text())
    (project / "cases/q2/2026-09-09.md").write_text(ANSWER.replace("I moved", "<script>|`I` moved"))

    path = write(project)

    assert path is not None
    text = path.read_text()
    assert "<script>" not in text
    assert "<b>" not in text.replace("\\<b>", "")
    assert "<b>|`x`](http://a.b)" in screen(capsys, "progress")
    assert "](http" not in text.replace("\\](", "")
    for row in text.splitlines():
        if row.startswith("| [") and "#s" in row:
            assert len(re.findall(r"(?<!\\)\|", row)) == 7


def test_without_any_run_the_page_and_the_screen_say_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_project(tmp_path, answers("export/2026-09-01.md", "export/2026-09-02.md"), config="grader: heuristic\n")
    monkeypatch.chdir(tmp_path)

    found = looking_back.progress(world=world_at(tmp_path))

    assert found.runs == 0
    assert found.regrade is not None
    assert found.regrade.price.calls == 0
    assert write(tmp_path) is not None
