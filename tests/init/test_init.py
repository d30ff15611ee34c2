"""`init`: what a new repository holds, and how its examples make room for the first answer of one's own."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import evalharness
from evalharness.brief.workflow import brief
from evalharness.errors import InputError
from evalharness.init.workflow import init
from evalharness.lint.workflow import lint
from evalharness.load.questions import called
from evalharness.practice import workflow as practising
from evalharness.progress import words
from evalharness.progress import workflow as progressing
from evalharness.reports import json_report, markdown, terminal
from tests.support import NOON, Notes, world_at

HEURISTIC = {"grader": "heuristic"}
MINE = "I counted the crates twice and found 40 of 200 missing, so I stopped the lorry and rang the depot."


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    init(tmp_path, examples=True)
    return tmp_path


def answer(root: Path) -> None:
    """Write an answer of one's own to a question of one's own."""
    (root / "cases/counting").mkdir()
    question = "question: When did you count twice?\nrubric: culture-dialogue\ntime_limit: 1:00\n"
    (root / "cases/counting/question.yaml").write_text(question)
    (root / "cases/counting/2026-11-19.md").write_text(f"{MINE}\n\n## Follow-up question\n\nWho counts here?\n")


def authors(root: Path, *paths: str, watcher: Notes | None = None) -> set[str]:
    world = world_at(root, watcher=watcher) if watcher else world_at(root)
    run = evalharness.run([root / path for path in paths], settings=HEURISTIC, world=world)
    return {attempt.author for attempt in run.attempts}


def test_a_new_repository_is_valid_and_holds_no_answer(tmp_path: Path) -> None:
    """Nobody else's words are there; an empty `cases/` is."""
    init(tmp_path)

    assert list((tmp_path / "cases").iterdir()) == []
    assert lint([], world=world_at(tmp_path)).problems == ()
    with pytest.raises(InputError, match="no attempt to grade") as caught:
        evalharness.run([], world=world_at(tmp_path))
    assert 'evalharness new "Why us?"' in caught.value.hint


def test_every_yaml_file_names_a_schema_that_is_there(repository: Path) -> None:
    """An editor finds it without a connection; each schema is whole, and refers only to itself."""
    files = [*repository.rglob("*.yaml")]
    assert len(files) > 5
    for file in files:
        first = file.read_text(encoding="utf-8").split("\n", 1)[0]
        named = re.fullmatch(r"# yaml-language-server: \$schema=(\S+)", first)
        assert named, file
        text = (file.parent / named[1]).read_text(encoding="utf-8")
        assert json.loads(text)["$schema"]
        assert not re.search(r'"\$ref": "(?!#)', text)
        assert yaml.safe_load(file.read_text(encoding="utf-8"))


def test_examples_are_graded_while_nothing_else_is_there(repository: Path) -> None:
    """The first run shows what a report looks like."""
    assert authors(repository) == {"example"}


def test_examples_count_in_no_mean(repository: Path) -> None:
    """Nowhere, until they are asked for by name: they say how somebody else answers."""
    run = evalharness.run([], settings=HEURISTIC, world=world_at(repository))
    found = evalharness.summary(run).figures
    told = "no mean until you have an answer of your own: these are examples"

    assert (found.mean, found.graded, found.examples) == (None, 6, 2)
    assert told.capitalize() in terminal.render(run, width=100, colour=False)
    assert told in markdown.render(run)
    assert json.loads(json_report.render(run))["counts"]["latest"] == {"graded": 0, "of": 0}
    assert "mean_of_latest" not in json.loads(json_report.render(run))


def test_the_progress_of_examples_has_a_mean_where_it_is_asked_for(repository: Path) -> None:
    """`progress` counts them no more than `run` does; `--author example` asks for them."""
    world = world_at(repository)
    evalharness.run([], settings=HEURISTIC, world=world)
    plain = progressing.progress(HEURISTIC, world=world)
    asked = progressing.progress_of(progressing.look(HEURISTIC, world, author="example"))

    assert words.mean(plain) == "No mean until you have an answer of your own: these are examples."
    assert (plain.mean, plain.moments) == (None, ())
    assert words.mean(asked).startswith("Mean of the latest attempts: 3.3 of 5, 2 of 2 graded.")
    assert len(asked.moments) == 6


def test_examples_leave_when_somebody_has_answered(repository: Path) -> None:
    """They are in no mean and no brief any more, which is said once; their own folder still asks for them."""
    answer(repository)
    notes = Notes()

    assert authors(repository, watcher=notes) == {"me"}
    assert "left out: 6 example attempts (name their folder to see them)" in notes.lines
    assert authors(repository, "cases") == {"me"}
    assert authors(repository, "cases/examples") == {"example"}


def test_a_brief_is_about_ones_own_answers(repository: Path) -> None:
    """A stranger's words are in it only where they are asked for."""
    evalharness.run([], settings=HEURISTIC, world=world_at(repository))
    day = NOON.date()
    answer(repository)
    after = brief((), on=day, interview=day, author="", settings=HEURISTIC, world=world_at(repository))
    shown = {**HEURISTIC, "author": "example"}
    asked = brief((), on=day, interview=day, author="", settings=shown, world=world_at(repository))

    assert "212 trucks" not in str(after)
    assert "212 trucks" in str(asked)


def test_practice_asks_an_example_only_by_name(repository: Path) -> None:
    """`practice` alone says how to make a question; `practice responsibility` may be tried at once."""
    with pytest.raises(InputError, match="no question of yours") as caught:
        practising.project(world_at(repository))
    assert "evalharness practice correctness-over-speed" in caught.value.hint
    named = practising.project(world_at(repository), question="responsibility")
    assert called(named.questions, "responsibility").rubric == "culture-dialogue"

    answer(repository)
    assert [question.id for question in practising.project(world_at(repository)).questions] == ["counting"]


def test_the_readme_of_a_new_repository_names_the_first_commands(tmp_path: Path) -> None:
    """Each of them exists."""
    init(tmp_path)
    readme = (tmp_path / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"^    evalharness (\w+)", readme, re.MULTILINE)

    assert {"new", "practice", "run", "brief", "import"} <= set(named)
    for name in named:
        subprocess.run([sys.executable, "-m", "evalharness", name, "--help"], check=True, capture_output=True)
