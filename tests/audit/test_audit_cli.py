"""`audit`, `calibrate` as typed: exit codes, a model behind the loopback server, both modes side by side."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from evalharness.calibrate import workflow as calibrating
from evalharness.cli import main
from evalharness.criteria.labels import place
from evalharness.load import load_project
from tests import apiserver as api
from tests.responder import GradingResponder
from tests.support import many, write_project


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("ANTHROPIC_AUTH_TOKEN", "ANTHROPIC_PROFILE", "ANTHROPIC_BASE_URL", "CI"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ANTHROPIC_API_KEY", "test-key")
    write_project(tmp_path, many(3))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_an_audit_is_a_gate(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 1 where a line fails, and the JSON says which; nothing is stored."""
    code = main(["audit", "talk", "--grader", "heuristic", "--format", "json"])
    card = json.loads(capsys.readouterr().out)

    assert code == int(any(line["verdict"] == "fail" for line in card["lines"]))
    assert card["attempts"] == [f"q{n}/me/2026-09-01" for n in range(3)]
    assert not (project / "reports").exists()


def test_a_rubric_may_be_named_by_its_file_and_a_typo_is_told(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The nearest name that exists."""
    assert main(["audit", "rubrics/talk.yaml", "--grader", "heuristic", "--on", "cases/q1"]) in (0, 1)
    assert "heuristic on talk" in capsys.readouterr().out
    assert main(["audit", "tolk", "--grader", "heuristic"]) == 2
    assert "did you mean 'talk'?" in capsys.readouterr().err


@pytest.mark.parametrize("mode", ["per_criterion", "joint"])
def test_a_model_is_audited_in_both_modes(project: Path, capsys: pytest.CaptureFixture[str], mode: str) -> None:
    """A grader whose levels hang on the words of an answer is found out: the same content, another level."""
    with api.ApiServer(responder=GradingResponder(noise=0.4)) as server:
        arguments = ["--grader", "anthropic", "--base-url", server.url, "--mode", mode, "--on", "cases/q1"]
        code = main(["audit", "talk", *arguments, "--format", "json"])
    card = json.loads(capsys.readouterr().out)
    verdicts = {line["id"]: line["verdict"] for line in card["lines"]}

    assert code == int("fail" in verdicts.values())
    assert card["grader"]["mode"] == mode
    assert (verdicts["criteria"] == "not tested") == (mode == "per_criterion")
    assert card["noise"]


def test_no_more_can_hide_than_the_scale_has(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One short answer by a noisy model: a shift of 16 levels is no figure to show."""
    with api.ApiServer(responder=GradingResponder(noise=0.4)) as server:
        arguments = ["--grader", "anthropic", "--base-url", server.url, "--on", "cases/q1"]
        main(["audit", "talk", *arguments, "--format", "md"])
    rows = [line.split("|") for line in capsys.readouterr().out.splitlines() if line.startswith("|")]
    hidden = [row[rows[0].index(next(c for c in rows[0] if "Could hide" in c))].strip() for row in rows[2:]]
    shown = [float(each) for each in hidden if each]

    assert max(shown) == 4


def test_an_audit_stops_at_its_budget(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 4, and the card says that it is incomplete."""
    with api.ApiServer(responder=GradingResponder()) as server:
        arguments = ["--grader", "anthropic", "--base-url", server.url, "--budget", "0.2"]
        code = main(["audit", "talk", *arguments])

    assert code == 4
    assert "Incomplete" in capsys.readouterr().out


def test_both_modes_stand_side_by_side_in_a_calibration(project: Path) -> None:
    """Two fingerprints, two names, the same labels."""
    with api.ApiServer(responder=GradingResponder()) as server:
        for mode in ("per_criterion", "joint"):
            assert main(["run", "--grader", "anthropic", "--base-url", server.url, "--mode", mode]) == 0
    for case in load_project([], cwd=project).cases:
        file = project / place(case, "anna", author="me")
        file.parent.mkdir(parents=True)
        file.write_text("levels: {example: 3, trade_offs: 2}\n")

    assert main(["calibrate"]) == 0
    stored = calibrating.read_calibration(project)
    assert stored is not None
    names = [found.subject.name for found in stored.criteria[0].graders]
    assert sorted(name.partition("(")[2] for name in names) == ["joint)", "per_criterion)"]
    assert len({found.subject.fingerprint for found in stored.criteria[0].graders}) == 2
