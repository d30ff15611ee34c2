"""`evalharness run` with `graders:`: several graders, one verdict on standard output, the worst exit code."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evalharness.errors import ExitCode

if TYPE_CHECKING:
    from evalharness.grading.workflow import Choice
    from evalharness.jury.page import Table

_WORST = (ExitCode.INTERRUPTED, ExitCode.BUDGET, ExitCode.INCOMPLETE)


def run_jury(paths: tuple[Path, ...], settings: Mapping[str, Any], choice: Choice) -> ExitCode:
    """Let every grader of the jury grade, print what they found, and return how that ended."""
    from evalharness.cli import visible
    from evalharness.cli.endings import STATES
    from evalharness.cli.screen import say
    from evalharness.cli.watch import watcher
    from evalharness.jury import page, workflow
    from evalharness.world import real_world

    with watcher() as looking:
        found = workflow.run(paths, settings=settings, choice=choice, world=real_world(looking))
    say(page.headline(found))
    for told in page.failures(found):
        say(visible(told))
    click.echo()
    _print(page.totals(found, visible))
    if found.disputed:
        click.echo()
        say("Look at these: two graders differ by two levels or more.")
        click.echo()
        _print(page.disputes(found, visible))
    click.echo("\nAgreement\n")
    _print(page.agreements(found, visible))
    click.echo()
    say(f"Every level side by side: {workflow.page_file(paths, settings=settings)}")
    codes = {STATES[seat.run.meta.state] for seat in found.seats if seat.run and seat.run.meta.state in STATES}
    if len(found.complete) < len(found.answers) or not found.answers:
        codes.add(ExitCode.INCOMPLETE)
    return next((code for code in _WORST if code in codes), ExitCode.FINE)


def _print(found: Table) -> None:
    from evalharness.cli.screen import room
    from evalharness.reports.terminal.columns import grid

    heads, rows = found
    click.echo(grid(heads, rows, room()))
