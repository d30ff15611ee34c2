"""A question that nobody asked yet is one command away."""

from __future__ import annotations

from pathlib import Path

import pytest

from evalharness.cli import main
from evalharness.load import load_project
from tests.support import write_project


def test_a_question_in_words_gets_a_folder_and_the_rubric_for_stories(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It loads, needs no time limit, and its first attempt is a draft; the same one again is refused."""
    monkeypatch.chdir(write_project(tmp_path))
    asked = "Tell me about a time you failed: what happened?"

    assert main(["new", asked, "--no-edit"]) == 0
    loaded = load_project([], cwd=tmp_path)
    question = next(each for each in loaded.questions if each.id == "tell-me-about-a-time-you")
    assert (question.text, question.rubric, question.time_limit) == (asked, "story", None)
    assert len(loaded.drafts) == 1
    assert main(["new", asked, "--no-edit"]) == 2
    assert "evalharness new tell-me-about-a-time-you" in capsys.readouterr().err
