"""A process killed at any moment loses at most the calls under way."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from benchmarks.kills import disturbed
from evalharness.cli import main
from evalharness.store import files, writer
from evalharness.store.runs import Store
from tests import apiserver as api
from tests.responder import GradingResponder
from tests.started import started
from tests.support import many, write_project

Again = Callable[..., int]
MOMENTS = (1, 2, 3, 4, 5, 7, 9, 12, 16, 20)
COUNT = 12


def killed(moment: int, *arguments: str) -> int:
    """Run, and be killed when the `moment`-th write of grades is about to happen, half of it being written first."""
    real, writes = files.write_all, 0

    def counted(descriptor: int, data: bytes) -> None:
        nonlocal writes
        writes += 1
        if writes == moment:
            os.write(descriptor, bytes(data)[: len(data) // 2])
            os.kill(os.getpid(), signal.SIGKILL)
        real(descriptor, data)

    files.write_all = writer.write_all = counted  # type: ignore[attr-defined]
    return main(arguments)


def start(root: Path, moment: int, *arguments: str, env: dict[str, str] | None = None) -> int:
    return started(killed, moment, "run", *arguments, cwd=root, env=env)


@pytest.fixture
def again(monkeypatch: pytest.MonkeyPatch) -> Again:
    """The same command in this process, undisturbed: what a person does after a crash."""

    def run(root: Path, *arguments: str) -> int:
        monkeypatch.chdir(root)
        monkeypatch.setenv("ANTHROPIC_API_KEY", "test-key")
        monkeypatch.setenv("ANTHROPIC_CUSTOM_HEADERS", "x-run: again")
        return main(["run", *arguments])

    return run


def levels(root: Path) -> dict[tuple[str, str], Any]:
    """Return level by attempt and criterion of the newest run, each grade once."""
    store = Store(root / "reports")
    grades = store.read(store.resolve("latest")).grades
    assert len({(grade.case, grade.criterion) for grade in grades}) == len(grades)
    return {(grade.case, grade.criterion): getattr(grade.outcome, "level", None) for grade in grades}


def whole_lines(root: Path) -> set[str]:
    """Return the keys that stood whole in any file when the process was killed."""
    found = set()
    for file in (root / "reports").glob("*/grades.jsonl"):
        text = file.read_text()
        found |= {line[8:40] for line in text[: text.rfind("\n") + 1].splitlines()}
    return found


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Any]:
    root = write_project(tmp_path_factory.mktemp("whole"), many(COUNT))
    assert start(root, 0, "--grader", "heuristic") == 0
    return levels(root)


@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_while_grading_offline_the_next_run_completes(
    tmp_path: Path, moment: int, undisturbed: dict[tuple[str, str], Any], again: Again
) -> None:
    """The grades equal those of an undisturbed run."""
    root = write_project(tmp_path, many(COUNT))

    assert start(root, moment, "--grader", "heuristic") == -signal.SIGKILL
    assert again(root, "--grader", "heuristic") == 0
    assert levels(root) == undisturbed


@pytest.mark.parametrize("moment", [1, 2, 5, 11, 17, 23])
def test_killed_while_calling_nothing_stored_is_asked_again(tmp_path: Path, moment: int, again: Again) -> None:
    """Every answered and stored call is used; the second run asks only for the rest."""
    root = write_project(tmp_path, many(COUNT))
    with api.ApiServer(responder=GradingResponder()) as server:
        env = {"ANTHROPIC_API_KEY": "test-key"}
        arguments = ("--grader", "anthropic", "--base-url", server.url, "--concurrency", "4")
        assert start(root, moment, *arguments, env=env) == -signal.SIGKILL
        stored_calls = max(0, len(whole_lines(root)) - COUNT)  # the measures are stored first
        assert again(root, *arguments) == 0

        # What the killed process had sent may be served only now, so the second one's requests bear a mark.
        asked = [call for call in server.requests if call.endpoint == "messages" and "x-run" in call.headers]
        assert len(asked) == 2 * COUNT - stored_calls
    assert None not in levels(root).values()


@pytest.mark.parametrize("moment", [1, 2, 4, 6, 10, 18, 25])
def test_killed_around_a_batch_no_second_batch_is_made(tmp_path: Path, moment: int, again: Again) -> None:
    """Before, while and after it was pending: the same batch is picked up."""
    root = write_project(tmp_path, many(COUNT))
    (root / "evalharness.yaml").write_text("retry: {poll: 0.01, scale: 0.01}\n")
    with api.ApiServer(responder=GradingResponder(), batches=api.BatchPlan(polls=1)) as server:
        env = {"ANTHROPIC_API_KEY": "test-key"}
        arguments = ("--grader", "anthropic", "--base-url", server.url, "--batch")
        assert start(root, moment, *arguments, env=env) == -signal.SIGKILL
        assert again(root, *arguments) == 0

        batches = [request for request in server.requests if request.endpoint == "batches.create"]
        assert len(batches) == 1
    assert None not in levels(root).values()


@pytest.mark.parametrize("name", ["import", "practice"])
def test_ended_at_any_moment_the_next_command_comes_to_the_same(name: str) -> None:
    """By SIGKILL, SIGTERM and SIGINT; benchmarks/kills.py has a hundred moments and every command that writes."""
    assert [told for _, told in disturbed(name, 3, seed=19) if told] == []
