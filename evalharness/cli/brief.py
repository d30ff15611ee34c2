"""`evalharness brief`: the page for the night before, from what is stored; no call, no key."""

from __future__ import annotations

import datetime
import sys
from typing import TYPE_CHECKING, Any

import click

from evalharness.cli.complete import QUESTIONS
from evalharness.cli.options import model_options, project_options
from evalharness.cli.views import DAY, coming, command, day, saying_world
from evalharness.errors import InputError

if TYPE_CHECKING:
    from evalharness.brief.brief import Brief

FORMATS = click.Choice(["text", "md", "html", "cards", "json"])


@click.command()
@click.argument("names", metavar="[QUESTION]...", nargs=-1, shell_complete=QUESTIONS)
@click.option("--for", "interview", default="", metavar="DAY", help="A date, today, tomorrow, friday.  [config]")
@click.option("--top", type=click.IntRange(min=1), metavar="N", help="Only the N weakest.")
@click.option(
    "--questions",
    multiple=True,
    metavar="ID ...",
    shell_complete=QUESTIONS,
    help="Question ids or folders.  [default: all]",
)
@click.option("--author", metavar="NAME", default="", help="Whose answers.  [default: the configured author]")
@click.option("--date", "on", type=DAY, metavar="DATE", help="The day to count from.  [default: today]")
@project_options
@model_options
@click.option(
    "--format",
    "name",
    type=FORMATS,
    default="text",
    show_default=True,
    help="md to print, html for a phone, cards for Anki (CSV), json for a program.",
)
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
      evalharness brief --format html > tonight.html        a page for your phone
      evalharness brief --format cards > cards.csv          cards for Anki
    """
    from evalharness.brief import workflow
    from evalharness.cli.screen import document

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
    if name == "text":
        _show(found, again)
    else:
        document(_document(found, name, again))


def _show(found: Brief, again: str) -> None:
    from evalharness.brief import views
    from evalharness.cli.screen import colour, where, width

    text = views.text(found, width=width(), again=again, colour=colour(), where=where())
    click.echo(text, nl=False, color=colour())


def _document(found: Brief, name: str, again: str) -> str:
    """Return the brief in a form for another program; raises `InputError` for a page on a terminal."""
    from evalharness.brief import as_json, cards, page, views

    if name == "html" and sys.stdout.isatty():
        raise InputError("a page is for a browser", hint="write it to a file: > tonight.html", slug="usage")
    if name == "html":
        return page.page(found, again=again)
    if name == "cards":
        return cards.cards(found)
    return as_json.json(found) if name == "json" else views.markdown(found, again=again)
