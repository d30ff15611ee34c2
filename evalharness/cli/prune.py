"""`evalharness prune`: remove stored runs that hold nothing of their own."""

from __future__ import annotations

import click

from evalharness.cli.options import reports_option
from evalharness.cli.screen import print_wrapped


@click.command()
@click.option("--keep", type=click.IntRange(1), default=5, show_default=True, help="How many of the newest runs stay.")
@click.option("--dry-run", is_flag=True, help="Say what would go, and remove nothing.")
@reports_option
def prune(keep: int, dry_run: bool, reports: str | None) -> None:
    """Remove stored runs whose grades are all in newer runs too.

    No grade is lost: a run with a grade that no newer run has stays, and so does every run that another one refers to.

    \b
    Examples:
      evalharness prune --dry-run
      evalharness prune --keep 20
    """
    from evalharness.grading.workflow import store_here
    from evalharness.store import prune as pruning
    from evalharness.world import real_world

    store = store_here({"reports": reports} if reports else {}, real_world())
    freed = pruning.prunable(store, keep)
    if not dry_run:
        pruning.prune(store, freed.runs)
    what = "would free" if dry_run else "freed"
    print_wrapped(f"{what} {freed.size / 1e6:.1f} MB: {len(freed.runs)} of {freed.of} runs")
    for run in freed.runs:
        print_wrapped(f"  {run}")
