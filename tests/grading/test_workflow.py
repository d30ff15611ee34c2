"""One run from files to reports, offline, in a world that stands still."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

import evalharness
from evalharness.cli import main
from evalharness.errors import InputError, InvalidFiles
from evalharness.grading.workflow import Choice
from evalharness.model.nouns import Graded, Ungraded, Why
from evalharness.model.run import Run, RunState
from evalharness.results.aggregate import summarise
from tests.support import ANSWER, RUBRIC, Notes, many, world_at, write_project

HEURISTIC = {"grader": "heuristic"}


def go(root: Path, *, choice: Choice | None = None, notes: Notes | None = None) -> Run:
    return evalharness.run([], settings=HEURISTIC, choice=choice, world=world_at(root, watcher=notes))


def levels(run: Run) -> dict[tuple[str, str], float]:
    return {(g.case, g.criterion): g.outcome.level for g in run.grades if isinstance(g.outcome, Graded)}


def runs(root: Path) -> list[str]:
    return sorted(path.parent.name for path in (root / "reports").glob("*/run.json"))


def test_a_run_grades_every_criterion_and_writes_the_report(tmp_path: Path) -> None:
    """Every planned grade has an outcome, and the report opens with the table."""
    run = go(write_project(tmp_path))

    assert run.meta.state is RunState.FINISHED
    assert len(run.grades) == run.meta.planned == 3
    report = (tmp_path / "reports" / run.meta.id / "report.md").read_text()
    assert "surface features, not a reading of the answer" in report
    assert "export" in report


def test_a_second_run_over_unchanged_files_makes_no_folder_and_says_so(tmp_path: Path) -> None:
    """Nothing is graded again, nothing is written."""
    first, notes = go(write_project(tmp_path)), Notes()

    second = go(tmp_path, notes=notes)

    assert second == first
    assert len(runs(tmp_path)) == 1
    assert notes.lines == [f"nothing changed since run {first.meta.id}: it is shown again, and nothing was graded"]


def test_only_what_changed_is_graded_again(tmp_path: Path) -> None:
    """One answer of five was edited: its grades are made, the others copied."""
    go(write_project(tmp_path, many(5)))
    file = tmp_path / "cases/q2/2026-09-01.md"
    file.write_text(file.read_text() + "\nI also told the three teams that used the old file, in person.\n")
    notes = Notes()

    run = go(tmp_path, notes=notes)

    assert (notes.planned, notes.reused) == (15, 12)
    assert sum(not g.reused_from for g in run.grades) == 3


@pytest.mark.parametrize(
    ("old", "new", "regraded"),
    [
        ("weight: 2", "weight: 3", 0),
        ("title: Example", "title: An example", 0),
        ("title: Talk", "title: A talk", 0),
        ("look_for: What was given up.", "look_for: What was given up for it.", 2),
        ("levels: {2: 1, 3: 2}", "levels: {2: 1, 3: 3}", 1),
        ("{level: 5, at_most: 1.0}", "{level: 5, at_most: 0.9}", 1),
    ],
)
def test_what_can_change_a_grade_is_in_its_key_and_nothing_else(
    tmp_path: Path, old: str, new: str, regraded: int
) -> None:
    """Weights and titles cost nothing.  A text of the rubric changes what the heuristic cuts, so all it reads."""
    go(write_project(tmp_path))
    write_project(tmp_path, rubric=RUBRIC.replace(old, new))
    notes = Notes()

    go(tmp_path, notes=notes)

    assert notes.planned - notes.reused == regraded


def test_a_new_weight_changes_the_total_without_a_call(tmp_path: Path) -> None:
    """Totals are computed from stored levels."""
    first = go(write_project(tmp_path))
    write_project(tmp_path, rubric=RUBRIC.replace("weight: 2", "weight: 20"))

    second = go(tmp_path)

    assert levels(first) == levels(second)
    totals = [summarise(run).series[0].latest.total for run in (first, second)]
    assert totals[0] != totals[1]


def test_formatting_a_file_changes_no_key(tmp_path: Path) -> None:
    """Front matter, line ends and blank lines around an answer are not the answer."""
    go(write_project(tmp_path))
    file = tmp_path / "cases/export/2026-09-01.md"
    file.write_bytes(("---\nnotes: late\n---\n\n\n" + ANSWER + "\n\n").replace("\n", "\r\n").encode())
    notes = Notes()

    go(tmp_path, notes=notes)

    assert notes.planned == notes.reused == 3


def test_a_killed_run_is_taken_up_where_it_stopped(tmp_path: Path) -> None:
    """What stands in an unfinished run is reused; its torn line is not."""
    first = go(write_project(tmp_path, many(4)))
    folder = tmp_path / "reports" / first.meta.id
    meta = msgspec.json.decode((folder / "run.json").read_bytes())
    (folder / "run.json").write_bytes(msgspec.json.encode({**meta, "state": "running"}))
    whole = (folder / "grades.jsonl").read_bytes().splitlines(keepends=True)
    (folder / "grades.jsonl").write_bytes(b"".join(whole[:7]) + whole[7][:20])
    notes = Notes()

    second = go(tmp_path, notes=notes)

    assert (notes.planned, notes.reused) == (12, 7)
    assert levels(second) == levels(first)


def test_a_renamed_attempt_keeps_its_grades(tmp_path: Path) -> None:
    """A rename is recognised by content: nothing is graded again, and the grades stand under the new name."""
    go(write_project(tmp_path))
    (tmp_path / "cases/export/2026-09-01.md").rename(tmp_path / "cases/export/2026-09-02.md")
    notes = Notes()

    run = go(tmp_path, notes=notes)

    assert (notes.planned, notes.reused) == (3, 3)
    assert {g.case for g in run.grades} == {"export/me/2026-09-02"}


def test_two_attempts_with_one_text_are_both_graded(tmp_path: Path) -> None:
    """The measurement is the same; both attempts have it."""
    run = go(write_project(tmp_path, {"export/2026-09-01.md": ANSWER, "export/2026-09-08.md": ANSWER}))

    assert len(run.grades) == 6
    assert run.meta.ungraded == 0
    assert summarise(run).series[0].difference == 0.0


def test_a_grade_that_was_lost_is_made_again(tmp_path: Path) -> None:
    """A bad merge spoils one line of the newest run: the next run says so and makes that grade, once."""
    first = go(write_project(tmp_path))
    file = tmp_path / "reports" / first.meta.id / "grades.jsonl"
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join([lines[0], b"<<<<<<< ours\n", *lines[2:]]))
    notes = Notes()

    second = go(tmp_path, notes=notes)

    assert f"1 grade of run {first.meta.id} can't be read any more (a bad merge?) and will be made again" in notes.lines
    assert (notes.planned, notes.reused) == (3, 2)
    assert levels(second) == levels(first)


def test_a_rubric_without_signals_is_said_and_fails_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A stranger's first own rubric: listed, no failure, and what to do about it."""
    bare = "\n".join(
        line
        for line in RUBRIC.splitlines()
        if not line.startswith(("    signals", "      quant", "      own", "      mark", "        - {k"))
    )
    bare = bare.replace("      levels: {2: 1, 3: 2, 4: 3}\n", "").replace("      levels: {2: 1, 3: 2}\n", "")
    write_project(tmp_path, rubric=bare)
    monkeypatch.chdir(tmp_path)

    assert main(["run", "--grader", "heuristic"]) == 0
    told = capsys.readouterr().err
    assert "rubric talk declares no signals, so heuristic can't read it" in told
    assert "gate:" not in told


def test_without_an_attempt_the_message_names_what_makes_one(tmp_path: Path) -> None:
    """`new` with the question that is there, else with one to make; `import` brings both."""
    write_project(tmp_path)
    (tmp_path / "cases/export/2026-09-01.md").unlink()
    with pytest.raises(InputError, match="no attempt to grade") as caught:
        evalharness.run([], world=world_at(tmp_path))
    assert caught.value.hint.startswith("start one: `evalharness new export`; or bring questions and answers")

    (tmp_path / "cases/export/question.yaml").unlink()
    with pytest.raises(InputError, match="no attempt to grade") as caught:
        evalharness.run([], world=world_at(tmp_path))
    assert caught.value.hint == (
        'start one: `evalharness new "Why us?"`; or bring questions and answers from a document: '
        "`evalharness import DOC`"
    )


def test_what_has_no_effect_is_said(tmp_path: Path) -> None:
    """A flag for models and an empty attempt: both are told before the first grade."""
    write_project(tmp_path, {"export/2026-09-01.md": ANSWER, "export/2026-09-08.md": "\n"})
    notes = Notes()
    settings = {"grader": "heuristic", "samples": 3, "batch": True}

    evalharness.run([], settings=settings, world=world_at(tmp_path, watcher=notes))

    assert "1 draft skipped (empty, or marked as unfinished): cases/export/2026-09-08.md" in notes.lines
    assert "--batch, --samples has no effect with heuristic" in notes.lines


def test_an_answer_of_three_words_is_too_short_to_grade(tmp_path: Path) -> None:
    """No grader is asked, no level is given; the report can say why, and nothing has failed."""
    run = go(write_project(tmp_path, {"export/2026-09-01.md": "It went well.\n"}))

    found = {g.criterion: g.outcome for g in run.grades}
    assert isinstance(found["example"], Ungraded)
    assert (found["example"].why, found["example"].detail) == (Why.TOO_SHORT, "3 of 8 words")
    assert run.meta.ungraded == 0


def test_a_criterion_without_signals_is_not_read_and_not_counted(tmp_path: Path) -> None:
    """It stands outside the heuristic's total and is listed; it is no failure."""
    rubric = RUBRIC + (
        "  - id: warmth\n    title: Warmth\n    kind: scale\n    levels:\n      1: Nobody else is named.\n"
        "      3: Somebody is named.\n      5: Somebody is named with what they said.\n"
    )

    run = go(write_project(tmp_path, rubric=rubric))

    assert run.meta.not_read == ("talk/warmth",)
    assert run.meta.ungraded == 0
    assert summarise(run).series[0].latest.total is not None


def test_every_problem_is_told_before_anything_is_written(tmp_path: Path) -> None:
    """Two broken files, both named, no reports folder."""
    write_project(tmp_path, many(2))
    (tmp_path / "cases/q0/question.yaml").write_text("question: x\nrubrik: talk\n")
    (tmp_path / "cases/q1/2026-09-01.md").write_text("---\nself_score: 9\n---\n" + ANSWER)

    with pytest.raises(InvalidFiles) as error:
        go(tmp_path)

    assert {problem.path for problem in error.value.problems} == {
        "cases/q0/question.yaml",
        "cases/q1/2026-09-01.md",
    }
    assert not (tmp_path / "reports").exists()


def test_select_takes_what_matches_and_says_what_it_could_have(tmp_path: Path) -> None:
    """A pattern is part of an attempt's key."""
    write_project(tmp_path, many(3))

    assert {g.case for g in go(tmp_path, choice=Choice(select=("q1/",))).grades} == {"q1/me/2026-09-01"}
    with pytest.raises(InputError, match="no attempt matches 'nothing'") as error:
        go(tmp_path, choice=Choice(select=("nothing",)))
    assert error.value.hint == "attempts are named like 'q0/me/2026-09-01'; a draft has no answer to grade yet"


def test_formats_are_written_beside_the_report(tmp_path: Path) -> None:
    """Also for a run that repeats the latest one."""
    write_project(tmp_path)
    run = go(tmp_path)
    go(tmp_path, choice=Choice(formats=("junit", "json")))

    names = {path.name for path in (tmp_path / "reports" / run.meta.id).iterdir()}
    assert names == {"run.json", "attempts.jsonl", "grades.jsonl", "report.md", "junit.xml", "report.json"}


def test_the_same_files_give_the_same_bytes(tmp_path: Path) -> None:
    """With clock and ids handed in, a run is a function of its files."""
    one, two = tmp_path / "one", tmp_path / "two"
    first, second = go(write_project(one)), go(write_project(two))

    assert (one / "reports" / first.meta.id / "report.md").read_bytes() == (
        two / "reports" / second.meta.id / "report.md"
    ).read_bytes()
