"""`evalharness brief`: the page for the night before, from what is stored; no call, no key."""

from __future__ import annotations

import datetime
from typing import Any

import click

from evalharness.cli.options import model_options, project_options
from evalharness.cli.views import DAY, coming, command, day, saying_world

FORMATS = click.Choice(["text", "md"])


@click.command()
@click.argument("names", metavar="[QUESTION]...", nargs=-1)
@click.option("--for", "interview", default="", metavar="DAY", help="A date, today, tomorrow, friday.  [config]")
@click.option("--top", type=click.IntRange(min=1), metavar="N", help="Only the N weakest.")
@click.option("--questions", multiple=True, metavar="ID ...", help="Question ids or folders.  [default: all]")
@click.option("--author", metavar="NAME", default="", help="Whose answers.  [default: the configured author]")
@click.option("--date", "on", type=DAY, metavar="DATE", help="The day to count from.  [default: today]")
@project_options
@model_options
@click.option("--format", "name", type=FORMATS, default="text", show_default=True, help="md is to print.")
def brief(
    names: tuple[str, ...],
    interview: str,
    top: int | None,
    questions: tuple[str, ...],
    author: str,
    on: datetime.datetime | None,
    name: str,
    **settings: Any,
) -> None:
    """Print the page for the night before.

    It opens with what to do first, then the weakest answers. For each question the best attempt in at most five of its
    own sentences, two numbers to remember, the weakest point and what to do about it, likely follow-ups, and the spoken
    length; at the end your questions for them (`to_ask:` in question.yaml). Reads files and stored grades only.

    \b
    Examples:
      evalharness brief --for tomorrow --top 5
      evalharness brief --for 2026-11-25 --questions why-us resilience
      evalharness brief mission --format md > tonight.md    a folder of questions
    """
    from evalharness.brief import views as report
    from evalharness.brief import workflow
    from evalharness.cli.screen import colour, document, width

    world = saying_world()
    today = day(on, world)
    found = workflow.brief(
        (*questions, *names),
        on=today,
        interview=coming(interview, today),
        author=author,
        top=top,
        settings=settings,
        world=world,
    )
    again = command((), settings)
    if name == "md":
        document(report.markdown(found, again=again))
    else:
        screen = report.text(found, width=width(), again=again, colour=colour())
        click.echo(screen, nl=False, color=colour())
