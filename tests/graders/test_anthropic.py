"""The grader the project exists for, through the real SDK, over real HTTP, against a hostile server."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import evalharness
from evalharness.errors import EvalHarnessError, GradingStopped, InputError
from evalharness.graders.anthropic import make
from evalharness.graders.anthropic.credential import find_credential, find_host
from evalharness.graders.sending.prices import cost_of, price_of
from evalharness.grading.workflow import Choice
from evalharness.model.config import Config, RetryPolicy
from evalharness.model.nouns import Graded, Ungraded, Why
from evalharness.model.run import Run, RunState
from tests import apiserver as api
from tests.responder import INVENTED, GradingResponder
from tests.support import Notes, many, world_at, write_project

KEY = {"ANTHROPIC_API_KEY": "test-key"}
# Back-off without waiting; the limits of the policy stay as they are unless a test says otherwise.
QUICK = RetryPolicy(scale=0.001, poll=0.01)


def go(
    root: Path,
    server: api.ApiServer,
    *,
    notes: Notes | None = None,
    choice: Choice | None = None,
    retry: RetryPolicy = QUICK,
    **settings: Any,
) -> Run:
    given = {"grader": "anthropic", "base_url": server.url, "retry": retry, "max_usd": 0.0, **settings}
    world = world_at(root, environment=KEY, watcher=notes)
    return evalharness.run([], settings=given, choice=choice, world=world)


def graded(run: Run) -> dict[tuple[str, str, int], float]:
    return {g.slot: g.outcome.level for g in run.grades if isinstance(g.outcome, Graded)}


def reasons(run: Run) -> Counter[Why]:
    return Counter(g.outcome.why for g in run.grades if isinstance(g.outcome, Ungraded))


def messages(server: api.ApiServer) -> list[api.Recorded]:
    return [request for request in server.requests if request.endpoint == "messages"]


@pytest.mark.parametrize("mode", ["per_criterion", "joint"])
def test_a_run_grades_with_checked_quotes_in_both_modes(tmp_path: Path, mode: str) -> None:
    """One call a criterion, or one for all; the server accepts every field that is sent."""
    with api.ApiServer(responder=GradingResponder()) as server:
        run = go(write_project(tmp_path, many(3)), server, mode=mode)

    assert run.meta.state is RunState.FINISHED
    assert run.meta.ungraded == 0
    assert len(messages(server)) == {"per_criterion": 6, "joint": 3}[mode]
    texts = {case.key: case.attempt.parts[0].text for case in run.cases()}
    for grade in run.grades:
        assert isinstance(grade.outcome, Graded)
        assert all(texts[grade.case][q.start : q.end] == q.text for q in grade.outcome.evidence)


def test_what_it_cost_is_what_the_server_billed(tmp_path: Path) -> None:
    """Cache writes and reads, output with thinking: the sum of the run is the sum of the bill."""
    with api.ApiServer(responder=GradingResponder(bad_quotes=0.5)) as server:
        run = go(write_project(tmp_path, many(5)), server)

    assert run.meta.cost.spent == pytest.approx(server.bill.usd)
    assert run.meta.cost.calls == len(messages(server))


def test_an_unchanged_run_asks_nothing(tmp_path: Path) -> None:
    """The second run reuses every grade, and nothing is sent, not even for the model's name."""
    with api.ApiServer(responder=GradingResponder()) as server:
        first = go(write_project(tmp_path, many(2)), server)
        before = len(server.requests)
        second = go(tmp_path, server)

        assert (second, len(server.requests)) == (first, before)


Behaviour = Callable[[], Any]


def test_an_invented_quote_never_reaches_a_report(tmp_path: Path) -> None:
    """Every reply claims something that nobody said."""
    lie = json.dumps(
        {"quotes": [INVENTED], "findings": [], "story": "", "takeaway": "", "missing": "", "reason": "so",
         "next_question": "", "level": 5}
    )  # fmt: skip
    with api.ApiServer(api.behave(api.every_time(api.say(lie))), GradingResponder()) as server:
        run = go(write_project(tmp_path), server, choice=Choice(formats=("json", "junit")))

    assert reasons(run) == Counter({Why.NO_EVIDENCE: 2})
    for file in (tmp_path / "reports" / run.meta.id).iterdir():
        assert INVENTED not in file.read_text()


def test_another_model_than_asked_for_is_reported(tmp_path: Path) -> None:
    """The model the API says it used stands beside the grade and in the report."""
    rule = api.behave(api.every_time(api.other_model("claude-haiku-5-5")))
    with api.ApiServer(rule, GradingResponder()) as server:
        run = go(write_project(tmp_path), server)

    assert {g.model for g in run.grades if g.usage} == {"claude-haiku-5-5"}
    assert any("claude-haiku-5-5" in notice for notice in run.meta.notices)
    assert "claude-haiku-5-5" in (tmp_path / "reports" / run.meta.id / "report.md").read_text()


def test_the_budget_stops_before_it_is_crossed_and_keeps_everything(tmp_path: Path) -> None:
    """Exit 4's state; what was graded is reused by the next run with more money."""
    with api.ApiServer(responder=GradingResponder()) as server:
        root = write_project(tmp_path, many(30))
        run = go(root, server, max_usd=0.20, concurrency=2)
        spent = server.bill.usd

        assert run.meta.state is RunState.BUDGET
        assert 0 < spent <= 0.20
        notes = Notes()
        again = go(root, server, notes=notes)

    assert again.meta.state is RunState.FINISHED
    assert notes.reused == len(graded(run))
    assert len(messages(server)) == 60


def test_samples_are_graded_apart_and_averaged_unrounded(tmp_path: Path) -> None:
    """Three samples of each criterion, one of the measure; the mean is what counts."""
    with api.ApiServer(responder=GradingResponder(noise=1.0)) as server:
        run = go(write_project(tmp_path), server, samples=3)

    score = evalharness.summary(run).series[0].latest.scores[0]
    assert len(score.levels) == 3
    assert score.level == pytest.approx(sum(score.levels) / 3)
    assert len(run.grades) == 7


def test_a_model_grades_the_latest_two_of_a_series(tmp_path: Path) -> None:
    """Older attempts wait for --all; the report says how many."""
    answers = {f"export/2026-09-0{day}.md": text for day, text in enumerate(many(4).values(), start=1)}
    with api.ApiServer(responder=GradingResponder()) as server:
        root = write_project(tmp_path, answers)
        run = go(root, server, max_samples=1)
        every = go(root, server, max_samples=1, choice=Choice(every=True))

    assert len(run.attempts) == 2
    assert "2 older attempts" in run.meta.notices[0]
    assert len(every.attempts) == 4
    assert len(messages(server)) == 8


def test_record_keeps_requests_and_replies_without_the_key(tmp_path: Path) -> None:
    """Every call is there, and the key is in no file of the project."""
    folder = tmp_path / "record"
    with api.ApiServer(responder=GradingResponder()) as server:
        go(write_project(tmp_path / "project"), server, record=str(folder))

    files = list(folder.iterdir())
    assert len(files) == 2
    assert {"request", "reply"} == set(json.loads(files[0].read_text()))
    everything = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert not [file for file in everything if b"test-key" in file.read_bytes()]


def test_redacted_names_do_not_leave_and_come_back_in_quotes(tmp_path: Path) -> None:
    """What was sent has the stand-in; what is stored has the name."""
    answer = "I moved the Brackwater export to a queue, and late files went from 40 a week to 3 at Brackwater.\n"
    with api.ApiServer(responder=GradingResponder()) as server:
        run = go(
            write_project(tmp_path, {"export/2026-09-01.md": answer}), server, redact=(("Brackwater", "COMPANY-1"),)
        )

    assert all("Brackwater" not in json.dumps(request.body) for request in messages(server))
    outcome = next(g.outcome for g in run.grades if g.criterion == "example")
    assert isinstance(outcome, Graded)
    assert "Brackwater" in outcome.evidence[0].text


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://example.org", "plain http to example.org"),
        ("https://user:secret@example.org", "contains a user or password"),
        ("ftp://example.org", "must begin with http"),
        ("https://example.org/v1", "ends in /v1"),
        ("https://[broken", "cannot be read"),
    ],
)
def test_a_host_that_must_not_get_a_key_is_refused(url: str, said: str) -> None:
    """Before anything is sent, with what to do."""
    with pytest.raises(InputError, match=said) as error:
        find_host(url, {})
    assert "secret" not in str(error.value) + error.value.hint


@pytest.mark.parametrize("key", ["sk-one\ntwo", "sk one", "sk-\x07bell", "sk-\u2013dash"])
def test_a_key_with_a_stray_character_is_refused_and_never_shown(key: str) -> None:
    """The SDK would print it in full."""
    with pytest.raises(GradingStopped, match="ANTHROPIC_API_KEY holds a space, a control") as error:
        find_credential({"ANTHROPIC_API_KEY": key}, find_host("", {}))
    assert key not in repr(error.value) + str(error.value) + error.value.hint


def test_a_key_with_white_space_around_it_is_stripped(tmp_path: Path) -> None:
    """A newline at the end is how keys are pasted."""
    host = find_host("", {})
    assert find_credential({"ANTHROPIC_API_KEY": " test-key\n"}, host).api_key == "test-key"
    assert "test-key" not in repr(find_credential({"ANTHROPIC_API_KEY": "test-key"}, host))


def test_without_a_key_one_is_told_what_to_do(tmp_path: Path) -> None:
    """The hint names the variable, the offline grader and local servers."""
    with pytest.raises(EvalHarnessError, match="there is no API key") as error:
        make(Config(grader="anthropic"), world_at(tmp_path))
    for words in ("ANTHROPIC_API_KEY", "--grader heuristic", "--base-url"):
        assert words in error.value.hint


def test_an_unknown_price_is_never_zero(tmp_path: Path) -> None:
    """On a remote host the budget could not be kept, so the run asks for a price; on this machine it goes on."""
    assert price_of("my-local-model") is None
    rule = api.behave(api.every_time(api.other_model("my-local-model")))
    models = {"my-local-model": api.MODELS["claude-sonnet-5-5"]}
    with api.ApiServer(rule, GradingResponder(), models=models) as server:
        run = go(write_project(tmp_path), server, model="my-local-model", max_usd=5.0)

    assert run.meta.cost.spent is None
    assert run.meta.cost.unknown_models == ("my-local-model",)


def test_the_long_prompt_price_holds_for_the_whole_request() -> None:
    """Haiku 5.5 above 100,000 tokens: every token at the higher price (list price of October 2026)."""
    from evalharness.model.nouns import Usage

    price = price_of("claude-haiku-5-5")
    assert price is not None
    assert cost_of(Usage(input=100_000), price) == pytest.approx(0.010)
    assert cost_of(Usage(input=60_000, cache_read=40_001), price) == pytest.approx(0.030 + 40_001 * 0.05e-6)
    assert cost_of(Usage(input=1_000_000, output=0, batch=True), price) == pytest.approx(0.25)
