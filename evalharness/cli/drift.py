"""`evalharness drift`: has the model changed under its name?  Anchor answers, graded again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from evalharness.cli.options import PATHS, model_options, project_options
from evalharness.errors import ExitCode


@click.command()
@click.option("--record", is_flag=True, help="Grade the anchor answers now and keep these grades as the reference.")
@click.option("--on", multiple=True, type=PATHS, metavar="CASES", help="With --record: these, not the latest eight.")
@project_options
@model_options
@click.option("--samples", type=click.IntRange(3, 50), help="Repeats of each answer.  [default: 3]")
@click.option("--budget", "max_usd", type=click.FloatRange(0), metavar="USD", help="Stop before more is spent.")
@click.option("--format", "name", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def drift(context: click.Context, /, record: bool, on: tuple[Path, ...], name: str, **settings: Any) -> None:
    """Grade a fixed set of answers again and say whether the grader changed.

    --record keeps the answers with their grades in labels/anchors.json. Later checks grade the same texts again
    (never from the cache), compare the shift with the grader's noise, and are kept in labels/drift.jsonl. Exits 1
    on drift; from then on nothing graded before is compared with what is graded since, nor reused in the same run,
    and the next check compares the grader with what it has become. A check that its budget ended continues there
    within a day. `evalharness run --anchors` makes the check with a run.

    \b
    Examples:
      evalharness drift --record --grader anthropic --budget 1    once
      evalharness drift --grader anthropic --budget 1             every week, or before an important comparison
    """
    from evalharness.cli.screen import document, room, say, show
    from evalharness.cli.watch import watcher
    from evalharness.drift import views as report
    from evalharness.drift import workflow as anchoring
    from evalharness.world import real_world

    with watcher() as looking:
        world = real_world(looking)
        if record:
            made = anchoring.record(on, settings=settings, world=world)
            say(f"recorded {len(made.cases)} anchor answers in labels/{anchoring.ANCHORS}", err=True)
            return
        found = anchoring.check(settings=settings, world=world)
    if name == "json":
        document(report.as_json(found))
    else:
        show(report.text(found, room()))
    context.exit(int(ExitCode.GATE_FAILED if found.drifted else ExitCode.FINE))
