"""What a person is told when something is not as she thinks: once, in her words, with what to do."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from evalharness.cli import main
from tests import apiserver as api
from tests.responder import GradingResponder
from tests.support import ANSWER, write_project
from tests.terminal import Terminal

KEYS = ("ANTHROPIC_API_KEY", "ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_PROFILE", "ANTHROPIC_BASE_URL", "CI", "GITHUB_ACTIONS")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """One question with an attempt of each of two people, graded."""
    for name in KEYS:
        monkeypatch.delenv(name, raising=False)
    root = write_project(tmp_path, {"export/2026-09-01.md": ANSWER, "export/2026-09-08.md": f"{ANSWER}\nAnd more."})
    (root / "cases/export/priya").mkdir()
    (root / "cases/export/priya/2026-10-01.md").write_text(ANSWER.replace("March", "May"), encoding="utf-8")
    monkeypatch.chdir(root)
    monkeypatch.setenv("COLUMNS", "120")
    main(["run"])
    capsys.readouterr()
    return root


def said(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> tuple[str, str]:
    """Return what stands on both outputs, each on one line."""
    capsys.readouterr()
    assert main(list(arguments)) == code
    told = capsys.readouterr()
    return " ".join(told.out.split()), " ".join(told.err.split())


# --- reports/ ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["progress", "progress export", "coverage", "brief export --author me"])
def test_grades_without_a_run_json_are_named_once(
    project: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    """A folder that a merge or a copy has left half is no run: it is said, and what to do."""
    (folder,) = (file.parent for file in (project / "reports").glob("*/run.json"))
    half = shutil.copytree(folder, folder.with_name("20260101T000000Z-0001"))
    (half / "run.json").unlink()
    shutil.copytree(folder, folder.with_name("20260102T000000Z-0001"))

    _, told = said(capsys, *command.split())

    assert told.count("20260101T000000Z-0001") == 1
    assert "left out, grades without run.json in reports/: 20260101T000000Z-0001;" in told
    assert "put run.json back, or delete the folder" in told
    assert "20260102T" not in told
    assert "left out" in said(capsys, "compare", "2026-01-03", "latest")[1]


def test_a_run_that_only_begins_is_not_called_half(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The instant before its run.json stands there it holds no grade yet."""
    (project / "reports/20260101T000000Z-0001").mkdir()
    (project / "reports/20260101T000000Z-0001/grades.jsonl").touch()

    assert "left out" not in said(capsys, "progress")[1]


def test_a_run_is_not_compared_with_itself(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """ "Same" in every row would be true and say nothing."""
    _, told = said(capsys, "compare", "latest", code=2)
    assert "which has nothing to be compared with" in told
    assert "it is the only one; change or add an answer, then: evalharness run" in told

    (project / "cases/export/2026-09-08.md").write_text(f"{ANSWER}\nAnd less.", encoding="utf-8")
    main(["run"])
    assert "`evalharness compare previous latest`" in said(capsys, "compare", "latest", code=2)[1]
    assert "2 series: " in said(capsys, "compare", "previous", "latest")[0]


def test_the_formats_are_listed_all(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Text is one of them, though it has no file."""
    assert "hint: known: html, json, junit, md, text" in said(capsys, "report", "--format", "csv", code=2)[1]


# --- money -------------------------------------------------------------------------------------------------


def test_a_run_that_can_cost_nothing_does_not_speak_of_money(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No line in dollars on the screen, nor in any report; what was reused is told without."""
    (project / "cases/export/2026-09-08.md").write_text(f"{ANSWER}\nAnd less.", encoding="utf-8")
    out, _ = said(capsys, "run")
    reports = [said(capsys, "report", "latest", "--format", form)[0] for form in ("md", "html", "text")]

    assert "6 of 9 grades reused from earlier runs." in out
    for told in (out, *reports):
        assert not re.search(r"USD|\$0|[Cc]ost</h2>|## Cost|paid service", told)


def test_a_plan_without_a_key_says_that_the_run_is_free(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The table is what a model would take; without a key nobody asks one."""
    free = "so this run sends nothing and costs nothing. With --grader anthropic it would take:"
    assert f"The grader is heuristic (auto: no key was found), {free}" in said(capsys, "run", "--plan")[0]
    assert f"The grader is heuristic, {free}" in said(capsys, "run", "--plan", "--grader", "heuristic")[0]

    monkeypatch.setenv("ANTHROPIC_API_KEY", "k")
    told, _ = said(capsys, "run", "--plan")
    assert "heuristic" not in told
    assert "This run would use per_criterion" in told

    monkeypatch.setenv("CI", "true")
    assert "(auto: a CI was detected)" in said(capsys, "run", "--plan")[0]


@pytest.mark.parametrize(
    ("flags", "code", "sentence"),
    [
        (["--max-usd", "0.0001"], 4, "This run ended at its budget: the next call could cost up to"),
        (["--model", "no-such"], 3, "This run stopped early: 127.0.0.1"),
    ],
)
def test_why_a_run_ended_early_stands_there_once(
    project: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    flags: list[str],
    code: int,
    sentence: str,
) -> None:
    """What happened, why, what to do: one sentence each, on one of the two outputs."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", "test-key")
    with api.ApiServer(responder=GradingResponder()) as server:
        out, err = said(capsys, "run", "--grader", "anthropic", "--base-url", server.url, *flags, code=code)

    assert (out + err).count(sentence) == 1
    assert out.count("What was graded is kept") == 1
    assert (out + err).count("the same command continues from here") == 1
    assert not re.search("^(budget|stopped): ", err)


# --- what was typed ----------------------------------------------------------------------------------------


def test_a_place_that_is_no_line_is_shown_as_it_was_typed(
    project: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    """No line and column where there is no file, and no other name than the person's own."""
    other = tmp_path_factory.mktemp("other")
    (other / "notes.txt").write_text("x", encoding="utf-8")

    assert said(capsys, "run", str(other), code=2)[1].startswith(
        f"../{other.name}: no answers are kept here: it has notes.txt"
    )
    assert said(capsys, "run", f"{other}/notes.txt", code=2)[1].startswith(
        f"../{other.name}/notes.txt: this is neither an "
    )
    assert said(capsys, "run", "cases/nope", code=2)[1].startswith("cases/nope: there is no such file or folder")


def test_a_question_stands_for_its_latest_attempt(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The configured author's own, and which one it is, is said."""
    out, told = said(capsys, "prompt", "export", "--criterion", "example")
    assert told == "latest attempt: export/me/2026-09-08"
    assert "And more." in out

    assert said(capsys, "prompt", "cases/export")[1] == "latest attempt: export/me/2026-09-08"
    assert said(capsys, "prompt", "export/priya")[1] == "latest attempt: export/priya/2026-10-01"
    assert said(capsys, "prompt", "2026-09-01")[1] == ""
    assert "there is no attempt or question called 'exprot'" in said(capsys, "prompt", "exprot", code=2)[1]


@pytest.mark.parametrize("form", ["text", "md", "json"])
def test_progress_shows_one_author_where_asked(project: Path, capsys: pytest.CaptureFixture[str], form: str) -> None:
    """In a shared repository one wants one's own series: the page and its counts are that author's."""
    everybody, _ = said(capsys, "progress", "--format", form)
    hers, _ = said(capsys, "progress", "--author", "priya", "--format", form)
    one, _ = said(capsys, "progress", "export", "--author", "priya", "--format", form)

    assert "2026-09-08" in everybody + one or form == "text"
    assert "09-08" not in hers + one
    assert "10-01" in one
    assert form == "json" or form == "md" or "1 attempt in 1 series" in hers


def test_an_author_without_an_attempt_is_told_who_there_is(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And the command to grade what is missing speaks of that author only."""
    assert "there is no author called 'pria'" in said(capsys, "progress", "--author", "pria", code=2)[1]
    told, _ = said(capsys, "progress", "--author", "priya", "--grader", "anthropic")
    assert "--select /priya/ --all (2 calls" in told


# --- gates -------------------------------------------------------------------------------------------------


def test_a_gate_that_cannot_decide_says_how_to_get_a_decision(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """First how far one grade can be off, then how many samples it takes, or that no number of them would do."""
    monkeypatch.setenv("ANTHROPIC_API_KEY", "test-key")
    with api.ApiServer(responder=GradingResponder()) as server:
        asked = ["run", "--grader", "anthropic", "--base-url", server.url, "--min-score"]
        _, once = said(capsys, *asked, "3.45")
        _, more = said(capsys, *asked, "3.4", "--samples", "3")
        _, enough = said(capsys, *asked, "3.45", "--samples", "8")
        _, never = said(capsys, *asked, "3.65", "--samples", "8")

    assert "too close to call for 3.45" in once
    assert "graded 1 time, which can be off by a level; --samples 3 measures by how much" in once
    assert "gate: graded 3 times; --samples " in more
    assert "gate: " not in enough
    assert "gate: graded 8 times, and so near the line" in never
    assert "12 samples would not decide" in never


def test_a_gate_of_an_exact_grader_has_no_such_advice(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is never too close to call."""
    _, told = said(capsys, "run", "--min-score", "4.9", code=1)
    assert "below 4.9" in told
    assert "--samples" not in told


def test_on_a_terminal_the_reason_is_told_once(project: Path) -> None:
    """Both outputs are one screen there."""
    with api.ApiServer(responder=GradingResponder()) as server:
        flags = ("--grader", "anthropic", "--base-url", server.url, "--max-usd", "0.0001")
        with Terminal("run", *flags, cwd=project, env={"ANTHROPIC_API_KEY": "test-key"}) as terminal:
            assert terminal.exit_code() == 4

    assert " ".join(terminal.seen.split()).count("could cost up to") == 1
