"""Labels: asked blind, kept at once, resumed, checked like every other file; then compared with the graders."""

from __future__ import annotations

import io
import json
from pathlib import Path

import click.testing
import pytest

from evalharness.calibrate import workflow as calibrating
from evalharness.cli import app, main
from evalharness.criteria.labels import level_of, place, wrong
from evalharness.errors import InvalidFiles
from evalharness.load import load_project
from evalharness.load.labels import load_labels
from evalharness.model.nouns import Case
from tests.support import ANSWER, many, world_at, write_project

ROOT = Path(__file__).parents[2]
SHIPPED = load_project([ROOT / "cases"], cwd=ROOT)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    answers = {"export/2026-09-01.md": ANSWER, "export/priya/2026-09-02.md": ANSWER.replace("March", "May")}
    write_project(tmp_path, answers)
    (tmp_path / "cases/export/priya/question.yaml").unlink()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def labelled(keys: str, *arguments: str) -> click.testing.Result:
    return click.testing.CliRunner().invoke(app, ["label", "--rater", "anna", *arguments], input=keys)


def case_of(kind: str) -> Case:
    return next(c for c in SHIPPED.cases if c.rubric.id == kind)


# --- asking ------------------------------------------------------------------------------------------------------


def test_a_person_sees_question_answer_and_anchors_and_nothing_a_grader_said(project: Path) -> None:
    """Blind: neither grades, author, date nor self-score are shown."""
    main(["run", "--grader", "heuristic"])
    done = labelled("3\n4\n2\n5\n")

    assert done.exit_code == 0
    assert "What did you change, and what did it cost?" in done.output
    assert "I moved the nightly export" in done.output
    assert "  5: An event, the speaker's part, and what came of it." in done.output
    for hidden in ("priya", "2026-09-01", "surface signals", "heuristic"):
        assert hidden not in done.output


def test_each_label_is_kept_at_once_and_the_same_command_goes_on(project: Path) -> None:
    """Ctrl-C after one level keeps it; the next time only what is open is asked."""
    first = labelled("3\n")
    assert first.exit_code == 1  # click's own Abort; `main` makes 130 of it
    (file,) = (project / "labels").rglob("*.yaml")
    assert "example: 3" in file.read_text()

    second = labelled("4\n2\n5\n")
    assert second.exit_code == 0
    assert "1 label given before, 3 open" in second.output
    assert "0 open" in labelled("").output


def test_the_end_of_input_says_that_labels_are_kept(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Labels and not grades; 130 as for Ctrl-C."""
    main(["run", "--grader", "heuristic"])
    capsys.readouterr()
    monkeypatch.setattr("sys.stdin", io.StringIO("3\n"))

    assert main(["label", "--rater", "anna"]) == 130
    told = capsys.readouterr().err
    assert told.endswith("interrupted; every label that was given is kept, the same command continues from here\n")
    assert "graded" not in told
    assert len(list((project / "labels").rglob("*.yaml"))) == 1


def test_labels_of_another_author_have_a_folder_in_between(project: Path) -> None:
    """labels/<question>/<attempt>.<rater>.yaml, and labels/<question>/<author>/... for whom is not configured."""
    labelled("3\n4\n2\n5\n")
    found = {file.relative_to(project).as_posix() for file in (project / "labels").rglob("*.yaml")}

    assert found == {"labels/export/2026-09-01.anna.yaml", "labels/export/priya/2026-09-02.anna.yaml"}


def test_a_skipped_criterion_is_asked_again_and_notes_stay(project: Path) -> None:
    """`s` gives no label; what a person wrote into the file is kept."""
    labelled("s\n4\ns\ns\n", "cases/export/2026-09-01.md")
    file = project / "labels/export/2026-09-01.anna.yaml"
    file.write_text(file.read_text() + "notes: read twice\n")
    done = labelled("2\n", "cases/export/2026-09-01.md")

    assert "1 label given before, 1 open" in done.output
    assert "notes: read twice" in file.read_text()
    assert "example: 2" in file.read_text()


def test_checklists_and_tags_are_labelled_in_their_own_terms(tmp_path: Path) -> None:
    """States an item, tags that are shown; the level is computed as a grader's is."""
    deep, mission = case_of("project-deep-dive"), case_of("mission-alignment")
    checklist = deep.rubric.criterion("testing")
    tags = mission.rubric.criterion("mission_alignment")
    assert checklist is not None
    assert tags is not None
    items = [item.id for item in checklist.kind.items]  # type: ignore[union-attr]

    assert level_of(deep, dict.fromkeys(items, "met")) == 5
    assert level_of(mission, (mission.claimed[0],)) == pytest.approx(1 + 4 / len(mission.claimed))
    assert "no state for" in wrong(deep, checklist, {})
    assert "has no item x" in wrong(deep, checklist, {**dict.fromkeys(items, "met"), "x": "met"})
    assert "has no tag 99" in wrong(mission, tags, ("99",))
    assert "is a checklist" in wrong(deep, checklist, 3)
    assert "is a list of tags" in wrong(mission, tags, 3)


def test_the_terminal_asks_for_states_and_tags(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong tag is asked again; `s` skips the whole list."""
    write_shipped(tmp_path)
    monkeypatch.chdir(tmp_path)
    done = labelled("9\n1\n" + "s\n" * 8, "cases/mission/governance", "--most", "1")

    assert done.exit_code == 0, done.output
    assert "not on the list: 9" in done.output
    (file,) = (tmp_path / "labels").rglob("*.yaml")
    assert "mission_alignment:\n  - '1'" in file.read_text()


def write_shipped(root: Path) -> None:
    import shutil

    for name in ("cases", "rubrics"):
        shutil.copytree(ROOT / name, root / name)


def test_a_rater_with_a_dot_is_refused(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The last dot parts attempt and rater."""
    assert main(["label", "--rater", "a.b"]) == 2
    assert "cannot be a rater's name" in capsys.readouterr().err


# --- files ---------------------------------------------------------------------------------------------------------


def test_every_problem_of_every_label_file_is_told_at_once(project: Path) -> None:
    """Place, what was found, the nearest name."""
    folder = project / "labels/export"
    folder.mkdir(parents=True)
    (folder / "2026-09-01.anna.yaml").write_text("levels:\n  exmple: 3\n  speaking_time: 2\n")
    (folder / "2026-09-01.ben.yaml").write_text("levels: {example: 6}\n")
    (folder / "2026-09-09.ben.yaml").write_text("levels: {example: 3}\n")
    (folder / "anna.yaml").write_text("levels: {example: 3}\n")
    (folder / "2026-09-01.cleo.yaml").write_text("levels: {trade_offs: [a]}\n")
    loaded = load_project([], cwd=project)

    with pytest.raises(InvalidFiles) as caught:
        load_labels(loaded.root, loaded.cases, author="me")

    told = "\n".join(f"{p.place} {p.message} {p.hint}" for p in caught.value.problems)
    assert "2026-09-01.anna.yaml:2:3 the rubric 'talk' has no criterion 'exmple' did you mean 'example'?" in told
    assert "'speaking_time' is measured by the program; nobody labels it" in told
    assert "'example' must be from 1 to 5, found 6" in told
    assert "there is no attempt 'export/2026-09-09' did you mean 'export/2026-09-01'?" in told
    assert "this name does not say which attempt and who" in told
    assert "'trade_offs' is a scale" in told


def test_a_label_of_a_text_that_was_rewritten_no_longer_counts(project: Path) -> None:
    """It stays in its file, and is asked again."""
    labelled("3\n4\n2\n5\n")
    (project / "cases/export/2026-09-01.md").write_text(ANSWER.replace("queue", "stream"))
    loaded = load_project([], cwd=project)
    files = load_labels(loaded.root, loaded.cases, author="me")

    assert sorted(label.stale for file in files for label in file.labels()) == [False, False, True, True]
    assert "2 labels given before, 2 open" in labelled("3\n4\n").output


def test_a_label_written_by_hand_needs_no_basis(project: Path) -> None:
    """Only levels are required."""
    case = load_project([], cwd=project).cases[0]
    file = project / place(case, "ben", author="me")
    file.parent.mkdir(parents=True)
    file.write_text("levels: {example: 4}\n")
    loaded = load_project([], cwd=project)
    (found,) = load_labels(loaded.root, loaded.cases, author="me")

    assert [(label.level, label.stale) for label in found.labels()] == [(4.0, False)]


# --- calibrate -------------------------------------------------------------------------------------------------------


def test_calibrate_compares_stored_grades_and_keeps_what_it_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """All formats say the same; labels/calibration.json holds the fingerprint."""
    write_project(tmp_path, many(8))
    monkeypatch.chdir(tmp_path)
    main(["run", "--grader", "heuristic"])
    loaded = load_project([], cwd=tmp_path)
    for number, case in enumerate(loaded.cases):
        for rater in ("anna", "ben"):
            file = tmp_path / place(case, rater, author="me")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(
                f"levels: {{example: {1 + number % 5}, trade_offs: {1 + (number + (rater == 'ben')) % 5}}}\n"
            )
    capsys.readouterr()

    for form in ("text", "md", "json"):
        assert main(["calibrate", "--format", form]) == 0
        told = capsys.readouterr().out
        assert "heuristic" in told
    stored = calibrating.read_calibration(tmp_path)
    assert stored is not None
    assert [each.criterion for each in stored.criteria] == ["example", "trade_offs"]
    assert stored.criteria[0].people is not None
    assert stored.criteria[0].people.exact.value == 1
    run = json.loads(next((tmp_path / "reports").glob("*/run.json")).read_text())
    assert stored.criteria[0].graders[0].subject.fingerprint == run["fingerprints"]["talk/example"]
    assert [halo.who for halo in stored.halos["talk"]] == ["people", "heuristic"]


def test_calibrate_without_labels_or_outside_the_project_says_what_to_do(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both are input to fix."""
    assert main(["calibrate"]) == 2
    assert "evalharness label --rater NAME" in capsys.readouterr().err
    assert main(["calibrate", "../elsewhere"]) == 2
    assert "outside the project" in capsys.readouterr().err
    assert calibrating.read_calibration(project) is None


def test_labels_without_stored_grades_still_compare_people(project: Path) -> None:
    """And the report says that no grader stands beside them."""
    labelled("3\n4\n2\n5\n")
    found = calibrating.calibrate_project(world=world_at(project), keep=False).agreement

    assert all(not each.graders for each in found.criteria)
    assert not (project / "labels/calibration.json").exists()


# --- whom and what to label ----------------------------------------------------------------------------------------


@pytest.fixture
def several(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three answers of priya's own question folder and three of nobody in particular."""
    answers = {f"q{n}/2026-09-01.md": ANSWER.replace("export", f"export {n}") for n in range(3)}
    write_project(tmp_path, answers)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_only_what_somebody_else_labelled_is_asked(several: Path) -> None:
    """`--with anna`: the same answers and criteria, so that people can be compared; a wrong name says who there is."""
    labelled("3\n4\n", "cases/q1")
    done = click.testing.CliRunner().invoke(app, ["label", "--rater", "ben", "--with", "anna"], input="5\n5\n")

    assert done.exit_code == 0
    assert "0 labels given before, 2 open" in done.output
    assert (several / "labels/q1/2026-09-01.ben.yaml").exists()
    refused = click.testing.CliRunner().invoke(app, ["label", "--rater", "ben", "--with", "ann"])
    assert "'ann' is not" in str(refused.exception)
    assert refused.exception.hint == "there are labels of anna"  # type: ignore[union-attr]


def test_ones_own_answers_are_not_asked(project: Path) -> None:
    """Priya labels what is not hers, and it is said."""
    done = click.testing.CliRunner().invoke(app, ["label", "--rater", "priya"], input="3\n4\n")

    assert done.exit_code == 0
    assert "1 attempt of priya left out: nobody labels their own" in done.output
    assert not (project / "labels/export/priya").exists()


def test_graded_answers_come_first(several: Path) -> None:
    """Only they can be compared; without any grade it is said how to make them."""
    assert "nothing is graded yet; `evalharness run --all`" in labelled("").output
    main(["run", "--grader", "heuristic", "cases/q2"])
    (several / "evalharness.yaml").write_text("grader: heuristic\n")

    done = labelled("3\n4\n", "--most", "1")
    assert "2 attempts without a grade come last" in done.output
    assert [file.parent.name for file in (several / "labels").rglob("*.yaml")] == ["q2"]


def test_one_step_back_replaces_the_level_before(several: Path) -> None:
    """Also the last one of the attempt before; at the first there is none before."""
    done = labelled("b\n3\n4\nb\n5\n1\n2\n1\n2\n")

    assert done.exit_code == 0
    texts = sorted(file.read_text().split("basis")[0] for file in (several / "labels").rglob("*.yaml"))
    assert [text.count("trade_offs: 5") for text in texts].count(1) == 1
    assert "trade_offs: 4" not in "".join(texts)
