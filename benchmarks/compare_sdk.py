"""1,000 gradings against a bare loop over the same SDK: wall and CPU time, in the same run.

    python benchmarks/compare_sdk.py [--attempts 200] [--latency 0.05] [--concurrency 50]

Starts the test server as a process of its own (50 ms latency), makes 200 attempts of a rubric with five criteria, and
times, alternating: `evalharness run` as a whole process, and a script that sends the same 1,000 request bodies with the
same SDK, on its quicker transport (aiohttp), and nothing else.  Prints both and the ratios.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent

RUBRIC = """\
id: bench
title: Bench
min_words: 10
criteria:
""" + "".join(
    f"""\
  - id: criterion_{i}
    title: Criterion {i}
    kind: scale
    look_for: Whether the answer shows thing number {i} by something that was done.
    levels:
      1: Nothing of the kind stands in the answer.
      3: It is named, without what was done.
      5: It is named with what was done and what came of it.
"""
    for i in range(5)
)

MONTHS = ("January", "February", "March", "April", "June")
WORK = [(month, thing) for month in MONTHS for thing in ("queue", "index", "ledger", "mailer", "export")]

BARE = """
import asyncio, json, sys
import anthropic

async def main(url, path, width):
    bodies = [json.loads(line) for line in open(path, encoding="utf-8")]
    http = anthropic.DefaultAioHttpClient()
    client = anthropic.AsyncAnthropic(api_key="test-key", base_url=url, max_retries=0, http_client=http)
    gate = asyncio.Semaphore(width)
    async def one(body):
        async with gate:
            message = await client.messages.create(**body)
            return json.loads("".join(b.text for b in message.content if b.type == "text"))
    print(len(await asyncio.gather(*(one(body) for body in bodies))))

asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
"""


def main() -> None:
    arguments = parse()
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        write_project(project, arguments.attempts)
        url, server = start_server(arguments.latency)
        try:
            compare(project, url, arguments)
        finally:
            server.terminate()


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--attempts", type=int, default=200)
    parser.add_argument("--latency", type=float, default=0.05)
    parser.add_argument("--concurrency", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=3)
    return parser.parse_args()


def write_project(project: Path, attempts: int) -> None:
    (project / "rubrics").mkdir(parents=True)
    (project / "rubrics/bench.yaml").write_text(RUBRIC)
    (project / "evalharness.yaml").write_text("grader: anthropic\nmax_usd: 0\n")
    for number in range(attempts):
        folder = project / f"cases/q{number}"
        folder.mkdir(parents=True)
        (folder / "question.yaml").write_text("question: What did you do about it?\nrubric: bench\n")
        body = "\n".join(
            f"In {month} I changed the {thing} of system {number} and wrote down why." for month, thing in WORK
        )
        (folder / "2026-09-01.md").write_text(body + "\n")


def start_server(latency: float) -> tuple[str, subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.apiserver", "--latency", str(latency)]
    command += ["--responder", "tests.responder:quick"]
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    return server.stdout.readline().strip(), server


def compare(project: Path, url: str, arguments: argparse.Namespace) -> None:
    bodies = project / "bodies.jsonl"
    harness = [sys.executable, "-m", "evalharness"]
    with bodies.open("w") as file:
        for number in range(arguments.attempts):
            case = f"q{number}/me/2026-09-01"
            subprocess.run(
                [*harness, "prompt", case, "--json"], cwd=project, stdout=file, check=True, env=environment()
            ) if number == 0 else None
    one = [json.loads(line) for line in bodies.read_text().splitlines()]
    with bodies.open("w") as file:
        for number in range(arguments.attempts):
            for body in one:
                text = json.dumps(body).replace("of system 0 ", f"of system {number} ")
                file.write(text + "\n")
    ours, bare = [], []
    for round_ in range(arguments.rounds):
        reports = f"reports{round_}"
        command = [*harness, "run", "--base-url", url, "--concurrency", str(arguments.concurrency)]
        ours.append(timed([*command, "--reports", reports], project, environment()))
        bare.append(
            timed([sys.executable, "-c", BARE, url, str(bodies), str(arguments.concurrency)], project, environment())
        )
    again = timed([*command, "--reports", reports], project, environment())
    show("evalharness run", ours)
    show("bare SDK loop", bare)
    walls = [a[0] / b[0] for a, b in zip(ours, bare, strict=True)]
    cpus = [a[1] / b[1] for a, b in zip(ours, bare, strict=True)]
    print(
        f"ratio wall {statistics.median(walls):.2f}, CPU {statistics.median(cpus):.2f} (median of {len(walls)} pairs)"
    )
    print(f"unchanged re-run: wall {again[0]:.2f} s")


def environment() -> dict[str, str]:
    """Return the environment of what is measured: a key, no CI, and modules compiled once, as an installed one has."""
    dropped = ("CI", "PYTHONDONTWRITEBYTECODE")
    return {**{k: v for k, v in os.environ.items() if k not in dropped}, "ANTHROPIC_API_KEY": "test-key"}


def timed(command: list[str], cwd: Path, environment: dict[str, str]) -> tuple[float, float]:
    """Return wall and CPU seconds of one process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run(command, cwd=cwd, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def show(name: str, found: list[tuple[float, float]]) -> None:
    walls, cpus = zip(*found, strict=True)
    print(f"{name:16} wall {statistics.median(walls):.2f} s, CPU {statistics.median(cpus):.2f} s")


if __name__ == "__main__":
    main()
