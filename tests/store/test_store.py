"""What is stored is what is read, whatever happened to the process in between."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.errors import StoreError, UnknownName
from evalharness.model.nouns import Finding, Grade, Graded, GraderId, Outcome, Quote, State, Ungraded, Usage, Why
from evalharness.model.run import RunMeta, RunState
from evalharness.store.runs import Store

GRADER = GraderId(name="heuristic", version="1")
TEXT = st.text(max_size=30)
QUOTES = st.builds(Quote, part=TEXT, start=st.integers(0, 99), end=st.integers(0, 99), text=TEXT)
OUTCOMES: st.SearchStrategy[Outcome] = st.one_of(
    st.builds(
        Graded,
        level=st.floats(1, 5),
        evidence=st.lists(QUOTES, max_size=2).map(tuple),
        findings=st.lists(st.builds(Finding, id=TEXT, state=st.sampled_from(State)), max_size=2).map(tuple),
        reason=TEXT,
    ),
    st.builds(Ungraded, why=st.sampled_from(Why), detail=TEXT),
)
GRADES = st.builds(
    Grade,
    key=st.text("0123456789abcdef", min_size=32, max_size=32),
    fingerprint=TEXT,
    case=TEXT,
    criterion=TEXT,
    outcome=OUTCOMES,
    usage=st.none() | st.builds(Usage, input=st.integers(0, 9)),
)


def meta(name: str = "20261120T120000Z-0001", state: RunState = RunState.FINISHED) -> RunMeta:
    return RunMeta(id=name, started="2026-11-20T12:00:00Z", version="1", grader=GRADER, state=state)


def key(number: int) -> str:
    return f"{number:032x}"


def graded(number: int, level: float = 3.0) -> Grade:
    return Grade(key=key(number), fingerprint="f", case="q/me/a", criterion=f"c{number}", outcome=Graded(level=level))


@given(st.lists(GRADES, max_size=6, unique_by=lambda grade: grade.slot))
def test_what_is_stored_is_what_is_read(tmp_path_factory: pytest.TempPathFactory, grades: list[Grade]) -> None:
    """Every field of every grade, for any text."""
    store = Store(tmp_path_factory.mktemp("reports"))
    writer = store.create(meta(), ())
    writer.append(grades)
    writer.close()

    assert list(store.read("20261120T120000Z-0001").grades) == grades


def test_a_torn_last_line_is_dropped(tmp_path: Path) -> None:
    """A crash in the middle of a write loses that one grade and no other."""
    store = Store(tmp_path)
    writer = store.create(meta(), ())
    writer.append([graded(1), graded(2)])
    writer.close()
    file = tmp_path / meta().id / "grades.jsonl"
    file.write_bytes(file.read_bytes()[:-7])

    assert [g.key for g in store.read(meta().id).grades] == [key(1)]
    assert set(store.find([key(1), key(2)])) == {key(1)}


def test_a_merge_mark_in_a_file_is_no_grade(tmp_path: Path) -> None:
    """A line that is no record counts as not stored; the others stand."""
    store = Store(tmp_path)
    writer = store.create(meta(), ())
    writer.append([graded(1)])
    writer.close()
    file = tmp_path / meta().id / "grades.jsonl"
    file.write_bytes(b"<<<<<<< ours\n" + file.read_bytes() + b"\n")

    assert set(store.find([key(1)])) == {key(1)}


def test_only_grades_with_a_level_are_reused(tmp_path: Path) -> None:
    """A failed grading is asked again, never reused."""
    store = Store(tmp_path)
    writer = store.create(meta(), ())
    failed = Grade(key=key(9), fingerprint="f", case="q/me/a", criterion="c", outcome=Ungraded(why=Why.GAVE_UP))
    writer.append([failed, graded(1)])
    writer.close()

    assert set(store.find([key(1), key(9)])) == {key(1)}


def test_the_newest_run_answers_first_and_is_named(tmp_path: Path) -> None:
    """A reused grade remembers the run in which it was made."""
    store = Store(tmp_path)
    for name, level in (("20261119T120000Z-0001", 2.0), ("20261120T120000Z-0001", 4.0)):
        writer = store.create(meta(name), ())
        writer.append([graded(1, level)])
        writer.close()

    found = store.find([key(1)])[key(1)]
    assert found.reused_from == "20261120T120000Z-0001"
    assert isinstance(found.outcome, Graded)
    assert found.outcome.level == 4.0


def test_the_sample_is_no_history(tmp_path: Path) -> None:
    """`reports/sample/` is for show: neither cache nor latest run."""
    store = Store(tmp_path)
    writer = store.create(meta("sample"), ())
    writer.append([graded(1)])
    writer.close()

    assert store.runs() == ()
    assert store.find([key(1)]) == {}
    assert store.resolve("sample") == "sample"


def test_run_names_resolve(tmp_path: Path) -> None:
    """Ids, beginnings, latest, previous, folders; what is unknown is told with the nearest."""
    store = Store(tmp_path)
    for name in ("20261119T120000Z-aaaa", "20261120T120000Z-bbbb"):
        store.create(meta(name), ()).close()

    assert store.resolve("latest") == "20261120T120000Z-bbbb"
    assert store.resolve("previous") == "20261119T120000Z-aaaa"
    assert store.resolve("20261119") == "20261119T120000Z-aaaa"
    assert store.resolve("reports/20261119T120000Z-aaaa") == "20261119T120000Z-aaaa"
    with pytest.raises(UnknownName, match="there is no run called 'latst'") as error:
        store.resolve("latst")
    assert error.value.hint == "did you mean 'latest'?"


def test_two_runs_never_share_a_folder(tmp_path: Path) -> None:
    """Where an id was taken just now the next free one is used, and the first run keeps its own."""
    store = Store(tmp_path)
    for _ in range(2):
        store.create(meta("20261120T120000Z-abcd"), ()).close()

    assert store.runs() == ("20261120T120000Z-abce", "20261120T120000Z-abcd")


def test_a_name_of_ones_own_is_never_taken_twice(tmp_path: Path) -> None:
    """A run that was named by a person has no next name."""
    store = Store(tmp_path)
    store.create(meta("mine"), ()).close()

    with pytest.raises(StoreError, match="there is a run called 'mine' already"):
        store.create(meta("mine"), ())


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_one_clear_error(tmp_path: Path) -> None:
    """It is told before anything is graded."""
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)

    with pytest.raises(StoreError, match="permission denied") as error:
        Store(tmp_path / "reports").create(meta(), ())
    tmp_path.chmod(stat.S_IRWXU)
    assert "--reports" in error.value.hint


def test_a_file_in_the_way_is_one_clear_error(tmp_path: Path) -> None:
    """`reports` may be a file; it is named, not overwritten."""
    (tmp_path / "reports").write_text("mine")

    with pytest.raises(StoreError, match=r"cannot use .*reports"):
        Store(tmp_path / "reports").create(meta(), ())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_loses_nothing_that_was_stored(tmp_path: Path) -> None:
    """The error names the disk; the grades before it are read again."""
    store = Store(tmp_path)
    writer = store.create(meta(), ())
    writer.append([graded(1)])
    full = os.open("/dev/full", os.O_WRONLY)
    kept = os.dup(writer._grades.fileno())
    os.dup2(full, writer._grades.fileno())

    with pytest.raises(StoreError, match="no space left on device") as error:
        writer.append([graded(2)])
    os.dup2(kept, writer._grades.fileno())
    os.close(full)
    os.close(kept)
    writer.close()
    assert "free some space" in error.value.hint
    assert [g.key for g in store.read(meta().id).grades] == [key(1)]


def test_a_damaged_run_is_named(tmp_path: Path) -> None:
    """`run.json` that cannot be read is an error with its path, and does not hide other runs."""
    store = Store(tmp_path)
    store.create(meta("20261119T120000Z-aaaa"), ()).close()
    store.create(meta("20261120T120000Z-bbbb"), ()).close()
    (tmp_path / "20261120T120000Z-bbbb/run.json").write_text("{")

    with pytest.raises(StoreError, match=r"run\.json is damaged"):
        store.read("20261120T120000Z-bbbb")
    assert store.read("20261119T120000Z-aaaa").meta.id == "20261119T120000Z-aaaa"
