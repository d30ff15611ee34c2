"""A broken file never blocks a command that is about something else; it is named, and only what is concerned fails."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from evalharness.cli import main
from tests.cli.test_views_cli import QUESTION as CLAIMING
from tests.cli.test_views_cli import RESILIENCE
from tests.cli.test_views_cli import RUBRIC as TAGS
from tests.support import ANSWER, QUESTION, RUBRIC, write_project

Breaks = Callable[[Path], str]
ABOUT = ("progress {}", "progress {}/me", "brief {}", "brief --questions cases/{}", "new {} --no-edit", "practice {}")


def break_question(root: Path) -> str:
    (root / "cases/other/question.yaml").write_text(f"{QUESTION}bogus: 1\n", encoding="utf-8")
    return "cases/other/question.yaml:4:1"


def break_attempt(root: Path) -> str:
    (root / "cases/other/2026-09-01.md").write_text("---\nbogus: 1\n---\n\nText.\n", encoding="utf-8")
    return "cases/other/2026-09-01.md:2:1"


def break_rubric(root: Path) -> str:
    (root / "cases/other/question.yaml").write_text(QUESTION.replace("talk", "wrong"), encoding="utf-8")
    (root / "rubrics/wrong.yaml").write_text(RUBRIC.replace("id: talk", "id: wrong\nbogus: 1"), encoding="utf-8")
    return "rubrics/wrong.yaml:2:1"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """Two questions, graded; the second one's files are to be broken."""
    answers = {"export/2026-09-01.md": ANSWER, "other/2026-09-01.md": ANSWER}
    root = write_project(tmp_path, answers, config="author: me\ngrader: heuristic\n")
    monkeypatch.chdir(root)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(ANSWER.encode())))
    main(["run"])
    capsys.readouterr()
    return root


@pytest.mark.parametrize("breaks", [break_question, break_attempt, break_rubric])
@pytest.mark.parametrize("command", ABOUT)
def test_a_command_about_one_question_works_beside_a_broken_one_and_names_it(
    project: Path, capsys: pytest.CaptureFixture[str], command: str, breaks: Breaks
) -> None:
    """What is broken elsewhere is one remark on standard error."""
    place = breaks(project)

    assert main(command.format("export").split()) == 0

    told = capsys.readouterr()
    assert f"1 file elsewhere has problems, left out: {place} (`evalharness lint` says what)" in told.err
    assert place not in told.out


@pytest.mark.parametrize("breaks", [break_question, break_attempt, break_rubric])
@pytest.mark.parametrize("command", ABOUT)
def test_a_command_about_the_broken_question_itself_fails_with_its_place(
    project: Path, capsys: pytest.CaptureFixture[str], command: str, breaks: Breaks
) -> None:
    """What is concerned still fails, with file and line, and nothing is written."""
    place = breaks(project)
    files = sorted((project / "cases").rglob("*"))

    assert main(command.format("other").split()) == 2

    assert capsys.readouterr().err.startswith(f"{place}: ")
    assert sorted((project / "cases").rglob("*")) == files


def test_several_questions_of_one_id_concern_whoever_asks_for_that_id(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two questions called the same are a problem of that name, and of no other."""
    (project / "cases/other/question.yaml").write_text(f"{QUESTION}id: twin\n", encoding="utf-8")
    (project / "cases/third").mkdir()
    (project / "cases/third/question.yaml").write_text(f"{QUESTION}id: twin\n", encoding="utf-8")

    assert main(["progress", "twin"]) == 2
    assert "two questions have the id 'twin'" in capsys.readouterr().err
    assert main(["progress", "export"]) == 0


@pytest.mark.parametrize("breaks", [break_question, break_attempt, break_rubric])
def test_coverage_leaves_out_what_claims_no_mission_and_fails_for_what_may(
    project: Path, capsys: pytest.CaptureFixture[str], breaks: Breaks
) -> None:
    """A rubric without tags can't change the picture; one that can't be read and speaks of tags might."""
    (project / "rubrics/missions.yaml").write_text(TAGS.replace("id: talk", "id: missions"), encoding="utf-8")
    claims = CLAIMING.replace("rubric: talk", "rubric: missions")
    (project / "cases/export/question.yaml").write_text(claims, encoding="utf-8")
    (project / "cases/export/2026-09-01.md").write_text(RESILIENCE, encoding="utf-8")
    main(["run"])
    place = breaks(project)
    capsys.readouterr()

    assert main(["coverage"]) == 0
    told = capsys.readouterr()
    assert place in told.err
    assert "keep people safe" in told.out

    (project / "rubrics/missions.yaml").write_text(f"bogus: 1\n{TAGS}", encoding="utf-8")
    assert main(["coverage"]) == 2
    assert capsys.readouterr().err.startswith("rubrics/missions.yaml:1:1")
