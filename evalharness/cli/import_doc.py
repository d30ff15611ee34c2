"""`evalharness import`: a preparation document becomes questions, sample attempts and a rubric draft."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from evalharness.cli.options import PATHS

if TYPE_CHECKING:
    from evalharness.importing.nouns import FoundQuestion
    from evalharness.importing.writing import Prepared


@click.command("import")
@click.argument("document", type=PATHS)
@click.option("--into", type=PATHS, metavar="DIR", help="Where the question folders go.  [default: cases]")
@click.option("--rubric", default="", metavar="ID", help="Grade by this rubric and draft none.")
@click.option("--dry-run", is_flag=True, help="Show what was found and what would be written; write nothing.")
@click.option("--yes", is_flag=True, help="Write without asking.")
@click.pass_context
def import_doc(
    context: click.Context, /, document: Path, into: Path | None, rubric: str, dry_run: bool, yes: bool
) -> None:
    """Make cases and a rubric draft out of a preparation document.

    Reads Markdown, text and saved web pages, also mis-decoded ones and what was pasted from a chat tool. Finds
    questions, sample answers, follow-up questions, missions, outlines, tone advice and time hints; shows what it
    left out and why. Sample answers become a first attempt marked 'source: sample'. Nothing is overwritten.

    \b
    Examples:
      evalharness import prep.md --dry-run           look first
      evalharness import page.html --into cases/fernhollow
      evalharness import prep.md --rubric culture-dialogue --yes
    """
    from evalharness.errors import InputError
    from evalharness.importing import writing

    prepared = writing.prepare(document, into=into, rubric=rubric)
    show(prepared)
    if dry_run:
        click.echo("nothing was written (--dry-run)", err=True)
        return
    if not yes:
        if not sys.stdin.isatty():
            raise InputError(
                "nothing was written: there is no terminal to ask on", hint="add --yes, or --dry-run to look only"
            )
        if not click.confirm(f"Write these {len(prepared.files)} files?", err=True):
            context.exit(1)
    written = writing.write(prepared)
    click.echo(f"wrote {len(written)} files")
    click.echo("next: read the texts marked 'draft', then evalharness lint && evalharness practice", err=True)


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
    for advice in document.advice:
        click.echo("  " + visible(f"advice: {advice}"))
    if document.ignored:
        click.echo(f"ignored {_count(len(document.ignored), 'line')}:")
    for left in document.ignored:
        click.echo("  " + visible(f"line {left.line}: {left.text[:70]} ({left.why})"))
    click.echo(visible(f"rubric '{prepared.rubric}': {prepared.why}"))
    click.echo(f"would write into {visible(prepared.root)}:")
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
