"""The nineteen latest attempts at six seconds a call and the default concurrency: how long one waits.

python -m benchmarks.nineteen [--latency 6]
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.compare_sdk import ROOT, start_server
from benchmarks.faults import environment


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--latency", type=float, default=6.0)
    latency = parser.parse_args().latency
    with tempfile.TemporaryDirectory() as folder:
        for name in ("cases", "rubrics"):
            shutil.copytree(ROOT / name, Path(folder) / name)
        url, server = start_server(latency)
        try:
            start = time.perf_counter()
            command = [sys.executable, "-m", "evalharness", "run", "cases/", "--grader", "anthropic", "--latest"]
            done = subprocess.run([*command, "--base-url", url], cwd=folder, env=environment(), capture_output=True)
            wall = time.perf_counter() - start
        finally:
            server.terminate()
    print(f"exit {done.returncode}, {wall:.0f} s at {latency:g} s a call (limit 120 s at 6 s)")


if __name__ == "__main__":
    main()
