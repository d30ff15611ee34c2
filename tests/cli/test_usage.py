"""What a tired person types: the message names it and says what to type instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from evalharness.cli import main
from tests.support import write_project


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(write_project(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    ("typed", "message", "hint"),
    [
        (["Why now?"], "there is no command called 'Why now?'", "to make it a question: evalharness new 'Why now?'"),
        (["tell me more"], "there is no command called 'tell me more'", "evalharness new 'tell me more'"),
        (["pratice"], "there is no command called 'pratice'", "did you mean 'practice'?"),
        (["new", "Why", "now"], "got unexpected extra argument (now)", 'evalharness new "Why now"'),
        (["practice", "why", "us"], "got unexpected extra argument (us)", 'evalharness practice "why us"'),
        (["new", ""], "the question is empty", 'put its words in quotes: evalharness new "Why us?"'),
        (["new", " \t "], "the question is empty", "in quotes"),
        (["new", "\u201cWhy", "us?\u201d"], "begins with a curly quote", "type straight quotes"),
        (["run", "\u2013grader", "heuristic"], "begins with a long dash, not with two hyphens", "type it: --grader"),
        (["run", "\u2014\u2014samples", "3"], "begins with a long dash", "type it: --samples"),
        (["run", "--samples", "0"], "0 is not from 1 to 50", "evalharness run --help shows what fits"),
        (["run", "--samples", "two"], "'two' is not a whole number", "evalharness run --help"),
        (["run", "--max-usd", "$5"], "'$5' is not a number", "evalharness run --help"),
        (["run", "--max-usd", "0,5"], "'0,5' is not a number", "with a point: 0.5"),
        (["brief", "--top", "0"], "0 is less than 1", "evalharness brief --help"),
        (["run", "--grader", "gpt-4"], "there is no grader called 'gpt-4'", "a model is named with --model"),
        (["run", "export"], "export: there is no such file or folder", "did you mean 'cases/export'?"),
        (["run", "cases\\export"], "there is no such file or folder", "did you mean 'cases/export'?"),
    ],
)
def test_what_was_typed_is_named_with_what_to_type(
    project: Path, capsys: pytest.CaptureFixture[str], typed: list[str], message: str, hint: str
) -> None:
    """No word of the parser's own, such as "float range"."""
    assert main(typed) == 2

    said = capsys.readouterr().err
    assert message in said
    assert hint in said
    assert "range" not in said
    assert not (project / "cases/question").exists()


def test_words_in_curly_quotes_that_are_one_argument_are_a_question(project: Path) -> None:
    """A shell that was given straight quotes too passes them on as letters: that is what was meant."""
    assert main(["new", "\u201cWhy now?\u201d", "--no-edit"]) == 0
    assert (project / "cases/why-now").is_dir()


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("rubric:talk", "put a space after the colon: 'rubric: talk'"),
        ("rubric: rubrics/talk", "write talk"),
        ("rubric: \u2018talk\u2019", "write talk"),
        ("rubric: talk\napi_key: abc", "a key is never in a file"),
    ],
)
def test_a_slip_in_a_file_gets_the_line_to_write(
    project: Path, capsys: pytest.CaptureFixture[str], line: str, hint: str
) -> None:
    """The hint is the line itself, not a rule to apply."""
    (project / "cases/export/question.yaml").write_text(f"question: What?\n{line}\n", encoding="utf-8")

    assert main(["lint"]) == 2
    said = capsys.readouterr().err
    assert hint in said
    assert "abc" not in said
