"""Signals at random moments of every command that writes, each followed by the same command undisturbed.

    python -m benchmarks.kills [--moments 17] [--seed 0] [--only run batch audit import practice check]

For each command prints how it ended (the exit code, or the signal below 0) and every moment after which the undisturbed
command did not come to what it comes to alone: its exit code, its files or grades, no grade twice, no call paid again.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from evalharness.cli import main as command
from tests import apiserver as api
from tests.repository import Repository
from tests.responder import GradingResponder
from tests.started import ended
from tests.support import ANSWER, many, write_project

SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT)
WIDTH = 4
CONFIG = "grader: anthropic\nauthor: me\nmax_usd: 0\nretry: {poll: 0.01, scale: 0.01}\n"
DOCUMENT = "".join(
    f"## What did you change in system {n}, and what did it cost?\n\n{ANSWER}\n" for n in ("A", "B", "C", "D")
)
FINE = {0, 3, 130, -signal.SIGKILL, -signal.SIGTERM, 128 + signal.SIGTERM}


class Kind(NamedTuple):
    """A command: its project, its arguments, what it leaves when it is done, and how many calls may be paid twice."""

    project: Callable[[Path], None]
    arguments: tuple[str, ...]
    left: Callable[[Path], Any]
    paid_again: int = WIDTH


def graded(root: Path) -> list[tuple[str, str, Any]]:
    """Return every grade of the newest run."""
    newest = max(file for file in (root / "reports").glob("*/run.json")).parent
    lines = [json.loads(line) for line in (newest / "grades.jsonl").read_bytes().split(b"\n") if line]
    return sorted((line["case"], line["criterion"], line["outcome"].get("level")) for line in lines)


def files(root: Path) -> dict[str, bytes]:
    """Return every file but the reports and the notes for `undo`, which hold the time."""
    found = (f for f in root.rglob("*") if f.is_file() and not {"reports", ".evalharness"} & {*f.parts})
    return {str(file.relative_to(root)): file.read_bytes() for file in found}


def card(root: Path) -> Any:
    (folder,) = (root / "reports/audit").iterdir()
    return sorted(file.name for file in folder.iterdir())


def practised(root: Path) -> Any:
    """Return that every answer is whole, the last one among them; a draft or a goal may remain from what was killed."""
    answers = [file.read_text() for file in sorted((root / "cases/q0").glob("*.md"))]
    return [ANSWER.strip() in answer for answer in answers if answer.strip()][-1:], [
        f for f in files(root) if "tmp" in f
    ]


def checked(root: Path) -> Any:
    said = json.loads((root / "out/check.json").read_text())
    return said["state"] if "state" in said else sorted(said)


def repository(root: Path) -> None:
    made = Repository(root, many(4), config=CONFIG)
    for n in range(4):
        made.write(f"cases/q{n}/2026-10-01.md", f"{ANSWER}I told the {n + 2} teams of it myself.\n")
    made.commit()


def prepared(root: Path) -> None:
    write_project(root, many(12), config=CONFIG)


def small(root: Path) -> None:
    write_project(root, many(2), config=CONFIG)


def document(root: Path) -> None:
    write_project(root, many(1), config=CONFIG)
    (root / "prep.md").write_text(DOCUMENT)


KINDS = {
    "run": Kind(prepared, ("run",), graded),
    "batch": Kind(prepared, ("run", "--batch"), graded, 0),
    "audit": Kind(small, ("audit", "talk"), card),
    "import": Kind(document, ("import", "prep.md", "--yes"), files),
    "practice": Kind(small, ("practice", "q0"), practised),
    "check": Kind(repository, ("check", "--base", "main", "--out", "out"), checked),
}


def work(name: str, url: str) -> int:
    """Do the command here, with an answer on standard input."""
    read, write = os.pipe()
    os.write(write, ANSWER.encode())
    os.close(write)
    os.dup2(read, 0)
    sends = () if name == "import" else ("--base-url", url)
    wide = ("--concurrency", str(WIDTH)) if name in ("run", "audit") else ()
    return command([*KINDS[name].arguments, *sends, *wide])


def once(name: str, **signalled: float) -> tuple[int, int, float, Any, int]:
    """Return how the disturbed and the next command ended, the seconds of the first, what is left, and calls paid."""
    kind = KINDS[name]
    env = {"ANTHROPIC_API_KEY": "test-key"}
    plan = api.BatchPlan(polls=1)
    with tempfile.TemporaryDirectory() as folder, api.ApiServer(responder=GradingResponder(), batches=plan) as server:
        root = Path(folder)
        kind.project(root)
        code, seconds = ended(work, name, server.url, cwd=root, env=env, **signalled)
        again, _ = ended(work, name, server.url, cwd=root, env=env) if signalled else (code, 0.0)
        return code, again, seconds, kind.left(root), server.bill.replies


def disturbed(name: str, moments: int, seed: int) -> Iterator[tuple[int, str]]:
    """Yield how the disturbed command ended, and what is wrong after the next one, for each moment."""
    alone = once(name)
    drawn = random.Random(f"{seed} {name}")
    for moment in range(moments):
        number, after = SIGNALS[moment % len(SIGNALS)], drawn.uniform(0, alone[2])
        code, again, _, left, paid = once(name, number=number, after=after)
        wrong = [
            f"it ended with {code}" if code not in FINE | {alone[0]} else "",
            f"the next ended with {again}, not {alone[1]}" if again != alone[1] else "",
            "something else is left" if left != alone[3] else "",
            f"{paid} calls, not {alone[4]}" if name != "practice" and paid > alone[4] + KINDS[name].paid_again else "",
        ]
        told = "; ".join(filter(None, wrong))
        yield code, told and f"{number.name} after {after:.3f} s of {name}: {told}"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--moments", type=int, default=17, help="for each command")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", nargs="+", choices=KINDS, default=list(KINDS))
    given = parser.parse_args()
    for name in given.only:
        found = list(disturbed(name, given.moments, given.seed))
        codes = Counter(code for code, _ in found)
        fell = [told for _, told in found if told]
        print(f"{name}: {len(found)} moments, ended {dict(sorted(codes.items()))}, {len(fell)} fell", *fell, sep="\n  ")


if __name__ == "__main__":
    main()
