"""A server that floods a connection with what is no reply: its calls end by their time, and no other is held up."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

import evalharness
from evalharness.model.config import RetryPolicy
from evalharness.model.nouns import Graded, Outcome, Ungraded, Why
from evalharness.model.run import RunState
from tests.hostile import Hostile
from tests.support import many, world_at, write_project

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
CHUNKED = HEAD + b"transfer-encoding: chunked\r\n\r\n"
QUICK = RetryPolicy(scale=0.001, poll=0.01, attempts=2, call=1)
FLOODS = {
    "no reply yet": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "still at work": (b"", b"HTTP/1.1 102 Processing\r\n\r\n"),
    "one byte a chunk": (CHUNKED, b"1\r\n \r\n"),
    "a chunk without an end": (CHUNKED + b"1" * 60 + b"\r\n", b" "),
    "headers": (HEAD, b"x-a: b\r\n"),
    "one header": (HEAD + b"x-a: ", b"b"),
}
LATE = {"no reply yet", "still at work"}


class Flooding(Hostile):
    """Floods every call that holds some words for as long as it is listened to, and answers the others."""

    def __init__(self, name: str, words: bytes) -> None:
        super().__init__(share=0.0)
        self.floods = 0
        head, piece = FLOODS[name]
        server, right = self, self._server.RequestHandlerClass

        class Handler(right):  # type: ignore[misc, valid-type]
            def do_POST(self) -> None:  # noqa: N802  # the name that the library calls
                if words not in self.rfile.peek(1 << 20):
                    super().do_POST()
                    return
                self.close_connection = True
                server.floods += 1
                with contextlib.suppress(OSError):
                    self.wfile.write(head)
                    while True:
                        self.wfile.write(piece * 2_000)

        self._server.RequestHandlerClass = Handler


def outcomes(root: Path, server: Flooding, grader: str, answers: int) -> dict[str, list[Outcome]]:
    """Return what became of every call of a run, by criterion."""
    keys = {"ANTHROPIC_API_KEY": "sk-test-0123456789", "OPENAI_API_KEY": "sk-test-0123456789"}
    given = {"grader": grader, "model": "m", "base_url": server.url, "retry": QUICK, "max_usd": 0.0}
    run = evalharness.run([], settings=given, world=world_at(write_project(root, many(answers)), environment=keys))
    assert run.meta.state is RunState.FINISHED
    return {name: [g.outcome for g in run.grades if g.criterion == name] for name in ("example", "trade_offs")}


def is_told(outcome: Outcome, name: str) -> bool:
    """Return whether a call ended by its deadline, told as such, or sooner: no reply has such a head or such pieces."""
    late = isinstance(outcome, Ungraded) and "no complete reply within" in outcome.detail
    return isinstance(outcome, Ungraded) and outcome.why is Why.GAVE_UP and (late or name not in LATE)


@pytest.mark.parametrize("name", FLOODS)
def test_a_flooded_call_ends_and_the_others_are_graded(tmp_path: Path, name: str) -> None:
    """Two calls of four are flooded at the same time."""
    with Flooding(name, b"What was given up.") as server:
        found = outcomes(tmp_path, server, "anthropic", 2)

    assert server.floods >= 2
    assert all(isinstance(outcome, Graded) for outcome in found["example"])
    assert all(is_told(outcome, name) for outcome in found["trade_offs"])


@pytest.mark.parametrize("name", FLOODS)
def test_no_flood_holds_up_the_other_client(tmp_path: Path, name: str) -> None:
    """A reply in tens of thousands of pieces is refused before its bytes are too many."""
    with Flooding(name, b"") as server:
        found = outcomes(tmp_path, server, "openai", 1)

    assert server.floods >= 2
    for outcome in (*found["example"], *found["trade_offs"]):
        assert isinstance(outcome, Ungraded)
        assert is_told(outcome, name) or (name == "one byte a chunk" and "pieces" in outcome.detail)
