"""`evalharness new`: start an attempt."""

from __future__ import annotations

import os
import sys

import click


@click.command()
@click.argument("question")
@click.option("--author", default="", metavar="NAME", help="Whose attempt it is.  [default: the configured author]")
@click.option("--rubric", default="story", show_default=True, metavar="ID", help="For a question that is new.")
@click.option("--no-edit", is_flag=True, help="Make the file and print its path; open no editor.")
def new(question: str, author: str, rubric: str, no_edit: bool) -> None:
    """Start an attempt at QUESTION: a file with today's date and the parts that its rubric reads.

    A QUESTION of several words is a new one: it gets a folder and, unless you name another, the rubric for behavioural
    questions ("Tell me about a time when ..."). Opens $VISUAL or $EDITOR where there is a terminal. An attempt without
    text stays a draft and is not graded.

    \b
    Examples:
      evalharness new speed-vs-safety
      evalharness new speed-vs-safety --author priya --no-edit
      evalharness new "Tell me about a time you failed."
    """
    from evalharness.cli import visible
    from evalharness.cli.views import saying_world
    from evalharness.practice import workflow as attempting

    world = saying_world()
    if " " in question.strip():
        question = attempting.add_question(question.strip(), rubric, world)
    loaded = attempting.project(world, question=question)
    found = attempting.find_question(loaded, question)
    made = attempting.new_attempt(loaded, found, author=author)
    made.template(attempting.parts_to_write(loaded.rubrics[found.rubric]))
    click.echo(visible(found.text), err=True)
    click.echo(visible(os.path.relpath(made.file)))
    if not no_edit and sys.stdin.isatty() and sys.stdout.isatty():
        click.edit(filename=str(made.file))
