"""`evalharness init`: a new answer repository."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from evalharness.cli.options import PATHS


@click.command()
@click.argument("folder", type=PATHS, default=".")
@click.option("--ci", is_flag=True, help="Also workflows: one checks changes, one grades the main branch.")
def init(folder: Path, ci: bool) -> None:
    """Make a new answer repository in FOLDER: settings, the four rubrics, two example series.

    Nothing that exists is overwritten.

    \b
    Example:
      evalharness init my-answers && cd my-answers && evalharness run cases/
    """
    from evalharness.init.workflow import init as write

    written = write(folder, ci=ci)
    click.echo(f"wrote {len(written)} files to {folder}")
    go = "" if str(folder) == "." else f"cd {shlex.quote(str(folder))} && "
    click.echo(f"next: {go}evalharness run cases/")
