"""Message Batches: submitted once, found again after a crash, read as often as needed."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from evalharness.model.nouns import Graded, Why
from evalharness.model.run import Run, RunState
from evalharness.reports import words as wording
from tests import apiserver as api
from tests.graders.test_anthropic import go, graded, messages, reasons
from tests.responder import GradingResponder
from tests.support import Notes, many, write_project


def created(server: api.ApiServer) -> list[api.Recorded]:
    return [request for request in server.requests if request.endpoint == "batches.create"]


def run_batch(root: Path, server: api.ApiServer, **settings: Any) -> Run:
    return go(root, server, batch=True, **settings)


def test_a_batch_grades_at_half_the_price(tmp_path: Path) -> None:
    """One request goes first by itself; the others as one batch, at the batch price of the bill."""
    with api.ApiServer(responder=GradingResponder(), batches=api.BatchPlan(polls=2)) as server:
        run = run_batch(write_project(tmp_path, many(6)), server)

    assert (run.meta.state, run.meta.ungraded) == (RunState.FINISHED, 0)
    assert (len(messages(server)), len(created(server))) == (1, 1)
    assert run.meta.cost.spent == pytest.approx(server.bill.usd)
    assert {len(item["custom_id"]) <= 64 for item in created(server)[0].body["requests"]} == {True}


def test_a_mistake_shows_before_the_batch_is_sent(tmp_path: Path) -> None:
    """A batch checks its requests only hours later: one is sent at once."""
    rule = api.behave(api.every_time(api.error(400, "output_config.effort: not for this model")))
    with api.ApiServer(rule, GradingResponder()) as server:
        run = run_batch(write_project(tmp_path, many(3)), server)

    assert run.meta.state is RunState.STOPPED
    assert created(server) == []


def test_without_waiting_the_next_run_fetches(tmp_path: Path) -> None:
    """The batch is noted, the run says how to return, and the same command collects without a second batch."""
    notes = Notes()
    with api.ApiServer(responder=GradingResponder(), batches=api.BatchPlan(polls=1)) as server:
        root = write_project(tmp_path, many(4))
        first = run_batch(root, server, wait=False)
        second = run_batch(root, server, notes=notes)

        assert first.meta.state is RunState.PENDING
        assert "not waiting" in first.meta.why
        assert "the same command fetches what is ready" in wording.state(first.meta)
        assert reasons(first) == Counter({Why.PENDING: 7})
        assert second.meta.ungraded == 0
        assert len(created(server)) == 1
        assert any("is picked up: 7 requests" in line for line in notes.lines)


def test_a_run_without_batch_leaves_what_is_pending_and_grades_now(tmp_path: Path) -> None:
    """Nobody has to wait: the person decides by the flag."""
    with api.ApiServer(responder=GradingResponder(), batches=api.BatchPlan(polls=99)) as server:
        root = write_project(tmp_path, many(2))
        run_batch(root, server, wait=False)
        run = go(root, server)

    assert run.meta.ungraded == 0


def test_a_batch_whose_answer_was_lost_is_found_and_not_sent_twice(tmp_path: Path) -> None:
    """The server took it and the connection broke before it could say so."""
    rule = api.when(api.first(1), api.cut("after"), on="batches.create")
    with api.ApiServer(api.behave(rule), GradingResponder()) as server:
        run = run_batch(write_project(tmp_path, many(4)), server)

    assert run.meta.ungraded == 0
    assert len(created(server)) == 1


def test_a_killed_process_picks_up_a_batch_that_it_only_intended(tmp_path: Path) -> None:
    """Killed between sending and hearing: the intention is on disk, the batch is found by time and size."""
    with api.ApiServer(responder=GradingResponder(), batches=api.BatchPlan(polls=1)) as server:
        root = write_project(tmp_path, many(4))
        first = run_batch(root, server, wait=False)
        journal = root / "reports" / first.meta.id / "batches.jsonl"
        lines = journal.read_text().splitlines(keepends=True)
        assert [json.loads(line)["state"] for line in lines] == ["intended", "submitted"]
        journal.write_text(lines[0])
        second = run_batch(root, server)

        assert second.meta.ungraded == 0
        assert len(created(server)) == 1


def test_expired_and_errored_items_go_again(tmp_path: Path) -> None:
    """What one batch did not do, the next one does; what fails three times is ungraded.

    The server fails the first, fourth and sixth item of every batch: of 11 three go again, of these one, and that one
    is the first again.
    """
    plan = api.BatchPlan(errored={0, 3}, expired={5})
    with api.ApiServer(responder=GradingResponder(), batches=plan) as server:
        run = run_batch(write_project(tmp_path, many(6)), server)

    assert [len(request.body["requests"]) for request in created(server)] == [11, 3, 1]
    assert reasons(run) == Counter({Why.GAVE_UP: 1})
    assert len(graded(run)) == 17


@pytest.mark.parametrize(
    "plan",
    [api.BatchPlan(torn=2), api.BatchPlan(blank_line=True), api.BatchPlan(order="reversed")],
    ids=["torn", "blank line", "reversed"],
)
def test_results_are_read_whatever_the_download_does(tmp_path: Path, plan: api.BatchPlan) -> None:
    """A torn download is repeated, what was delivered is not stored twice, order does not matter."""
    with api.ApiServer(responder=GradingResponder(), batches=plan) as server:
        run = run_batch(write_project(tmp_path, many(6)), server)

    lines = (tmp_path / "reports" / run.meta.id / "grades.jsonl").read_bytes().splitlines()
    assert run.meta.ungraded == 0
    assert len({line[8:40] for line in lines}) == len(lines) == 18


def test_results_on_another_host_never_get_the_key(tmp_path: Path) -> None:
    """The path is asked of our own host; the other one hears nothing."""
    with api.Collector() as other:
        plan = api.BatchPlan(results_origin=other.url)
        with api.ApiServer(responder=GradingResponder(), batches=plan) as server:
            run = run_batch(write_project(tmp_path, many(3)), server)

        assert other.seen == []
    assert run.meta.ungraded == 0


def test_a_server_without_batches_says_so(tmp_path: Path) -> None:
    """Local servers and gateways often have none; the hint names the way out."""
    with api.ApiServer(responder=GradingResponder(), without=("batches",)) as server:
        run = run_batch(write_project(tmp_path, many(2)), server)

    assert run.meta.state is RunState.STOPPED
    assert "without --batch" in run.meta.why


def test_batch_and_single_calls_make_the_same_grades(tmp_path: Path) -> None:
    """How a request travels is no part of a grade's identity."""
    found = []
    for name, batch in (("one", True), ("two", False)):
        with api.ApiServer(responder=GradingResponder()) as server:
            run = go(write_project(tmp_path / name, many(3)), server, batch=batch)
        found.append({g.slot: g.outcome.level for g in run.grades if isinstance(g.outcome, Graded)})

    assert found[0] == found[1]
