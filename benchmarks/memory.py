"""Peak memory of a run with the model grader over 1,000 and 10,000 attempts (five criteria each), test server in front.

python -m benchmarks.memory [--sizes 1000 10000]
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.compare_sdk import environment, start_server, write_project


def peak(attempts: int) -> tuple[float, float]:
    """Return wall seconds and peak memory in MB of one run."""
    with tempfile.TemporaryDirectory() as folder:
        write_project(Path(folder), attempts)
        url, server = start_server(0.0)
        try:
            start = time.perf_counter()
            command = [sys.executable, "-m", "evalharness", "run", "--base-url", url, "--concurrency", "32"]
            silent = os.open(os.devnull, os.O_WRONLY)
            process = os.posix_spawn(
                "/bin/sh",
                ["sh", "-c", 'cd "$0" && exec "$@"', folder, *command],
                environment(),
                file_actions=[(os.POSIX_SPAWN_DUP2, silent, 1), (os.POSIX_SPAWN_DUP2, silent, 2)],
            )
            _, status, usage = os.wait4(process, 0)
            if os.waitstatus_to_exitcode(status):
                raise SystemExit("the run failed")
            return time.perf_counter() - start, usage.ru_maxrss / 1024
        finally:
            server.terminate()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 10000])
    for size in parser.parse_args().sizes:
        wall, memory = peak(size)
        print(f"{size:6} attempts, {size * 5} calls: {wall:.0f} s, peak {memory:.0f} MB")


if __name__ == "__main__":
    main()
