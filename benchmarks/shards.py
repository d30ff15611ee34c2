"""Many answers on several machines: plan all of them, grade one shard, merge shards; seconds, CPU and memory of each.

    python -m benchmarks.shards [--attempts 20000] [--shards 8] [--grade 8]

What grades costs nothing: every criterion is decided by a rule, so that what is measured is everything else.  The
plan is that of a model for a rubric of three scales, and asks nobody.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.compare_sdk import RUBRIC
from benchmarks.scale import CLEAN, answer

BY_RULE = """\
title: By rule
min_words: 10
criteria:
  - {id: time, title: Time, kind: measure, measure: speaking_time, bands: [{level: 5, at_most: 1}, {level: 2}]}
  - {id: fillers, title: Fillers, kind: measure, measure: fillers, bands: [{level: 5, at_most: 1}, {level: 2}]}
"""
QUESTION = "question: What did you change in {number}, and what did it cost?\nrubric: {rubric}\ntime_limit: 2 min\n"


def write_project(root: Path, attempts: int, rubric: str) -> None:
    """Write questions of ten answers each."""
    rng = random.Random(7)
    (root / "rubrics").mkdir(parents=True)
    (root / "rubrics/rule.yaml").write_text(BY_RULE)
    (root / "rubrics/bench.yaml").write_text(RUBRIC)
    (root / "evalharness.yaml").write_text("grader: heuristic\n")
    for number in range(attempts):
        folder = root / f"cases/g{number // 1000}/q{number // 10}"
        if number % 10 == 0:
            folder.mkdir(parents=True)
            (folder / "question.yaml").write_text(QUESTION.format(number=number // 10, rubric=rubric))
        text = answer(rng, words=60)
        (folder / f"2026-01-{number % 10 + 1:02}.md").write_text(f"{text}\nThat was number {number}.\n")


def timed(name: str, command: list[str], cwd: Path) -> None:
    """Print wall and CPU seconds and the peak memory of one command."""
    start = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "evalharness", *command],
        cwd=cwd,
        env=CLEAN,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    code = os.waitstatus_to_exitcode(status)
    wall, cpu = time.perf_counter() - start, usage.ru_utime + usage.ru_stime
    print(f"{name:24} {wall:7.1f} s  {cpu:7.1f} s CPU  {usage.ru_maxrss / 1024:6.0f} MB  exit {code}", flush=True)


def main() -> None:
    """Plan, grade shards, merge."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--attempts", type=int, default=20_000)
    parser.add_argument("--shards", type=int, default=8)
    parser.add_argument("--grade", type=int, default=8, help="so many of the shards")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asked, ruled = Path(folder) / "asked", Path(folder) / "ruled"
        for root, rubric in ((asked, "bench"), (ruled, "rule")):
            write_project(root, arguments.attempts, rubric)
        print(f"{arguments.attempts} answers, {arguments.shards} shards")
        timed("plan, a model", ["run", "--grader", "anthropic", "--all", "--plan"], asked)
        for number in range(1, arguments.grade + 1):
            shard = f"{number}/{arguments.shards}"
            timed(f"shard {shard}", ["run", "--shard", shard, "--reports", f"shards/{number}"], ruled)
        timed(f"merge of {arguments.grade}", ["report", "--merge", "shards", "--format", "md"], ruled)


if __name__ == "__main__":
    main()
