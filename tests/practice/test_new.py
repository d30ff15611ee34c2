"""`new`: a question in the person's words becomes a folder, a file to answer in, and never a second of the same."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from evalharness.cli import main
from evalharness.init.workflow import init
from evalharness.lint.workflow import lint
from evalharness.load.questions import ID
from evalharness.practice.questions import is_a_question
from evalharness.text.foldernames import folder_name
from tests.support import world_at
from tests.terminal import Terminal


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    init(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def new(*arguments: str) -> int:
    return main(["new", *arguments, "--no-edit"])


def files(root: Path) -> list[str]:
    return sorted(path.relative_to(root / "cases").as_posix() for path in (root / "cases").rglob("*.*"))


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("Why us?", "why-us"),
        ("Tell me about a failure", "failure"),
        ("What is your greatest weakness?", "greatest-weakness"),
        ("Tell me about yourself.", "tell-me-about-yourself"),
        ("Walk me through a recent project", "recent-project"),
        ("How do you handle disagreement with your manager?", "handle-disagreement-manager"),
        ("Warum ausgerechnet wir, Frau Müller?", "warum-ausgerechnet-wir-frau"),
    ],
)
def test_a_folder_is_named_as_a_person_would(asked: str, name: str) -> None:
    """By what the question is about; a short one by all of its words."""
    assert folder_name(asked) == name


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("为什么选择我们公司？", "为什么选择我们公司"),  # as it is typed
        ("请介绍一下你自己，以及你为什么想加入我们这家公司的团队", "请介绍一下你自己"),
        ("なぜ弊社を志望しましたか", "なぜ弊社を志望しましたか"),
        ("Почему мы?", "почему-мы"),
        ("왜 우리 회사인가요?", "왜-우리-회사인가요"),
        ("لماذا نحن؟", "لماذا-نحن"),
        ("हम क्यों?", "हम-क्यों"),
        ("¿Por qué nosotros?", "por-que-nosotros"),
        ("\U0001f914\U0001f525", ""),
    ],
)
def test_a_folder_is_named_in_the_script_of_its_question(asked: str, name: str) -> None:
    """Nobody is asked for a name in another alphabet; what has no letter has no name of its own."""
    assert folder_name(asked) == name


def test_a_question_in_any_script_is_made_found_again_and_graded(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No `--id`; the same words again find it, emoji too; two without a letter are two."""
    for asked in ("为什么选择我们", "为什么选择我们?", "\U0001f914", "\U0001f525", "\U0001f914"):
        assert new(asked) == 0

    assert sorted(file.name for file in (repository / "cases").iterdir()) == [
        "question",
        "question-2",
        "为什么选择我们",
    ]
    assert lint([], world=world_at(repository)).problems == ()
    (attempt,) = (repository / "cases/为什么选择我们").glob("*.md")
    attempt.write_text("In 2019 I built a system that handles 30,000 requests a day, and I learned to ask first.\n")
    capsys.readouterr()
    assert main(["run", "--grader", "heuristic"]) == 0
    assert "为什么选择我们" in capsys.readouterr().out


def test_a_folder_that_is_there_without_a_question_is_taken(repository: Path) -> None:
    """A folder made by hand, with an answer in it already, gets its question."""
    (repository / "cases/why-us").mkdir(parents=True)
    (repository / "cases/why-us/2026-11-20.md").write_text("Because of one thing.\n")

    assert new("Why us?", "--new") == 0
    assert files(repository)[-1] == "why-us/question.yaml"
    assert "why-us/2026-11-20.md" in files(repository)


def test_in_a_wrong_folder_nothing_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says what is here, where the answers are, and how to begin; `import` and `run` say the same."""
    init(tmp_path / "talks/my-answers")
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes/prep.md").write_text("Q: Why us?\nA: Because of 3 things.\n")

    monkeypatch.chdir(tmp_path / "notes")
    for command in (["new", "Why us?"], ["import", "prep.md", "--yes"], ["run"]):
        assert main(command) == 2
        said = capsys.readouterr().err
        assert "it has prep.md, and neither evalharness.yaml nor a question [no-project]" in said
        assert "evalharness init ." in said
    monkeypatch.chdir(tmp_path)
    assert main(["new", "Why us?"]) == 2

    assert "your answers seem to be in talks/my-answers: cd talks/my-answers; or begin" in capsys.readouterr().err
    assert not (tmp_path / "cases").exists()
    assert not (tmp_path / "notes/cases").exists()


def test_in_a_wrong_folder_a_person_is_asked(tmp_path: Path) -> None:
    """No is the answer that Enter gives; yes makes the question there."""
    for answer, made in (("\n", False), ("y\n", True)):
        with Terminal("new", "Why us?", "--no-edit", cwd=tmp_path) as terminal:
            terminal.wait_for("Begin in this folder all the same?")
            terminal.enter(answer)
            assert terminal.exit_code() == (0 if made else 2)
        assert (tmp_path / "cases/why-us/question.yaml").is_file() is made


@given(st.text())
def test_any_question_gives_a_safe_name_or_none(text: str) -> None:
    """No name leaves the folder."""
    name = folder_name(text)
    assert not name or ID.fullmatch(name)


def test_the_same_line_pasted_twice_opens_the_draft(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What is asked for is there already; only another rubric or limit is refused."""
    line = ("Why us?", "--rubric", "story", "--time", "2m")

    assert (new(*line), new(*line), new("Why us?", "--time", "120s")) == (0, 0, 0)
    assert len(set(capsys.readouterr().out.split())) == 1
    assert (new("Why us?", "--time", "3m"), new("Why us?", "--rubric", "culture-dialogue")) == (2, 2)
    assert "the question 'why-us' exists already" in capsys.readouterr().err


def test_a_question_is_made_with_all_that_grading_needs(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One command; what it wrote is valid, an answer in it is graded, and the headings are those of the rubric."""
    assert new('Why "us"?', "--rubric", "culture-dialogue", "--time", "90s") == 0

    made = yaml.safe_load((repository / "cases/why-us/question.yaml").read_text())
    (attempt,) = (repository / "cases/why-us").glob("*.md")
    assert made == {"question": 'Why "us"?', "rubric": "culture-dialogue", "time_limit": "90 s"}
    assert "## Follow-up question" in attempt.read_text()
    assert capsys.readouterr().out.strip() == attempt.relative_to(repository).as_posix()
    assert lint([], world=world_at(repository)).problems == ()


@pytest.mark.parametrize("rubric", ["mission-alignment", "project-deep-dive"])
def test_every_heading_that_a_rubric_reads_is_written(repository: Path, rubric: str) -> None:
    """Parts and sections; missions are there to choose from."""
    assert new("Why this project?", "--rubric", rubric, "--time", "2m") == 0
    (attempt,) = (repository / "cases/why-this-project").glob("*.md")
    question = yaml.safe_load((repository / "cases/why-this-project/question.yaml").read_text())

    if rubric == "mission-alignment":
        assert question["missions"] == [1, 2, 3, 4, 5, 6, 7]
    else:
        headings = [line for line in attempt.read_text().splitlines() if line.startswith("## ")]
        assert headings[:2] == ["## Overview", "## Problem and goals"]
        assert len(headings) == 11
    assert lint([], world=world_at(repository)).problems == ()


@pytest.mark.parametrize("again", ["Why us?", "why us", "why-us", "cases/why-us", "WHY US?!"])
def test_again_it_opens_the_empty_draft(repository: Path, again: str) -> None:
    """However the question is named: one question, one draft."""
    new("Why us?", "--rubric", "culture-dialogue", "--time", "1:30")
    before = files(repository)

    assert new(again) == 0
    assert files(repository) == before


def test_an_empty_draft_of_another_day_becomes_todays(repository: Path) -> None:
    """What is written today bears today's date."""
    new("Why us?", "--rubric", "culture-dialogue", "--time", "1:30")
    (today,) = (repository / "cases/why-us").glob("*.md")
    old = today.with_name("2025-01-31.md")
    old.write_text(today.read_text().replace(today.stem, "2025-01-31"))
    today.unlink()

    assert new("why-us") == 0
    assert [file.name for file in (repository / "cases/why-us").glob("*.md")] == [today.name]
    assert f"date: {today.stem}" in today.read_text()


def test_what_was_begun_is_never_taken_for_empty(repository: Path) -> None:
    """One word is an answer begun: the next `new` leaves it and starts another."""
    new("Why us?", "--rubric", "culture-dialogue", "--time", "1:30")
    (first,) = (repository / "cases/why-us").glob("*.md")
    first.write_text(first.read_text() + "\nBecause\n")

    assert new("why-us") == 0
    assert len([*(repository / "cases/why-us").glob("*.md")]) == 2
    assert "Because" in first.read_text()


def test_a_near_miss_is_asked_about(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """On a terminal with a question, elsewhere with both commands; `--new` makes the other one."""
    new("Why do you want to work for us?", "--rubric", "culture-dialogue", "--time", "1:30")
    with Terminal("new", "Why do you want to work with us?", cwd=repository, env={"VISUAL": "true"}) as terminal:
        terminal.wait_for("Answer that one?")
        terminal.enter("\n")
        assert terminal.exit_code() == 0
    before = files(repository)
    capsys.readouterr()

    assert new("Why do you want to work at us?") == 2
    told = capsys.readouterr().err
    assert "there is a similar question, 'why-want-work'" in told
    assert "evalharness new why-want-work" in told
    assert "--new" in told
    assert files(repository) == before
    made = ("--new", "--id", "work-at-us", "--rubric", "culture-dialogue", "--time", "2m")
    assert new("Why do you want to work at us?", *made) == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("why-now", "--author", "me"), "there is no question called 'why-now'"),
        (("Why now?", "--rubric", "sotry"), "there is no rubric called 'sotry'"),
        (("Why now?", "--rubric", "culture-dialogue", "--time", "soon"), "'soon' is not a time limit"),
        (("Why now?", "--rubric", "culture-dialogue", "--time", "0s"), "'0s' is not a time limit"),
        (("Why now?", "--rubric", "culture-dialogue", "--id", "../up"), "no folder can be named '../up'"),
    ],
)
def test_what_cannot_be_made_is_refused_and_nothing_is_written(
    repository: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    """Each with a hint that helps."""
    assert new(*arguments) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "hint: " in told
    assert files(repository) == []


@pytest.mark.parametrize(("said", "asked"), [("Why us?", True), ("Tell me", True), ("us?", True), ("why-us", False)])
def test_a_name_is_not_a_question(said: str, asked: bool) -> None:
    """A typo in a name makes nothing."""
    assert is_a_question(said) is asked


@pytest.mark.parametrize(
    ("there", "asked"),
    [
        ("Tell me about a time you failed", "Tell me about a time you led a team"),
        ("What is your biggest strength?", "What is your biggest weakness?"),
    ],
)
def test_questions_that_only_begin_alike_are_two(repository: Path, there: str, asked: str) -> None:
    """The words that open any question say nothing about it."""
    assert new(there) == 0
    assert new(asked) == 0
    assert len(list((repository / "cases").glob("*/question.yaml"))) == 2
