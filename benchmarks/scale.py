"""Offline speed: start-up, a fully cached run, and thousands of attempts graded by the heuristic.

    python benchmarks/scale.py [--sizes 1000 2000 10000]

Each figure is a whole process. Start-up is shown beside the bare interpreter's in the same run; memory is the
process's peak.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith("ANTHROPIC_")}

PIECES = (
    "In {year} I moved the {thing} from a nightly job to a queue, because late files kept people waiting.",
    "Late files went from {a} a week to {b}, and the on-call engineer was paged {c} times a month instead of {a}.",
    "We gave up strict ordering, although two teams had asked for it, and I told both of them why.",
    "I was not sure that it would hold, so I ran both for {c} weeks and compared {a} thousand rows a day.",
    "The hardest part was the {thing}: nobody could say who owned it, and I had to ask {b} people.",
    "What I learned is that a number without its baseline convinces nobody, least of all the people on night shift.",
    "If I did it again I would start with the {thing} and leave the rest for later.",
)
THINGS = ("export", "ledger", "schedule", "archive", "catalogue", "index", "mailer", "gateway")


def answer(rng: random.Random, words: int = 300) -> str:
    sentences: list[str] = []
    while sum(len(s.split()) for s in sentences) < words:
        piece = rng.choice(PIECES)
        sentences.append(
            piece.format(
                year=rng.randint(2012, 2024),
                thing=f"{rng.choice(THINGS)} of region {rng.choice(THINGS)}",
                a=rng.randint(20, 90),
                b=rng.randint(2, 9),
                c=rng.randint(3, 15),
            )
        )
    return "\n".join(" ".join(sentences[i : i + 3]) for i in range(0, len(sentences), 3)) + "\n"


def write_project(root: Path, attempts: int) -> None:
    rng = random.Random(7)
    shutil.copytree(ROOT / "rubrics", root / "rubrics")
    questions = max(1, attempts // 10)
    for number in range(attempts):
        folder = root / f"cases/g{number % questions % 7}/q{number % questions}"
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / "question.yaml"
        if not file.exists():
            file.write_text(
                "question: What did you change, and what did it cost?\nrubric: mission-alignment\n"
                "time_limit: 2 min\nmissions: [1, 3]\n"
            )
        day = number // questions
        (folder / f"2026-{1 + day // 28:02d}-{1 + day % 28:02d}.md").write_text(answer(rng))


class Taken(NamedTuple):
    """What one process took: seconds by the clock and of CPU, and its peak of memory in MB."""

    wall: float
    cpu: float
    memory: float


def timed(command: list[str], cwd: Path, *, may_fail: bool = False) -> Taken:
    """Return what one process takes; one that fails ends the benchmark.

    `may_fail` takes it that a gate failed, or that grades are missing for want of a key.
    """
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=cwd, env=CLEAN, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status) not in ((0, 1, 3) if may_fail else (0,)):
        raise SystemExit(f"{command} failed")
    return Taken(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def startup() -> None:
    bare = [timed([sys.executable, "-c", "pass"], ROOT).wall for _ in range(15)]
    ours = [timed([sys.executable, "-m", "evalharness", "--version"], ROOT).wall for _ in range(15)]
    shelp = [timed([sys.executable, "-m", "evalharness", "--help"], ROOT).wall for _ in range(5)]
    b, o, h = (statistics.median(x) * 1000 for x in (bare, ours, shelp))
    limit = 2.5 * b + 60
    print(f"bare interpreter {b:.0f} ms, --version {o:.0f} ms (limit {limit:.0f}), --help {h:.0f} ms")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 2000, 10000])
    startup()
    for size in parser.parse_args().sizes:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            write_project(root, size)
            command = [sys.executable, "-m", "evalharness", "run", "cases/", "--grader", "heuristic"]
            first, again = timed(command, root), timed(command, root)
            rate = size / first.wall
            print(
                f"{size:6} attempts: first run {first.wall:.1f} s ({rate:.0f}/s), {first.memory:.0f} MB; "
                f"cached {again.wall:.2f} s"
            )


if __name__ == "__main__":
    main()
