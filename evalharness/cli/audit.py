"""`evalharness audit`: attacks on the grader, as a report card and a gate."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from evalharness.cli.complete import RUBRICS
from evalharness.cli.options import AT_ONCE, PATHS, model_options, project_options
from evalharness.cli.screen import print_wrapped
from evalharness.errors import ExitCode

FORMATS = click.Choice(["text", "md", "json"])


@click.command()
@click.argument("rubric", shell_complete=RUBRICS)
@click.option("--on", multiple=True, type=PATHS, metavar="CASES", help="Attempts to rewrite.  [default: the latest]")
@project_options
@model_options
@click.option("--samples", type=click.IntRange(3, 50), help="Repeats that measure the noise.  [default: 3]")
@click.option("--budget", "max_usd", type=click.FloatRange(0), metavar="USD", help="Stop before more is spent.")
@click.option("--concurrency", type=AT_ONCE, help="Calls at a time, at most; auto: as many as go well.")
@click.option("--format", "name", type=FORMATS, default="text", show_default=True, help="text is for the screen.")
@click.pass_context
def audit(context: click.Context, /, rubric: str, on: tuple[Path, ...], name: str, **settings: Any) -> None:
    """Attack the grader and write its report card.

    Rewrites attempts in ways whose effect is known (padding, pasted anchors, orders to the grader, numbers taken
    out, names swapped, ...) and compares the shift in levels with the grader's own noise. Exits 1 where a line
    fails, 4 where the budget ended it. What a model says is kept under reports/audit/, apart from the runs: the same
    command continues there, asks again only for what has changed, and costs nothing once all is stored.

    \b
    Examples:
      evalharness audit culture-dialogue --grader heuristic            offline, exact
      evalharness audit culture-dialogue --on cases/culture --budget 3    a model, for at most 3 dollars
      evalharness audit my-rubric --format md > card.md
    """
    from evalharness.audit import views as report
    from evalharness.audit import workflow as auditing
    from evalharness.cli.screen import document, room, show
    from evalharness.cli.watch import watcher
    from evalharness.world import real_world

    with watcher() as looking:
        card = auditing.audit(rubric, on, settings=settings, world=real_world(looking))
    if name == "text":
        show(report.text(card, room()))
    else:
        document(report.as_json(card) if name == "json" else report.markdown(card))
    if card.incomplete:
        print_wrapped(card.incomplete, err=True)
        context.exit(int(ExitCode.BUDGET if card.over_budget else ExitCode.INCOMPLETE))
    context.exit(int(ExitCode.GATE_FAILED if card.failed else ExitCode.FINE))
