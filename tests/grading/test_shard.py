"""Several machines share one run: stable parts, and reports laid together are one history."""

from __future__ import annotations

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
