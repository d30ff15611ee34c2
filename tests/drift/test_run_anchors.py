"""`run --anchors`: the recorded answers are graded again first, and what that finds holds for this very run."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

import evalharness
from evalharness.cli import main
from evalharness.drift import workflow as anchoring
from evalharness.errors import InputError
from evalharness.grading import preview
from evalharness.grading import workflow as pipeline
from evalharness.load import load_project
from evalharness.model.breaks import Drift, Moved, Verdict
from evalharness.model.config import AnchorChecks
from evalharness.model.nouns import GraderId
from evalharness.model.run import Run, RunState
from evalharness.reports import terminal
from evalharness.reports import words as wording
from tests import apiserver as api
from tests.drifting import ShiftingResponder, world_on
from tests.graders.test_anthropic import QUICK, messages
from tests.support import Notes, many, write_project

FIRST, SECOND, THIRD = (f"2026-11-{day}T12:00:00+00:00" for day in ("01", "20", "25"))
WITH = pipeline.Choice(anchors=True)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return write_project(tmp_path, many(4))


def given(server: api.ApiServer, **more: Any) -> dict[str, Any]:
    return {"grader": "anthropic", "base_url": server.url, "retry": QUICK, "max_samples": 1, **more}


def graded(root: Path, server: api.ApiServer, when: str, choice: pipeline.Choice = WITH, **settings: Any) -> Run:
    return evalharness.run([], settings=given(server, **settings), choice=choice, world=world_on(root, when))


def recorded(root: Path, server: api.ApiServer) -> None:
    anchoring.record(settings=given(server), world=world_on(root, FIRST))


def test_a_quiet_check_is_said_and_costs_what_it_costs(project: Path) -> None:
    """4 answers, 2 criteria, 3 samples; the run's own calls and its bill hold them; nothing else changes."""
    with api.ApiServer(responder=ShiftingResponder()) as server:
        recorded(project, server)
        before, paid = len(messages(server)), server.bill.usd
        run = graded(project, server, SECOND)

        assert len(messages(server)) - before == 24 + 8
        assert run.meta.cost.calls == 32
        assert run.meta.cost.spent == pytest.approx(server.bill.usd - paid)
    report = (project / "reports" / run.meta.id / "report.md").read_text().replace("\\", "")
    assert (
        "Drift: 4 recorded answers graded again, compared with 2026-11-01: no shift beyond noise; a shift of" in report
    )
    assert run.meta.anchors is not None
    assert (run.meta.anchors.levels, run.meta.breaks) == ({}, ())
    assert len(anchoring.checks(project)) == 1


def test_a_found_drift_holds_for_this_very_run(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing of before is reused, the report, the screen and the JSON say so, and nothing is compared across."""
    responder = ShiftingResponder()
    with api.ApiServer(responder=responder) as server:
        recorded(project, server)
        graded(project, server, "2026-11-02T12:00:00+00:00", pipeline.Choice())
        for n in range(4):
            (project / f"cases/q{n}/2026-10-01.md").write_text(many(9)[f"q{n + 5}/2026-09-01.md"])
        responder.level = 5
        run = graded(project, server, SECOND)

    assert run.meta.anchors is not None
    assert run.meta.anchors.drifted
    assert {g.reused_from for g in run.grades if g.criterion != "speaking_time"} == {""}
    assert {series.difference is None for series in pipeline.summary(run).series} == {False}  # both by today's grader
    report = (project / "reports" / run.meta.id / "report.md").read_text().replace("\\", "")
    assert "the grader has drifted, +2.00 levels" in report
    assert main(["report", run.meta.id, "--format", "text"]) == 0
    assert "the grader has drifted" in " ".join(capsys.readouterr().out.split())
    assert main(["report", run.meta.id, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["health"]["anchors"]["drifted"] is True
    assert "graded before" not in (project / "reports/PROGRESS.md").read_text()


def test_a_drift_is_news_once(project: Path) -> None:
    """The next run holds the grader against what it has become, and reuses what that has graded."""
    responder = ShiftingResponder()
    with api.ApiServer(responder=responder) as server:
        recorded(project, server)
        responder.level = 5
        second = graded(project, server, SECOND)
        third = graded(project, server, THIRD)

    checks = anchoring.checks(project)
    assert [check.drifted for check in checks] == [True, False]
    assert checks[1].since == checks[0].at
    assert third.meta.id == second.meta.id  # nothing changed since


def test_a_check_that_sees_nothing_makes_no_new_run(project: Path) -> None:
    """What the check found is said all the same."""
    with api.ApiServer(responder=ShiftingResponder()) as server:
        recorded(project, server)
        first = graded(project, server, SECOND)
        world = world_on(project, THIRD)
        notes = Notes()
        again = evalharness.run(
            [], settings=given(server), choice=WITH, world=dataclasses.replace(world, watcher=notes)
        )

    assert again.meta.id == first.meta.id
    assert any("no shift beyond noise" in line for line in notes.lines)
    assert "no shift beyond noise" in " ".join(terminal.render(again, width=100, colour=False).split())


def test_without_anchors_the_flag_says_what_to_do(project: Path) -> None:
    """Before anything is sent; where the configuration asks, the run goes on and its report says so."""
    with api.ApiServer(responder=ShiftingResponder()) as server:
        with pytest.raises(InputError, match="no anchors") as error:
            graded(project, server, FIRST)
        assert "evalharness drift --record" in error.value.hint
        assert not messages(server)
        assert not (project / "reports").exists()
        run = graded(project, server, FIRST, pipeline.Choice(), anchors=AnchorChecks(every_run=True))
    assert run.meta.state is RunState.FINISHED
    assert "no anchors are recorded yet; evalharness drift --record" in run.meta.notices[-1]


def test_the_configuration_asks_and_a_flag_refuses(project: Path) -> None:
    """`anchors: {every_run: true}`; a wrong key in it is told."""
    (project / "evalharness.yaml").write_text("author: me\nanchors: {every_run: true}\n")
    with api.ApiServer(responder=ShiftingResponder()) as server:
        recorded(project, server)
        run = graded(project, server, SECOND, pipeline.Choice())
        none = graded(project, server, SECOND, pipeline.Choice(anchors=False, latest=True))

    assert run.meta.anchors is not None
    assert none.meta.id == run.meta.id
    assert len(anchoring.checks(project)) == 1
    (project / "evalharness.yaml").write_text("anchors: {every_runs: true}\n")
    assert main(["run"]) == 2


def test_the_plan_counts_the_anchors(project: Path) -> None:
    """24 more calls in the mode they were recorded in, at full price also beside a batch."""
    with api.ApiServer(responder=ShiftingResponder()) as server:
        recorded(project, server)
        sent = len(messages(server))
        world = world_on(project, SECOND)
        _, bare = preview.plans([], given(server), pipeline.Choice(), world)
        _, whole = preview.plans([], given(server), WITH, world)

        assert len(messages(server)) == sent
    assert [each.anchors for each in whole] == [24, 24, 0, 0]
    more = [w.estimate.requests - b.estimate.requests for w, b in zip(whole, bare, strict=True)]
    assert more == [24, 24, 0, 0]
    now, batch = ((w.estimate.usd or 0) - (b.estimate.usd or 0) for w, b in zip(whole[:2], bare[:2], strict=True))
    assert now == pytest.approx(batch)
    assert now > 0


def test_a_budget_that_ends_among_the_anchors_claims_nothing(project: Path) -> None:
    """Exit 4's state, what was reused, a notice; the next run asks only for the anchors that are missing."""
    with api.ApiServer(responder=ShiftingResponder()) as server:
        recorded(project, server)
        before = graded(project, server, "2026-11-02T12:00:00+00:00", pipeline.Choice())
        sent = len(messages(server))
        short = graded(project, server, SECOND, max_usd=0.08)
        asked = len(messages(server)) - sent
        whole = graded(project, server, "2026-11-20T12:10:00+00:00")
        rest = len(messages(server)) - sent - asked

    assert 0 < asked < 24
    assert asked + rest == 24
    assert short.meta.state is RunState.BUDGET
    assert short.meta.anchors is None
    assert f"{asked} of 24 grades made before the budget ended" in short.meta.notices[-1]
    assert short.meta.reused == before.meta.planned
    assert short.meta.cost.calls == asked
    assert len(anchoring.checks(project)) == 1
    assert whole.meta.state is RunState.FINISHED


def test_offline_the_heuristic_is_the_same(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Deterministic, so any shift at all would be a drift; there is none."""
    assert main(["run", "--anchors", "--grader", "heuristic"]) == 2
    assert "no anchors are recorded yet" in capsys.readouterr().err
    assert main(["drift", "--record", "--grader", "heuristic"]) == 0
    assert main(["run", "--anchors", "--grader", "heuristic"]) == 0
    assert "4 recorded answers graded again, compared with" in (told := " ".join(capsys.readouterr().out.split()))
    assert "the same levels" in told
    file = project / "labels/anchors.json"
    file.write_text(file.read_text().replace('{"1":3.0}', '{"1":2.0}').replace('{"1":4.0}', '{"1":2.0}'))
    assert main(["run", "--anchors", "--grader", "heuristic"]) == 0
    assert "the grader has drifted" in " ".join(capsys.readouterr().out.split())


def test_anchors_of_another_mode_are_told_apart_from_a_drift(project: Path) -> None:
    """Asked for by flag: an error with what to do, before anything is sent."""
    with api.ApiServer(responder=ShiftingResponder()) as server:
        recorded(project, server)
        sent = len(messages(server))
        with pytest.raises(InputError, match="another fingerprint"):
            graded(project, server, SECOND, mode="joint")
        assert len(messages(server)) == sent


def test_the_anchors_are_nobodys_run(project: Path) -> None:
    """Their grades stand apart: no history, no latest run, no attempt of anybody."""
    with api.ApiServer(responder=ShiftingResponder()) as server:
        recorded(project, server)
    assert pipeline.store_here({}, world_on(project, FIRST)).runs() == ()
    assert len(list((project / "reports/anchors").glob("*/grades.jsonl"))) == 1
    assert len(load_project([], cwd=project).cases) == 4


def test_answers_of_several_rubrics_count_together() -> None:
    """Two of one rubric and one of another are three answers, whatever each criterion was graded on."""
    moved = [("talk", "all criteria", 2), ("talk", "example", 1), ("dive", "all criteria", 1)]
    found = Drift(
        at=SECOND,
        since=FIRST,
        grader=GraderId(name="heuristic", version="1"),
        moved=tuple(Moved(rubric=r, criterion=c, verdict=Verdict.SAME, shift=0.0, n=n) for r, c, n in moved),
    )

    assert wording.drift_found(found).startswith("3 recorded answers graded again")


def test_anchors_that_show_nothing_say_so() -> None:
    """A shift that only a wider scale could hold is no figure to print."""
    noisy = Moved(rubric="talk", criterion="c", verdict=Verdict.WITHIN_NOISE, shift=0.5, n=1, detectable=5.1)
    found = Drift(at=SECOND, since=FIRST, grader=GraderId(name="anthropic", version="1"), moved=(noisy,))

    assert wording.drift_found(found).endswith("so few answers no shift would be noticed for certain")
