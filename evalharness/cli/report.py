"""`evalharness report`: a stored run, rendered again."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from evalharness.cli.complete import RUNS
from evalharness.cli.options import PATHS, reports_option
from evalharness.cli.screen import print_wrapped
from evalharness.console.paths import followed
from evalharness.errors import InputError, UnknownName
from evalharness.reports import FORMATS
from evalharness.results.authors import of_author


@click.command()
@click.argument("run", default="latest", shell_complete=RUNS)
@click.option(
    "--format", "name", default="", help=f"{', '.join(FORMATS)}, or text.  [default: text on a terminal, else md]"
)
@click.option(
    "--open", "opening", is_flag=True, help="Write report.html into the run's folder and open it in the browser."
)
@click.option("--site", type=PATHS, metavar="DIR", help="Write a page for every stored run and an index there.")
@click.option(
    "--merge",
    "others",
    type=PATHS,
    multiple=True,
    metavar="DIR",
    help="First bring the runs under DIR together with these.",
)
@click.option("--author", metavar="NAME", help="Only this author's answers.  [default: everybody's]")
@reports_option
def report(
    run: str,
    name: str,
    opening: bool,
    site: Path | None,
    others: tuple[Path, ...],
    author: str | None,
    reports: str | None,
) -> None:
    """Show a stored run again, or open it as a page.

    RUN is a run id, the beginning of one, `latest`, `previous`, `sample`, or the folder of a run.

    \b
    Examples:
      evalharness report                                     the latest run, as it was shown
      evalharness report --open                              as a page in the browser
      evalharness report previous --format junit > junit.xml
      evalharness report --author priya > for-priya.md
      evalharness report --site public                       a page for each run, to publish
      evalharness report --merge shards                      one report of what several machines graded
    """
    from evalharness import plugins
    from evalharness.cli.run import show
    from evalharness.cli.screen import document
    from evalharness.grading import workflow as grading

    on_screen = sys.stdout.isatty()
    only_page = name in ("", "html") and not author
    name = name or ("text" if on_screen else "md")
    if name not in (*FORMATS, "text"):
        raise UnknownName("report format", name, [*FORMATS, "text"])
    if others:
        run = _merge(run, others, reports)
    if site:
        _publish(site, author, reports)
        return
    if opening:
        if not only_page:
            raise click.UsageError("--open shows the page of the whole run, without --format and --author")
        _open(run, reports)
        return
    if name == "html" and on_screen:
        raise InputError(
            "a page is for a browser", hint="add --open, or write it to a file: > report.html", slug="usage"
        )
    stored = grading.read_run(run, settings={"reports": reports})
    if author:
        stored = of_author(stored, author)
    if name == "text":
        show(stored, grading.reports_folder(settings={"reports": reports}))
    else:
        document(plugins.report(name)(stored))


def _merge(run: str, folders: tuple[Path, ...], reports: str | None) -> str:
    """Bring runs together and return the id of the one over all of them."""
    from evalharness.grading.merging import merge

    if run != "latest":
        raise click.UsageError("--merge makes a run of its own: leave RUN out")
    return merge(folders, settings={"reports": reports}).meta.id


def _publish(folder: Path, author: str | None, reports: str | None) -> None:
    from evalharness.cli.screen import here
    from evalharness.grading.site import write_site
    from evalharness.reports.words import plural

    count = write_site(folder, settings={"reports": reports}, author=author or "")
    click.echo(f"{plural(count, 'run')}: {here(str(folder / 'index.html'))}")


def _open(name: str, reports: str | None) -> None:
    """Write report.html into the run's folder, say where it is, and show it in the browser."""
    import webbrowser

    from evalharness.cli.screen import here
    from evalharness.grading import workflow as grading

    path = grading.write_report(name, "html", settings={"reports": reports})
    click.echo(here(str(path), path.parent))
    if not webbrowser.open(followed(path).as_uri()):
        print_wrapped("no browser was found; open the file yourself", err=True)
