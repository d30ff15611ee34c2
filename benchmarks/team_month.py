"""A month of a team: 200 merges with real Git, the literal steps of the workflows, and a code host in a folder.

    python -m benchmarks.team_month [--merges 200] [--minutes 60]

Four people, and two projects in one repository: every third answer goes to the one in a subfolder.  Main is protected
on one day in five, and its grades are merged by a person the day after.  Every tenth change comes from a fork, every
seventh goes through a merge queue, every ninth is pushed while main is graded, every eighth is pushed twice.  On the
tenth day the model gives a level less, and main's run finds it; one change is open all that time.

A model behind the test server grades.  Says how many grades were bought for each that a single run would buy, how
many of them are in Git, which checks were red, whether each comment was of its commit, what is stored, and how long
a check takes in the end.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.large import command, size
from evalharness.init.workflow import init
from tests import apiserver as api
from tests.drifting import ShiftingResponder
from tests.graders.test_anthropic import KEY, messages
from tests.init.codehost import GIT, Ended, git
from tests.init.test_team import Team
from tests.support import ANSWER, many, write_project

PEOPLE = ("ana", "ben", "chen", "dora")
SUBFOLDER = "team/interviews"
PROJECTS = {"": "", SUBFOLDER: "-team-interviews"}
QUIET, FOUND = 9, 10  # the days of a look at the anchors that sees nothing, and of the one that sees the drift
OPENED, MERGED = 6, 13  # of the change that is open all that time
LEVEL = 4


class Month:
    """The team's month, and what went wrong in it."""

    def __init__(self, team: Team, server: api.ApiServer, model: ShiftingResponder) -> None:
        self.team, self.server, self.model = team, server, model
        self.checks = self.untrue = self.anchors = 0
        self.red: list[str] = []
        self.offered: list[str] = []  # branches with grades that a person has yet to merge
        self.open = ""

    def begin(self) -> None:
        """Write two projects, have a person record the anchors, and grade main."""
        desk, config = self.team.desk, (self.team.desk / "evalharness.yaml").read_text()
        write_project(desk, many(6), config=config)
        init(desk / SUBFOLDER, ci=True)
        shutil.rmtree(desk / SUBFOLDER / "rubrics")
        write_project(desk / SUBFOLDER, {"export/2026-01-01.md": ANSWER}, config=config)
        before = len(messages(self.server))
        words = [sys.executable, "-m", "evalharness", "drift", "--record"]
        subprocess.run(words, cwd=desk, env={**GIT, **KEY}, check=True, capture_output=True)
        self.anchors += len(messages(self.server)) - before
        shutil.rmtree(desk / "reports", ignore_errors=True)
        self.team.push("main", "two projects")
        for project in PROJECTS:
            self.grade(project)

    def day(self, number: int) -> None:
        """Propose, check and merge one change, and grade main."""
        team, host = self.team, self.team.host
        project, fork = SUBFOLDER if number % 3 == 2 else "", number % 10 == 9
        self.settings(number)
        branch = self.propose(project, number, fork=fork)
        if number % 8 == 7 and not fork:
            self.amend(project, branch)
        if number % 4 == 3:
            self.check(next(other for other in PROJECTS if other != project), branch, fork=fork)
        if number % 7 == 6:
            self.judge(
                "queue", host.run(f"answers{PROJECTS[project]}.yml", "merge_group", pull=team.pull, branch=branch)
            )
        if number == OPENED:
            self.open = branch
            return
        protected = number % 5 == 4
        if not protected:
            self.merge_offered()
        host.protect(on=protected)
        team.merge(branch)
        if number == FOUND:
            self.model.level -= 1
        self.grade(project, self.meanwhile(number, project))
        if number == MERGED:
            self.check("", self.open, pull=OPENED + 1)
            team.merge(self.open)
            self.grade("")
        self.tidy()

    def settings(self, number: int) -> None:
        """Switch the look at the anchors on for three days, as somebody does who suspects something."""
        if number not in (QUIET, FOUND + 2):
            return
        git(self.team.desk, "fetch", "--quiet", "origin")
        git(self.team.desk, "checkout", "--quiet", "-B", "main", "origin/main")
        file = self.team.desk / "evalharness.yaml"
        text, line = file.read_text(), "anchors: {every_run: true}\n"
        file.write_text(text + line if number == QUIET else text.replace(line, ""))
        self.team.host.protect(on=False)
        self.team.push("main", "anchors")

    def propose(self, project: str, number: int, *, fork: bool) -> str:
        """Open a pull request with a new answer, and have it checked; return its branch."""
        team, who = self.team, PEOPLE[number % len(PEOPLE)]
        text = f"{ANSWER}I told {number + 2} teams myself, in {number + 3} meetings, instead of a mail.\n"
        name = f"{project}/cases/" if project else "cases/"
        team.pull += 1
        branch = f"change{team.pull}"
        git(team.desk, "fetch", "--quiet", "origin")
        git(team.desk, "checkout", "--quiet", "-B", branch, "origin/main")
        file = team.desk / f"{name}export/{who}/2026-{2 + number // 28:02d}-{1 + number % 28:02d}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        team.push(branch, branch)
        if not fork:
            self.check(project, branch)
            return branch
        # Without a key it is not graded, until a maintainer starts the workflow for it.
        ended = team.host.run(
            f"answers{PROJECTS[project]}.yml", "pull_request", pull=team.pull, branch=branch, fork=True
        )
        self.judge("fork without a key", ended, code=3)
        graded = team.host.run(f"forks{PROJECTS[project]}.yml", "workflow_dispatch", pull=team.pull, branch=branch)
        self.judge("fork, graded", graded)
        self.check(project, branch, fork=True)
        return branch

    def amend(self, project: str, branch: str) -> None:
        """Push a note to the same pull request: its answer is not bought again."""
        (self.team.desk / "note.md").write_text(f"{branch}\n")
        self.team.push(branch, "a note")
        self.check(project, branch)

    def check(self, project: str, branch: str, *, pull: int = 0, fork: bool = False) -> None:
        """Check a pull request, and look whether the comment is of its last commit."""
        host, pull = self.team.host, pull or self.team.pull
        self.judge(
            f"check of {project or 'the root'}",
            host.run(f"answers{PROJECTS[project]}.yml", "pull_request", pull=pull, branch=branch, fork=fork),
        )
        head = git(host.origin, "rev-parse", branch).strip()
        self.untrue += not fork and not host.comment(pull, project).rstrip().endswith(f"Updated for {head[:7]}.")

    def judge(self, what: str, ended: Ended, *, code: int = 0) -> None:
        """Note a check that is red and should not be."""
        self.checks += 1
        if ended.code != code:
            self.red.append(f"change {self.team.pull}, {what}: exit code {ended.code}\n{ended.log[-2000:]}")

    def grade(self, project: str, meanwhile: Callable[[Path], None] | None = None) -> None:
        """Grade main; what a protected branch refuses is offered as a change."""
        host = self.team.host
        self.judge("main", host.run(f"grades{PROJECTS[project]}.yml", "push", before_commit=meanwhile))
        self.offered = [
            line.strip() for line in git(host.origin, "branch", "--list", "evalharness-grades-*").splitlines()
        ]

    def meanwhile(self, number: int, project: str) -> Callable[[Path], None] | None:
        """Return what happens while main is graded: somebody pushes, or the other project's grades arrive first."""

        def push(work: Path) -> None:  # noqa: ARG001  # as a workflow's step is called
            git(self.team.desk, "checkout", "--quiet", "-B", "main", "origin/main")
            (self.team.desk / "note.md").write_text(f"{number}\n")
            self.team.push("main", "a note while main is graded")

        def other(work: Path) -> None:  # noqa: ARG001
            self.grade(next(other for other in PROJECTS if other != project))

        if number % 5 == 4:
            return None
        return push if number % 9 == 8 else other if number % 9 == 4 else None

    def merge_offered(self) -> None:
        """Merge the grades that were offered as changes: their checks are green too."""
        host = self.team.host
        for branch in self.offered:
            self.team.pull += 1
            self.check("", branch)
            git(self.team.desk, "fetch", "--quiet", "origin")
            git(self.team.desk, "checkout", "--quiet", "-B", branch, f"origin/{branch}")
            self.team.merge(branch)
            git(host.origin, "branch", "--quiet", "-D", branch)
        self.offered = []

    def tidy(self) -> None:
        """Remove what no later step looks at: runners, and all but the newest caches."""
        host = self.team.host
        for scope, kept in host.caches.items():
            newest = {key.rpartition("-")[0].rpartition("-")[0]: key for key in kept}
            host.caches[scope] = {key: kept[key] for key in newest.values()}
        used = {path for kept in host.caches.values() for path in kept.values()}
        for folder in host.place.iterdir():
            if folder.name.startswith(("work", "temp")) or (folder.name.startswith("cache") and folder not in used):
                shutil.rmtree(folder)

    def end(self) -> None:
        """Merge what is still offered, and grade main once more: nothing is left to buy."""
        self.team.host.protect(on=False)
        self.merge_offered()
        before = len(messages(self.server))
        for project in PROJECTS:
            self.grade(project)
        late = len(messages(self.server)) - before
        git(self.team.desk, "fetch", "--quiet", "origin")
        git(self.team.desk, "checkout", "--quiet", "-B", "main", "origin/main")
        self.tell(late)

    def tell(self, late: int) -> None:
        """Print the figures."""
        desk = self.team.desk
        looks = [json.loads(line) for line in (desk / "labels/drift.jsonl").read_text().splitlines()]
        drifts = [look["at"] for look in looks if look["moved"][-1]["verdict"] == "drifted"]
        bought = len(messages(self.server)) - self.anchors * (1 + len(looks))
        kept = {sided for project in PROJECTS for sided in paid_grades(desk / project / "reports", drifts)}
        print(f"{self.checks} workflows, {len(self.red)} wrongly red, {self.untrue} comments not of their commit")
        print(f"grades bought {bought}, in Git {len(kept)}: {bought / len(kept):.2f} times; {late} bought in the end")
        print(f"{len(looks)} looks at the anchors in Git, {len(drifts)} found a drift")
        for project in PROJECTS:
            print(f"{project or 'the root'}: reports/ {size(desk / project / 'reports') / 1e6:.1f} MB")
        (desk / "cases/export/ana/2026-12-01.md").write_text(f"{ANSWER}I told all of them myself, in 3 meetings.\n")
        taken = command(desk, "check", "--base=HEAD", f"--out={self.team.host.place / 'check'}", may_fail=True)
        print(f"check of one new answer: {taken.cpu:.1f} s of CPU, {taken.wall:.1f} s")
        for told in self.red:
            print(told)


def paid_grades(folder: Path, drifts: list[str]) -> set[tuple[str, int]]:
    """Return every stored grade that a model gave: its key, and how many drifts were found before it was made."""
    files = (file for file in folder.glob("*/grades.jsonl"))
    lines = [json.loads(line) for file in files for line in file.read_text().splitlines()]
    return {(line["key"], sum(line["at"] >= drift for drift in drifts)) for line in lines if line.get("model")}


def main() -> None:
    """Run the month and print its figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--merges", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=60, help="begin no merge after so long")
    chosen = parser.parse_args()
    model = ShiftingResponder(LEVEL)
    with tempfile.TemporaryDirectory() as name, api.ApiServer(responder=model) as server:
        config = (
            f"grader: anthropic\nbase_url: {server.url}\nmax_samples: 1\nmax_usd: 0\ngate: {{no_regression: true}}\n"
        )
        month, begun = (
            Month(Team(Path(name), config, KEY["ANTHROPIC_API_KEY"]), server, model),
            time.perf_counter(),
        )
        month.begin()
        for number in range(chosen.merges):
            month.day(number)
            minutes = (time.perf_counter() - begun) / 60
            if number % 20 == 19 or minutes > chosen.minutes:
                print(f"{number + 1} merges in {minutes:.0f} minutes", flush=True)
            if minutes > chosen.minutes:
                break
        month.end()


if __name__ == "__main__":
    main()
