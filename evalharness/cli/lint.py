"""`evalharness lint`: all files checked, every problem at once; fit for a commit hook."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from evalharness.cli.options import PATHS
from evalharness.errors import ExitCode, InvalidFiles

if TYPE_CHECKING:
    from evalharness.lint.workflow import Checked


@click.command()
@click.argument("paths", nargs=-1, type=PATHS)
@click.option("--figures", is_flag=True, help="Also the speaking figures of every attempt, each with its rule.")
@click.option("--strict", is_flag=True, help="Exit 1 on advice too.")
@click.pass_context
def lint(context: click.Context, /, paths: tuple[Path, ...], figures: bool, strict: bool) -> None:
    """Check files and speaking without grading.

    Problems (exit 2) stop a run: wrong keys, missing levels, broken text. Advice does not: anchors that are only
    adjectives, an answer over its time, many fillers, 'we' where 'I' is asked, no number, repeated phrases. Prints
    nothing when all is fine.

    \b
    Examples:
      evalharness lint                              the whole project
      evalharness lint cases/culture --figures      with words, times and counts
      evalharness lint rubrics/my.yaml cases/x.md   files, as a commit hook passes them
    """
    from evalharness.lint import workflow as checks

    found = checks.lint(paths)
    if found.problems:
        raise InvalidFiles(found.problems)
    show(found)
    if figures:
        show_figures(found)
    if sys.stderr.isatty() and not found.advice:
        click.echo(f"{found.attempts} attempts and {found.rubrics} rubrics are fine", err=True)
    context.exit(int(ExitCode.GATE_FAILED if strict and found.advice else ExitCode.FINE))


def show(found: Checked) -> None:
    """Print advice, one line each; the rule of each kind once, at the end."""
    from evalharness.cli import visible

    rules: dict[str, str] = {}
    for advice in found.advice:
        click.echo(f"{advice.place}: {visible(advice.message)} [{advice.slug}]")
        rules.setdefault(advice.slug, advice.hint)
    for slug, rule in rules.items():
        if rule:
            click.echo(f"  [{slug}] {visible(rule)}")


def show_figures(found: Checked) -> None:
    """Print the speaking figures as a table, then the rule of each column."""
    from tabulate import tabulate

    from evalharness.text.speaking import clock
    from evalharness.text.speech import RULES

    rows = [
        [
            figure.place,
            figure.words,
            clock(figure.seconds),
            clock(figure.limit) if figure.limit else "",
            f"{figure.fillers:.1f}",
            f"{figure.hedges:.1f}",
            f"{figure.i}/{figure.we}",
            figure.quantities,
        ]
        for figure in found.figures
    ]
    head = ["attempt", "words", "time", "limit", "fillers/100", "hedges/100", "I/we", "numbers"]
    click.echo(tabulate(rows, headers=head, disable_numparse=True))
    for name in ("speaking_time", "fillers", "hedges", "first_person", "quantities"):
        click.echo(f"  {name}: {RULES[name]}")
