"""A run stores what it made and refers to what it took over; what is pruned holds nothing of its own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import evalharness
from evalharness.errors import StoreError
from evalharness.grading import takeover
from evalharness.model.run import Run
from evalharness.store.linked import order_after
from evalharness.store.prune import prunable, prune
from evalharness.store.runs import Store
from tests.support import world_at

HEURISTIC = {"grader": "heuristic"}
RUBRIC = """\
id: short
title: Short
criteria:
  - id: speaking_time
    title: Time
    weight: 1
    kind: measure
    measure: speaking_time
    bands: [{level: 5, at_most: 1.0}, {level: 1}]
  - id: numbers
    title: Numbers
    weight: 1
    kind: measure
    measure: quantities
    bands: [{level: 1, at_most: 1.0}, {level: 5}]
"""
ANSWERS = 8


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of eight answers, in which taking over pays at once."""
    monkeypatch.setattr(takeover, "LEAST", 4)
    (tmp_path / "rubrics").mkdir()
    (tmp_path / "rubrics/short.yaml").write_text(RUBRIC)
    for number in range(ANSWERS):
        write(tmp_path, number, f"I moved {number + 10} trucks to the other yard in 3 days, and nobody waited.")
    return tmp_path


def write(root: Path, number: int, text: str) -> None:
    folder = root / f"cases/q{number}"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "question.yaml").write_text(f"question: What did you do {number}?\nrubric: short\ntime_limit: 1 min\n")
    (folder / "2026-10-01.md").write_text(f"{text}\n")


def run(root: Path) -> Run:
    return evalharness.run([], settings=HEURISTIC, world=world_at(root))


def lines(root: Path, name: str, run_id: str) -> int:
    return len((root / "reports" / run_id / name).read_text().splitlines())


def told(found: Run) -> list[tuple[str, str, object]]:
    return sorted((g.case, g.criterion, g.outcome) for g in found.grades)


def test_a_run_stores_what_it_made_and_reads_as_whole(project: Path) -> None:
    """One edited answer costs one attempt and its grades; attempts, order and grades are those of a whole run."""
    first = run(project)
    write(project, 3, "I moved 99 trucks in 2 days, and 4 people came along, which saved us 12 hours a week.")
    second = run(project)

    assert second.meta.reuses is not None
    assert second.meta.reuses.run == first.meta.id
    assert (lines(project, "attempts.jsonl", second.meta.id), lines(project, "grades.jsonl", second.meta.id)) == (1, 2)
    shutil.copytree(project, project / "fresh", ignore=shutil.ignore_patterns("reports", "fresh"))
    whole = run(project / "fresh")
    assert told(second) == told(whole)
    assert [a.key for a in second.attempts] == [a.key for a in whole.attempts]
    assert {q.id for q in Store(project / "reports").read_meta(second.meta.id).questions} == {
        q.id for q in whole.meta.questions
    }


def test_answers_that_come_and_go_keep_their_order(project: Path) -> None:
    """New answers stand where a whole run would put them, deleted ones are gone, over several runs."""
    run(project)
    write(project, 11, "I counted 40 crates in 2 hours and rang the depot before 5 trucks had left it.")
    shutil.rmtree(project / "cases/q5")
    run(project)
    shutil.rmtree(project / "cases/q11")
    write(project, 5, "I counted 41 crates in 3 hours and rang the depot before 6 trucks had left it.")
    third = run(project)

    assert [attempt.question for attempt in third.attempts] == [f"q{number}" for number in range(ANSWERS)]
    assert len(third.grades) == 2 * ANSWERS


def test_a_run_that_rests_on_a_deleted_one_says_so_and_is_made_again(project: Path) -> None:
    """The files are safe to delete: the next run does not trust the rest of them, and stores everything."""
    first = run(project)
    write(project, 3, "I moved 98 trucks in 2 days, and 4 people came along, which saved us 12 hours a week.")
    second = run(project)
    shutil.rmtree(project / "reports" / first.meta.id)

    with pytest.raises(StoreError, match="takes over grades from run"):
        Store(project / "reports").read(second.meta.id)
    third = run(project)
    assert third.meta.reuses is None
    assert len(third.grades) == 2 * ANSWERS


def test_pruning_keeps_what_is_referred_to_and_says_what_it_frees(project: Path) -> None:
    """A run goes only where each of its grades stands in a run that stays; afterwards the newest reads as before."""
    runs = [run(project)]
    for minute in (1, 2, 3):
        write(project, 3, f"I moved {minute} trucks in 2 days, and 4 people came along, which saved us 12 hours.")
        runs.append(run(project))
    copied = project / "reports" / "20261101T000000Z-0000"
    shutil.copytree(project / "reports" / runs[0].meta.id, copied)
    (copied / "run.json").write_text((copied / "run.json").read_text().replace(runs[0].meta.id, copied.name))
    store = Store(project / "reports")

    freed = prunable(store, keep=1)
    prune(store, freed.runs)

    assert freed.runs == (copied.name,)
    assert freed.size > 1_000
    assert told(Store(project / "reports").read(runs[-1].meta.id)) == told(runs[-1])


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ("abc", "abc", {}),
        ("abc", "xabc", {"x": ""}),
        ("abc", "axbyc", {"x": "a", "y": "b"}),
        ("abc", "axyc", {"x": "a", "y": "x"}),
        ("abc", "bac", None),
    ],
)
def test_where_new_ones_stand(before: str, now: str, expected: dict[str, str] | None) -> None:
    """Each new one is behind the one before it; a changed order has no such answer."""
    assert order_after(list(before), list(now)) == expected
