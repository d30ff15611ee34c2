"""What a grading of the shipped cases costs: the bill of the test server, which simulates the prompt cache.

    python -m benchmarks.bill

Output is what the test's grader says plus thinking as the server counts it for medium effort; a real model will differ.
Prices are list prices.  Also: `--plan`'s estimate against the bill, and billed against uncached input.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import NamedTuple

from tabulate import tabulate

import evalharness
from evalharness.grading import preview
from evalharness.grading.workflow import Choice
from evalharness.world import Silent, World, real_world
from tests import apiserver as api
from tests.responder import GradingResponder

ROOT = Path(__file__).parent.parent
RUBRICS = ("mission-alignment", "culture-dialogue", "project-deep-dive")


class Bill(NamedTuple):
    """What one mode cost: USD in all and by rubric for one attempt, input billed against uncached, the estimate."""

    mode: str
    calls: int
    usd: float
    estimate: float
    by_rubric: dict[str, float]
    input_share: dict[str, float]


def bill(mode: str) -> Bill:
    """Grade the latest attempt of every question in `mode`, rubric by rubric, and return the sums."""
    by_rubric: dict[str, float] = {}
    shares: dict[str, float] = {}
    calls, usd, estimated = 0, 0.0, 0.0
    for rubric, select in zip(RUBRICS, ("mission", "culture", "deep-dive"), strict=True):
        with tempfile.TemporaryDirectory() as folder, api.ApiServer(responder=GradingResponder()) as server:
            world = world_in(Path(folder))
            settings = {"grader": "anthropic", "mode": mode, "base_url": server.url, "concurrency": 1, "max_samples": 1}
            choice = Choice(latest=True)
            paths = [f"cases/{select}"]
            _, planned = preview.plans(paths, settings, choice, world)
            run = evalharness.run(paths, settings=settings, choice=choice, world=world)
            spent = server.bill.usd
            assert run.meta.cost.spent is not None
            assert abs(run.meta.cost.spent - spent) < 1e-9, "our sum is not the server's"
            by_rubric[rubric] = spent / len(run.attempts)
            shares[rubric] = server.bill.input_usd / server.bill.uncached_input_usd
            calls, usd = calls + run.meta.cost.calls, usd + spent
            estimated += next(p.estimate.usd or 0 for p in planned if p.mode == mode and not p.batch)
    return Bill(mode, calls, usd, estimated, by_rubric, shares)


def world_in(folder: Path) -> World:
    for name in ("cases", "rubrics"):
        shutil.copytree(ROOT / name, folder / name)
    here = real_world(Silent())
    return World(
        cwd=folder,
        environment={"ANTHROPIC_API_KEY": "test-key"},
        clock=here.clock,
        new_id=here.new_id,
        watcher=Silent(),
    )


def table(bills: list[Bill]) -> str:
    """Return the table of the README."""
    head = [
        "mode",
        "calls",
        "all 19",
        "one mission answer",
        "one culture answer",
        "one deep dive",
        "input billed, deep dive",
    ]
    rows = [
        [
            f"`{b.mode}`",
            b.calls,
            f"${b.usd:.2f}",
            *(f"${b.by_rubric[name]:.3f}" for name in RUBRICS),
            f"{100 * b.input_share[RUBRICS[2]]:.0f} % of uncached",
        ]
        for b in bills
    ]
    return tabulate(rows, headers=head, tablefmt="github", disable_numparse=True)


def main() -> None:
    bills = [bill("per_criterion"), bill("joint")]
    print(table(bills))
    one, joint = bills
    print(f"\nper_criterion costs {one.usd / joint.usd:.2f} times joint (limit 2.0)")
    for b in bills:
        print(
            f"{b.mode}: estimate ${b.estimate:.3f}, bill ${b.usd:.3f}, off by {100 * (b.estimate / b.usd - 1):+.1f} %"
        )
    for name in RUBRICS:
        print(f"{name}: billed input {100 * one.input_share[name]:.0f} % of uncached in per_criterion")


if __name__ == "__main__":
    main()
