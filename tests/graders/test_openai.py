"""The grader for servers of chat completions: over real HTTP, against servers that behave and that do not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import evalharness
from evalharness.errors import GradingStopped, InputError
from evalharness.graders.openai import make, without_sending
from evalharness.grading import preview
from evalharness.grading.workflow import Choice
from evalharness.history.workflow import history
from evalharness.model.config import Config, RetryPolicy
from evalharness.model.nouns import Graded, Ungraded, Why
from evalharness.model.run import Run, RunState
from evalharness.reports import words
from tests import openaiserver as api
from tests.apiserver.wire import HttpResponse
from tests.support import Notes, many, world_at, write_project

KEY = {"OPENAI_API_KEY": "test-key"}
QUICK = RetryPolicy(scale=0.001)


def settings(server: api.OpenAIServer, **given: Any) -> dict[str, Any]:
    return {"grader": "openai", "model": "m", "base_url": server.url, "retry": QUICK, "max_samples": 1, **given}


def go(root: Path, server: api.OpenAIServer, *, notes: Notes | None = None, **given: Any) -> Run:
    world = world_at(root, environment=KEY, watcher=notes)
    return evalharness.run([], settings=settings(server, **given), world=world)


def why(run: Run) -> set[Why]:
    return {g.outcome.why for g in run.grades if isinstance(g.outcome, Ungraded)}


@pytest.mark.parametrize(("mode", "calls"), [("per_criterion", 6), ("joint", 3)])
def test_a_run_grades_with_checked_quotes_in_both_modes(tmp_path: Path, mode: str, calls: int) -> None:
    """The schema goes out as a response format and in words; quotes are looked up in the answer."""
    with api.OpenAIServer() as server:
        run = go(write_project(tmp_path, many(3)), server, mode=mode)

    assert (run.meta.state, run.meta.ungraded, len(server.requests)) == (RunState.FINISHED, 0, calls)
    formats = {body["response_format"]["type"] for body in server.requests}
    assert formats == {"json_schema"}
    quoted = [q for g in run.grades if isinstance(g.outcome, Graded) for q in g.outcome.evidence]
    assert quoted


def test_what_it_cost_follows_the_usage_and_the_price_that_was_stated(tmp_path: Path) -> None:
    """Cached tokens are priced as such; without a price the sum is unknown."""
    with api.OpenAIServer() as server:
        run = go(write_project(tmp_path, many(2)), server, prices={"m": {"input": 2, "output": 10, "cache_read": 1}})
        other = go(write_project(tmp_path / "other", many(2)), server)

    usage = [g.usage for g in run.grades if g.usage]
    expected = sum(u.input * 2 + u.cache_read + u.output * 10 for u in usage) / 1e6
    assert run.meta.cost.spent == pytest.approx(expected)
    assert all(u.cache_read for u in usage)
    assert other.meta.cost.spent is None


def test_a_server_that_tells_no_tokens_leaves_the_cost_unknown(tmp_path: Path) -> None:
    """What is not told is not zero, although the price of the model is known."""
    price = {"m": {"input": 2, "output": 10}}
    with api.OpenAIServer(edits={"usage": {"prompt_tokens": 0, "completion_tokens": 0}}) as server:
        run = go(write_project(tmp_path), server, prices=price)

    assert run.meta.cost.spent is None
    assert words.cost(run.meta) == (
        "2 calls: no price is known for m at a server that does not say what a call took; what was spent is not known."
    )


FAULTS = {
    "429": api.failure(429, kind="rate_limit"),
    "429 with a wait": api.failure(429, headers={"retry-after-ms": "5"}),
    "500": api.failure(500),
    "503": api.failure(503),
    "error in a 200": api.answer({"error": {"message": "upstream", "code": 502}}),
    "a web page": HttpResponse(headers={"content-type": "text/html"}, body=b"<html>Bad gateway</html>"),
    "broken JSON": HttpResponse(headers=api.JSON, body=b'{"choices": ['),
    "a list": api.answer([1, 2]),
    "torn": api.cut(),
    "no choices": api.answer({"id": "x", "choices": []}),
    "no content": api.answer({"choices": [{"message": {"content": None}, "finish_reason": "stop"}]}),
    "nonsense": api.answer({"choices": [{"message": {"content": 3}, "finish_reason": 7}], "usage": "much"}),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_passing_fault_costs_nobody_a_grade(tmp_path: Path, name: str) -> None:
    """Whatever happens to the first request of each body, a later one heals it."""
    with api.OpenAIServer(api.first(FAULTS[name])) as server:
        run = go(write_project(tmp_path, many(2)), server)

    assert (run.meta.state, run.meta.ungraded) == (RunState.FINISHED, 0)


@pytest.mark.parametrize(
    ("fields", "left"),
    [
        (("response_format",), {"max_completion_tokens"}),
        (("max_completion_tokens",), {"max_tokens", "response_format"}),
        (("max_completion_tokens", "response_format", "reasoning_effort"), {"max_tokens"}),
    ],
)
def test_a_server_that_knows_fewer_fields_is_asked_without_them(
    tmp_path: Path, fields: tuple[str, ...], left: set[str]
) -> None:
    """Each field is given up once for the whole run, and said; the words of the prompt stay the same."""
    notes = Notes()
    with api.OpenAIServer(api.refuses(*fields)) as server:
        run = go(write_project(tmp_path, many(4)), server, notes=notes, effort="low", concurrency=1)

    assert run.meta.ungraded == 0
    last = server.requests[-1]
    assert last.keys() & {"max_tokens", "max_completion_tokens", "response_format", "reasoning_effort"} >= left
    assert not last.keys() & set(fields)
    assert len(server.requests) <= 8 + 4
    assert any("refuses a field" in line for line in notes.lines)


@pytest.mark.parametrize("fields", [("response_format",), ("response_format", "max_completion_tokens")])
def test_calls_under_way_refused_for_one_field_give_it_up_once(tmp_path: Path, fields: tuple[str, ...]) -> None:
    """Several refusals of one and the same form are one reason to simplify it, not several."""
    notes = Notes()
    with api.OpenAIServer(api.refuses(*fields)) as server:
        run = go(write_project(tmp_path, many(16)), server, notes=notes, concurrency=16)

    assert (run.meta.state, run.meta.ungraded) == (RunState.FINISHED, 0), run.meta.why
    assert "response_format" not in server.requests[-1]
    assert sum("refuses a field" in line for line in notes.lines) <= 1 + len(fields)


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        ({"finish_reason": "content_filter", "message": {"content": ""}}, Why.REFUSED),
        ({"finish_reason": "stop", "message": {"content": None, "refusal": "I can't help"}}, Why.REFUSED),
        ({"finish_reason": "length", "message": {"content": "{"}}, Why.CUT_OFF),
        ({"finish_reason": "stop", "message": {"content": "I would say four."}}, Why.INVALID_REPLY),
    ],
)
def test_a_reply_without_a_grade_is_no_low_level(tmp_path: Path, edit: dict[str, Any], expected: Why) -> None:
    """Refused, cut, in words only: each is its own reason."""
    with api.OpenAIServer(edits={"choices": [edit]}) as server:
        run = go(write_project(tmp_path), server)

    assert why(run) == {expected}


@pytest.mark.parametrize(
    ("response", "expected"),
    [
        (api.failure(400, "filtered", code="content_filter"), Why.REFUSED),
        *((HttpResponse(status=status), Why.GAVE_UP) for status in (202, 204, 206, 304, 406, 418, 451, 600, 999)),
    ],
    ids=lambda value: str(getattr(value, "status", "")),
)
def test_no_odd_status_of_one_reply_ends_a_run(tmp_path: Path, response: HttpResponse, expected: Why) -> None:
    """A gateway's odd answer costs the call that got it its grade, and nobody else's."""
    with api.OpenAIServer(api.always(response)) as server:
        run = go(write_project(tmp_path), server)

    assert run.meta.state is RunState.FINISHED
    assert why(run) == {expected}


@pytest.mark.parametrize(
    "around",
    ["```json\n{}\n```", '<think>A level of {{4}}? {{"level": 1}}</think>\n{}', "Here you are: {}\nAnything else?"],
)
def test_a_local_model_may_think_aloud_and_fence_its_reply(tmp_path: Path, around: str) -> None:
    """Read leniently, checked strictly."""
    with api.OpenAIServer(text=lambda body: around.replace("{}", api.grading(body))) as server:
        run = go(write_project(tmp_path), server)

    assert run.meta.ungraded == 0


@pytest.mark.parametrize(
    ("response", "said"),
    [
        (api.failure(429, "You exceeded your current quota", code="insufficient_quota"), "exceeded your current quota"),
        (api.failure(402, "Insufficient credits"), "Insufficient credits"),
        (api.failure(404, "The model `m` does not exist"), "does not know the model m"),
        (HttpResponse(status=307, headers={"location": "http://elsewhere.example/v1"}), "another address"),
    ],
)
def test_what_no_call_would_survive_stops_the_run(tmp_path: Path, response: HttpResponse, said: str) -> None:
    """Spent quota, an unknown model, a redirect: nothing further is sent, and the key goes nowhere else."""
    with api.OpenAIServer(api.always(response)) as server:
        run = go(write_project(tmp_path, many(20)), server, concurrency=2)

    assert run.meta.state is RunState.STOPPED
    assert said in run.meta.why
    assert len(server.requests) <= 3


def test_a_refused_key_is_told_before_any_answer_leaves(tmp_path: Path) -> None:
    """The list of models is asked first."""
    with api.OpenAIServer(key="another") as server:
        run = go(write_project(tmp_path), server)

    assert (run.meta.state, server.requests) == (RunState.STOPPED, [])
    assert "Incorrect API key" in run.meta.why
    assert "test-key" not in run.meta.why


def test_a_server_without_a_list_of_models_is_used_all_the_same(tmp_path: Path) -> None:
    """Many local servers have none."""
    with api.OpenAIServer(models=api.failure(404, "not found")) as server:
        assert go(write_project(tmp_path), server).meta.ungraded == 0


def test_the_key_and_names_that_are_redacted_leave_in_no_body(tmp_path: Path) -> None:
    """The key stands in one header; a redacted name nowhere."""
    root = write_project(tmp_path, config="redact: [engineer]\n")
    with api.OpenAIServer() as server:
        go(root, server, record="kept")

    sent = api.texts(server.requests)
    assert "REDACTED-1" in sent
    assert "engineer" not in sent
    assert "test-key" not in sent
    kept = "".join(path.read_text() for path in Path("kept").glob("*.json"))
    assert kept
    assert "test-key" not in kept


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_other_views_and_plans_know_the_grader_without_a_key(tmp_path: Path) -> None:
    """`progress`, `brief` and `--plan` need the identity only."""
    root = write_project(tmp_path, many(2))
    with api.OpenAIServer() as server:
        go(root, server)
        given = settings(server)
    _, _, found = history(settings=given, world=world_at(root))
    _, planned = preview.plans([], {**given, "mode": "joint"}, Choice(), world_at(root))
    ((_, request), _) = preview.requests("q0", None, given, world_at(root))

    assert all(series.results[-1].total is not None for series in found.series)
    assert [(p.mode, p.estimate.requests, p.estimate.usd) for p in planned] == [
        ("per_criterion", 0, None),
        ("joint", 2, None),
    ]
    assert json.loads(request["messages"][0]["content"].strip().rpartition("\n")[2])


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"model": "m"}, GradingStopped, "no OPENAI_API_KEY"),
        ({"base_url": "http://10.1.2.3/v1", "model": "m"}, InputError, "plain http"),
        ({"base_url": "https://user:pw@example.com/v1", "model": "m"}, InputError, "user or password"),
        ({"base_url": "http://127.0.0.1:1/v1"}, InputError, "needs a model"),
    ],
)
def test_host_key_and_model_are_checked_before_anything_is_sent(
    tmp_path: Path, given: dict[str, str], error: type[Exception], message: str
) -> None:
    """Told as a person can fix it."""
    config = Config(grader="openai", model=given.get("model", ""), base_url=given.get("base_url", ""))

    with pytest.raises(error, match=message):
        make(config, world_at(tmp_path))


def test_a_model_without_a_price_is_refused_under_a_budget_unless_it_runs_here(tmp_path: Path) -> None:
    """max_usd is a promise: without a price it cannot be kept at a server that may send a bill."""
    config = Config(grader="openai", model="m", base_url="https://api.example.com/v1")
    grader = without_sending(config, world_at(tmp_path))

    with pytest.raises(InputError, match="max_usd cannot be kept"):
        grader.check_price(grader.estimate([]).of_unknown_price(1))


@pytest.mark.parametrize("most", [0.0, 5.0])
def test_a_run_here_says_that_nothing_limits_an_unknown_price(tmp_path: Path, most: float) -> None:
    """A gateway on this machine may send a bill all the same: said before the first call, where a limit was set."""
    notes = Notes()
    with api.OpenAIServer() as server:
        go(write_project(tmp_path), server, notes=notes, max_usd=most)

    assert any("max_usd does not limit it" in line for line in notes.lines) is (most > 0)


def test_one_api_behind_two_gateways_is_one_grader(tmp_path: Path) -> None:
    """Another port is another address of the same API: the settings name it, and nothing is asked twice."""
    gateways = {"127.0.0.1": "api.example.com"}
    project = write_project(tmp_path)
    with api.OpenAIServer() as first, api.OpenAIServer() as second:
        run = go(project, first, gateways=gateways)
        again = go(project, second, gateways=gateways)
        asked = len(second.requests)
        other = go(project, second, gateways={})

        assert (len(first.requests) > 0, second.url != first.url) == (True, True)
    assert run.meta.grader.host == again.meta.grader.host == "api.example.com"
    assert asked == 0
    assert other.meta.grader.host.startswith("127.0.0.1:")
