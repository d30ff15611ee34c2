"""An audit that ended goes on from there, and its grades stay among themselves."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import evalharness
from evalharness.audit import workflow as auditing
from evalharness.audit.card import Card
from evalharness.cli import main
from evalharness.progress import workflow as looking_back
from tests import apiserver as api
from tests.drifting import ShiftingResponder, world_on
from tests.graders.test_anthropic import QUICK, messages
from tests.grading.test_kill import killed
from tests.responder import GradingResponder, text_of
from tests.started import started
from tests.support import ANSWER, many, write_project

NOON = "2026-11-20T12:00:00+00:00"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return write_project(tmp_path, many(1))


def audited(root: Path, server: api.ApiServer, budget: float = 0.0, **more: Any) -> Card:
    given = {"grader": "anthropic", "base_url": server.url, "retry": QUICK, "max_usd": budget, **more}
    return auditing.audit("talk", settings=given, world=world_on(root, NOON))


def asked(server: api.ApiServer, since: int = 0) -> Counter[str]:
    """Return what was asked for, request by request."""
    return Counter(text_of(request.body) for request in messages(server)[since:])


def test_an_audit_goes_on_where_its_budget_ended(project: Path) -> None:
    """What was answered is not sent again: three audits with little ask together what one asks with plenty."""
    with api.ApiServer(responder=GradingResponder()) as server:
        whole = audited(write_project(project / "other", many(1)), server)
        everything = asked(server)
        start = len(messages(server))
        first = audited(project, server, 0.15)
        between = len(messages(server))
        second = audited(project, server, 0.05)
        third = audited(project, server)

        assert asked(server, start) == everything
        assert start < between < len(messages(server))
    assert (first.over_budget, second.over_budget, third.incomplete) == (True, True, "")
    assert third.lines == whole.lines
    assert third.counts == whole.counts


def test_what_is_stored_is_not_asked_again(project: Path) -> None:
    """The second audit makes no call and gives the same card, word for word."""
    with api.ApiServer(responder=GradingResponder(noise=0.5)) as server:
        first = audited(project, server)
        sent = len(messages(server))
        second = audited(project, server)

        assert len(messages(server)) == sent
    assert second == first


def test_with_everything_stored_neither_key_nor_sdk_is_needed(project: Path) -> None:
    """A process without a credential, and with no server left to answer."""
    with api.ApiServer(responder=ShiftingResponder()) as server:
        first = audited(project, server)
        url = server.url
    program = (
        "import sys, evalharness.cli as cli\n"
        f"code = cli.main(['audit', 'talk', '--grader', 'anthropic', '--base-url', {url!r}, '--format', 'json'])\n"
        "assert 'anthropic' not in sys.modules\n"
        "sys.exit(code)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=project, env={"HOME": str(project)}, capture_output=True, text=True
    )

    assert done.returncode == int(bool(first.failed)), done.stderr
    assert "nothing was asked" in done.stderr
    assert json.loads(done.stdout)["counts"]["planned"] == first.counts.planned


def test_an_edited_answer_is_asked_anew_and_the_others_are_not(project: Path) -> None:
    """Only what is graded again at the end is asked of every attempt: it has to come after everything else."""
    write_project(project, many(2))
    with api.ApiServer(responder=GradingResponder()) as server:
        audited(project, server)
        sent = len(messages(server))
        edited = ANSWER.replace("the whole of April", "the whole of May")
        (project / "cases/q1/2026-09-01.md").write_text(edited)
        card = audited(project, server)
        new = [json.dumps(request.body) for request in messages(server)[sent:]]

    untouched = [body for body in new if "customer number 0" in body]
    assert card.incomplete == ""
    assert len(untouched) == 2  # two criteria, graded again once
    assert len(new) > 20


def test_graded_again_is_never_taken_from_another_audit(project: Path) -> None:
    """With more samples: two more of both criteria, the variants from the store, and the last round asked once more."""
    with api.ApiServer(responder=GradingResponder()) as server:
        audited(project, server)
        sent = len(messages(server))
        audited(project, server, samples=5)

        assert len(messages(server)) - sent == 2 * (2 + 1)


def test_a_changed_rubric_is_asked_anew(project: Path) -> None:
    """The criterion that says something else; the other one stands."""
    with api.ApiServer(responder=GradingResponder()) as server:
        audited(project, server)
        sent = len(messages(server))
        rubric = project / "rubrics/talk.yaml"
        rubric.write_text(rubric.read_text().replace("What was given up.", "What was given up, and to whom."))
        audited(project, server)
        new = [json.dumps(request.body) for request in messages(server)[sent:]]

    again = [body for body in new if "Criterion example" in body and "and to whom" not in body]  # no pasted rubric
    assert len(again) == 1  # graded again at the end
    assert len(new) > 10


def test_a_process_that_was_killed_loses_only_what_was_under_way(project: Path) -> None:
    """Killed in the middle of a line, one request at a time: one request more than without, and the same card."""
    with api.ApiServer(responder=ShiftingResponder()) as server:
        arguments = ["audit", "talk", "--grader", "anthropic", "--base-url", server.url, "--concurrency", "1"]
        code = started(killed, 30, *arguments, cwd=project, env={"ANTHROPIC_API_KEY": "test-key"})
        sent = len(messages(server))
        card = audited(project, server)
        together = len(messages(server))
        whole = audited(write_project(project / "other", many(1)), server)
        alone = len(messages(server)) - together

    assert code == -signal.SIGKILL
    assert 20 < sent < alone
    assert together == alone + 1
    assert card == whole
    assert len(list((project / "reports/audit").iterdir())) == 1


def test_an_audit_is_no_run_of_anybody(project: Path) -> None:
    """Variants are no attempts: progress, runs and what a run reuses know nothing of them."""
    with api.ApiServer(responder=GradingResponder()) as server:
        audited(project, server)
        world = world_on(project, NOON)
        given = {"grader": "anthropic", "base_url": server.url, "retry": QUICK, "max_samples": 1}
        seen = looking_back.progress(given, world=world)
        run = evalharness.run([], settings=given, world=world)

    assert {line.series.latest.total for line in seen.lines} == {None}
    assert seen.runs == 0
    assert run.meta.reused == 0
    assert {attempt.id for attempt in run.attempts} == {"2026-09-01"}


def test_an_audit_of_the_heuristic_keeps_nothing(project: Path) -> None:
    """It costs nothing and says the same every time."""
    assert main(["audit", "talk", "--grader", "heuristic"]) in (0, 1)
    assert not (project / "reports").exists()
