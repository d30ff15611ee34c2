"""How long `check` takes over a large repository: 2,000 attempts, 5 of them changed, by the offline grader.

    python benchmarks/check_speed.py [--attempts 2000] [--changed 5] [--times 3]

Each figure is a whole process, beside `git status` and the bare interpreter in the same repository.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.scale import CLEAN, write_project

WHO = ["-c", "user.name=bench", "-c", "user.email=bench@example.invalid", "-c", "commit.gpgsign=false"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--attempts", type=int, default=2000)
    parser.add_argument("--changed", type=int, default=5)
    parser.add_argument("--times", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        root = Path(name) / "answers"
        root.mkdir()
        write_project(root, options.attempts)
        git(root, "init", "--quiet", "--initial-branch=main")
        git(root, "add", "--all")
        git(root, "commit", "--quiet", "-m", "first")
        for file in sorted(root.glob("cases/*/*/*.md"))[: options.changed]:
            file.write_text(file.read_text() + "\nAnd I told 4 teams about it myself, instead of writing a mail.\n")
        command = [sys.executable, "-m", "evalharness", "check", "--base", "main", "--grader", "heuristic"]
        print(f"{options.attempts} attempts, {options.changed} changed; median of {options.times}, whole processes")
        print(f"  check            {median(command, root, options.times):.2f} s")
        print(f"  git status       {median(['git', 'status', '--porcelain'], root, options.times):.2f} s")
        print(f"  bare interpreter {median([sys.executable, '-c', ''], root, options.times):.2f} s")


def git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", *WHO, *arguments], cwd=root, check=True, capture_output=True)


def median(command: Sequence[str], root: Path, times: int) -> float:
    """Return the median of the wall times, in seconds."""
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        environment = {**CLEAN, "XDG_CACHE_HOME": str(root.parent / "cache")}
        subprocess.run(command, cwd=root, env=environment, check=True, capture_output=True)
        found.append(time.perf_counter() - begun)
    return statistics.median(found)


if __name__ == "__main__":
    main()
