"""Paths are printed as the person would type them where they are."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.cli import main
from evalharness.console.paths import seen, seen_in
from tests.support import write_project

ROOT = Path("/home/ana/answers")
_NAMES = st.lists(st.text("abc .-", min_size=1, max_size=4).filter(lambda n: n.strip(". ") != ""), max_size=5)


@given(_NAMES, _NAMES)
def test_a_path_that_is_seen_opens_the_same_file_and_is_never_longer(file: list[str], folder: list[str]) -> None:
    """Whoever types what is printed opens the file that is meant."""
    whole, cwd = Path("/", *file), Path("/", *folder)

    way = seen(whole, cwd)

    assert os.path.normpath(cwd / way) == os.path.normpath(whole)
    assert len(way) <= len(whole.as_posix())


@pytest.mark.parametrize(
    ("message", "cwd", "shown"),
    [
        (f"cannot write {ROOT}/reports/x: full", ROOT, "cannot write reports/x: full"),
        (f"cannot write {ROOT}/reports/x: full", ROOT / "cases", "cannot write ../reports/x: full"),
        (f"cannot write {ROOT}/cases/a b.md: full", ROOT / "cases", "cannot write a b.md: full"),
        (f"'{ROOT}' has no folder", ROOT / "cases", "'..' has no folder"),
        (f"no answers are kept in {ROOT}: it is empty", ROOT, f"no answers are kept in {ROOT}: it is empty"),
        (f"{ROOT}-old/x is damaged", ROOT, "../answers-old/x is damaged"),
        (f"{ROOT}-old/x is damaged", ROOT / "cases", "../../answers-old/x is damaged"),
        ("/etc/x is damaged", ROOT / "cases", "/etc/x is damaged"),
        (f"see https://host{ROOT}/x", ROOT, f"see https://host{ROOT}/x"),
    ],
)
def test_absolute_paths_in_a_message_are_seen_from_the_folder_one_is_in(message: str, cwd: Path, shown: str) -> None:
    """Only the beginning of a path changes, so blanks behind it do no harm; the folder itself keeps its name."""
    assert seen_in(message, cwd) == shown


def test_names_of_the_project_in_a_message_are_seen_from_the_folder_one_is_in(tmp_path: Path) -> None:
    """A file of the project that a message names can be opened from a folder of the project; words stay words."""
    file = tmp_path / "cases" / "why-us" / "question.yaml"
    file.parent.mkdir(parents=True)
    file.touch()
    told = "cases and cases/why-us/question.yaml:3:1, not cases/why-them/question.yaml"

    assert seen_in(told, tmp_path / "cases", tmp_path) == (
        "cases and why-us/question.yaml:3:1, not cases/why-them/question.yaml"
    )
    assert seen_in(told, tmp_path, tmp_path) == told


def test_a_reports_folder_on_the_command_line_counts_from_where_one_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As every path that is typed; the setting of the same name counts from the project's root."""
    write_project(tmp_path)
    monkeypatch.chdir(tmp_path / "cases")
    typed = ("--grader", "heuristic", "--reports", "../graded")

    assert main(["run", *typed]) == 0
    assert "Report: ../graded/" in capsys.readouterr().out
    assert main(["report", "--reports", "../graded"]) == 0
    assert capsys.readouterr().out.startswith("# ")
    assert main(["run", "--grader", "heuristic", "--reports", ""]) == 2
    assert "--reports" in capsys.readouterr().err

    (tmp_path / "evalharness.yaml").write_text("reports: stored\n")
    assert main(["run", "--grader", "heuristic"]) == 0
    assert "Report: ../stored/" in capsys.readouterr().out
    assert {"graded", "stored"} <= {folder.name for folder in tmp_path.iterdir()}
