"""A team's repository of 4,000 attempts: how long each command takes, what a run writes, how large the page is.

    python -m benchmarks.large [--attempts 4000] [--keep FOLDER]

Four authors, three rubrics, gates, one commit.  Each figure is the CPU time of a whole process; the heuristic grades.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from benchmarks.scale import ROOT, Taken, answer, timed

AUTHORS = ("ana", "ben", "chen", "dora")
ATTEMPTS = 10  # of each series
FAMILIES = ("mission-alignment", "culture-dialogue", "project-deep-dive")
SETTINGS = "grader: heuristic\ngate: {min_score: 3.1, floors: true, no_regression: true}\n"


class Figure(NamedTuple):
    """What one command took, and what it is to take at most."""

    name: str
    seconds: float
    most: float
    note: str = ""

    def __str__(self) -> str:
        verdict = "ok" if self.seconds <= self.most else "TOO SLOW"
        return f"{self.name:34} {self.seconds:7.1f} s   at most {self.most:4.0f}   {verdict:8}  {self.note}"


def write_team(root: Path, attempts: int) -> None:
    """Write a repository of `attempts` answers by four people, and commit it."""
    rng = random.Random(7)
    shutil.copytree(ROOT / "rubrics", root / "rubrics")
    (root / "evalharness.yaml").write_text(SETTINGS)
    questions = max(1, attempts // (ATTEMPTS * len(AUTHORS)))
    for number in range(attempts):
        series, day = number % (questions * len(AUTHORS)), number // (questions * len(AUTHORS))
        question, author = series % questions, AUTHORS[series // questions]
        folder = root / f"cases/g{question % 7}/q{question}"
        (folder / author).mkdir(parents=True, exist_ok=True)
        if not (folder / "question.yaml").exists():
            (folder / "question.yaml").write_text(_question(question, rng))
        follow_up = "\n## Follow-up question\n\nWhat did you learn from the people on call?\n"
        text = answer(rng) + (follow_up if FAMILIES[question % 3] == "culture-dialogue" else "")
        (folder / author / f"2026-{1 + day // 28:02d}-{1 + day % 28:02d}.md").write_text(text)
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message=Answers")


def _question(number: int, rng: random.Random) -> str:
    missions = f"missions: {rng.sample(range(1, 8), rng.randint(1, 4))}\n" if number % 3 == 0 else ""
    return (
        f"question: What did you change in system {number}, and what did it cost?\n"
        f"rubric: {FAMILIES[number % 3]}\ntime_limit: 2 min\n{missions}"
    )


def git(root: Path, *words: str) -> None:
    """Run Git as nobody in particular."""
    who = ("-c", "user.name=benchmark", "-c", "user.email=benchmark@example.org")
    subprocess.run(["git", *who, *words], cwd=root, check=True, stdout=subprocess.DEVNULL)


def size(folder: Path) -> int:
    """Return the bytes of all files below a folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def command(root: Path, *words: str, may_fail: bool = False) -> Taken:
    """Return what one command takes."""
    return timed([sys.executable, "-m", "evalharness", *words], root, may_fail=may_fail)


def edit(root: Path) -> None:
    """Change one word of one answer."""
    file = sorted(root.glob("cases/*/*/ana/*.md"))[-1]
    file.write_text(file.read_text().replace("I ", "I myself ", 1))


def measure(root: Path) -> list[Figure]:
    """Return the figures of one repository, in the order in which a person meets them.  Gates may fail."""
    reports = root / "reports"
    first = command(root, "run", may_fail=True)
    told = f"{first.memory:.0f} MB, {size(reports) / 1e6:.1f} MB written"
    found = [Figure("run, the first one", first.cpu, 240, told)]
    found.append(Figure("run, nothing changed", command(root, "run", may_fail=True).cpu, 5))
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message=Grades")
    edit(root)
    before = size(reports)
    found.append(Figure("check of one edited answer", command(root, "check", "--base=HEAD", may_fail=True).cpu, 3))
    one = command(root, "run", may_fail=True).cpu
    found.append(Figure("run, one answer edited", one, 6, f"{(size(reports) - before) / 1e3:.0f} kB more"))
    found.append(Figure("lint", command(root, "lint").cpu, 20))
    found.append(Figure("progress", command(root, "progress").cpu, 4))
    page = command(root, "run", "--format=html", may_fail=True)
    html = max(reports.glob("*/report.html"), key=lambda path: path.stat().st_mtime)
    view = f"first view {html.stat().st_size / 1e6:.1f} MB, {page.memory:.0f} MB of memory"
    found.append(Figure("run --format=html", page.cpu, 60, view))
    return found


def load() -> str:
    """Return how busy the machine is, to be read beside the figures."""
    return ", ".join(f"{each:.1f}" for each in os.getloadavg())


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--attempts", type=int, default=4000)
    parser.add_argument("--keep", type=Path, help="write the repository here, and leave it")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = chosen.keep or Path(folder)
        root.mkdir(parents=True, exist_ok=True)
        write_team(root, chosen.attempts)
        for figure in measure(root):
            print(figure, flush=True)
        print(f"load of the machine after 1, 5 and 15 minutes: {load()}")


if __name__ == "__main__":
    os.environ.pop("CI", None)
    main()
