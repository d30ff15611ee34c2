"""The grader the project exists for, through the real SDK, over real HTTP, against a hostile server."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
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


@pytest.mark.parametrize(
    "effect",
    [
        api.rate_limited(),
        api.rate_limited(0.01),
        api.server_error(500),
        api.server_error(503),
        api.overloaded(),
        api.cut("before"),
        api.cut("within"),
        api.html(),
        api.broken_json(),
        api.overloaded_in_200(),
        api.wrong_shape(),
        api.say("no JSON here, sorry"),
        api.stop_reason("stop"),
        api.error(400, "Invalid request data"),
    ],
    ids=lambda effect: getattr(effect, "__qualname__", repr(effect))[:40],
)
def test_a_passing_fault_costs_nobody_a_grade(tmp_path: Path, effect: Any) -> None:
    """Whatever happens to the first request of each body, a later one heals it."""
    rule = api.behave(api.when(api.attempts(0), effect))
    with api.ApiServer(rule, GradingResponder()) as server:
        run = go(write_project(tmp_path, many(2)), server)

    assert reasons(run) == Counter()
    assert len(graded(run)) == 6


def test_a_reply_cut_at_the_limit_is_asked_once_more_with_more_room(tmp_path: Path) -> None:
    """The second request has four times the room."""
    rule = api.when(lambda call, number: call.body["max_tokens"] == 4096, api.cut_at_max_tokens())
    with api.ApiServer(api.behave(rule), GradingResponder()) as server:
        run = go(write_project(tmp_path), server)

    rooms = sorted(request.body["max_tokens"] for request in messages(server))
    assert reasons(run) == Counter()
    assert rooms == [4096, 4096, 16384, 16384]


@pytest.mark.parametrize(
    "effect",
    [api.capitals(), api.in_prose(), api.in_fence(), api.thinking_first(), api.drop_fields("usage")],
    ids=["capitals", "prose", "fence", "thinking", "no-usage"],
)
def test_a_server_with_habits_of_its_own_is_understood(tmp_path: Path, effect: Any) -> None:
    """Lenient in reading: other capitals, prose around the object, thinking first, fields left out."""
    with api.ApiServer(api.behave(api.every_time(effect)), GradingResponder()) as server:
        run = go(write_project(tmp_path), server)

    assert len(graded(run)) == 3


@pytest.mark.parametrize(
    ("effect", "why"),
    [
        (api.refusal("general_harms"), Why.REFUSED),
        (api.cut_at_max_tokens(), Why.CUT_OFF),
        (api.stop_reason("stop"), Why.INVALID_REPLY),
        (api.say('{"level": 7}'), Why.INVALID_REPLY),
        (api.say("4"), Why.INVALID_REPLY),
        (api.none_fields(), Why.INVALID_REPLY),
        (api.error(413, "request too large"), Why.TOO_LARGE),
        (api.error(418, "I'm a teapot"), Why.GAVE_UP),
        (api.error(451, "not where you are"), Why.GAVE_UP),
    ],
    ids=["refusal", "max_tokens", "stop", "level 7", "bare number", "none", "413", "418", "451"],
)
def test_what_does_not_heal_is_ungraded_with_its_reason(tmp_path: Path, effect: Any, why: Why) -> None:
    """Never a low score: the total is missing, and the run says so."""
    with api.ApiServer(api.behave(api.every_time(effect)), GradingResponder()) as server:
        run = go(write_project(tmp_path), server)

    assert reasons(run) == Counter({why: 2})
    assert evalharness.summary(run).series[0].latest.total is None


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


@pytest.mark.parametrize(
    ("effect", "said"),
    [
        (api.error(401, "invalid x-api-key", kind="authentication_error"), "HTTP 401"),
        (api.error(403, "not allowed", kind="permission_error"), "HTTP 403"),
        (api.spend_limit(), "HTTP 429"),
        (api.own_limit(), "HTTP 400"),
        (api.error(400, "max_tokens: too large"), "max_tokens: too large"),
    ],
    ids=["401", "403", "spend limit", "own limit", "invalid request"],
)
def test_what_no_call_survives_stops_the_run_at_once(tmp_path: Path, effect: Any, said: str) -> None:
    """One clear message, no storm of requests, everything graded is kept, exit 3."""
    with api.ApiServer(api.behave(api.every_time(effect)), GradingResponder()) as server:
        run = go(write_project(tmp_path, many(30)), server, concurrency=2)

    assert run.meta.state is RunState.STOPPED
    assert said in run.meta.why
    assert len(messages(server)) <= 4
    assert reasons(run) == Counter({Why.STOPPED: 60})


def test_a_server_that_asks_for_an_hour_is_not_obeyed_in_silence(tmp_path: Path) -> None:
    """The run stops, says until when, and keeps what it has."""
    with api.ApiServer(api.behave(api.every_time(api.rate_limited(3600))), GradingResponder()) as server:
        run = go(write_project(tmp_path), server)

    assert run.meta.state is RunState.STOPPED
    assert "asks to wait until" in run.meta.why


def test_a_server_that_is_down_ends_the_run_after_three_lost_calls(tmp_path: Path) -> None:
    """Not every one of a thousand calls is repeated for ten minutes."""
    policy = msgspec.structs.replace(QUICK, attempts=3)
    with api.ApiServer(api.behave(api.every_time(api.overloaded())), GradingResponder()) as server:
        run = go(write_project(tmp_path, many(40)), server, retry=policy, concurrency=4)

    assert run.meta.state is RunState.STOPPED
    assert "calls in a row failed" in run.meta.why
    assert len(messages(server)) < 40


def test_a_dribbling_server_meets_a_real_deadline(tmp_path: Path) -> None:
    """A byte now and then is no reply; the call ends at its deadline and is repeated."""
    policy = msgspec.structs.replace(QUICK, call=0.3, attempts=2)
    rule = api.behave(api.when(api.indexes(0), api.dribble(0.05)))
    with api.ApiServer(rule, GradingResponder()) as server:
        run = go(write_project(tmp_path), server, retry=policy)

    assert len(graded(run)) == 3


def test_a_redirect_is_not_followed(tmp_path: Path) -> None:
    """Neither the answer nor the key goes to another host."""
    with (
        api.Collector() as other,
        api.ApiServer(api.behave(api.every_time(api.redirect(other.url))), GradingResponder()) as server,
    ):
        run = go(write_project(tmp_path), server)

    assert run.meta.state is RunState.STOPPED
    assert other.seen == []


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


def test_under_ten_percent_faults_every_grade_arrives_and_none_twice(tmp_path: Path) -> None:
    """10 % 429, 5 % 500, 3 % cut, 2 % garbage: 200 of 200 graded, as many answers used as were given."""
    faults = api.behave(
        api.mix((0.10, api.rate_limited()), (0.05, api.server_error()), (0.03, api.cut()), (0.02, api.html())), seed=5
    )
    with api.ApiServer(faults, GradingResponder()) as server:
        run = go(write_project(tmp_path, many(100)), server, concurrency=16)

    keys = [line[8:40] for line in (tmp_path / "reports" / run.meta.id / "grades.jsonl").read_bytes().splitlines()]
    assert run.meta.ungraded == 0
    assert len(keys) == len(set(keys)) == 300
    assert server.bill.replies == 200


def test_concurrency_goes_down_for_all_when_the_server_is_busy(tmp_path: Path) -> None:
    """The first signs of overload halve the width once, not once a request."""
    notes = Notes()
    with api.ApiServer(api.behave(api.when(api.first(8), api.overloaded())), GradingResponder()) as server:
        go(write_project(tmp_path, many(10)), server, notes=notes, concurrency=8)

    assert "the server is busy: from 8 to 4 requests at a time" in notes.lines


def test_a_model_that_nobody_knows_ends_the_run_at_the_first_call(tmp_path: Path) -> None:
    """A typo costs one refused call: what a server says to the question for a model is only a help."""
    with api.ApiServer(responder=GradingResponder()) as server:
        run = go(write_project(tmp_path), server, model="claude-sonet-5-5")

    assert "does not know the model claude-sonet-5-5" in run.meta.why
    assert [request.status for request in messages(server)] == [404]


def test_a_server_that_is_not_there_is_told_at_once(tmp_path: Path) -> None:
    """A wrong port costs a second, not ten minutes of repeats."""
    with api.ApiServer(responder=GradingResponder()) as server:
        url = server.url
    given = {"grader": "anthropic", "base_url": url, "max_usd": 0.0}

    run = evalharness.run([], settings=given, world=world_at(write_project(tmp_path), environment=KEY))

    assert run.meta.state is RunState.STOPPED
    assert "nothing answers at 127.0.0.1" in run.meta.why


def test_a_server_without_a_list_of_models_is_fine(tmp_path: Path) -> None:
    """Gateways and local servers answer 404 to what they don't have."""
    notes = Notes()
    with api.ApiServer(responder=GradingResponder(), without=("models",), prefix="/anthropic") as server:
        run = go(write_project(tmp_path), server, notes=notes)

    assert run.meta.ungraded == 0


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
