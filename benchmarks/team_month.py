"""A month of a team: 200 merges with real Git, the literal steps of the workflows, and a code host in a folder.

    python -m benchmarks.team_month [--merges 200]

Main is protected on one day in five.  Says how many grades were made, how many one run would make, and what is stored.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

from benchmarks.large import size
from tests.init.codehost import made, warm
from tests.init.test_team import Team
from tests.support import ANSWER

PEOPLE = ("ana", "ben", "chen", "dora")


def main() -> None:
    """Run the month and print its figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--merges", type=int, default=200)
    merges = parser.parse_args().merges
    with tempfile.TemporaryDirectory() as name, warm() as socket:
        team = Team(Path(name), warm=socket)
        wrong, untrue, bought = 0, 0, list[str]()
        begun = time.perf_counter()
        for number in range(merges):
            who = PEOPLE[number % len(PEOPLE)]
            text = f"{ANSWER}I told {number + 2} teams myself, in {number + 3} meetings, instead of a mail.\n"
            code, branch = team.change(f"export/{who}/2026-{1 + number // 28:02d}-{1 + number % 28:02d}.md", text)
            wrong += code != 0
            untrue += "Updated for" not in team.host.comments[team.pull]
            bought += made(team.host.place / f"temp{team.host.runs}/check/grades")
            team.host.protect(on=number % 5 == 4)
            team.merge(branch)
            team.host.run("grades.yml", "push")
        team.host.protect(on=False)
        team.host.run("grades.yml", "push")
        team.stored()
        stored = made(team.desk / "reports")
        print(f"{merges} merges in {time.perf_counter() - begun:.0f} s: {wrong} wrongly red, {untrue} untrue comments")
        print(f"made in checks {len(set(bought))} and on main {len(stored)}, {len(set(stored))} of them different")
        print(f"reports/ {size(team.desk / 'reports') / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
