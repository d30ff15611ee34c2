"""`evalharness import`: a preparation document becomes questions, sample attempts and a rubric draft."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from evalharness.cli.options import PATHS, drafting_options

if TYPE_CHECKING:
    from evalharness.importing.model_drafts import Asking
    from evalharness.importing.nouns import FoundQuestion
    from evalharness.importing.workflow import Prepared
    from evalharness.world import World


@click.command("import")
@click.argument("document", type=PATHS)
@click.option("--into", type=PATHS, metavar="DIR", help="Where the question folders go.  [default: cases]")
@click.option("--rubric", default="", metavar="ID", help="Grade by this rubric and draft none.")
@click.option("--dry-run", is_flag=True, help="Show what was found and what would be written; write nothing.")
@click.option("--yes", is_flag=True, help="Write without asking.")
@click.option("--with-model", is_flag=True, help="Let a model draft better texts for the rubric draft.")
@drafting_options
@click.pass_context
def import_doc(
    context: click.Context,
    /,
    document: Path,
    into: Path | None,
    rubric: str,
    dry_run: bool,
    yes: bool,
    with_model: bool,
    **settings: Any,
) -> None:
    """Make cases and a rubric draft out of a preparation document.

    Reads Markdown, text and saved web pages, also mis-decoded ones and what was pasted from a chat tool. Finds
    questions, sample answers, follow-up questions, missions, outlines, tone advice and time hints; shows what it
    left out and why. Sample answers become a first attempt marked 'source: sample'. Nothing is overwritten.

    With --with-model a model drafts the rubric's levels and checklist items, each marked 'draft by MODEL:' until you
    decide on it. The import is written first and stays whatever becomes of the model's drafts (exit 3 without them,
    4 where the budget ends); the same command asks again.

    \b
    Examples:
      evalharness import prep.md --dry-run           look first
      evalharness import page.html --into cases/fernhollow
      evalharness import prep.md --rubric culture-dialogue --yes
      evalharness import prep.md --with-model --dry-run    what it would ask and cost; asks nothing
    """
    from evalharness.cli.watch import watcher
    from evalharness.errors import InputError
    from evalharness.importing import workflow as writing
    from evalharness.world import real_world

    idle = [] if with_model else [name for name, value in settings.items() if value is not None]
    if idle:
        flag = {"max_usd": "budget"}.get(idle[0], idle[0]).replace("_", "-")
        raise InputError(f"--{flag} has no effect without --with-model", hint="add it, or leave the flag out")
    with watcher() as looking:
        world = real_world(looking)
        prepared = writing.prepare(document, into=into, rubric=rubric, again=with_model, world=world)
        asking = _plan(prepared, settings, world) if with_model else None
    show(prepared)
    if with_model:
        click.echo(_asked(asking))
    if dry_run:
        click.echo(f"nothing was {'asked and nothing was ' if with_model else ''}written (--dry-run)", err=True)
        return
    if not yes:
        if not sys.stdin.isatty():
            raise InputError(
                "nothing was written: there is no terminal to ask on", hint="add --yes, or --dry-run to look only"
            )
        if not click.confirm(_question(prepared, asking), err=True):
            context.exit(1)
    if not prepared.standing:
        click.echo(f"wrote {len(writing.write(prepared))} files")
    code = _draft(prepared, asking) if asking else 0
    click.echo("next: read the texts marked 'draft', then evalharness lint && evalharness practice", err=True)
    context.exit(code)


def _plan(prepared: Prepared, settings: dict[str, Any], world: World) -> Asking | None:
    from evalharness.importing.model_drafts import plan

    return plan(prepared, settings, world)


def _asked(asking: Asking | None) -> str:
    from evalharness.cli import visible
    from evalharness.importing.model_drafts import describe

    if asking is None:
        return "no model is asked: this rubric stands already, so there is nothing to draft"
    return visible(describe(asking))


def _question(prepared: Prepared, asking: Asking | None) -> str:
    files = f"Write these {len(prepared.files)} files"
    if asking is None:
        return f"{files}?"
    return "Ask the model for its rubric?" if prepared.standing else f"{files}, and then ask the model?"


def _draft(prepared: Prepared, asking: Asking) -> int:
    """Ask the model, put its texts into the rubric that stands by now, and return the exit code."""
    from evalharness.cli import visible
    from evalharness.cli.watch import watcher
    from evalharness.importing.model_drafts import ask, put
    from evalharness.world import real_world

    try:
        with watcher() as looking:
            outcome = ask(prepared, asking, real_world(looking))
    except KeyboardInterrupt:
        click.echo("the import stands, without a model's drafts; the same command asks again", err=True)
        raise
    spent = "" if not outcome.spent else f" (${outcome.spent:.4f})"
    for kept in outcome.drafted.kept:
        click.echo(visible(f"not used: {kept.criterion}, {kept.place}: {kept.why}"))
    if outcome.failed:
        click.echo(visible(f"no drafts by a model{spent}: {outcome.failed}"), err=True)
        if outcome.hint:
            click.echo(visible(f"hint: {outcome.hint}"), err=True)
        click.echo("the import stands, with the rubric that was made of the document's structure", err=True)
        return outcome.exit_code
    changed = put(prepared, outcome)
    left = [name for name in outcome.files if not any(file.as_posix().endswith(name) for file in changed)]
    new = outcome.drafted.new
    more = f" and {_count(new, 'new item')}" if new else ""
    drafted = len(outcome.drafted.texts) - new
    click.echo(visible(f"{outcome.model} drafted {drafted} of {asking.texts} texts{more}{spent}"))
    for name in left:
        click.echo(visible(f"{name} was changed meanwhile and left as it is"), err=True)
    return outcome.exit_code


def show(prepared: Prepared) -> None:
    """Print what was found with its lines, what was ignored, and what would be written."""
    from evalharness.cli import visible

    document = prepared.document
    click.echo(
        visible(f"{document.title or 'a document without a title'}: {_count(len(document.questions), 'question')}")
    )
    for question in document.questions:
        click.echo("  " + visible(f"line {question.line}: {question.text}"))
        click.echo("      " + visible(f"{_parts(question)}"))
    for tag in document.tags:
        click.echo(
            "  "
            + visible(
                f"line {tag.line}: mission {tag.id}: {tag.title}{' -> ' + tag.experience if tag.experience else ''}"
            )
        )
    for section in document.sections:
        click.echo(
            "  " + visible(f"line {section.line}: section '{section.title}' with {_count(len(section.items), 'point')}")
        )
    for asked in document.to_ask:
        click.echo("  " + visible(f"line {asked.line}: to ask {asked.to or 'them'} at the end: {asked.text}"))
    for advice in document.advice:
        click.echo("  " + visible(f"advice: {advice}"))
    if document.ignored:
        click.echo(f"ignored {_count(len(document.ignored), 'line')}:")
    for left in document.ignored:
        click.echo("  " + visible(f"line {left.line}: {left.text[:70]} ({left.why})"))
    click.echo(visible(f"rubric '{prepared.rubric}': {prepared.why}"))
    there = "these stand already in" if prepared.standing else "would write into"
    click.echo(f"{there} {visible(prepared.root)}:")
    for name in prepared.files:
        click.echo("  " + visible(name))


def _parts(question: FoundQuestion) -> str:
    paragraphs = sum(len(answer.paragraphs) for answer in question.answers)
    told = [
        f"{_count(len(question.answers), 'answer')} ({_count(paragraphs, 'paragraph')})"
        if question.answers
        else "no answer"
    ]
    if question.follow_ups:
        told.append(_count(len(question.follow_ups), "follow-up question"))
    if question.tags:
        told.append(f"missions {', '.join(question.tags)}")
    if question.time_limit:
        told.append(f"{question.time_limit:g} s")
    return ", ".join(told)


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"
