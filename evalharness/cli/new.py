"""`evalharness new`: make a question, or start the next attempt at one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from evalharness.cli.complete import QUESTIONS, RUBRICS
from evalharness.cli.screen import here, print_wrapped
from evalharness.errors import InputError, UnknownName, UsageProblem

if TYPE_CHECKING:
    from evalharness.load import Loaded
    from evalharness.model.nouns import Question

USUAL = "story"  # the rubric for any question that asks for an occasion


@click.command()
@click.argument("question", shell_complete=QUESTIONS)
@click.option("--rubric", default="", metavar="ID", shell_complete=RUBRICS, help="What grades a new question.")
@click.option("--time", "limit", default="", metavar="TIME", help="How long an answer may take: 90s, 2m, 1:30.")
@click.option("--id", "name", default="", metavar="NAME", help="The new question's folder.  [default: its own words]")
@click.option("--new", "fresh", is_flag=True, help="Make a question even where a similar one exists.")
@click.option("--author", default="", metavar="NAME", help="Whose attempt it is.  [default: the configured author]")
@click.option("--no-edit", is_flag=True, help="Make the files and print the attempt's path; open no editor.")
def new(question: str, rubric: str, limit: str, name: str, fresh: bool, author: str, no_edit: bool) -> None:
    """Make the question QUESTION, or start an attempt at a question that exists.

    A question that does not exist yet gets a folder under cases/. The attempt is a file with today's date and the
    headings that the rubric reads; it opens in $VISUAL or $EDITOR where there is a terminal. Until you write
    something it is a draft: not graded, and opened again by the same command.

    \b
    Examples:
      evalharness new "Why us?" --rubric story --time 2m
      evalharness new why-us                               the next attempt
      evalharness new why-us --author priya --no-edit
    """
    from evalharness.cli import visible
    from evalharness.cli.beginning import in_a_project
    from evalharness.cli.views import saying_world
    from evalharness.practice import workflow as attempting

    if not question.strip():
        raise UsageProblem("the question is empty", hint='put its words in quotes: evalharness new "Why us?"')
    world = saying_world()
    in_a_project(world)
    loaded = attempting.project(world, question=question, may_be_empty=True)
    found = None if fresh or name else _existing(loaded, question, makes=bool(rubric or limit))
    made: list[Path] = []
    if found is None:
        chosen = attempting.rubric_of(loaded, rubric or _asked(attempting.rubric_names(loaded)))
        found = attempting.new_question(loaded, question, chosen, time_limit=limit, name=name)
        made.append(loaded.root / found.path)
        print_wrapped(f"new question, graded by {chosen.id}: {here(str(loaded.root / found.path))}", err=True)
    elif _differs(found, rubric, limit):
        raise InputError(
            f"the question '{found.id}' exists already", hint=f"change {found.path}, or add --new", slug="exists"
        )
    file = _attempt(loaded, found, author)
    attempting.remember(loaded, "new", *made, file)
    print_wrapped(visible(found.text), err=True)
    click.echo(visible(here(str(file))))
    if not no_edit and sys.stdin.isatty() and sys.stdout.isatty():
        click.edit(filename=str(file))


def _differs(found: Question, rubric: str, limit: str) -> bool:
    """Return whether a question that exists has another rubric or time limit than is asked for."""
    from evalharness.load.questions import seconds
    from evalharness.practice.questions import limit_as_written

    if rubric and rubric != found.rubric:
        return True
    return bool(limit) and seconds(limit_as_written(limit)) != found.time_limit


def _existing(loaded: Loaded, said: str, *, makes: bool) -> Question | None:
    """Return the question that is meant; None where a new one is.  A near miss is asked about."""
    from evalharness.load.questions import called
    from evalharness.practice import questions

    try:
        return called(loaded.questions, said)
    except UnknownName:
        if same := questions.the_same(said, loaded.questions):
            return same
        is_name = not makes and not questions.is_a_question(said)
        if is_name and not sys.stdin.isatty():
            raise
        close = questions.alike(said, loaded.questions)
        if close and _meant(close):
            return close
        if is_name:
            raise
        return None


def _meant(close: Question) -> bool:
    """Return whether the question that is there is meant; raises `InputError` where nobody can be asked."""
    if sys.stdin.isatty():
        asked = f"There is a similar question, '{close.id}': {close.text}\nAnswer that one?"
        return click.confirm(asked, default=True, err=True)
    raise InputError(
        f"there is a similar question, '{close.id}': {close.text}",
        hint=f"to answer it: evalharness new {close.id}; to make another question: add --new",
        slug="similar-question",
    )


def _asked(rubrics: tuple[str, ...]) -> str:
    """Return the rubric to take where none was given: the one for stories, else what the person chooses."""
    if USUAL in rubrics or len(rubrics) == 1:
        return USUAL if USUAL in rubrics else rubrics[0]
    if not sys.stdin.isatty():
        return ""
    choice: str = click.prompt("Which rubric grades it?", type=click.Choice(rubrics), err=True)
    return choice


def _attempt(loaded: Loaded, question: Question, author: str) -> Path:
    """Return today's file: the draft that was begun and holds no word yet, else a new one with its headings."""
    from evalharness.practice import workflow as attempting
    from evalharness.practice.questions import skeleton

    draft = attempting.empty_draft(loaded, question, author=author)
    if draft is not None:
        return draft
    made = attempting.new_attempt(loaded, question, author=author)
    made.template(skeleton(loaded.rubrics[question.rubric]))
    return made.file
