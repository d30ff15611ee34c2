"""Which hosts are this machine, however they are written, and that no proxy hears of what is asked of them."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import evalharness
from evalharness.errors import InputError
from evalharness.graders.sending.host import host_of
from evalharness.model.run import Run
from tests import apiserver as api
from tests.openaiserver import OpenAIServer
from tests.responder import GradingResponder
from tests.support import world_at, write_project

HERE = (
    *("localhost", "LOCALHOST", "localhost.", "127.0.0.1", "127.0.0.2", "127.1", "2130706433", "0x7f.1", "0.0.0.0"),
    *("[::1]", "[::ffff:127.0.0.1]", "[0:0:0:0:0:0:0:1]", "[::]"),
)
AWAY = (
    *("localhost.example.org", "127.0.0.1.example.org", "127.0.0.1 .example.org", "8.8.8.8", "8.1", "[::ffff:8.8.8.8]"),
    *("[fe80::1]", "host.docker.internal", "0x8.8.8.8", "localhostx", "1"),
)
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
NO_PROXY = (None, "", "*", "example.org", "[::1", " , ,127.0.0.1 ")
QUICK = {"attempts": 1, "scale": 0.01, "call": 20.0}


@pytest.mark.parametrize("name", HERE)
def test_this_machine_is_known_however_it_is_written(name: str) -> None:
    """Plain http is allowed there, and only there."""
    assert host_of(f"http://{name}:8000/v1", key="KEY", example="").local


@pytest.mark.parametrize("name", AWAY)
def test_what_only_looks_like_this_machine_gets_nothing_in_clear(name: str) -> None:
    """A name that begins with a loopback address belongs to whoever owns the rest of it."""
    with pytest.raises(InputError, match=r"plain http|cannot be read"):
        host_of(f"http://{name}:8000", key="KEY", example="")


@pytest.fixture
def proxy() -> Iterator[tuple[str, list[bytes]]]:
    """A proxy that notes what it is asked and answers nothing."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def listen() -> None:
            while True:
                try:
                    caller, _ = listening.accept()
                except OSError:
                    return
                with caller:
                    heard.append(caller.recv(200))

        threading.Thread(target=listen, daemon=True).start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", heard
        listening.shutdown(socket.SHUT_RDWR)


def asked(folder: Path, grader: str, url: str) -> Run:
    given = {"grader": grader, "model": "claude-opus-5", "base_url": url, "retry": QUICK, "max_samples": 1}
    given["prices"] = {"claude-opus-5": {"input": 1.0, "output": 1.0}}
    keys = {"ANTHROPIC_API_KEY": "test-key", "OPENAI_API_KEY": "test-key"}
    return evalharness.run([], settings=given, world=world_at(write_project(folder), environment=keys))


def surrounded(patch: pytest.MonkeyPatch, proxy: str, without: str | None, *, lower: bool) -> None:
    for name in (*PROXIES, "NO_PROXY"):
        patch.delenv(name, raising=False)
        patch.delenv(name.lower(), raising=False)
    for name in PROXIES:
        patch.setenv(name.lower() if lower else name, proxy)
    if without is not None:
        patch.setenv("no_proxy" if lower else "NO_PROXY", without)


@pytest.mark.parametrize("without", NO_PROXY)
@pytest.mark.parametrize("grader", ["anthropic", "openai"])
def test_what_is_asked_of_this_machine_passes_by_every_proxy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, proxy: tuple[str, list[bytes]], grader: str, without: str | None
) -> None:
    """Answers and key go straight to the server, whatever is set in whichever case."""
    url, heard = proxy
    surrounded(monkeypatch, url, without, lower=without in (None, "*", "[::1"))
    served = OpenAIServer() if grader == "openai" else api.ApiServer(responder=GradingResponder())
    with served as server:
        run = asked(tmp_path, grader, server.url.replace("127.0.0.1", "localhost"))

    assert (run.meta.ungraded, run.meta.why, heard) == (0, "", [])


@pytest.mark.parametrize("name", [name for name in HERE if name not in ("0.0.0.0", "[::]")])
@pytest.mark.parametrize("grader", ["anthropic", "openai"])
def test_a_proxy_is_not_asked_for_a_way_to_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, proxy: tuple[str, list[bytes]], grader: str, name: str
) -> None:
    """With https, too: nothing listens there, so nothing is graded."""
    url, heard = proxy
    surrounded(monkeypatch, url, None, lower=False)

    run = asked(tmp_path, grader, f"https://{name}:1")

    assert heard == []
    assert run.meta.ungraded == 2
