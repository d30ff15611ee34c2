"""A month of a team: 200 merges with real Git, the literal steps of the workflows, and a code host in a folder.

    python -m benchmarks.team_month [--merges 200]

Four people.  Main is protected on one day in five, every tenth change comes from a fork, every seventh goes through a
merge queue, every ninth is pushed while main is graded, and a drift is found on the tenth day.  A model behind the test
server grades: says how many grades were bought for each that is needed and kept in Git, how many checks were wrongly
red, whether each comment was of its commit, and what is stored.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path

from benchmarks.large import size
from tests import apiserver as api
from tests.graders.test_anthropic import KEY, messages
from tests.init.codehost import git, warm
from tests.init.test_team import Team
from tests.responder import GradingResponder
from tests.support import ANSWER

PEOPLE = ("ana", "ben", "chen", "dora")
DRIFT = '{"found":"on day 10"}\n'


class Month:
    """The team's month, and what went wrong in it."""

    def __init__(self, team: Team) -> None:
        self.team = team
        self.wrong = self.untrue = 0

    def merge(self, number: int) -> None:
        """Propose, check and merge one change, and grade main."""
        team, who = self.team, PEOPLE[number % len(PEOPLE)]
        text = f"{ANSWER}I told {number + 2} teams myself, in {number + 3} meetings, instead of a mail.\n"
        day = f"2026-{1 + number // 28:02d}-{1 + number % 28:02d}"
        fork = number % 10 == 9
        code, branch = team.change(f"export/{who}/{day}.md", text, fork=fork)
        head = git(team.desk, "rev-parse", "HEAD").strip()
        if fork:  # without a key it is not graded, until a maintainer starts the workflow for it
            self.wrong += code != 3
            team.host.run("forks.yml", "workflow_dispatch", pull=team.pull, branch=branch)
            code = team.host.run("answers.yml", "pull_request", pull=team.pull, branch=branch, fork=True).code
        self.wrong += code != 0
        self.untrue += not fork and f"Updated for {head[:7]}" not in team.host.comments[team.pull]
        if number % 7 == 6:
            self.wrong += team.host.run("answers.yml", "merge_group", pull=team.pull, branch=branch).code != 0
        team.host.protect(on=number % 5 == 4)
        team.merge(branch)
        meanwhile = self._drift if number == 10 else self._push if number % 9 == 8 and number % 5 != 4 else None
        team.host.run("grades.yml", "push", before_commit=meanwhile)

    def _drift(self, work: Path) -> None:
        (work / "labels").mkdir(exist_ok=True)
        (work / "labels/drift.jsonl").write_text(DRIFT)

    def _push(self, work: Path) -> None:  # noqa: ARG002  # as a workflow's step is called
        (self.team.desk / "note.md").write_text(f"{self.team.pull}\n")
        self.team.push("main", "a note while main is graded")


def paid_keys(folder: Path) -> set[str]:
    """Return the keys of every stored grade that a model gave, copied or made."""
    lines = [json.loads(line) for file in folder.rglob("grades.jsonl") for line in file.read_text().splitlines()]
    return {line["key"] for line in lines if line.get("model")}


def main() -> None:
    """Run the month and print its figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--merges", type=int, default=200)
    merges = parser.parse_args().merges
    serving = api.ApiServer(responder=GradingResponder())
    with tempfile.TemporaryDirectory() as name, warm() as socket, serving as server:
        config = f"grader: anthropic\nbase_url: {server.url}\nmax_samples: 1\nmax_usd: 0\n"
        month = Month(Team(Path(name), config, KEY["ANTHROPIC_API_KEY"], socket))
        team, begun = month.team, time.perf_counter()
        for number in range(merges):
            month.merge(number)
        team.host.protect(on=False)
        team.host.run("grades.yml", "push")
        team.stored()
        bought, needed = len(messages(server)), len(paid_keys(team.desk / "reports"))
        print(
            f"{merges} merges in {time.perf_counter() - begun:.0f} s: {month.wrong} wrongly red, {month.untrue} untrue"
        )
        print(f"grades bought {bought}, needed and kept {needed}: {bought / needed:.2f} times")
        drift = team.desk / "labels/drift.jsonl"
        print(f"drift of day 10 in Git: {'yes' if drift.exists() and DRIFT in drift.read_text() else 'no'}")
        print(f"reports/ {size(team.desk / 'reports') / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
