"""1,000 gradings through a failing server, then killed half-way and resumed.

    python -m benchmarks.faults [--attempts 200] [--hostile]

10 % 429, 5 % 500, 3 % cut connections, 2 % garbage, 50 ms, 50 at once.  Prints how many of the 1,000 grades arrived,
how many requests the server answered, and, after a SIGKILL half-way, how many answered requests were sent again.

Last (or alone, with --hostile) comes a server half of whose replies are drawn from all faults of tests/hostile.py:
prints how many grades have a level or a reason, how many stand twice, and the most memory that the run took.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from pathlib import Path

from benchmarks.compare_sdk import ROOT, environment, write_project
from tests.hostile import Hostile

FAULTS = ["--rate-429", "0.10", "--rate-500", "0.05", "--rate-cut", "0.03", "--rate-garbage", "0.02"]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--attempts", type=int, default=200)
    parser.add_argument("--hostile", action="store_true", help="only the server whose replies are any bytes")
    given = parser.parse_args()
    attempts = given.attempts
    if given.hostile:
        with tempfile.TemporaryDirectory() as folder:
            hostile(Path(folder), attempts)
        return
    for name, faults in (("healthy server", []), ("failing server", FAULTS)):
        for kill in (False, True):
            with tempfile.TemporaryDirectory() as folder:
                report(f"{name}{', killed half-way' if kill else ''}", Path(folder), attempts, faults, kill=kill)
    with tempfile.TemporaryDirectory() as folder:
        hostile(Path(folder), attempts)


def report(name: str, project: Path, attempts: int, faults: list[str], *, kill: bool) -> None:
    write_project(project, attempts)
    command = [
        sys.executable,
        "-m",
        "tests.apiserver",
        "--latency",
        "0.05",
        "--responder",
        "tests.responder:quick",
        *faults,
    ]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    url = server.stdout.readline().strip()
    try:
        start = time.perf_counter()
        if kill:
            killed(project, url, attempts * 5 // 2)
        stored = grades(project)
        subprocess.run(harness(url), cwd=project, env=environment(), check=True, capture_output=True)
        wall = time.perf_counter() - start
        with urllib.request.urlopen(f"{url}/__stats__") as reply:
            stats = json.load(reply)
    finally:
        server.terminate()
    answered = stats["answered_by_body"]
    final = json.loads((newest(project) / "run.json").read_text())
    again = sum(count - 1 for count in answered.values())
    print(f"{name}: {final['planned'] - final.get('ungraded', 0)} of {attempts * 5} graded in {wall:.1f} s; ", end="")
    print(f"{sum(answered.values())} requests answered, {again} of them for a body answered before", end="")
    print(f" ({stored} grades stood when it was killed)" if kill else "")


def hostile(project: Path, attempts: int) -> None:
    """Grade against replies of any bytes."""
    write_project(project, attempts)
    (project / "evalharness.yaml").write_text(
        "grader: anthropic\nmax_usd: 0\nretry: {attempts: 4, scale: 0.01, call: 30}\n"
    )
    with Hostile(share=0.5) as server:
        start = time.perf_counter()
        process = subprocess.Popen(harness(server.url), cwd=project, env=environment(), stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
    lines = [json.loads(line) for line in (newest(project) / "grades.jsonl").read_bytes().split(b"\n") if line]
    slots = Counter((line["case"], line["criterion"], line.get("sample", 1)) for line in lines)
    kinds = Counter(line["outcome"].get("why", "graded") for line in lines)
    print(f"server of any bytes: {len(lines)} of {attempts * 5} with a level or a reason in {wall:.1f} s ", end="")
    print(f"({dict(kinds)}), {sum(count - 1 for count in slots.values())} of them twice; ", end="")
    print(f"{sum(server.sent.values())} replies of {len(server.sent)} kinds; ", end="")
    print(f"exit {os.waitstatus_to_exitcode(status)}; at most {usage.ru_maxrss / 1024:.0f} MB")


def harness(url: str) -> list[str]:
    return [sys.executable, "-m", "evalharness", "run", "--base-url", url, "--concurrency", "50"]


def killed(project: Path, url: str, at: int) -> None:
    """Start a run and kill it once `at` grades are stored."""
    process = subprocess.Popen(harness(url), cwd=project, env=environment(), stderr=subprocess.DEVNULL)
    while grades(project) < at and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()


def newest(project: Path) -> Path:
    return max(path.parent for path in (project / "reports").glob("*/run.json"))


def grades(project: Path) -> int:
    files = (project / "reports").glob("*/grades.jsonl") if (project / "reports").exists() else ()
    return sum(file.read_bytes().count(b"\n") for file in files)


if __name__ == "__main__":
    main()
