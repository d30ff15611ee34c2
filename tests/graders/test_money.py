"""Nothing is spent that the budget does not hold, nothing is paid twice, and nothing is paid for in vain."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import evalharness
from evalharness.errors import BudgetReached, StoreError
from evalharness.graders.anthropic import DEFAULTS
from evalharness.graders.receiving.bodies import TOO_LONG, lines
from evalharness.graders.sending.budget import Budget, Purse
from evalharness.jury import workflow as jury
from evalharness.model.nouns import Graded, Usage, Why
from evalharness.model.run import RunState
from evalharness.store.claims import Claims
from tests import apiserver as api
from tests.graders.test_anthropic import KEY, QUICK, go, messages, reasons
from tests.graders.test_batch import created, run_batch
from tests.hostile import Hostile
from tests.program import program
from tests.responder import GradingResponder
from tests.support import Notes, many, world_at, write_project

ROOT = Path(__file__).parents[2]
PRICED = str(DEFAULTS["model"])


def test_a_batch_obeys_the_budget(tmp_path: Path) -> None:
    """What was submitted could never have cost more than was allowed, and the run says that the budget ended it."""
    with api.ApiServer(responder=GradingResponder(), batches=api.BatchPlan(polls=0)) as server:
        run = run_batch(write_project(tmp_path, many(30)), server, max_usd=0.06)

    assert run.meta.state is RunState.BUDGET
    assert 0 < server.bill.usd <= 0.06
    assert reasons(run)[Why.BUDGET] > 0
    sent = [item["custom_id"] for request in created(server) for item in request.body["requests"]]
    assert len(sent) == len(set(sent)) < 60


def test_all_graders_of_a_jury_spend_from_one_budget(tmp_path: Path) -> None:
    """What the first has spent, the second may not spend again; it says so and keeps what it has."""
    config = "max_samples: 1\nmax_usd: 0.25\ngraders: [{grader: anthropic}, {grader: anthropic, effort: high}]\n"
    with api.ApiServer(responder=GradingResponder()) as server:
        world = world_at(write_project(tmp_path, many(12), config=config), environment=KEY)
        found = jury.run(settings={"base_url": server.url, "retry": QUICK}, world=world)
        billed = server.bill.usd

    first, second = (seat.run.meta for seat in found.seats if seat.run)
    assert RunState.BUDGET in (first.state, second.state)
    assert 0 < billed <= 0.25
    assert billed == pytest.approx((first.cost.spent or 0) + (second.cost.spent or 0))


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(0, 4_000)), max_size=60))
def test_whoever_pays_from_a_purse_never_crosses_its_budget(steps: list[tuple[bool, bool, int]]) -> None:
    """Two graders in any order, calls under way or billed, some without a word on what they took."""
    purse, most = Purse(), 0.1
    graders = [Budget(most, {}, purse), Budget(most, {}, purse)]
    held: list[list[float]] = [[], []]
    for second, bill, out in steps:
        if bill and held[second]:
            usage = Usage(input=1_000, output=out) if out else Usage()
            graders[second].settle(held[second].pop(), usage, PRICED)
            continue
        with contextlib.suppress(BudgetReached):
            held[second].append(graders[second].reserve(PRICED, input_tokens=1_000, output_tokens=4_000))

    assert purse.spent + purse.reserved <= most + 1e-9
    assert purse.spent == pytest.approx(sum(grader.spent for grader in graders))
    assert purse.reserved == pytest.approx(sum(map(sum, held)))


def test_a_batch_within_the_budget_goes_in_as_many_lots_as_it_takes(tmp_path: Path) -> None:
    """Held is what items could cost at most; what did not fit beside them goes once the others are paid."""
    with api.ApiServer(responder=GradingResponder(), batches=api.BatchPlan(polls=0)) as server:
        run = run_batch(write_project(tmp_path, many(12)), server, max_usd=0.30)

    assert (run.meta.state, run.meta.ungraded) == (RunState.FINISHED, 0)
    assert len(created(server)) > 1
    assert server.bill.usd <= 0.30


ANSWERS = (
    api.rate_limited(),
    api.server_error(500),
    api.html(),
    api.raw(b"[]"),
    api.raw(b"null"),
    api.raw(b'{"id": 7, "processing_status": [], "created_at": "soon", "data": [null, 3, {"created_at": true}]}'),
    api.raw(b'{"id": "\\u001b[2J", "processing_status": "\\u001b[2J", "expires_at": "9999-99-99", "data": {}}'),
    api.raw(b"[" * 100_000),
    api.raw(b"\xff" * 400),
)


@pytest.mark.parametrize("endpoint", ["batches.create", "batches.list", "batches.retrieve", "batches.results"])
@pytest.mark.parametrize("effect", ANSWERS, ids=range(len(ANSWERS)))
def test_no_answer_to_a_batch_s_question_is_more_than_an_end_of_the_run(
    tmp_path: Path, endpoint: str, effect: Any
) -> None:
    """Whatever create, list, retrieve or results are answered with: the run ends in a state that it names."""
    rules = [api.every_time(effect, on=endpoint)]
    if endpoint == "batches.list":
        rules.append(api.every_time(api.html(), on="batches.create"))
    with api.ApiServer(api.behave(*rules), GradingResponder(), batches=api.BatchPlan(polls=0)) as server:
        run = run_batch(write_project(tmp_path, many(2)), server, wait=True)

    assert run.meta.state in (RunState.STOPPED, RunState.FINISHED)
    assert not run.meta.why or "\x1b" not in run.meta.why
    assert len({grade.slot for grade in run.grades}) == run.meta.planned


@given(st.lists(st.text(alphabet="ab\u2028\u2029\x85\x0b\x1c", max_size=6), max_size=6), st.integers(1, 4))
def test_lines_of_a_download_end_at_new_lines_alone(texts: list[str], size: int) -> None:
    """Separators of other kinds are legal inside JSON; how the download is cut into pieces changes nothing."""
    import asyncio

    data = "".join(f"{text}\n" for text in texts).encode()

    async def read(most: int) -> list[bytes]:
        async def pieces() -> Any:
            for at in range(0, len(data), size):
                yield data[at : at + size]

        return [line async for line in lines(pieces(), most=most)]

    assert asyncio.run(read(1000)) == [text.encode() for text in texts]
    assert {line if len(line) <= 5 else b"" for line in asyncio.run(read(5))} <= {
        *(text.encode() for text in texts if len(text.encode()) <= 5), b"", TOO_LONG,
    }  # fmt: skip


def command(root: Path, url: str, *more: str) -> subprocess.Popen[str]:
    environment = {name: value for name, value in os.environ.items() if "PROXY" not in name.upper()}
    asked = [*program(), "run", "--grader", "anthropic", "--base-url", url, "--max-usd", "0"]
    return subprocess.Popen(
        [*asked, *more],
        cwd=root,
        env={**environment, "ANTHROPIC_API_KEY": "test-key", "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )


def test_several_runs_at_once_over_one_folder_pay_once(tmp_path: Path) -> None:
    """One of them asks for a grade, the others wait and take it over; each ends with all grades."""
    write_project(tmp_path, many(4))
    with api.ApiServer(api.behave(api.every_time(api.latency(0.3))), GradingResponder()) as server:
        runs = [command(tmp_path, server.url) for _ in range(3)]
        said = [run.communicate(timeout=120)[0] for run in runs]
        bodies = Counter(str(request.body) for request in messages(server))

    assert [run.returncode for run in runs] == [0, 0, 0], said
    assert set(bodies.values()) == {1}
    assert len(bodies) == 8
    assert not (tmp_path / "reports" / ".claimed").exists()


def test_a_claim_is_given_back_when_its_owner_dies(tmp_path: Path) -> None:
    """However it ends: the system lets go of the lock, and somebody else takes it."""
    hold = "import sys, time; from pathlib import Path; from evalharness.store.claims import Claims\n"
    hold += "c = Claims(Path(sys.argv[1])); print(c.take('key'), flush=True); time.sleep(60)"
    owner = subprocess.Popen([sys.executable, "-c", hold, str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert owner.stdout is not None
    assert owner.stdout.readline() == "True\n"
    claims = Claims(tmp_path)

    assert not claims.take("key")
    assert claims.take("another")
    owner.send_signal(signal.SIGKILL)
    owner.wait()
    owner.stdout.close()
    assert claims.take("key")
    claims.give_back("key")
    claims.give_back("another")
    assert not list(tmp_path.iterdir())


def test_without_locks_everybody_pays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a file system that knows no locks a claim keeps nobody from grading."""

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.lockf", refuse)

    assert Claims(tmp_path).take("key")
    assert Claims(tmp_path).take("key")


def test_two_runs_of_one_process_hold_their_claims_apart(tmp_path: Path) -> None:
    """What one holds the other waits for; giving back one gives back no other, and the last one tidies up."""
    one, other = Claims(tmp_path / "reports"), Claims(tmp_path / "reports")
    ask = "import sys; from pathlib import Path; from evalharness.store.claims import Claims\n"
    ask += "print(Claims(Path(sys.argv[1])).take('second'))"

    assert one.take("first")
    assert not other.take("first")
    assert other.take("second")
    one.give_back("first")
    asked = [sys.executable, "-c", ask, str(tmp_path / "reports")]
    assert subprocess.run(asked, cwd=ROOT, capture_output=True, text=True).stdout == "False\n"
    assert other.take("first")
    other.give_back("first")
    other.give_back("second")
    assert not list((tmp_path / "reports").iterdir())


def test_a_run_whose_folder_vanished_sends_nothing_more(tmp_path: Path) -> None:
    """What would be paid could not be kept."""
    write_project(tmp_path, many(6))

    class Removing(Hostile):
        def answer(self, body: Any) -> Any:
            shutil.rmtree(tmp_path / "reports", ignore_errors=True)
            return super().answer(body)

    with Removing(share=0.0) as server, pytest.raises(StoreError, match="moved or removed"):
        go(tmp_path, server, concurrency=1)  # type: ignore[arg-type]  # it has an address too
    assert sum(server.bodies.values()) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to send there")
def test_ctrl_c_is_answered_at_once_and_keeps_what_was_under_way(tmp_path: Path) -> None:
    """Calls under way end and are kept, nothing new is begun, the exit code says that it was interrupted."""
    write_project(tmp_path, many(12))
    with api.ApiServer(api.behave(api.every_time(api.latency(1.0))), GradingResponder()) as server:
        run = command(tmp_path, server.url, "--concurrency", "2")
        until = time.monotonic() + 60
        while not messages(server) and time.monotonic() < until:
            time.sleep(0.05)
        run.send_signal(signal.SIGINT)
        said, _ = run.communicate(timeout=60)
        asked = len(messages(server))

    assert run.returncode == 130
    assert "interrupted: calls under way have 5 s to end" in said
    assert 1 <= asked <= 4
    stored = next((tmp_path / "reports").glob("*/grades.jsonl")).read_text()
    assert stored.count('"type":"graded"') - stored.count('"by":"code"') >= 1


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to send there")
@pytest.mark.parametrize("gap", [0.02, 0.5])
@pytest.mark.parametrize("times", [2, 3])
def test_ctrl_c_twice_ends_now_and_without_a_traceback(tmp_path: Path, times: int, gap: float) -> None:
    """Nothing is waited for, and nobody is told of tasks."""
    write_project(tmp_path, many(3))
    with api.ApiServer(api.behave(api.every_time(api.latency(30.0))), GradingResponder()) as server:
        run = command(tmp_path, server.url)
        until = time.monotonic() + 60
        while not messages(server) and time.monotonic() < until:
            time.sleep(0.05)
        for _ in range(times):
            run.send_signal(signal.SIGINT)
            time.sleep(gap)
        start = time.monotonic()
        said, _ = run.communicate(timeout=60)

    assert run.returncode in {130, -signal.SIGINT}
    assert "Traceback" not in said
    assert time.monotonic() - start < 5


def test_a_proxy_does_not_see_what_is_asked_of_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Key and answers go to the loopback server, whatever HTTP_PROXY and SSL_CERT_FILE say."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "no-such-file.pem"))
    with api.ApiServer(responder=GradingResponder()) as server:
        run = go(write_project(tmp_path), server)

    assert (run.meta.state, run.meta.ungraded) == (RunState.FINISHED, 0)


@pytest.mark.parametrize(
    ("name", "value"),
    [("SSL_CERT_FILE", "no.pem"), ("HTTPS_PROXY", "socks9://x:y@["), ("ALL_PROXY", "socks5://127.0.0.1:1")],
)
def test_an_environment_that_allows_no_connection_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    """No traceback and no exit 1: the run stops with what to look at, and sends nothing."""
    monkeypatch.setenv(name, value)
    monkeypatch.setenv("SSL_CERT_FILE", "no.pem")
    with api.ApiServer(responder=GradingResponder()) as server:
        away = server.url.replace("http:", "https:")
        run = go(write_project(tmp_path), server, base_url=away)

    assert run.meta.state is RunState.STOPPED
    assert messages(server) == []


@pytest.mark.parametrize("name", ["true_tokens", "no_usage"])
def test_a_server_that_hides_what_a_call_took_cannot_empty_the_purse(tmp_path: Path, name: str) -> None:
    """Each such call counts as the most that it could cost, and that is said once."""
    notes = Notes()
    with Hostile(names=(name,)) as server:
        given = {"base_url": server.url, "max_usd": 0.5, "retry": QUICK, "grader": "anthropic", "max_samples": 1}
        world = world_at(write_project(tmp_path, many(12)), environment=KEY, watcher=notes)
        run = evalharness.run([], settings=given, world=world)

    assert run.meta.state is RunState.BUDGET
    assert 0 < sum(server.bodies.values()) < 24
    assert sum("does not say what a call took" in line for line in notes.lines) == 1


def test_true_is_no_count_of_tokens(tmp_path: Path) -> None:
    """What was graded stays readable whatever the server says of it."""
    with Hostile(names=("true_tokens",)) as server:
        run = go(write_project(tmp_path), server)  # type: ignore[arg-type]

    assert len(run.grades) == run.meta.planned
    assert all(isinstance(grade.outcome, Graded) for grade in run.grades)
