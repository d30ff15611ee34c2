"""What is promised never to be sent, or never to be kept, is not: looked for in every byte that left or was written."""

from __future__ import annotations

import json
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

import evalharness
from evalharness.errors import EvalHarnessError
from evalharness.grading import preview
from evalharness.model.config import RetryPolicy
from evalharness.model.nouns import Ungraded
from tests import apiserver as api
from tests import openaiserver
from tests.hostile import JSON, Answer, Hostile
from tests.responder import GradingResponder
from tests.support import ANSWER, Notes, world_at, write_project

QUICK = RetryPolicy(scale=0.001, poll=0.01, attempts=2)
KEY = "test-key"
ENVIRONMENT = {"ANTHROPIC_API_KEY": KEY, "OPENAI_API_KEY": KEY, "PATH": "/usr/bin:/bin"}

SECRETS = ("hiddenfolder", "hiddenquestion", "hiddenauthor", "hiddennote", "hiddensource", "hiddencomment", "hiddenask")
QUESTION = "question: What did you change?\nrubric: talk\nid: hiddenquestion\nto_ask: [What of hiddenask?]\n"
ATTEMPT = f"""\
---
author: hiddenauthor
date: 2026-09-01
notes: hiddennote
source: hiddensource
self_score: 2
---
{ANSWER}
<!-- hiddencomment -->
"""
READER = "import sys, pathlib; pathlib.Path('kept').open('a').write(sys.stdin.read() + ' '.join(sys.argv))"


def project(root: Path) -> Path:
    write_project(root, {"hiddenfolder/hiddenauthor/2026-09-01.md": ATTEMPT})
    folder = root / "cases/hiddenfolder"
    (folder / "hiddenauthor/question.yaml").unlink()
    (folder / "question.yaml").write_text(QUESTION, encoding="utf-8")
    return root


def sent_by(root: Path, settings: Mapping[str, Any]) -> str:
    """Return all that a run sends: bodies, the path that is asked, and for a program its arguments and its input."""
    world = world_at(root, environment=ENVIRONMENT)
    if settings["grader"] == "anthropic":
        with api.ApiServer(responder=GradingResponder(), batches=api.BatchPlan(polls=1)) as server:
            evalharness.run([], settings={"base_url": server.url, "max_usd": 0.0, **settings}, world=world)
        return "".join(json.dumps(request.body) for request in server.requests)
    if settings["grader"] == "openai":
        with openaiserver.OpenAIServer() as other:
            evalharness.run([], settings={"base_url": other.url, "model": "m", "max_usd": 0.0, **settings}, world=world)
        return openaiserver.texts(other.requests)
    kept = root / "reader.py"
    kept.write_text(READER.replace("'kept'", repr(str(root / "kept"))), encoding="utf-8")
    line = shlex.join([sys.executable, str(kept)])
    evalharness.run([], settings={**settings, "command": line, "max_samples": 1}, world=world)
    return (root / "kept").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "settings",
    [
        {"grader": "anthropic"},
        {"grader": "anthropic", "mode": "joint"},
        {"grader": "anthropic", "batch": True},
        {"grader": "openai"},
        {"grader": "command"},
    ],
    ids=lambda settings: " ".join(map(str, settings.values())),
)
def test_notes_names_of_files_and_comments_are_in_no_request(tmp_path: Path, settings: dict[str, Any]) -> None:
    """The answer is sent; who gave it, where it lies, and what was written for oneself are not."""
    sent = sent_by(project(tmp_path), {"retry": QUICK, **settings})

    assert "nightly export" in sent
    assert [secret for secret in (*SECRETS, KEY) if secret in sent] == []


def test_prompt_shows_what_is_sent(tmp_path: Path) -> None:
    """Letter for letter, without sending anything."""
    root = project(tmp_path)
    world = world_at(root, environment=ENVIRONMENT)
    shown = [dict(body) for _, body in preview.requests("hiddenquestion", None, {"grader": "anthropic"}, world)]

    with api.ApiServer(responder=GradingResponder()) as server:
        settings = {"grader": "anthropic", "base_url": server.url, "retry": QUICK, "max_usd": 0.0}
        evalharness.run([], settings=settings, world=world)
    sent = [request.body for request in server.requests if request.endpoint == "messages"]

    assert {json.dumps([b["system"], b["messages"]]) for b in shown} == {
        json.dumps([b["system"], b["messages"]]) for b in sent
    }


def test_a_name_that_is_left_stops_its_call_alone(tmp_path: Path) -> None:
    """Here it comes back in what stands for another name: not sent, the reason says so, and other calls go on."""
    root = write_project(tmp_path, {"a/2026-09-01.md": ANSWER, "b/2026-09-01.md": ANSWER.replace("March", "Lent")})
    with api.ApiServer(responder=GradingResponder()) as server:
        settings = {"grader": "anthropic", "base_url": server.url, "retry": QUICK, "max_usd": 0.0}
        names = (("March", "Talvik"), ("Talvik", "X"))
        run = evalharness.run([], settings={**settings, "redact": names}, world=world_at(root, environment=ENVIRONMENT))

    asked = {grade.slot: grade.outcome for grade in run.grades if grade.criterion != "speaking_time"}
    for (case, *_), outcome in asked.items():
        stopped = isinstance(outcome, Ungraded) and "was not sent" in outcome.detail
        assert stopped == str(case).startswith("a/")
    assert "Talvik" not in json.dumps([request.body for request in server.requests])


ECHOES = {
    "a refusal": (401, {}, "no such key: {}"),
    "a bad request": (400, {}, "you sent {}"),
    "an error": (500, {}, "while reading {}"),
    "busy": (429, {"retry-after": "0"}, "slow down, {}"),
    "a header": (400, {"request-id": "{}", "x-error": "{}"}, "no"),
    "a redirect": (307, {"location": "/v1/messages?key={}"}, "{}"),
    "a page": (200, {"content-type": "text/html"}, "<html>{}</html>"),
}


@pytest.mark.parametrize("grader", ["anthropic", "openai"])
@pytest.mark.parametrize("name", ECHOES)
def test_no_error_that_echoes_the_key_is_shown_or_kept(tmp_path: Path, name: str, grader: str) -> None:
    """Whatever kind of no a server says, the key in it is in no file, on no screen, and in no exception."""
    status, headers, words = ECHOES[name]
    notes = Notes()

    class Echo(Hostile):
        def answer(self, body: Any) -> Answer:
            said = {"type": "error", "error": {"type": "invalid_request_error", "message": words.format(KEY)}}
            data = words.format(KEY) if name == "a page" else json.dumps(said)
            return status, {**JSON, **{n: v.format(KEY) for n, v in headers.items()}}, data.encode()

    said = ""
    with Echo() as server:
        settings = {"grader": grader, "base_url": server.url, "model": "m", "retry": QUICK, "max_usd": 0.0}
        try:
            run = evalharness.run(
                [],
                settings={**settings, "record": str(tmp_path / "record")},
                world=world_at(write_project(tmp_path), environment=ENVIRONMENT, watcher=notes),
            )
            said = repr(run)
        except EvalHarnessError as error:
            said = f"{error!r} {error} {getattr(error, 'hint', '')}"

    assert KEY not in said
    assert not [line for line in notes.lines if KEY in line]
    assert not [file for file in tmp_path.rglob("*") if file.is_file() and KEY.encode() in file.read_bytes()]
