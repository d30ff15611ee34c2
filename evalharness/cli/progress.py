"""`evalharness progress`: did it get better, and what to practise next; no call, no key."""

from __future__ import annotations

import shlex
import sys
from typing import Any

import click

from evalharness.cli.complete import QUESTIONS
from evalharness.cli.options import model_options, project_options

FORMATS = click.Choice(["text", "md", "json"])


@click.command()
@click.argument("question", default="", shell_complete=QUESTIONS)
@project_options
@model_options
@click.option("--author", metavar="NAME", default="", help="Only this author's answers.  [default: everybody's]")
@click.option("--format", "name", type=FORMATS, default="text", show_default=True, help="text is for the screen.")
def progress(question: str, author: str, name: str, **settings: Any) -> None:
    """Show whether answers got better, and what to practise next.

    Without QUESTION: one line for each series, with its scores, the change since the attempt before, and how to read
    it (better, worse, within noise). With QUESTION, its id or `question/author`: attempts by criterion,
    what stayed weak for three attempts, your own scores, and grades by another grader or setting, with the command
    that grades them again. Reads files and stored grades only.

    \b
    Examples:
      evalharness progress                              all series
      evalharness progress speed-vs-safety              one question, criterion by criterion
      evalharness progress --author priya               one person's series in a shared repository
      evalharness progress --format md > progress.md    to send to somebody
    """
    from evalharness.cli.screen import colour, document
    from evalharness.cli.views import command
    from evalharness.reports.terminal.columns import ELLIPSIS

    again = command((), settings)
    show = _one if question else _all
    text = show(question, name, settings, again, author)
    if name == "text":
        click.echo(text if can_show(text) else text.replace(ELLIPSIS, "~"), nl=False, color=colour())
    else:
        document(text)


def _all(_: str, name: str, settings: dict[str, Any], again: str, author: str) -> str:
    from evalharness.cli.screen import colour, where, width
    from evalharness.cli.views import saying_world
    from evalharness.progress import as_json, screen, workflow
    from evalharness.progress.words import BLOCKS

    looked = workflow.look(settings, saying_world(), author=author)
    found = workflow.progress_of(looked, again)
    if name == "json":
        return as_json.overview(found)
    if name == "md":
        from evalharness.progress import page

        details = (workflow.detail(looked, found.lines[place].series, again) for place in page.shown(found))
        return page.page(found, details)
    whose = f" --author {shlex.quote(author)}" if author else ""
    detail = f"{again.replace('evalharness run', 'evalharness progress', 1)}{whose} QUESTION"
    bar = looked.loaded.config.gate.min_score
    return screen.overview(
        found,
        width=width(),
        ascii_only=not can_show(BLOCKS),
        detail=detail,
        colour=colour(),
        bar=bar,
        where=where(),
    )


def _one(question: str, name: str, settings: dict[str, Any], again: str, author: str) -> str:
    from evalharness.cli.screen import colour, width
    from evalharness.cli.views import saying_world
    from evalharness.progress import as_json, screen, workflow
    from evalharness.progress.words import BLOCKS

    looked, found = workflow.series(question, settings, world=saying_world(), again=again, author=author)
    grader = looked.history.grader
    if name == "json":
        return as_json.series(found, grader)
    if name == "md":
        from evalharness.progress import page

        return page.series(found, grader)
    bar = looked.loaded.config.gate.min_score
    return screen.series(found, grader, width=width(), ascii_only=not can_show(BLOCKS), colour=colour(), bar=bar)


def can_show(text: str) -> bool:
    """Return whether standard output can encode `text`."""
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True
