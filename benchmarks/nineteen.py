"""The nineteen latest attempts at six seconds a call and the default settings: how long one waits, in both modes.

python -m benchmarks.nineteen [--latency 6] [--mode joint] [--requests-a-minute 50]

At 50 requests a minute it also says how many of them the server refused (none, if its headers are followed).
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

from benchmarks.compare_sdk import ROOT, environment

LIMITS = {"per_criterion": 20, "joint": 10}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--latency", type=float, default=6.0)
    parser.add_argument("--mode", choices=LIMITS, action="append")
    parser.add_argument("--requests-a-minute", type=int)
    arguments = parser.parse_args()
    for mode in arguments.mode or LIMITS:
        measure(mode, arguments.latency, arguments.requests_a_minute)


def measure(mode: str, latency: float, limit: int | None) -> None:
    serve = [sys.executable, "-m", "tests.apiserver", "--latency", str(latency), "--responder", "tests.responder:quick"]
    serve += ["--requests-per-minute", str(limit)] if limit else []
    with tempfile.TemporaryDirectory() as folder:
        for name in ("cases", "rubrics"):
            shutil.copytree(ROOT / name, Path(folder) / name)
        server = subprocess.Popen(serve, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        try:
            start = time.perf_counter()
            command = [sys.executable, "-m", "evalharness", "run", "cases/", "--grader", "anthropic", "--latest"]
            command += ["--base-url", url, "--mode", mode, "--max-samples", "1"]
            done = subprocess.run(command, cwd=folder, env=environment(), capture_output=True)
            wall = time.perf_counter() - start
            with urllib.request.urlopen(f"{url}/__stats__") as reply:
                stats = json.load(reply)
        finally:
            server.terminate()
    bound = f"limit {LIMITS[mode]} s at 6 s" if not limit else f"at {limit} requests a minute"
    print(f"{mode}: exit {done.returncode}, {wall:.1f} s at {latency:g} s a call ({bound}); {told(stats)}")


def told(stats: dict[str, Any]) -> str:
    refused = stats["statuses"].get("429", 0)
    return f"{stats['max_concurrent']} at once, {refused} refused with 429, bill ${stats['bill']['usd']:.2f}"


if __name__ == "__main__":
    main()
