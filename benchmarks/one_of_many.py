"""One of 200 answers changed: what a run takes beyond its calls, by the SDK and by the heuristic.

    python -m benchmarks.one_of_many [--attempts 200] [--rounds 3]

The floor, in the same run: a script that makes the same number of calls with the same SDK and nothing else, and a bare
start of Python.  What is said is the time beyond the server's latency, and CPU, each the least of the rounds.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.compare_sdk import BARE, environment, start_server, timed, write_project
from benchmarks.large import write_team

LATENCY = 0.05


def main() -> None:
    """Print both graders' figures beside their floors."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--attempts", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        asked, read = Path(folder) / "asked", Path(folder) / "read"
        write_project(asked, arguments.attempts)
        read.mkdir()
        write_team(read, arguments.attempts)
        (read / "evalharness.yaml").write_text("grader: heuristic\n")
        url, server = start_server(LATENCY)
        try:
            measure(asked, read, url, arguments.rounds)
        finally:
            server.terminate()


def measure(asked: Path, read: Path, url: str, rounds: int) -> None:
    """Measure each round: a run after one edit, of what a model and what the heuristic grades, and the floors."""
    harness = [sys.executable, "-m", "evalharness"]
    prompt = [*harness, "prompt", "q0/me/2026-09-01", "--json"]
    bodies = subprocess.run(prompt, cwd=asked, env=environment(), capture_output=True, text=True, check=True).stdout
    (asked / "bodies.jsonl").write_text("".join(f"{json.dumps(json.loads(line))}\n" for line in bodies.splitlines()))
    commands = {
        "the SDK": (asked, [*harness, "run", "--base-url", url]),
        "bare SDK loop": (asked, [sys.executable, "-c", BARE, url, "bodies.jsonl", "16"]),
        "the heuristic": (read, [*harness, "run"]),
        "bare Python": (read, [sys.executable, "-c", "pass"]),
    }
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, (project, command) in commands.items():
            times = timed(command, project, environment())
            found[name] += [times] if number else []  # the first run grades everything
        for project in (asked, read):
            answer = sorted(project.glob("cases/**/2026-*.md"))[number]
            answer.write_text(f"{answer.read_text()}\nThen I wrote down for all {number + 2} teams what it had cost.\n")
    for name, pairs in found.items():
        wall, cpu = (min(pair[place] for pair in pairs) for place in (0, 1))
        beyond = wall - (LATENCY if "SDK" in name else 0.0)
        print(f"{name:16} {beyond:5.2f} s beyond the latency of a call, {cpu:5.2f} s of CPU", flush=True)


if __name__ == "__main__":
    main()
