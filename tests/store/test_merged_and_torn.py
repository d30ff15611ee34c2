"""Stores that were merged, torn or begun at once: each grade counts once, what is lost is told and made again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evalharness.grading import workflow as grading
from evalharness.model.nouns import GraderId
from evalharness.model.run import RunMeta
from evalharness.results.aggregate import summarise
from evalharness.store.runs import ATTEMPTS, Store, id_after
from evalharness.store.writer import GRADES, RUN
from tests.damages import BAR, OURS, THEIRS, damage
from tests.examples import examples
from tests.support import Notes, many, world_at, write_project


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A project with one finished run."""
    root = write_project(tmp_path_factory.mktemp("merged"), many(2), config="grader: heuristic\n")
    return root, grading.run(world=world_at(root)).meta.id


@settings(max_examples=examples(30), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(marks=st.booleans(), order=st.randoms(use_true_random=False), name=st.sampled_from([ATTEMPTS, GRADES]))
def test_lines_that_were_joined_count_once(project: tuple[Path, str], marks: bool, order: object, name: str) -> None:
    """A union merge doubles lines and a conflict sets marks between them; attempts and grades stay what they were."""
    root, run = project
    store = Store(root / "reports")
    before = store.read(run)
    file = root / "reports" / run / name
    kept = file.read_bytes()
    lines = kept.splitlines(keepends=True)
    more = [line for line in lines if order.random() < 0.7]  # type: ignore[attr-defined]
    file.write_bytes(b"".join([OURS, *lines, BAR, *more, THEIRS] if marks else [*lines, *more]))

    try:
        now = store.read(run)
        assert sorted(a.key for a in now.attempts) == sorted(a.key for a in before.attempts)
        assert sorted(g.slot for g in now.grades) == sorted(g.slot for g in before.grades)
    finally:
        file.write_bytes(kept)


@pytest.mark.parametrize("how", ["torn", "empty", "conflicted", "missing", "nested", "another document"])
@pytest.mark.parametrize("name", [ATTEMPTS, GRADES, RUN])
def test_what_a_store_lost_is_told_and_made_again(tmp_path: Path, name: str, how: str) -> None:
    """No later run says "nothing changed", and the run that follows holds everything."""
    root = write_project(tmp_path, many(2), config="grader: heuristic\n")
    first = grading.run(world=world_at(root))
    file = root / "reports" / first.meta.id / name
    assert damage(file, how)
    notes = Notes()

    again = grading.run(world=world_at(root, watcher=notes))

    assert again.meta.id != first.meta.id
    assert len(again.attempts) == len(first.attempts)
    assert len(again.grades) == len(first.grades)
    if name != RUN:
        assert any("can't be read any more" in line for line in notes.lines)


def meta(name: str) -> RunMeta:
    return RunMeta(id=name, started="2026-11-20T12:00:00Z", version="1", grader=GraderId(name="heuristic", version="1"))


def test_runs_that_begin_together_take_the_next_free_id(tmp_path: Path) -> None:
    """Eight runs of one second all have a folder."""
    store = Store(tmp_path)
    writers = [store.create(meta("20261120T120000Z-0001"), ()) for _ in range(8)]

    assert len({writer.meta.id for writer in writers}) == 8
    assert store.runs()[0] == writers[-1].meta.id
    for writer in writers:
        writer.close()


@given(
    st.sampled_from(
        ["20261120T120000Z-0001", "20261120T120000Z-ffff", "20261231T235959Z-ffff", "99991231T235959Z-ffff"]
    )
)
def test_an_id_after_another_sorts_after_it(name: str) -> None:
    """Also over the end of a second, a year, and of all years."""
    assert id_after(name) > name


@pytest.mark.parametrize("ahead", ["20991120T120000Z-0001", "20261120T120000Z-ffff"])
def test_a_run_sorts_after_those_that_a_wrong_clock_dated_ahead(tmp_path: Path, ahead: str) -> None:
    """`latest` is the last run that was made, whatever the clock said."""
    store = Store(tmp_path)
    store.create(meta(ahead), ()).close()

    name = store.next_id("20261120T115959Z-abcd")
    store.create(meta(name), ()).close()

    assert store.runs() == (name, ahead)


@pytest.mark.parametrize("left", [None, b"", b"<<<<<<< ours\n{}\n=======\n{}\n>>>>>>> theirs\n", b"[]"])
def test_a_run_says_that_it_pays_again_because_run_json_is_lost(tmp_path: Path, left: bytes | None) -> None:
    """Grades that nobody can use any more are named with their folder, before anything is asked."""
    root = write_project(tmp_path)
    notes = Notes()
    first = grading.run([], settings={"grader": "heuristic"}, world=world_at(root))
    file = root / "reports" / first.meta.id / RUN
    if left is None:
        file.unlink()
    else:
        file.write_bytes(left)

    grading.run([], settings={"grader": "heuristic"}, world=world_at(root, watcher=notes))

    assert any("grades without run.json in reports/" in line and first.meta.id in line for line in notes.lines)


def test_a_copied_folder_is_a_run_of_its_own_name(tmp_path: Path) -> None:
    """Its `run.json` names another one; what is written of the copy does not land there."""
    root = write_project(tmp_path, many(1), config="grader: heuristic\n")
    first = grading.run(world=world_at(root))
    copy = root / "reports/20990101T000000Z-0000"
    shutil.copytree(root / "reports" / first.meta.id, copy)

    assert Store(root / "reports").read(copy.name).meta.id == copy.name
    assert grading.run(world=world_at(root)).meta.id == copy.name


EDITS: dict[str, tuple[str, bytes, bytes]] = {
    "another author": (ATTEMPTS, b'"author":"me"', b'"author":"you"'),
    "another answer": (ATTEMPTS, b"queue", b"spreadsheet"),
    "a question that is not there": (ATTEMPTS, b'"question":"q0"', b'"question":"q9"'),
    "another weight": (RUN, b'"weight": 0.5', b'"weight": -9.0'),
    "another question": (RUN, b"what did it cost", b"what did it bring"),
    "another key": (GRADES, b'{"key":"', b'{"key":"x'),
    "a level that is none": (GRADES, b'"level":', b'"level":1e300,"was":'),
    "no rubric": (RUN, b'"id": "talk"', b'"id": "walk"'),
}


@pytest.mark.parametrize("name", EDITS)
def test_a_run_whose_files_were_edited_is_not_shown_again(tmp_path: Path, name: str) -> None:
    """What was planned is what counts: the next run says so, and its scores are those of the first."""
    root = write_project(tmp_path, many(2), config="grader: heuristic\n")
    first = grading.run(world=world_at(root))
    totals = [result.total for result in summarise(first).results]
    which, before, after = EDITS[name]
    file = root / "reports" / first.meta.id / which
    assert before in file.read_bytes()
    file.write_bytes(file.read_bytes().replace(before, after))
    notes = Notes()

    summarise(grading.read_run("latest", world=world_at(root)))  # no traceback, whatever it holds
    again = grading.run(world=world_at(root, watcher=notes))

    assert again.meta.id != first.meta.id
    assert [result.total for result in summarise(again).results] == totals
    assert any("again" in line for line in notes.lines)


def blanks(line: bytes) -> bytes:
    return json.dumps(json.loads(line), indent=None, separators=(", ", " : ")).encode()


def sorted_by_name(line: bytes) -> bytes:
    return json.dumps(json.loads(line), sort_keys=True, separators=(",", ":")).encode()


@pytest.mark.parametrize("form", [blanks, sorted_by_name])
def test_a_grade_is_found_however_a_program_has_written_its_line(
    tmp_path: Path, form: Callable[[bytes], bytes]
) -> None:
    """A formatter that went over the files costs no grade."""
    root = write_project(tmp_path, many(2), config="grader: heuristic\n")
    first = grading.run(world=world_at(root))
    file = root / "reports" / first.meta.id / GRADES
    file.write_bytes(b"".join(form(line) + b"\n" for line in file.read_bytes().splitlines()))

    found = Store(root / "reports").find([grade.key for grade in first.grades])

    assert sorted(found) == sorted(grade.key for grade in first.grades)


def test_what_a_stored_run_has_lost_is_told_where_it_is_shown(tmp_path: Path) -> None:
    """With the command that makes it again."""
    root = write_project(tmp_path, many(2), config="grader: heuristic\n")
    first = grading.run(world=world_at(root))
    file = root / "reports" / first.meta.id / GRADES
    file.write_bytes(file.read_bytes().replace(b'"level":', b'"level":"x","was":', 1))
    notes = Notes()

    grading.read_run("latest", world=world_at(root, watcher=notes))

    assert f"1 grade of run {first.meta.id} can't be read any more; `evalharness run` makes them again" in notes.lines
