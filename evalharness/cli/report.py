"""`evalharness report`: a stored run, rendered again."""

from __future__ import annotations

import click

from evalharness.reports import FORMATS


@click.command()
@click.argument("run", default="latest")
@click.option(
    "--format", "name", default="md", show_default=True, help=f"{', '.join(FORMATS)}, or text for the screen."
)
@click.option("--reports", metavar="DIR", help="Where runs are stored.  [default: reports]")
def report(run: str, name: str, reports: str | None) -> None:
    """Write a stored run to standard output.

    RUN is a run id, the beginning of one, `latest`, `previous`, `sample`, or the folder of a run.

    \b
    Examples:
      evalharness report latest
      evalharness report previous --format junit > junit.xml
    """
    from evalharness import pipeline, plugins
    from evalharness.cli.run import show

    stored = pipeline.read_run(run, settings={"reports": reports})
    if name == "text":
        show(stored)
    else:
        click.echo(plugins.report(name)(stored), nl=False)
