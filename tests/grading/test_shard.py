"""Several machines share one run: stable parts, and reports laid together are one history."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import evalharness
from evalharness.cli import main
from evalharness.grading.workflow import Choice
from evalharness.load import load_project
from evalharness.model.run import Run, RunState
from evalharness.plan.plan import in_shard
from tests.support import ANSWER, many, world_at, write_project

ANSWERS = {**many(9), "q0/2026-10-01.md": ANSWER.replace("March", "May")}


def part(root: Path, number: int, parts: int) -> Run:
    settings = {"grader": "heuristic"}
    return evalharness.run([], settings=settings, choice=Choice(shard=(number, parts)), world=world_at(root))


@pytest.mark.parametrize("parts", [1, 2, 3, 8, 50])
def test_the_parts_are_the_whole_and_share_nothing(tmp_path: Path, parts: int) -> None:
    """Every attempt is in one part; the attempts of a series are in the same."""
    cases = load_project([], cwd=write_project(tmp_path, ANSWERS)).cases

    found = [in_shard(cases, (number, parts)) for number in range(1, parts + 1)]

    assert sorted(case.key for case in cases) == sorted(case.key for cases in found for case in cases)
    series = [{case.attempt.series for case in cases} for cases in found]
    assert sum(map(len, series)) == len(set().union(*series))


def test_reports_of_all_parts_laid_together_leave_nothing_to_grade(tmp_path: Path) -> None:
    """A last run without a part reuses every grade and writes the one report."""
    whole = write_project(tmp_path / "whole", ANSWERS)
    sizes = []
    for number in (1, 2, 3):
        root = write_project(tmp_path / f"machine{number}", ANSWERS)
        done = part(root, number, 3)
        sizes.append(len(done.attempts))
        shutil.copytree(root / "reports" / done.meta.id, whole / "reports" / f"{done.meta.id[:-1]}{number}")
    merged = part(whole, 1, 1)

    assert sum(sizes) == len(merged.attempts) == 10
    assert merged.meta.state is RunState.FINISHED
    measured = sum(grade.criterion == "speaking_time" for grade in merged.grades)
    assert merged.meta.reused >= merged.meta.planned - measured


def machines(root: Path, parts: int) -> Path:
    """Grade each part on a machine of its own; return the folder with everybody's reports."""
    for number in range(1, parts + 1):
        machine = write_project(root / f"machine{number}", ANSWERS)
        done = part(machine, number, parts)
        shutil.copytree(machine / "reports" / done.meta.id, root / f"all/{number}/{done.meta.id[:-1]}{number}")
    return root / "all"


def test_merge_makes_one_report_and_asks_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """All answers, every grade reused; once more it is the same run."""
    found = machines(tmp_path, 3)
    whole = write_project(tmp_path / "whole", ANSWERS, config="grader: heuristic\n")
    monkeypatch.chdir(whole)

    assert main(["report", "--merge", str(found), "--format", "json"]) == 0
    first = json.loads(capsys.readouterr().out)
    assert main(["report", "--merge", str(found), "--format", "json"]) == 0
    second = json.loads(capsys.readouterr().out)

    assert first["run"]["id"] == second["run"]["id"]
    assert first["run"]["attempts"] == 10
    assert (whole / "reports/PROGRESS.md").exists()


def test_the_progress_of_all_is_written_where_the_parts_come_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One machine's part is no progress: reading every answer for it would cost each machine what the whole costs."""
    found = machines(tmp_path, 2)
    whole = write_project(tmp_path / "whole", ANSWERS, config="grader: heuristic\n")
    monkeypatch.chdir(whole)

    assert main(["report", "--merge", str(found), "--format", "json"]) == 0

    assert not (tmp_path / "machine1/reports/PROGRESS.md").exists()
    assert (whole / "reports/PROGRESS.md").is_file()


def test_merge_says_what_no_machine_has_graded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A part that is missing is no report of what is there."""
    found = machines(tmp_path, 3)
    shutil.rmtree(found / "2")
    monkeypatch.chdir(write_project(tmp_path / "whole", ANSWERS, config="grader: heuristic\n"))

    assert main(["report", "--merge", str(found)]) == 2
    told = capsys.readouterr().err
    assert "of 10 answers are not graded by heuristic yet: q" in told
    assert "is the folder of one machine missing? evalharness run grades what is left" in told


def test_merge_wants_folders_with_runs_and_no_two_of_one_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is replaced, and an empty folder is told by its name."""
    found = machines(tmp_path, 2)
    whole = write_project(tmp_path / "whole", ANSWERS, config="grader: heuristic\n")
    monkeypatch.chdir(whole)
    (tmp_path / "none").mkdir()

    assert main(["report", "--merge", str(tmp_path / "none")]) == 2
    assert "none contains no run" in capsys.readouterr().err
    (run,) = (found / "1").iterdir()
    shutil.copytree(found / "2", found / "3")
    (other,) = (found / "3").iterdir()
    other.rename(found / "3" / run.name)
    assert main(["report", "--merge", str(found)]) == 2
    assert f"two different runs are called {run.name}" in capsys.readouterr().err


def test_a_part_without_an_attempt_is_a_run_without_one(tmp_path: Path) -> None:
    """A machine too many does no harm."""
    root = write_project(tmp_path)

    assert sorted(len(part(root, number, 5).attempts) for number in range(1, 6)) == [0, 0, 0, 0, 1]


@pytest.mark.parametrize("shard", ["0/3", "4/3", "3", "a/b", "1/0", "-1/2"])
def test_a_part_that_cannot_be_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], shard: str
) -> None:
    """Told with an example."""
    monkeypatch.chdir(write_project(tmp_path))

    assert main(["run", "--grader", "heuristic", "--shard", shard]) == 2
    assert "for example 3/8" in capsys.readouterr().err
