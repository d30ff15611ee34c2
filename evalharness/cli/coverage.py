"""`evalharness coverage`: mission by question, from what is stored; no call, no key."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import click

from evalharness.cli.options import PATHS, model_options, project_options
from evalharness.cli.views import DAY, command, day, saying_world

FORMATS = click.Choice(["text", "md", "json"])


@click.command()
@click.argument("paths", nargs=-1, type=PATHS)
@project_options
@model_options
@click.option("--author", metavar="NAME", default="", help="Only this author's answers.  [default: everybody's]")
@click.option("--date", "on", type=DAY, metavar="DATE", help="The day that ages count to.  [default: today]")
@click.option("--format", "name", type=FORMATS, default="text", show_default=True, help="text is for the screen.")
def coverage(paths: tuple[Path, ...], author: str, on: datetime.datetime | None, name: str, **settings: Any) -> None:
    """Show which answer demonstrates which mission.

    For every rubric with a criterion of kind `tags`: a table of question by mission with the best attempt and its
    age, the experience and takeaway for each mission, missions without an answer, claims without
    a deed, and stories used too often. Reads files and stored grades only.

    \b
    Examples:
      evalharness coverage                          all missions
      evalharness coverage --format md > bridge.md  with links to the lines
      evalharness coverage --grader heuristic       the offline grades
    """
    from evalharness.cli.screen import colour, document, where, width
    from evalharness.coverage import as_json, workflow
    from evalharness.coverage import views as report

    world = saying_world()
    found = workflow.coverage(paths, on=day(on, world), author=author, settings=settings, world=world)
    again = command(paths, settings)
    if name == "json":
        document(as_json.json(found))
    elif name == "md":
        document(report.markdown(found, again=again))
    else:
        screen = report.text(found, width=width(), again=again, colour=colour(), where=where(paths))
        click.echo(screen, nl=False, color=colour())
