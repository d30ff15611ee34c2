"""`new` and `practice`, driven as a person drives them: through a terminal, with Ctrl-C at every prompt."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from evalharness.cli import main
from evalharness.errors import InputError
from evalharness.grading.workflow import run
from evalharness.history.workflow import history
from evalharness.lint.workflow import lint
from evalharness.load.questions import called
from evalharness.practice import workflow as attempting
from evalharness.practice.ranking import worth
from evalharness.results.steps import Timing
from tests.program import program
from tests.support import ANSWER, QUESTION, RUBRIC, Notes, many, world_at, write_project
from tests.terminal import CTRL_C, CTRL_D, Terminal

PARTS = RUBRIC.replace(
    "criteria:", "parts:\n  follow_up:\n    headings: [Follow-up question]\n    required: true\ncriteria:", 1
)
SAID = "I moved the export to a queue in March, and late files went from 40 a week to 3."
BACK = "What would you have moved first?"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write_project(tmp_path, rubric=PARTS, config="author: me\ngrader: heuristic\n")
    (tmp_path / "cases/export/2026-09-01.md").unlink()
    return tmp_path


def attempts(project: Path) -> list[str]:
    return [file.read_text(encoding="utf-8") for file in sorted((project / "cases/export").glob("*.md"))]


def test_a_whole_round_asks_grades_shows_lines_and_keeps_every_go(project: Path) -> None:
    """Question, clock, two parts, self-score, grade with lines, another go; both goes are attempts."""
    with Terminal("practice", cwd=project) as terminal:
        for back in (BACK, "How did you know that nobody used the order?"):
            terminal.wait_for("What did you change, and what did it cost?")
            terminal.wait_for("/1:00> ")
            terminal.enter(f"{SAID}\n")
            terminal.wait_for("/1:00> ")
            terminal.enter(".\n")
            terminal.wait_for("-- Follow-up question")
            terminal.wait_for("/1:00> ")
            terminal.enter(f"{back}\n")
            terminal.wait_for("/1:00> ")
            terminal.enter(".\n")
            terminal.wait_for("how good did it feel")
            terminal.enter("7\n")
            terminal.wait_for("a number from 1 to 5")
            terminal.wait_for("how good did it feel")
            terminal.enter("3.5\n")
            terminal.wait_for(" of 5 by heuristic")
            terminal.wait_for("1. ")
            terminal.wait_for("cases/export/")
            terminal.wait_for("another go? [y/N]: ")
            terminal.enter("4\n")
            terminal.wait_for("answer y or n")
            terminal.wait_for("another go? [y/N]: ")
            terminal.enter("y\n" if back == BACK else "n\n")
        assert terminal.exit_code() == 0

    found = attempts(project)
    assert len(found) == 2
    assert all(SAID in text and "self_score: 3.5" in text and "unfinished" not in text for text in found)
    assert lint([], world=world_at(project)).problems == ()


def interrupted(project: Path, *typed: tuple[str, str]) -> str:
    """Wait for and type each pair, press Ctrl-C at the last prompt; return what the screen said."""
    with Terminal("practice", "export", cwd=project) as terminal:
        for prompt, text in typed:
            terminal.wait_for(prompt)
            terminal.enter(text)
        assert terminal.exit_code() == 130
        assert "Traceback" not in terminal.seen
        return terminal.seen


def test_ctrl_c_before_a_word_leaves_nothing_behind(project: Path) -> None:
    """An empty file would only be in the way."""
    assert "nothing was written" in interrupted(project, ("/1:00> ", CTRL_C))
    assert attempts(project) == []


def test_ctrl_c_keeps_the_lines_and_the_line_under_the_cursor(project: Path) -> None:
    """What is not ended with Enter yet is kept too; without its second part it is a draft that blocks nothing."""
    told = interrupted(
        project, ("/1:00> ", f"{SAID}\n"), ("/1:00> ", "And then I was int"), ("And then I was int", CTRL_C)
    )

    assert "kept as a draft" in told
    (text,) = attempts(project)
    assert SAID in text
    assert "And then I was int" in text
    assert lint([], world=world_at(project)).problems == ()


def test_what_a_run_says_of_drafts_is_true_of_each_kind(project: Path) -> None:
    """One holds an answer without its second part, the other nothing."""
    loaded = attempting.project(world_at(project))
    made = attempting.new_attempt(loaded, called(loaded.questions, "export"), world=world_at(project))
    made.add(SAID)
    assert not made.finish()
    (project / "cases/export/2026-01-01.md").write_text("\n")
    with pytest.raises(InputError, match=r"2026-01-01\.md is a draft: empty, or marked as unfinished"):
        run([], world=world_at(project))

    (project / "cases/export/2026-01-02.md").write_text(f"{SAID}\n\n## Follow-up question\n\n{BACK}\n")
    notes = Notes()
    run([], world=world_at(project, watcher=notes))
    assert [line.partition(":")[0] for line in notes.lines if "draft" in line] == [
        "2 drafts skipped (empty, or marked as unfinished)"
    ]


def test_ctrl_c_in_the_second_part_keeps_both_as_a_draft(project: Path) -> None:
    """With words in every part it is no attempt either: nobody said that it is whole."""
    told = interrupted(
        project,
        ("/1:00> ", f"{SAID}\n"),
        ("/1:00> ", ".\n"),
        ("-- Follow-up", ""),
        ("/1:00> ", "What would you ha"),
        ("What would you ha", CTRL_C),
    )

    assert "kept as a draft, not graded" in told
    (text,) = attempts(project)
    assert text.endswith("## Follow-up question\n\nWhat would you ha\n")
    assert lint([], world=world_at(project)).problems == ()


ANSWERED = (
    ("/1:00> ", f"{SAID}\n"),
    ("/1:00> ", ".\n"),
    ("-- Follow-up", ""),
    ("/1:00> ", f"{BACK}\n"),
    ("/1:00> ", CTRL_D),
)


def test_ctrl_c_at_the_self_score_keeps_a_draft(project: Path) -> None:
    """Nothing becomes an attempt by breaking off."""
    assert "kept as a draft" in interrupted(project, *ANSWERED, ("how good did it feel", CTRL_C))
    (text,) = attempts(project)
    assert SAID in text
    assert BACK in text


def test_ctrl_c_at_another_go_keeps_attempt_and_grades(project: Path) -> None:
    """Everything was stored by then."""
    assert "kept as an attempt" in interrupted(project, *ANSWERED, ("how good", "4\n"), ("another go?", CTRL_C))
    (text,) = attempts(project)
    assert "self_score: 4" in text
    assert list((project / "reports").glob("*/grades.jsonl"))


def test_an_editor_may_write_the_answer(project: Path) -> None:
    """--editor opens the template with all parts, and takes what was saved."""
    script = project / "editor.py"
    script.write_text(
        "import sys, pathlib\np = pathlib.Path(sys.argv[1])\nt = p.read_text()\n"
        f"p.write_text(t.replace('\\n## Follow-up question', {SAID!r} + '\\n\\n## Follow-up question') + "
        f"{BACK!r} + '\\n')\n"
    )
    with Terminal(
        "practice", "export", "--editor", cwd=project, env={"VISUAL": f"{sys.executable} {script}"}
    ) as terminal:
        terminal.wait_for("how good did it feel")
        terminal.enter("\n")
        terminal.wait_for(" of 5 by heuristic")
        terminal.wait_for("another go?")
        terminal.enter("\n")
        assert terminal.exit_code() == 0
    (text,) = attempts(project)
    assert SAID in text
    assert BACK in text
    assert "self_score" not in text


def test_an_answer_may_be_piped(project: Path) -> None:
    """No prompt, no clock; front matter of the piped text is not taken for the answer."""
    done = subprocess.run(
        [*program(), "practice", "export"],
        cwd=project,
        input=f"---\nnotes: old\n---\n{SAID}\n\n## Follow-up question\n\n{BACK}\n",
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert done.returncode == 0
    assert " of 5 by heuristic" in done.stdout
    (text,) = attempts(project)
    assert "notes: old" not in text


def test_new_makes_a_draft_with_all_parts(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is graded before something is written; then a second one the same day has a number."""
    monkeypatch.chdir(project)

    assert main(["new", "export", "--no-edit"]) == 0
    (begun,) = (project / "cases/export").glob("20*.md")
    begun.write_text(f"{begun.read_text()}\nMore, and then\n")
    assert main(["new", "export", "--no-edit", "--author", "priya"]) == 0
    assert main(["new", "export", "--no-edit"]) == 0
    names = capsys.readouterr().out.split()
    assert names[0].startswith("cases/export/20")
    assert names[1].startswith("cases/export/priya/20")
    assert names[2].endswith("-2.md")
    assert "## Follow-up question" in attempts(project)[0]
    begun.unlink()
    assert len(attempting.project(world_at(project)).drafts) == 2


def test_a_question_with_a_typo_is_told_the_nearest(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Names are forgiving, files are not made."""
    monkeypatch.chdir(project)

    assert main(["new", "exprot", "--no-edit"]) == 2
    assert "did you mean 'export'?" in capsys.readouterr().err


def test_what_was_never_answered_comes_first_then_the_shared_order(tmp_path: Path) -> None:
    """Never answered, then the weakest; in the week before the interview what was answered today waits."""
    answers = many(2) | {
        "weak/2026-09-01.md": "We did a few things and they were good and that is all I can say of it now.\n"
    }
    write_project(tmp_path, answers)
    (tmp_path / "cases/fresh").mkdir()
    (tmp_path / "cases/fresh/question.yaml").write_text(QUESTION, encoding="utf-8")
    (tmp_path / "cases/q1/2026-11-20.md").write_text(ANSWER, encoding="utf-8")
    world = world_at(tmp_path)
    run([], settings={"grader": "heuristic"}, world=world)
    loaded, _, found = history([], settings={"grader": "heuristic"}, world=world)
    today = Timing(today="2026-11-20")

    order = worth(loaded.questions, found.series, author="me", timing=today)
    assert [worth.question.id for worth in order] == ["fresh", "weak", "q0", "q1"]
    assert order[0].why == "never answered"
    assert order[2].why.endswith("of 5, last answered 80 days ago")
    (tmp_path / "cases/weak/2026-11-20.md").write_text("We did a few things and they were good, I say.\n", "utf-8")
    run([], settings={"grader": "heuristic"}, world=world)
    loaded, _, found = history([], settings={"grader": "heuristic"}, world=world)
    eve = Timing(today="2026-11-20", interview="2026-11-21")
    assert [each.question.id for each in worth(loaded.questions, found.series, author="me", timing=eve)] == [
        "fresh",
        "q0",
        "weak",
        "q1",
    ]
