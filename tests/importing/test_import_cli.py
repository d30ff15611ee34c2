"""`import` as a person types it: what it shows, what it writes, what it never does."""

from __future__ import annotations

from pathlib import Path

import pytest

from evalharness.cli import main
from evalharness.lint.workflow import lint
from evalharness.load import load_project
from tests.importing.counting import DOCUMENTS
from tests.support import world_at


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "cases").mkdir()
    (tmp_path / "evalharness.yaml").write_text("author: me\ngrader: heuristic\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def files(folder: Path) -> dict[str, str]:
    return {f.relative_to(folder).as_posix(): f.read_text(encoding="utf-8") for f in folder.rglob("*") if f.is_file()}


@pytest.mark.parametrize("document", sorted(DOCUMENTS.rglob("*.*.*")), ids=lambda file: file.name)
def test_what_is_written_loads_without_problems_and_without_advice(project: Path, document: Path) -> None:
    """Cases, samples and rubric are valid as they are; nobody has to mend them before the first run."""
    assert main(["import", str(document), "--yes"]) == 0

    assert lint([], world=world_at(project)).problems == ()
    loaded = load_project([], cwd=project)
    assert loaded.cases
    assert {case.attempt.source for case in loaded.cases} == {"sample"}
    rubric_advice = [a for a in lint([], world=world_at(project)).advice if a.path.startswith("rubrics/")]
    assert [a for a in rubric_advice if a.slug in {"vague-anchor", "unreachable", "duplicate"}] == []


def test_an_imported_document_is_graded_at_once(project: Path) -> None:
    """A draft declares signals, so that the first run works without a key."""
    main(["import", str(DOCUMENTS / "mission.clean.md"), "--yes"])

    assert main(["run", "--grader", "heuristic"]) == 0


def test_a_dry_run_shows_everything_and_writes_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Found, ignored with lines, the rubric and why, and the files."""
    before = files(project)

    assert main(["import", str(DOCUMENTS / "mission.web.txt"), "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert "line 51: Tell me about a time when correctness went before speed." in told
    assert "line 6: Sign in (menu)" in told
    assert "no shipped rubric has this structure" in told
    assert "cases/" in told
    assert files(project) == before


def test_nothing_is_overwritten(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The same document again leaves what it knows, says so and writes nothing."""
    document = str(DOCUMENTS / "mission.clean.md")
    main(["import", document, "--yes"])
    before = files(project)
    capsys.readouterr()

    assert main(["import", document, "--yes"]) == 0
    told = capsys.readouterr().out
    assert "known already, left as it is: Tell me about a time when correctness went before speed." in told
    assert "nothing is new in this document; nothing was written" in told
    assert files(project) == before


def test_without_a_terminal_it_asks_for_yes(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A script never writes by accident."""
    assert main(["import", str(DOCUMENTS / "culture.clean.md")]) == 2
    assert "--yes" in capsys.readouterr().err
    assert not list((project / "cases").iterdir())


def test_shipped_rubrics_are_taken_where_the_structure_is_theirs(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says which rubric and why."""
    main(["import", str(DOCUMENTS / "culture.clean.md"), "--dry-run"])
    main(["import", str(DOCUMENTS / "deep-dive.clean.md"), "--dry-run"])

    told = capsys.readouterr().out
    assert "rubric 'culture-dialogue': 4 of 4\nbecause each of its 4 answers comes with a question to ask back" in told
    assert "rubric 'project-deep-dive': 1 of 1\nbecause 6 of its 6 sections are sections of that rubric" in told


def test_a_folder_outside_of_the_project_is_refused(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """An import stays inside."""
    outside = tmp_path_factory.mktemp("outside")

    assert main(["import", str(DOCUMENTS / "culture.clean.md"), "--into", "../elsewhere", "--yes"]) == 2
    assert not list(outside.iterdir())


def test_what_is_asked_back_at_the_end_is_shown_and_kept(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each with its line and person; in `to_ask` of the first question, from where `brief` reads it, once."""
    assert main(["import", str(DOCUMENTS / "held-out-4" / "culture-mail.thread.txt"), "--yes"]) == 0

    told = capsys.readouterr().out
    assert "line 33: to ask the panel at the end: Which argument among you is still open?" in told
    kept = [asked for question in load_project([], cwd=project).questions for asked in question.to_ask]
    assert kept.count("Which argument among you is still open? (for the panel)") == 1
    assert "What did your patients teach you that no dashboard showed? (for Dr. Anand)" in kept


def test_an_answer_of_a_few_words_is_an_answer_and_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Words below a question are its answer, however few; what is asked back stays beside it."""
    monkeypatch.chdir(tmp_path)
    text = (
        "# Acme culture\n\n## Why do you want to work here?\n\nI want safe systems.\n\n"
        "## When did you say no?\n\nthe launch story\n\nFollow-up question to ask Imre: What came of it later?\n\n"
        "## What does care mean to you?\n\nCare is when the next person can stop what I began, and knows it.\n"
    )
    (tmp_path / "prep.md").write_text(text)
    (tmp_path / "evalharness.yaml").touch()

    assert main(["import", "prep.md", "--yes"]) == 0
    (short,) = tmp_path.glob("cases/why-*/sample.md")
    assert short.read_text().endswith("I want safe systems.\n")
    (launch,) = tmp_path.glob("cases/when-did-you-say-no/sample.md")
    assert "the launch story" in launch.read_text()
    assert "What came of it later?" in launch.read_text()


AGAIN = (
    "# Acme\n\n## Why do you want to work here?\n\nI ran a depot for six years.\n\n"
    "## When did you say no?\n\nHow the team decides what to leave out?\n\n"
    "## Questions to ask them\n\n- What would you stop doing?\n"
)


def test_a_corrected_plan_corrects_what_was_imported(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is new is written into the files of the import; an answer that differs stays, and undo is named."""
    (project / "prep.md").write_text(AGAIN)
    main(["import", "prep.md", "--yes"])
    (project / "prep.md.labels.yaml").write_text(
        "- {line: 5, role: ask, words: 'How the team decides what to leave out?'}\n"
    )
    capsys.readouterr()

    assert main(["import", "prep.md", "--yes"]) == 0
    told = capsys.readouterr().out
    assert "differs from the document, left as it is: cases/when-did-you-say-no/sample.md" in told
    assert "evalharness undo" in told
    asked = [text for question in load_project([], cwd=project).questions for text in question.to_ask]
    assert asked == ["How the team decides what to leave out?", "What would you stop doing?"]
    assert main(["undo", "--yes"]) == 0
    assert main(["import", "prep.md", "--yes"]) == 0
    assert not (project / "cases/when-did-you-say-no/sample.md").exists()


def test_a_file_that_somebody_changed_is_left(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Import says that it differs, and never that nothing is new."""
    (project / "prep.md").write_text(AGAIN)
    main(["import", "prep.md", "--yes"])
    (asked,) = project.glob("cases/why-*/question.yaml")
    mine = asked.read_text() + "- And mine?\n"
    asked.write_text(mine)
    (project / "prep.md").write_text(AGAIN + "- What did you drop?\n")
    capsys.readouterr()

    assert main(["import", "prep.md", "--yes"]) == 0
    told = capsys.readouterr().out
    assert f"differs from the document, left as it is: {asked.relative_to(project).as_posix()}" in told
    assert "nothing is new" not in told
    assert asked.read_text() == mine


def test_an_answer_that_the_document_has_by_now_is_added(project: Path) -> None:
    """A question that was imported without an answer gets it."""
    (project / "prep.md").write_text("# Acme\n\n## Why us?\n\n## Why now?\n\nI moved here in May.\n")
    main(["import", "prep.md", "--yes"])
    (project / "prep.md").write_text("# Acme\n\n## Why us?\n\nI know gates.\n\n## Why now?\n\nI moved here in May.\n")
    (project / "cases" / "deep").mkdir()

    assert main(["import", "prep.md", "--yes"]) == 0
    assert "I know gates." in (project / "cases/why-us/sample.md").read_text()


TALK = """Coach  0:03
So tell me about a time you missed a deadline.

Maria Lopez  0:15
In 2021 we had to ship a billing change and I misjudged the tests. I told the team on Wednesday and cut two reports.

Coach  1:30
Do you have any questions for me?

Maria Lopez  1:33
Yes. How big is the team? And who decides on the rota?
"""


def test_a_plan_beside_a_talk_is_applied(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The plan says what its lines are, so that it is read as a document."""
    (project / "talk.txt").write_text(TALK, encoding="utf-8")
    assert main(["import", "talk.txt", "--plan"]) == 0
    capsys.readouterr()

    assert main(["import", "talk.txt", "--dry-run"]) == 0
    assert "lines labelled by talk.txt.labels.yaml" in capsys.readouterr().out


def test_what_is_asked_at_the_end_of_a_talk_is_kept(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With the first new question, for `brief`; where there is none, it is said what to do."""
    (project / "talk.txt").write_text(TALK, encoding="utf-8")
    assert main(["import", "talk.txt", "--yes"]) == 0
    assert "to ask them at the end: How big is the team?" in capsys.readouterr().out
    (question,) = load_project([], cwd=project).questions
    assert question.to_ask == ("How big is the team?", "Who decides on the rota?")

    (project / "again.txt").write_text(TALK.replace("Wednesday", "Thursday"), encoding="utf-8")
    assert main(["import", "again.txt", "--yes"]) == 0
    assert "not written, since no question is new; add them under 'to_ask'" in " ".join(capsys.readouterr().out.split())


def test_notes_beside_an_answer_are_shown(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What goes into the notes of an attempt is told before it is written."""
    (project / "p.md").write_text(
        "## Why ferries?\n\nI crossed to Skagen every summer and my uncle was a mate.\n\n(slower, and look at Ana)\n",
        encoding="utf-8",
    )
    assert main(["import", "p.md", "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert "slower, and look at Ana" in told


def test_of_several_interviewers_the_first_has_his_own_role(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And the line is told as kept in part."""
    (project / "p.md").write_text(
        "Interviewers: Ana Ruiz (risk), Ben Low (people)\n\n## Why ferries?\n\nI crossed to Skagen every summer.\n",
        encoding="utf-8",
    )
    assert main(["import", "p.md", "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert "interviewer: Ana Ruiz, risk\n" in told
    assert "(of this, only the interviewer is kept)" in told


def test_two_lines_with_an_address_are_the_head_of_a_mail(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No company is called Subject."""
    (project / "m.txt").write_text(
        "Subject: Fwd: Interview Thursday 10:00\nFrom: Recruiting <jobs@harbourline.example>\n\n"
        "Why ferries?\nI crossed to Skagen every summer and my uncle was a mate.\n\n"
        "Company: Harbourline, 14 ships, founded 1962, sold to a fund in 2021\n"
        "salary? say range 31-34 not first number\n",
        encoding="utf-8",
    )
    assert main(["import", "m.txt", "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert "company: Harbourline\n" in told
    assert told.count("(head of a mail)") == 2
    assert "salary?" in told, "it is no end of the line above"
    assert "say range 31-34" in told


def test_labels_with_an_address_are_no_head_of_a_mail(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Somebody notes whom to write to; the company beside it stays the company."""
    (project / "p.txt").write_text(
        "Company: Norvane\nContact: ana@norvane.example\n\nWhy ferries?\nI crossed to Skagen every summer.\n",
        encoding="utf-8",
    )
    assert main(["import", "p.txt", "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert "company: Norvane\n" in told
    assert "head of a mail" not in told
