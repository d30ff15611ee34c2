"""`practice --minutes` and `--list`: as many questions as fit, in the one order that every view shares."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evalharness.cli import main
from evalharness.model.nouns import Question
from evalharness.practice.ranking import Worth, session
from tests.support import many, write_project
from tests.terminal import CTRL_C, Terminal

SAID = "I moved the export to a queue in March, and late files went from 40 a week to 3."


def worth(name: str, limit: float | None) -> Worth:
    return Worth(question=Question(id=name, text="?", rubric="r", time_limit=limit, path="p"))


ORDERS = st.lists(st.none() | st.floats(1, 600), min_size=1, max_size=8).map(
    lambda limits: [worth(f"q{place}", limit) for place, limit in enumerate(limits)]
)


@given(ORDERS, st.floats(60, 7200))
def test_a_session_keeps_the_order_and_the_time(ranked: list[Worth], seconds: float) -> None:
    """At least one go, never more than fits, and one more would not have fitted."""
    found = session(ranked, seconds)

    assert [each.question.id for each in found] == [ranked[n % len(ranked)].question.id for n in range(len(found))]
    taken = sum(each.takes for each in found)
    assert len(found) == 1 or taken <= seconds
    assert taken + ranked[len(found) % len(ranked)].takes > seconds


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_project(tmp_path, many(2), config="author: me\ngrader: heuristic\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_session_goes_from_question_to_question(project: Path) -> None:
    """It says what is planned and how much time is left; Enter after a grade takes the next question."""
    with Terminal("practice", "--minutes", "5.5", cwd=project) as terminal:
        terminal.wait_for("5.5 minutes: ")
        for place in (1, 2):
            terminal.wait_for(f"question {place} of 2, ")
            terminal.wait_for("/1:00> ")
            terminal.enter(f"{SAID}\n")
            terminal.wait_for("/1:00> ")
            terminal.enter(".\n")
            terminal.wait_for("how good did it feel")
            terminal.enter("\n")
            terminal.wait_for("another go?")
            terminal.enter("\n")
        assert terminal.exit_code() == 0

    assert len(list((project / "cases").rglob("*.md"))) == 4


def test_ctrl_c_ends_the_whole_session(project: Path) -> None:
    """Not only the question that is asked."""
    with Terminal("practice", "--minutes", "30", cwd=project) as terminal:
        terminal.wait_for("/1:00> ")
        terminal.enter(CTRL_C)
        assert terminal.exit_code() == 130


def test_the_list_is_shown_without_asking(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As text, as JSON, and cut to a time; nothing is written."""
    before = sorted(project.rglob("*"))

    assert main(["practice", "--list"]) == 0
    assert capsys.readouterr().out.startswith("1. ")
    assert main(["practice", "--list", "--minutes", "2", "--format", "json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["questions"]) == 1
    assert sorted(project.rglob("*")) == before


@pytest.mark.parametrize("flags", [["q1", "--minutes", "3"], ["q1", "--list"], ["--minutes", "3"]])
def test_what_cannot_be_is_said(project: Path, flags: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """One question is no list, and a session without a terminal could ask nobody."""
    assert main(["practice", *flags]) == 2
    assert "--list" in capsys.readouterr().err
