"""`evalharness compare`: two stored runs, series by series; no call, no key."""

from __future__ import annotations

from typing import Any

import click

from evalharness.cli.complete import RUNS
from evalharness.cli.options import model_options, project_options
from evalharness.cli.progress import FORMATS


@click.command()
@click.argument("before", metavar="RUN_A", default="previous", shell_complete=RUNS)
@click.argument("after", metavar="RUN_B", default="latest", shell_complete=RUNS)
@project_options
@model_options
@click.option("--format", "name", type=FORMATS, default="text", show_default=True, help="text is for the screen.")
def compare(before: str, after: str, name: str, **settings: Any) -> None:
    """Show what changed from RUN_A to RUN_B, and whether it is more than noise.

    A run is a run id, the beginning of one, `latest`, `previous`, a run's folder, or a day (2026-10-05, monday): the
    newest run of that day (UTC) or before. It compares the latest attempt of each series and says: improved, worse,
    within noise, same, new, gone, ungraded, or not comparable and why. Weights may have changed in between:
    scores are computed again from stored levels.

    \b
    Examples:
      evalharness compare                       the last two runs
      evalharness compare monday latest         since Monday
    """
    from evalharness.cli.screen import colour, document, width
    from evalharness.cli.views import command, run_or_day, saying_world
    from evalharness.compare import views as comparison
    from evalharness.compare.workflow import compare as compare_stored

    found, regrade = compare_stored(
        run_or_day(before), run_or_day(after), settings, world=saying_world(), again=command((), settings)
    )
    if name == "json":
        document(comparison.json(found, regrade))
    elif name == "md":
        document(comparison.markdown(found, regrade))
    else:
        click.echo(comparison.text(found, regrade, width=width(), colour=colour()), nl=False, color=colour())
