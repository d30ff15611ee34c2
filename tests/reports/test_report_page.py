"""The page from the command line: written on request, and opened from the run's folder."""

from __future__ import annotations

import webbrowser
from pathlib import Path

import pytest

from evalharness.cli import main
from tests.support import write_project


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(write_project(tmp_path))
    return tmp_path


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found: list[str] = []

    def show(address: str) -> bool:
        found.append(address)
        return True

    monkeypatch.setattr(webbrowser, "open", show)
    return found


def test_a_run_writes_the_page_on_request(project: Path) -> None:
    """`run --format html` leaves report.html beside report.md."""
    assert main(["run", "--grader", "heuristic", "--format", "html"]) == 0
    (page,) = (project / "reports").glob("*/report.html")
    assert page.with_name("report.md").exists()
    assert page.read_text(encoding="utf-8").lstrip().startswith("<!doctype html>")


def test_open_writes_the_page_into_the_runs_folder_and_shows_it(
    project: Path, opened: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """The path is said on standard output, and the browser gets the same file."""
    main(["run", "--grader", "heuristic"])
    capsys.readouterr()

    assert main(["report", "latest", "--format", "html", "--open"]) == 0
    (page,) = (project / "reports").glob("*/report.html")
    assert opened == [page.as_uri()]
    assert capsys.readouterr().out.strip() == page.relative_to(project).as_posix()


def test_without_a_browser_the_path_is_enough(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A machine without a browser gets the file and a word about it, no failure."""
    main(["run", "--grader", "heuristic"])
    monkeypatch.setattr(webbrowser, "open", lambda address: False)

    assert main(["report", "--format", "html", "--open"]) == 0
    assert "no browser was found" in capsys.readouterr().err


def test_open_is_for_the_page_only(project: Path, opened: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Another format with --open is a mistake that is told before anything is done; without one it means the page."""
    main(["run", "--grader", "heuristic"])

    assert main(["report", "latest", "--open", "--format", "md"]) == 2
    assert "--open shows the page of the whole run" in capsys.readouterr().err
    assert opened == []
    assert main(["report", "--open"]) == 0
    assert len(opened) == 1
