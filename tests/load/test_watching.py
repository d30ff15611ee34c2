"""`run --watch`: what is saved is graded again, at once and only once."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from evalharness.load import watching
from tests.support import ANSWER, world_at, write_project
from tests.terminal import CTRL_C, Terminal


class Enough(Exception):
    """The script of a clock is over."""


def clock(*moments: Callable[[], object] | None) -> Callable[[float], None]:
    """Return a sleep that does one thing a turn and then ends the watch."""
    script = iter(moments)

    def sleep(_seconds: float) -> None:
        try:
            happens = next(script)
        except StopIteration:
            raise Enough from None
        if happens:
            happens()

    return sleep


def seen(project: Path, *moments: Callable[[], object] | None) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    watched = watching.folders([], world_at(project))
    try:
        for names in watching.saved(watched, clock(*moments)):
            found.append(tuple(Path(name).name for name in names))
    except Enough:
        return found
    raise AssertionError("a watch has no end of its own")


def test_a_save_is_told_once_when_it_is_over(tmp_path: Path) -> None:
    """Two writes in a row are one save; a look at which something moved waits for the next."""
    file = write_project(tmp_path) / "cases/export/2026-09-01.md"

    first, second = (
        (lambda: file.write_text(ANSWER + "One more.\n")),
        (lambda: file.write_text(ANSWER + "And another.\n")),
    )
    assert seen(tmp_path, first, second, None, None, None) == [("2026-09-01.md",)]


def test_new_removed_rubric_and_touched_files_count_and_reports_do_not(tmp_path: Path) -> None:
    """Everything that a run reads, nothing that it writes."""
    root = write_project(tmp_path)
    new, rubric, report = root / "cases/export/2026-09-02.md", root / "rubrics/talk.yaml", root / "reports/x/report.md"
    report.parent.mkdir(parents=True)

    assert seen(root, lambda: new.write_text(ANSWER), None, new.unlink, None) == [
        ("2026-09-02.md",),
        ("2026-09-02.md",),
    ]
    assert seen(root, lambda: os.utime(rubric, ns=(1, 1)), None) == [("talk.yaml",)]
    assert seen(root, lambda: report.write_text("x"), None) == []


def test_the_command_grades_again_and_survives_a_broken_file(tmp_path: Path) -> None:
    """A typo while one edits is told; the watch goes on and ends with Ctrl-C."""
    root = write_project(tmp_path, config="author: me\ngrader: heuristic\n")
    question = root / "cases/export/question.yaml"
    good = question.read_text()
    with Terminal("run", "--watch", cwd=root) as terminal:
        terminal.wait_for("watching")
        question.write_text(good.replace("rubric:", "rubrik:"))
        terminal.wait_for("did you mean 'rubric'?")
        question.write_text(good)
        terminal.wait_for("saved: question.yaml")
        (root / "cases/export/2026-09-02.md").write_text(ANSWER + "I also wrote it down.\n")
        terminal.wait_for("saved: 2026-09-02.md")
        terminal.wait_for("Report: ")
        terminal.enter(CTRL_C)
        assert terminal.exit_code() == 130
        assert "Traceback" not in terminal.seen
