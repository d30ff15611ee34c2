"""What a tired person meets on the last evening: each message says what is wrong and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from evalharness.cli import main
from evalharness.init.workflow import init

QUESTION = "question: Why us?\nrubric: story\n"
ANSWER = (
    "In 2019 I built a system that handles 30,000 requests a day. We took two weeks to improve it, and I paid for it "
    "with a late launch. I learned to ask first.\n"
)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    init(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def question(root: Path, name: str, text: str = QUESTION, **answers: str) -> None:
    folder = root / "cases" / name
    folder.mkdir(parents=True)
    (folder / "question.yaml").write_text(text)
    for day, answer in answers.items():
        (folder / f"2026-11-{day[1:]}.md").write_text(answer)


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    capsys.readouterr()
    main(list(arguments))
    out, err = capsys.readouterr()
    return " ".join(f"{err} {out}".split())


@pytest.mark.parametrize("name", ["answer.pdf", "answer.docx", "my answer.odt"])
def test_a_document_alone_in_a_question_is_named_with_what_to_do(
    repository: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    """ "No attempt" alone would be a riddle: there is a file, and this is how its words become an attempt."""
    question(repository, "why-us")
    (repository / "cases/why-us" / name).write_bytes(b"%PDF-1.7\n\0\1")

    told = said(capsys, "run", "cases/why-us")
    assert f"there is no attempt to grade: cases/why-us/{name} is not read [nothing-yet]" in told
    assert f"copy your words into {name.partition('.')[0]}.md beside it" in told
    assert "evalharness import" in told


def test_two_folders_with_one_question_are_noticed(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By its words, whatever the folders are called; for two companies it is two questions."""
    question(repository, "why-us", d20=ANSWER)
    question(repository, "motivation", QUESTION.replace("Why us?", "why us"), d21=ANSWER)
    question(repository, "elsewhere", f"{QUESTION}context: {{company: {{name: Fernhollow}}}}\n", d21=ANSWER)

    told = said(capsys, "lint")
    assert told.count("[same-question]") == 2, "one message, and one line with what to do"
    assert "cases/why-us/question.yaml:1:1: this asks the same as cases/motivation/question.yaml" in told
    assert "cases/why-us/question.yaml" in said(capsys, "run", "--grader", "heuristic")


def test_a_day_that_is_past_is_said(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By `brief` in every form and by `practice`, from the flag or the settings."""
    question(repository, "why-us", d20=ANSWER)
    main(["run", "--grader", "heuristic"])

    assert "That day is past: name the next one with --for DAY" in said(capsys, "brief", "--for", "2025-10-01")
    assert "That day is past" in said(capsys, "brief", "--for", "1.10.2025", "--format", "md")
    assert "2025-10-01 is past: name the day of the next interview" in said(
        capsys, "practice", "--list", "--for", "2025-10-01"
    )
    (repository / "evalharness.yaml").write_text("interview: 2025-10-01\n")
    assert "That day is past" in said(capsys, "brief")
    assert "past" not in said(capsys, "brief", "--for", "tomorrow")


def test_one_question_says_nothing_about_the_others(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """ "On average: not measured" puzzles; one series has no average."""
    longer = ANSWER + "Before, it took 90 minutes; now it takes 30, because I wrote the queue again with Marit.\n"
    question(repository, "why-us", d20=ANSWER, d21=longer)
    main(["run", "--grader", "heuristic"])

    told = said(capsys, "progress", "--grader", "heuristic")
    assert "In the one series with two graded attempts the latest is +" in told
    assert "One question says nothing about your other answers." in told
    assert "on average" not in told


def test_the_commonest_errors_have_a_name_of_their_own(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`explain` then says something that helps, and not "something does not fit"."""
    (repository / "scan.pdf").write_bytes(b"%PDF-1.7\n\0\1")
    for command, code in (
        (["run"], "nothing-yet"),
        (["undo"], "nothing-yet"),
        (["compare", "previous", "latest"], "nothing-yet"),
        (["import", "scan.pdf", "--yes"], "document"),
        (["practice", "--no-audio"], "nothing-yet"),
        (["init", "."], "exists"),
    ):
        assert f"[{code}]" in said(capsys, *command), command
        assert len(said(capsys, "explain", code)) > 80
    assert "Do what the line `hint:` says" in said(capsys, "explain", "bad-input")
