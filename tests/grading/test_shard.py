"""Several machines share one run: stable parts, and reports laid together are one history."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import msgspec
import pytest

import evalharness
from evalharness.cli import main
from evalharness.errors import InputError
from evalharness.grading.shards import together
from evalharness.grading.workflow import Choice
from evalharness.load import load_project
from evalharness.model.nouns import GraderId
from evalharness.model.run import Run, RunMeta, RunState
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


def test_merge_says_which_part_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A part that is missing is no report of what is there."""
    found = machines(tmp_path, 3)
    shutil.rmtree(found / "2")
    monkeypatch.chdir(write_project(tmp_path / "whole", ANSWERS, config="grader: heuristic\n"))

    assert main(["report", "--merge", str(found)]) == 2
    told = capsys.readouterr().err
    assert "shard 2/3 is missing" in told
    assert "grade it with heuristic: evalharness run --shard 2/3" in told


def test_merge_says_what_is_not_graded_though_every_part_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An answer that changed since the machines graded it is no missing machine."""
    found = machines(tmp_path, 2)
    whole = write_project(tmp_path / "whole", {**ANSWERS, "q1/2026-09-01.md": ANSWER + "\nAnd one thing more.\n"})
    monkeypatch.chdir(whole)

    assert main(["report", "--merge", str(found)]) == 2
    told = capsys.readouterr().err
    assert "1 of 10 answers are not graded by heuristic yet: q1/" in told
    assert "changed since" in told


def graded(monkeypatch: pytest.MonkeyPatch, root: Path, *parts: str) -> None:
    """Grade parts of a project from the command line, each into a folder of its own below `shl`."""
    monkeypatch.chdir(root)
    for place, words in enumerate(parts, 1):
        assert main(["run", *words.split(), "--reports", f"shl/{place}"]) == 0


def in_one(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    capsys.readouterr()
    assert main(["report", "--merge", "shl", "--format", "json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_merge_brings_together_what_the_parts_were_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The latest answers of each part are the latest of all, and no older one is missed."""
    root = write_project(tmp_path, ANSWERS, config="grader: heuristic\n")
    graded(monkeypatch, root, "--latest --shard 1/2", "--latest --shard 2/2")

    run = in_one(capsys)["run"]

    assert run["attempts"] == 9
    (stored,) = [
        json.loads(file.read_text()) for file in (root / "reports").glob("*/run.json") if run["id"] in str(file)
    ]
    assert (stored["asked"], stored["of"]) == (["--latest"], 10)


def test_merge_takes_the_grader_of_the_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever the settings name, and without the program being there."""
    root = write_project(tmp_path, ANSWERS, config="grader: command\n")
    graded(monkeypatch, root, "--grader heuristic --shard 1/2", "--grader heuristic --shard 2/2")

    assert in_one(capsys)["run"]["attempts"] == 10


def test_merge_refuses_parts_of_two_runs_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another choice in the place of a missing part is told as that."""
    root = write_project(tmp_path, ANSWERS, config="grader: heuristic\n")
    graded(monkeypatch, root, "--latest --shard 1/2", "--shard 2/2")
    capsys.readouterr()

    assert main(["report", "--merge", "shl"]) == 2
    told = capsys.readouterr().err
    assert "these shards are not parts of one run: 1/2 was asked for --latest, 2/2 for all answers" in told


MADE = RunMeta(
    id="20261001T120000Z-0000",
    started="2026-10-01T12:00:00Z",
    version="1",
    grader=GraderId(name="heuristic", version="7", deterministic=True),
    state=RunState.FINISHED,
)


def made(**fields: object) -> RunMeta:
    return msgspec.structs.replace(MADE, **fields)


def test_parts_of_two_graders_are_named() -> None:
    """By what differs: the name, or the version of the same one."""
    first = made(asked=("--shard 1/2",))
    model = made(asked=("--shard 2/2",), grader=GraderId(name="command", version="1", model="some-model"))
    newer = made(asked=("--shard 2/2",), grader=GraderId(name="heuristic", version="8", deterministic=True))

    with pytest.raises(InputError, match=r"1/2 is graded by heuristic, 2/2 by command some-model$"):
        together({"1": first, "2": model})
    with pytest.raises(InputError, match=r"1/2 is graded by heuristic \(version 7\), 2/2 by heuristic \(version 8\)"):
        together({"1": first, "2": newer})


def test_parts_of_other_days_do_not_count() -> None:
    """The newest part says what was asked; an older run beside it is history."""
    old = {"1": made(asked=("--shard 1/2",)), "2": made(asked=("--shard 2/2",))}
    new = {"3": made(asked=("cases", "--shard 1/2")), "4": made(asked=("cases", "--shard 2/2"))}

    found = together(old | new)

    assert found is not None
    assert (tuple(found.runs), found.asked, found.of) == (("3", "4"), ("cases",), 2)


def test_whole_runs_are_brought_together_as_they_were_asked() -> None:
    """One by path, one by another path; of two graders nothing follows."""
    some = {"1": made(asked=("cases/a",)), "2": made(asked=("cases/b",))}
    other = made(grader=GraderId(name="command", version="1"))

    found = together(some)

    assert found is not None
    assert found.asked == ("cases/a", "cases/b")
    assert together({**some, "3": other}) is None
    everything = together({**some, "3": made()})
    assert everything is not None
    assert everything.asked == ()


def test_a_part_that_ended_early_is_named() -> None:
    """It is run again where it was begun."""
    found = together({"1": made(asked=("--shard 1/1",), state=RunState.INTERRUPTED)})

    assert found is not None
    assert list(found.early()) == ["shard 1/1 is interrupted"]


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
