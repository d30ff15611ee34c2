"""`evalharness report`: a stored run, rendered again."""

from __future__ import annotations

import click

from evalharness.cli.complete import RUNS
from evalharness.errors import UnknownName
from evalharness.reports import FORMATS
from evalharness.results.authors import of_author


@click.command()
@click.argument("run", default="latest", shell_complete=RUNS)
@click.option(
    "--format", "name", default="md", show_default=True, help=f"{', '.join(FORMATS)}, or text for the screen."
)
@click.option(
    "--open", "opening", is_flag=True, help="Write report.html into the run's folder and open it in the browser."
)
@click.option("--author", metavar="NAME", help="Only this author's answers.  [default: everybody's]")
@click.option("--reports", metavar="DIR", help="Where runs are stored.  [default: reports]")
def report(run: str, name: str, opening: bool, author: str | None, reports: str | None) -> None:
    """Write a stored run to standard output, or open it as a page.

    RUN is a run id, the beginning of one, `latest`, `previous`, `sample`, or the folder of a run.

    \b
    Examples:
      evalharness report latest
      evalharness report previous --format junit > junit.xml
      evalharness report latest --format html --open
      evalharness report latest --author priya
    """
    from evalharness import plugins
    from evalharness.cli.run import show
    from evalharness.cli.screen import document
    from evalharness.grading import workflow as grading

    if name not in (*FORMATS, "text"):
        raise UnknownName("report format", name, [*FORMATS, "text"])
    if opening:
        if name != "html" or author:
            raise click.UsageError("--open shows the page of the whole run: add --format html, without --author")
        _open(run, reports)
        return
    stored = grading.read_run(run, settings={"reports": reports})
    if author:
        stored = of_author(stored, author)
    if name == "text":
        show(stored, grading.reports_folder(settings={"reports": reports}))
    else:
        document(plugins.report(name)(stored))


def _open(name: str, reports: str | None) -> None:
    """Write report.html into the run's folder, say where it is, and show it in the browser."""
    import webbrowser

    from evalharness.grading import workflow as grading

    path = grading.write_report(name, "html", settings={"reports": reports})
    click.echo(path)
    if not webbrowser.open(path.resolve().as_uri()):
        click.echo("no browser was found; open the file yourself", err=True)
