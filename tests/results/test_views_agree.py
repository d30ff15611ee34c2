"""The same grades give the same first steps, whichever view one looks at."""

from __future__ import annotations

import html
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from evalharness.cli import main
from tests.program import program
from tests.support import write_project

RUBRIC = """\
title: Talk
min_words: 5
criteria:
  - id: example
    title: A moment of your own
    weight: 3
    kind: scale
    levels:
      1: {text: No moment is told., next: Tell one moment that you were part of.}
      3: {text: One moment without a date., next: Add when it was and who was there.}
      5: One moment with its date and people.
    signals:
      terms: [{any: [that night, yesterday, in march], most: 2}, {any: [Ada, Deniz], most: 2}]
      levels: {3: 1, 4: 3}
  - id: number
    title: A number with its base
    weight: 2
    kind: scale
    levels:
      1: {text: No number., next: Give one number and what it was before.}
      3: {text: A number without a base., next: Say what it was before.}
      5: A number with its base and its limit.
    signals:
      quantities: {most: 3}
      levels: {3: 1, 4: 2}
  - id: missions
    title: Missions
    weight: 1
    kind: tags
    tags:
      - id: 1
        title: Share what was learned
        next: Say with whom you shared it.
        signals: {terms: [{any: [published, told everyone], most: 1}], demonstrated: 1}
"""
QUESTION = "question: What did you change?\nrubric: talk\nmissions: [1]\n"
ANSWERS = {
    "one/2026-09-01.md": "We did a few things in those years and they were good things to do.\n",
    "two/2026-09-02.md": "That night Ada and I moved the export by hand, and nobody slept before six.\n",
    "three/2026-09-03.md": "In March Deniz and I cut late files from 40 a week to 3 a week, that night.\n",
    "four/2026-09-04.md": "Errors fell from 12 percent to 5 percent after we had published the list.\n",
}


@pytest.fixture
def graded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_project(tmp_path, ANSWERS, rubric=RUBRIC)
    for file in tmp_path.glob("cases/*/question.yaml"):
        file.write_text(QUESTION, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "140")
    return tmp_path


def steps_in(text: str) -> list[tuple[str, str, str]]:
    """Return question, criterion and what to do of the first three steps in a screen, a page or Markdown."""
    ended = text[text.rindex("Start here") :].replace("</p>", "\n")
    plain = html.unescape(re.sub(r"<[^>]+>|\*\*|\[|\]\([^)]*\)|\\", "", ended))
    found = re.findall(r"([a-z]+): ([^\n]+?), now [\d.]+ of 5 \(\+[\d.]+\)\s+(?:- )?Next: ([^\n]+)", plain)
    return [(question, criterion, asks.strip()) for question, criterion, asks in found[:3]]


def views(graded: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[tuple[str, list[tuple[str, str, str]]]]:
    flags = ("--grader", "heuristic")

    def screen(*arguments: str) -> str:
        capsys.readouterr()
        main([*arguments, *flags] if arguments[0] != "report" else list(arguments))
        return capsys.readouterr().out

    yield "run", steps_in(screen("run"))
    yield "report.md", steps_in(screen("report", "latest", "--format", "md"))
    page = screen("report", "latest", "--format", "html")
    yield "page", steps_in(page[page.index("<body>") : page.index('id="overview"')].replace("Start here</a>", ""))
    yield "progress", steps_in(screen("progress"))
    yield "PROGRESS.md", steps_in((graded / "reports/PROGRESS.md").read_text("utf-8"))
    yield "brief", steps_in(screen("brief"))
    yield "coverage", steps_in(screen("coverage"))
    document = json.loads(screen("report", "latest", "--format", "json"))
    titles = {"example": "A moment of your own", "number": "A number with its base", "missions": "Missions"}
    start = document["start_here"]
    yield "json", [(s["case"].partition("/")[0], titles[s["criterion"]], s["asks"]) for s in start]
    for view in ("progress", "coverage"):
        start = json.loads(screen(view, "--format", "json"))["start_here"][:3]
        yield f"{view} json", [(s["case"].partition("/")[0], titles[s["criterion"]], s["asks"]) for s in start]
    start = json.loads(screen("brief", "--format", "json"))["start_here"][:3]
    yield "brief json", [(s["question"], s["title"], s["asks"]) for s in start]


def test_all_views_open_with_the_same_three_steps(graded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Run, report, page, progress, PROGRESS.md, brief, coverage and JSON: one list, word for word."""
    found = dict(views(graded, capsys))

    assert found["run"] == [
        ("one", "A moment of your own", "Tell one moment that you were part of."),
        ("two", "A number with its base", "Give one number and what it was before."),
        ("four", "A moment of your own", "Tell one moment that you were part of."),
    ]
    assert {name: steps for name, steps in found.items() if steps != found["run"]} == {}


def test_practice_shows_the_same_list_after_an_answer(graded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The answer just given counts in it, as it does in the run that follows."""
    said = "In March Deniz and I cut late files from 40 a week to 3 a week, that night.\n"
    command = [*program(), "practice", "one", "--grader", "heuristic"]
    main(["run", "--grader", "heuristic"])

    done = subprocess.run(command, cwd=graded, input=said, capture_output=True, text=True, timeout=60)

    assert "; the attempt before (2026-09-01) had 1.0" in done.stdout
    assert "your last attempt (2026-09-01): 1.0 of 5" in done.stderr
    shown = steps_in(done.stdout)
    assert shown[0][0] == "two"
    assert shown == dict(views(graded, capsys))["run"]


def test_the_brief_says_that_a_newer_attempt_is_too_short(graded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Too short is a state of its own: "not graded yet" would promise a grade that no run gives."""
    (graded / "cases/two/2026-09-05.md").write_text("That night.\n", "utf-8")
    main(["run", "--grader", "heuristic"])
    capsys.readouterr()

    main(["brief", "two", "--grader", "heuristic"])

    told = " ".join(capsys.readouterr().out.split())
    assert "two (2026-09-02; your newest, 2026-09-05, is too short to grade: 2 of 5 words; " in told
