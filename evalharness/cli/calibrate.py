"""`evalharness calibrate`: stored grades against people's labels; no call, no key."""

from __future__ import annotations

from typing import Any

import click

from evalharness.cli.options import reports_option

FORMATS = click.Choice(["text", "md", "json"])


@click.command()
@click.argument("labels", default="labels")
@reports_option
@click.option("--apply", is_flag=True, help="Correct levels by these labels, where they show that it helps.")
@click.option("--format", "name", type=FORMATS, default="text", show_default=True, help="text is for the screen.")
def calibrate(labels: str, name: str, apply: bool, **settings: Any) -> None:
    """Compare every stored grader with people's labels, criterion by criterion.

    For each criterion: exact and within-one agreement and bias, people against people beside each grader against
    people. `--format md` adds quadratic weighted kappa, Krippendorff's alpha, mean error, the confusion matrix, and
    what so few labels can't show. The last sentence says whether to trust the grader of the settings, or how many
    labels more it takes. Kept in labels/calibration.json, where `gate.requires` looks.

    With --apply, reports show a corrected level beside the grader's own, for each criterion with at least 30 labelled
    attempts where a correction brings unseen attempts closer to people. Totals, changes and gates use the grader's
    own levels. Kept in labels/corrections.json; delete that file to stop.

    \b
    Examples:
      evalharness calibrate                            labels/ of this project
      evalharness calibrate --format md > trust.md     to send to somebody
      evalharness calibrate --apply                    corrected levels beside the raw ones
    """
    from evalharness.calibrate import views as report
    from evalharness.calibrate import workflow as calibrating
    from evalharness.cli.screen import document, room, show
    from evalharness.world import real_world

    found = calibrating.calibrate_project(labels, settings=settings, world=real_world(), apply=apply)
    if name == "text":
        show(report.text(found.agreement, found.corrections, found.verdict, width=room()))
    else:
        render = report.as_json if name == "json" else report.markdown
        document(render(found.agreement, found.corrections, found.verdict))
