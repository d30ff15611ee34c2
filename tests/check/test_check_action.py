"""The action's steps in a local stand-in of the runner: event file, outputs, summary, and a code host."""

from __future__ import annotations

import http.server
import json
import os
import shlex
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from evalharness.check import MARKER
from evalharness.init.workflow import WORKFLOWS
from tests.program import program
from tests.repository import BETTER, WEAK, Repository
from tests.support import ANSWER

HERE = Path(__file__).parents[2]
ACTION = HERE / "action.yml"
FILE = "cases/export/2026-09-01.md"
INPUTS = {
    "base": "",
    "grader": "",
    "version": "",
    "arguments": "",
    "comment": "true",
    "quiet": "false",
    "token": "t0ken",
    "working-directory": ".",
}


def action() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(ACTION.read_text())
    return found


def workflows() -> dict[str, dict[Any, Any]]:
    return {file.name: yaml.safe_load(file.read_text()) for file in sorted(WORKFLOWS.glob("*.yml"))}


class Runner:
    """Runs the steps of a composite action as a runner would, one shell each; `warm`: the program is a fork."""

    def __init__(self, repository: Repository, event: Mapping[str, Any], api: str = "", *, warm: bool = True) -> None:
        self.repository, self.place = repository, repository.root.parent / "runner"
        self.place.mkdir()
        self.files = {name: self.place / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_PATH")}
        for file in self.files.values():
            file.touch()
        (self.place / "event.json").write_text(json.dumps(event))
        self.fixed = {
            "GITHUB_ACTION_PATH": str(HERE),
            "GITHUB_EVENT_PATH": str(self.place / "event.json"),
            "GITHUB_API_URL": api,
            "GITHUB_REPOSITORY": "team/answers",
            "RUNNER_TEMP": str(self.place / "temp"),
            "HOME": str(self.place),
            "GITHUB_ACTIONS": "true",
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        }
        (self.place / "temp").mkdir()
        if warm:
            tool = self.place / "warm/evalharness"
            tool.parent.mkdir()
            tool.write_text(f'#!/bin/sh\nexec {shlex.join(program())} "$@"\n')
            tool.chmod(0o755)
            self.fixed["PATH"] = f"{tool.parent}:{self.fixed['PATH']}"

    def step(self, name: str, **inputs: str) -> subprocess.CompletedProcess[str]:
        (step,) = (step for step in action()["runs"]["steps"] if step.get("name") == name)
        known = {f"inputs.{key}": value for key, value in {**INPUTS, **inputs}.items()}
        known |= {f"steps.check.outputs.{key}": value for key, value in self.outputs.items()}
        asked = {key: known[text.removeprefix("${{ ").removesuffix(" }}")] for key, text in step["env"].items()}
        files = {key: str(file) for key, file in self.files.items()}
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.repository.root,
            env={**self.fixed, **files, **asked},
            capture_output=True,
            text=True,
            check=False,
        )

    def tools(self) -> None:
        """Put stand-ins of Python and pip on the path: isolated, away from the checkout, and telling what pip gets."""
        tools = self.place / "tools"
        tools.mkdir()
        isolated = '#!/bin/bash\n[ "$1" = -I ] && [ "$PWD" = "$RUNNER_TEMP" ] || exit 9\n'
        (tools / "pip").write_text(f'{isolated}printf "%s\\n" "${{@: -1}}"\n')
        new = '"${@: -1}/bin'
        fake = f'{isolated}mkdir -p {new}"\ncp {tools}/pip {new}/python"\nchmod +x {new}/python"\n'
        (tools / "python3").write_text(fake)
        (tools / "python3").chmod(0o755)
        self.fixed["PATH"] = f"{tools}:{self.fixed['PATH']}"

    @property
    def outputs(self) -> dict[str, str]:
        return dict(line.split("=", 1) for line in self.files["GITHUB_OUTPUT"].read_text().splitlines())


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "answers", {"export/2026-09-01.md": ANSWER})


def event(repository: Repository) -> dict[str, Any]:
    return {"pull_request": {"number": 7, "base": {"sha": repository.git("rev-parse", "main").strip()}}}


@pytest.mark.parametrize(("text", "verdict", "code"), [(BETTER, "pass", 0), (WEAK, "fail", 1)])
def test_the_check_step_writes_summary_and_outputs_and_the_last_step_decides(
    repository: Repository, text: str, verdict: str, code: int
) -> None:
    """The base comes from the event; a failed gate ends in the last step, so that comment and upload still happen."""
    repository.write(FILE, text)
    repository.commit()
    runner = Runner(repository, event(repository), warm=False)

    done = runner.step("Check")

    assert done.returncode == 0, done.stderr
    assert (runner.outputs["verdict"], runner.outputs["exit-code"]) == (verdict, str(code))
    assert (Path(runner.outputs["folder"]) / "junit.xml").is_file()
    assert "### evalharness: " in runner.files["GITHUB_STEP_SUMMARY"].read_text()
    assert runner.step("Verdict").returncode == code


def test_the_base_is_what_the_hosts_merge_was_made_against(repository: Repository) -> None:
    """The payload's commit is older than main's own reports, which would count as the change's."""
    payload = event(repository)
    repository.write(FILE, BETTER)
    repository.commit()
    repository.git("checkout", "--quiet", "main")
    repository.write("reports/20260101T000000Z-aaaa/grades.jsonl", "{}\n")
    repository.commit("grades of main")
    now = repository.git("rev-parse", "HEAD").strip()
    repository.git("merge", "--quiet", "--no-ff", "-m", "merge", "change")
    runner = Runner(repository, payload)
    runner.fixed["GITHUB_REF"] = "refs/pull/7/merge"

    runner.step("Check")

    told = json.loads((Path(runner.outputs["folder"]) / "check.json").read_text())
    assert told["base"]["commit"] == now
    assert not [line for line in told["notices"] if "stored grades" in line]


def test_grades_of_the_cache_outlive_the_check_and_a_refusal_is_in_the_summary(repository: Repository) -> None:
    """The folder is emptied of what another commit wrote, not of what was paid for; restore and save name it."""
    runner = Runner(repository, event(repository))
    folder = runner.place / "temp/evalharness-check"
    (folder / "grades/run").mkdir(parents=True)
    (folder / "comment.md").write_text("old")
    repository.write("cases/export/question.yaml", "question: [\n")
    repository.commit()

    runner.step("Check")

    assert runner.outputs["exit-code"] == "2"
    assert (folder / "grades/run").is_dir()
    assert "old" not in (folder / "comment.md").read_text()
    assert "evalharness: not checked" in runner.files["GITHUB_STEP_SUMMARY"].read_text()
    caches = [step for step in action()["runs"]["steps"] if "/cache/" in step.get("uses", "")]
    assert [step["with"]["path"] for step in caches] == ["${{ runner.temp }}/evalharness-check/grades"] * 2


def test_a_quiet_comment_says_nothing_where_nothing_changed(
    repository: Repository, host: tuple[str, list[dict[str, Any]]]
) -> None:
    """Only where it is wanted; a comment that is there is updated, so that none is of another commit."""
    url, comments = host
    runner = Runner(repository, event(repository), api=url)
    runner.step("Check")
    runner.step("Comment", quiet="true")
    before = len(comments)
    runner.step("Comment")
    written = len(comments)
    comments[-1]["body"] += "old"
    runner.step("Comment", quiet="true")

    assert (before, written, len(comments)) == (1, 2, 2)
    assert not comments[-1]["body"].endswith("old")


def test_inputs_are_words_and_never_code(repository: Repository) -> None:
    """A branch or a flag with shell characters is one argument."""
    runner = Runner(repository, event(repository))
    trap = f"main; touch {repository.root}/owned; $(touch {repository.root}/owned)"

    runner.step("Check", base=trap)
    assert runner.outputs["exit-code"] == "2"
    runner.step("Check", arguments=f"--min-score=3\n--select `touch {repository.root}/owned`\n")
    assert runner.outputs["exit-code"] == "2"
    assert not (repository.root / "owned").exists()


class CodeHost(http.server.BaseHTTPRequestHandler):
    """Keeps comments in a list, as the code host does."""

    comments: list[dict[str, Any]]

    def do_GET(self) -> None:
        self._answer(self.comments)

    def do_POST(self) -> None:
        made = {"id": 90 + len(self.comments), "user": {"type": "Bot"}, **self._body()}
        self.comments.append(made)
        self._answer(made)

    def do_PATCH(self) -> None:
        (found,) = (c for c in self.comments if self.path.endswith(f"/comments/{c['id']}"))
        found.update(self._body())
        self._answer(found)

    def log_message(self, *args: Any) -> None:
        return None

    def _body(self) -> Any:
        assert self.headers["Authorization"] == "Bearer t0ken"
        return json.loads(self.rfile.read(int(self.headers["Content-Length"])))

    def _answer(self, value: Any) -> None:
        data = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@pytest.fixture
def host() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    comments: list[dict[str, Any]] = [{"id": 1, "body": f"{MARKER}\nmine", "user": {"type": "User"}}]
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("Host", (CodeHost,), {"comments": comments}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}", comments
    server.shutdown()
    server.server_close()


def test_one_comment_is_written_and_then_updated_in_place(
    repository: Repository, host: tuple[str, list[dict[str, Any]]]
) -> None:
    """Found by its marker, and only a bot's: a person who quotes the marker keeps her comment."""
    url, comments = host
    repository.write(FILE, WEAK)
    repository.commit()
    runner = Runner(repository, event(repository), api=url)
    runner.step("Check")
    first = runner.step("Comment")
    repository.write(FILE, BETTER)
    repository.commit()
    runner.step("Check")
    second = runner.step("Comment")

    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert len(comments) == 2
    assert comments[0]["body"] == f"{MARKER}\nmine"
    assert comments[1]["body"].startswith(f"{MARKER}\n\n### evalharness: Pass")


def test_a_token_that_may_not_comment_fails_nothing(repository: Repository) -> None:
    """A fork's token can only read."""
    runner = Runner(repository, event(repository), api="http://127.0.0.1:9")
    runner.step("Check")

    done = runner.step("Comment")

    assert done.returncode == 0
    assert "::notice::no comment was written" in done.stdout


def test_the_install_step_takes_the_action_and_not_the_change(repository: Repository) -> None:
    """pip gets the action's own folder, or the version that was asked for, as one argument; no module of the change."""
    runner = Runner(repository, event(repository))
    runner.tools()

    assert runner.step("Install").stdout.strip() == str(HERE)
    assert runner.step("Install", version="evalharness==1; id").stdout.strip() == "evalharness==1; id"
    assert runner.files["GITHUB_PATH"].read_text().splitlines()[0].endswith("/evalharness/bin")


@pytest.mark.parametrize(("folder", "slug"), [(".", ""), ("team/interviews", "-team-interviews"), ("./a b/", "-a-b")])
def test_each_project_has_a_cache_and_an_artifact_of_its_own(repository: Repository, folder: str, slug: str) -> None:
    """In one run a second artifact or cache of the same name is refused, and its grades would be lost."""
    runner = Runner(repository, event(repository))
    runner.tools()
    steps = action()["runs"]["steps"]
    named = [step["with"] for step in steps if "uses" in step]

    assert runner.step("Install", **{"working-directory": folder}).returncode == 0
    assert runner.outputs["slug"] == slug
    assert all("${{ steps.install.outputs.slug }}" in given.get("key", given.get("name")) for given in named)


def test_no_expression_stands_inside_a_script() -> None:
    """Inputs reach the shell through the environment only."""
    steps = action()["runs"]["steps"]
    for workflow in workflows().values():
        steps += [step for job in workflow["jobs"].values() for step in job["steps"]]

    assert [step["run"] for step in steps if "${{" in step.get("run", "")] == []


def test_workflows_have_minimal_permissions_and_never_run_a_forks_code_with_secrets() -> None:
    """Read by default; `pull_request_target` and `workflow_run` nowhere; every action pinned to a commit."""
    for name, workflow in workflows().items():
        text = (WORKFLOWS / name).read_text()
        assert workflow["permissions"] == {"contents": "read"}
        assert "pull_request_target" not in text
        assert "workflow_run" not in text
        uses = [step["uses"] for job in workflow["jobs"].values() for step in job["steps"] if "uses" in step]
        assert uses
        assert all(len(use.partition("@")[2]) == 40 for use in uses)


@pytest.mark.skipif(not shutil.which("zizmor", path=str(Path(sys.executable).parent)), reason="zizmor is not installed")
def test_the_workflow_linters_find_nothing() -> None:
    """What CI runs, where it is installed."""
    linter = Path(sys.executable).parent / "zizmor"
    files = [str(ACTION), *(str(file) for file in sorted(WORKFLOWS.glob("*.yml")))]

    done = subprocess.run([linter, "--offline", "--quiet", *files], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


def test_the_commit_hook_lints_what_it_is_given() -> None:
    """Its entry is a command that exists."""
    (hook,) = yaml.safe_load((HERE / ".pre-commit-hooks.yaml").read_text())

    assert (hook["entry"], hook["language"]) == ("evalharness lint", "python")
