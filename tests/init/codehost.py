"""A code host in a folder: a bare repository, caches, artifacts, comments; workflows run by their literal `run:` steps.

What an action of the host would do (`uses:`) is done here; expressions are looked up, never guessed: an unknown one
is an error.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from tests.init.hosts_api import REPOSITORY, TOKEN, Api, Pull
from tests.program import program

NAMES = {f"GIT_{who}_{what}": "a@example.invalid" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
CLEAN = {
    name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "ANTHROPIC_", "GITHUB_", "CI"))
}
GIT = {**CLEAN, **NAMES, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}


class Ended(NamedTuple):
    """How a workflow ended: the code of the step that failed it, its folder, and what its steps printed."""

    code: int
    temp: Path
    log: str
    summary: str


class CodeHost:
    """The host: `origin` is the bare repository, `protected` refuses pushes to main that no merge makes."""

    def __init__(self, place: Path) -> None:
        self.place, self.origin = place, place / "origin.git"
        self.caches: dict[str, dict[str, Path]] = {}  # by scope (a branch), by key
        self.key = ""  # the repository's secret; forks have none
        self.warm = (
            False  # whether `evalharness` is a fork of a process that has imported everything (tests/program.py)
        )
        self.runs = 0
        place.mkdir(parents=True, exist_ok=True)
        git(place, "init", "--quiet", "--bare", "--initial-branch=main", str(self.origin))
        self.api = Api(lambda commit: git(self.origin, "rev-list", "--parents", "-n", "1", commit).split()[2:])

    def comment(self, pull: int, project: str = "") -> str:
        """Return the one comment of a project under a pull request; empty where there is none."""
        marker = f"<!-- evalharness check{f' of {project}' if project else ''} -->"
        found = [one.body for one in self.api.comments if one.pull == pull and one.body.startswith(marker)]
        assert len(found) < 2
        return found[0] if found else ""

    def protect(self, *, on: bool = True) -> None:
        hook = self.origin / "hooks/pre-receive"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text('#!/bin/sh\nwhile read -r _ _ ref; do [ "$ref" != refs/heads/main ] || exit 1; done\n')
        hook.chmod(0o755 if on else 0o644)

    def clone(self, name: str) -> Path:
        folder = self.place / name
        git(self.place, "clone", "--quiet", str(self.origin), str(folder))
        return folder

    def run(
        self,
        workflow: str,
        event: str,
        *,
        pull: int = 0,
        branch: str = "",
        fork: bool = False,
        before_commit: Callable[[Path], None] | None = None,
    ) -> Ended:
        """Run one workflow of main on the merge of a branch, or on main; `before_commit` is what happens meanwhile."""
        self.runs += 1
        number = self.runs
        work, temp = self.place / f"work{number}", self.place / f"temp{number}"
        temp.mkdir()
        git(self.place, "clone", "--quiet", str(self.origin), str(work))
        if branch:
            git(work, "merge", "--quiet", "--no-ff", "-m", f"Merge {pull}", f"origin/{branch}")
        tool(temp / "evalharness/bin/python", self.warm)
        found = yaml.safe_load((work / f".github/workflows/{workflow}").read_text())
        head = git(work, "rev-parse", f"origin/{branch}" if branch else "HEAD").strip()
        parent = git(work, "rev-parse", "HEAD^1").strip() if branch else ""
        if event == "pull_request":
            self.api.pulls[pull] = Pull(pull, head, fork)
        known = {
            "runner.temp": str(temp),
            "github.run_id": str(number),
            "github.run_attempt": "1",
            "github.token": TOKEN,
            "github.ref_name": "main",
            "github.event_name": event,
            "github.repository": REPOSITORY,
            "github.event.pull_request.head.repo.full_name": "else/answers" if fork else REPOSITORY,
            "github.event.merge_group.base_sha": parent if event == "merge_group" else "",
            "secrets.ANTHROPIC_API_KEY": "" if fork else self.key,
            "inputs.pull": str(pull),
        }
        scope = {"pull_request": f"pull{pull}", "merge_group": f"queue{pull}"}.get(event, "main")
        runner = _Runner(self, work, temp, known, scope, head)
        (job,) = found["jobs"].values()
        runner.environment |= {name: str(runner.text(str(value))) for name, value in found["env"].items()}
        for step in job["steps"]:
            if before_commit and step.get("name") == "Commit":
                before_commit(work)
            runner.step(step)
        return Ended(runner.code, temp, "".join(runner.log), (temp / "summary").read_text())


class _Runner:
    """One job: its steps in order, each in a shell of its own."""

    def __init__(self, host: CodeHost, work: Path, temp: Path, known: dict[str, str], scope: str, head: str) -> None:
        self.host, self.work, self.temp, self.known, self.scope = host, work, temp, known, scope
        self.head, self.code = head, 0
        refs = {
            "pull": f"refs/pull/{scope[4:]}/merge",
            "queu": f"refs/heads/gh-readonly-queue/main/pr-{scope[5:]}-{head}",
        }
        event = {"pull_request": {"number": int(scope[4:]), "head": {"sha": head}}} if scope[:4] == "pull" else {}
        (temp / "event.json").write_text(json.dumps(event))
        self.log: list[str] = []
        for name in ("output", "summary"):
            (temp / name).touch()
        self.environment = {
            **GIT,
            "HOME": str(temp),
            "RUNNER_TEMP": str(temp),
            "GITHUB_WORKSPACE": str(work),
            "GITHUB_OUTPUT": str(temp / "output"),
            "GITHUB_STEP_SUMMARY": str(temp / "summary"),
            "GITHUB_SHA": git(work, "rev-parse", "HEAD").strip(),
            "GITHUB_RUN_ID": known["github.run_id"],
            "GITHUB_REF": refs.get(scope[:4], "refs/heads/main"),
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_API_URL": host.api.url,
            "GITHUB_EVENT_PATH": str(temp / "event.json"),
            "GITHUB_ACTIONS": "true",
            "PATH": f"{bin_of(temp)}:{os.environ['PATH']}",
        }

    def step(self, step: Mapping[str, Any]) -> None:
        asked = str(step.get("if", ""))
        if (self.code and "always()" not in asked) or (asked and not self._holds(asked)):
            return
        if "uses" in step:
            self._action(step["uses"].partition("@")[0], step.get("with", {}))
        elif step.get("name") == "Install":
            return
        else:
            self._shell(step)

    def _shell(self, step: Mapping[str, Any]) -> None:
        asked = {name: self.text(str(value)) for name, value in step.get("env", {}).items()}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.text(step.get("working-directory", str(self.work))),
            env={**self.environment, **asked},
            capture_output=True,
            text=True,
            check=False,
        )
        self.log += [done.stdout, done.stderr]
        for line in (self.temp / "output").read_text().splitlines():
            name, _, value = line.partition("=")
            self.known[f"steps.{step.get('id')}.outputs.{name}"] = value
        self.known[f"steps.{step.get('id')}.outcome"] = "failure" if done.returncode else "success"
        self.code = self.code or done.returncode

    def _action(self, name: str, given: Mapping[str, Any]) -> None:
        path = Path(self.text(str(given.get("path", self.temp))))
        if name == "actions/cache/restore":
            scopes = [self.host.caches.get(scope, {}) for scope in (self.scope, "main")]
            prefix = self.text(given["restore-keys"]).strip()
            found = [[kept for key, kept in scope.items() if key.startswith(prefix)] for scope in scopes]
            if newest := next((some[-1] for some in found if some), None):
                shutil.copytree(newest, path, dirs_exist_ok=True)
        elif name == "actions/cache/save" and path.exists():
            kept = self.host.place / f"cache{self.known['github.run_id']}"
            shutil.copytree(path, kept, dirs_exist_ok=True)
            self.host.caches.setdefault(self.scope, {})[self.text(given["key"])] = kept
        elif name == "actions/upload-artifact" and path.exists() and self.scope.startswith("pull"):
            number = int(self.known["github.run_id"])
            kept = self.host.place / f"artifact{number}.zip"
            with zipfile.ZipFile(kept, "w") as archive:
                for file in path.rglob("*"):
                    archive.write(file, file.relative_to(path))
            self.host.api.artifacts.setdefault(self.head, []).insert(0, (number, str(given["name"]), kept))

    def _holds(self, condition: str) -> bool:
        text = condition.replace("always()", "True").replace("&&", " and ").replace("||", " or ")
        text = re.sub(r"\b(?:github|steps|inputs)[\w.-]+", lambda m: repr(self.known.get(m[0], "skipped")), text)
        return bool(eval(text, {}))  # our own workflows

    def text(self, text: str) -> str:
        return re.sub(r"\$\{\{ (.+?) \}\}", lambda m: self._expression(m[1]), text)

    def _expression(self, text: str) -> str:
        for part in text.split(" || "):
            found = part.strip("'") if part.startswith("'") else self.known[part]
            if found:
                return found
        return ""


def git(folder: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=folder, env=GIT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def tool(path: Path, warm: bool = False) -> None:
    """Write a Python that stands for the installed one: ours; `evalharness` is a fork where a process is warm."""
    path.parent.mkdir(parents=True)
    fork = f'shift 3; exec {shlex.join(program())} "$@"' if warm else ""
    quick = f'if [ "$1 $2 $3" = "-I -m evalharness" ]; then {fork}; fi\n' if warm else ""
    path.write_text(f'#!/bin/sh\n{quick}exec {sys.executable} "$@"\n')
    path.chmod(0o755)


def bin_of(temp: Path) -> Path:
    """Return a folder with a `gh` that notes what it is asked."""
    folder = temp / "bin"
    folder.mkdir(exist_ok=True)
    (folder / "gh").write_text(f'#!/bin/sh\necho "$@" >> {temp.parent}/gh.log\n')
    (folder / "gh").chmod(0o755)
    return folder


def made(folder: Path) -> list[str]:
    """Return the keys of the grades that were made, not reused, below a folder of runs."""
    lines = [json.loads(line) for file in folder.rglob("grades.jsonl") for line in file.read_text().splitlines()]
    return [each["key"] for each in lines if not each.get("reused_from") and each["outcome"]["type"] == "graded"]
