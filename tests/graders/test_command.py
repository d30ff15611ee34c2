"""Any program as a grader: those that behave, and every way in which one may not."""

from __future__ import annotations

import json
import shlex
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

import evalharness
from evalharness.errors import InputError
from evalharness.graders.command import without_sending
from evalharness.graders.command.presets import PRESETS, command_line
from evalharness.grading import preview
from evalharness.grading.workflow import Choice
from evalharness.history.workflow import history
from evalharness.load import lay_over
from evalharness.model.config import Config
from evalharness.model.nouns import Graded, Ungraded, Why
from evalharness.model.run import Run, RunState
from evalharness.reports.terminal import render
from tests.support import Notes, many, world_at, write_project

ROOT = Path(__file__).parents[2]
ENVIRONMENT = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}


def command(way: str) -> str:
    return shlex.join([sys.executable, "-m", "tests.graders.standin", way])


def go(root: Path, way: str, notes: Notes | None = None, **settings: Any) -> Run:
    given = {"grader": "command", "command": command(way), "max_samples": 1, **settings}
    return evalharness.run([], settings=given, world=world_at(root, environment=ENVIRONMENT, watcher=notes))


def reasons(run: Run) -> set[tuple[Why, str]]:
    return {(g.outcome.why, g.outcome.detail) for g in run.grades if isinstance(g.outcome, Ungraded)}


@pytest.mark.parametrize("way", ["behaves", "envelope", "chatty"])
def test_a_reply_is_found_bare_in_a_fence_among_words_or_in_an_envelope(tmp_path: Path, way: str) -> None:
    """One process an answer; whatever stands around the JSON, the levels have checked quotes."""
    notes = Notes()
    run = go(write_project(tmp_path, many(2)), way, notes)

    assert (run.meta.state, run.meta.ungraded, run.meta.cost.calls) == (RunState.FINISHED, 0, 2)
    texts = {case.key: case.attempt.parts[0].text for case in run.cases()}
    quotes = [(g.case, q) for g in run.grades if isinstance(g.outcome, Graded) for q in g.outcome.evidence]
    assert quotes
    assert all(texts[case][q.start : q.end] == q.text for case, q in quotes)
    assert any(line.startswith("grader: `") and "2 calls" in line for line in notes.lines)


def test_what_it_cost_is_unknown_and_never_zero(tmp_path: Path) -> None:
    """A subscription, a local model, a paid API: nobody here knows."""
    run = go(write_project(tmp_path), "behaves")

    assert run.meta.cost.spent is None
    report = (tmp_path / "reports" / run.meta.id / "report.md").read_text(encoding="utf-8")
    assert "what was spent is not known" in report


def test_who_graded_is_the_command_and_the_model_where_one_was_named(tmp_path: Path) -> None:
    """Another command, another flag or another model is another measurement."""
    world = world_at(tmp_path)
    one, two, three = (
        without_sending(lay_over(Config(), {"grader": "command", **given}), world).id
        for given in ({"command": "llm -m a"}, {"command": "llm -m b"}, {"command": "llm -m a", "model": "a"})
    )

    assert (one.host, one.model, one.mode, three.model) == ("llm -m a", "", "joint", "a")
    assert len({one, two, three}) == 3


def test_an_unchanged_run_starts_no_program_and_other_views_read_its_grades(tmp_path: Path) -> None:
    """The cache and every view know the grader without the program being there."""
    root = write_project(tmp_path, many(2))
    first = go(root, "behaves")
    settings = {"grader": "command", "command": command("behaves"), "max_samples": 1}

    assert go(root, "behaves") == first
    _, _, found = history(settings=settings, world=world_at(root))
    assert [series.results[-1].total is not None for series in found.series] == [True, True]


def test_a_plan_and_a_prompt_need_no_program(tmp_path: Path) -> None:
    """Both modes are shown, at a price nobody knows; the prompt is what the program would read."""
    root = write_project(tmp_path, many(2))
    settings = {"grader": "command", "command": "no-such-program --fast"}
    config, planned = preview.plans([], settings, Choice(), world_at(root))
    ((_, request),) = preview.requests("q0", None, settings, world_at(root))

    assert [(p.mode, p.batch, p.estimate.requests, p.estimate.usd) for p in planned] == [
        ("per_criterion", False, 4, None),
        ("joint", False, 2, None),
    ]
    assert config.mode == "joint"
    assert request["command"] == ["no-such-program", "--fast"]
    assert json.loads(request["messages"][0]["content"].strip().rpartition("\n")[2])["properties"].keys() == {"grades"}


@pytest.mark.parametrize(
    ("way", "why", "said"),
    [
        ("noise", Why.INVALID_REPLY, "it printed: "),
        ("deaf", Why.INVALID_REPLY, "it printed: no"),
        ("about_another", Why.NO_EVIDENCE, "quot"),
        ("floods", Why.INVALID_REPLY, "more than 2,000,000 bytes"),
        ("exits", Why.GAVE_UP, "exit code 1: not logged in run `tool login` first"),
    ],
)
def test_a_program_that_misbehaves_makes_no_grade_and_says_what_it_did(
    tmp_path: Path, way: str, why: Why, said: str
) -> None:
    """Noise, another answer's reply, a flood, an exit code: each is a reason, never a low level."""
    run = go(write_project(tmp_path), way)

    found = [g.outcome for g in run.grades if isinstance(g.outcome, Ungraded)]
    assert [o.why for o in found] == [why, why]
    assert all(said in o.detail for o in found), found
    assert run.meta.cost.calls in (2, 3)


def test_a_program_that_hangs_is_ended_with_its_children(tmp_path: Path) -> None:
    """The time-out holds although a child keeps the pipes open, and the run goes on."""
    run = go(write_project(tmp_path), "hangs", timeout=1)

    assert {why for why, _ in reasons(run)} == {Why.GAVE_UP}
    assert all("gave no reply within 1 s" in detail for _, detail in reasons(run))


@pytest.mark.parametrize("flood", ["yes", "sh -c 'cat > /dev/null; yes'", "sh -c 'setsid yes & exec setsid yes'"])
def test_a_flood_is_ended_at_once_however_quickly_it_comes(tmp_path: Path, flood: str) -> None:
    """Nobody waits for the end of what is not read: neither for its pipes, nor for whoever else holds them."""
    run = evalharness.run(
        [], settings={"grader": "command", "command": flood, "timeout": 30}, world=world_at(write_project(tmp_path))
    )

    assert {why for why, _ in reasons(run)} == {Why.INVALID_REPLY}
    assert all("more than 2,000,000 bytes" in detail for _, detail in reasons(run))


@pytest.mark.parametrize(
    ("way", "said"), [("exits", "exit code 1: not logged in"), ("hangs", "within 1 s (--timeout gives it more)")]
)
def test_the_screen_says_what_the_program_did_and_said(tmp_path: Path, way: str, said: str) -> None:
    """A person sees why without opening the report, and nothing about a service that may be busy."""
    run = go(write_project(tmp_path), way, timeout=1 if way == "hangs" else 30)

    shown = " ".join(render(run, width=100, colour=False).split())
    assert "the grader gave no reply" in shown
    assert said in shown


def test_a_program_that_hangs_once_is_asked_again(tmp_path: Path) -> None:
    """One bad call costs nobody a grade."""
    run = go(write_project(tmp_path), "hangs_once", timeout=3)

    assert (run.meta.ungraded, run.meta.cost.calls) == (0, 2)


def test_a_program_that_always_fails_stops_the_run_with_its_own_words(tmp_path: Path) -> None:
    """Nobody waits for a hundred answers to learn that the tool is not logged in."""
    run = go(write_project(tmp_path, many(30)), "exits")

    assert run.meta.state is RunState.STOPPED
    assert "3 runs in a row failed" in run.meta.why
    assert "not logged in" in run.meta.why
    assert "try it by hand: echo Hello | " in run.meta.why


def test_a_known_agent_runs_in_an_empty_folder_and_a_script_where_it_lies(tmp_path: Path) -> None:
    """A coding agent must find no instructions and no files; a script of one's own may need what is beside it."""
    root = write_project(tmp_path)
    tool = tmp_path / "bin" / "claude"
    tool.parent.mkdir()
    tool.write_text(f"#!/bin/sh\nexec {command('where')}\n")
    tool.chmod(tool.stat().st_mode | stat.S_IXUSR)
    environment = {**ENVIRONMENT, "PATH": f"{tool.parent}:{ENVIRONMENT['PATH']}"}
    agent = evalharness.run(
        [], settings={"grader": "command", "command": "claude"}, world=world_at(root, environment=environment)
    )
    script = go(root, "where")

    assert all('"files": []' in detail for _, detail in reasons(agent))
    assert all("evalharness.yaml" in detail for _, detail in reasons(script))


def test_a_program_that_is_not_there_is_told_before_anything_is_graded(tmp_path: Path) -> None:
    """An input error with what to do, and no run folder."""
    with pytest.raises(InputError, match="no program 'no-such-program'"):
        evalharness.run(
            [],
            settings={"grader": "command", "command": "no-such-program -p"},
            world=world_at(write_project(tmp_path), environment=ENVIRONMENT),
        )
    assert not (tmp_path / "reports").exists()


@pytest.mark.parametrize(
    ("command", "message"),
    [("llm 'x", "quote without an end"), ("ollama", "needs a model"), ("", "needs a command")],
)
def test_a_command_that_cannot_be_is_an_input_error(tmp_path: Path, command: str, message: str) -> None:
    """Told as a person can fix it."""
    with pytest.raises(InputError, match=message):
        without_sending(Config(grader="command", command=command), world_at(tmp_path))


def test_a_shell_never_sees_the_command() -> None:
    """What would be a pipe, a variable or a second command in a shell is a plain word here."""
    line = command_line(Config(command="llm $HOME `id` ; rm -rf / | cat > out && x"))

    assert line.arguments == ("llm", "$HOME", "`id`", ";", "rm", "-rf", "/", "|", "cat", ">", "out", "&&", "x")


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_a_preset_names_the_model_where_one_is_given(name: str) -> None:
    """Every preset is complete with a model, and holds no placeholder after that."""
    line = command_line(Config(command=name, model="some-model"))

    assert line.apart
    assert line.arguments[0] == name
    assert any("some-model" in word for word in line.arguments)
    assert not any("{" in word for word in line.arguments)


def test_a_model_of_the_file_is_not_handed_to_another_grader() -> None:
    """`model:` beside `grader: auto` is that grader's; a flag for another one starts from its own defaults."""
    config = Config(grader="auto", model="claude-opus-5-5", base_url="https://gateway.example")

    assert lay_over(config, {"grader": "command", "command": "llm"}).model == ""
    assert lay_over(config, {"grader": "command", "model": "b"}).model == "b"
    assert lay_over(config, {"grader": "anthropic"}).model == "claude-opus-5-5"
