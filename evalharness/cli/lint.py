"""`evalharness lint`: all files checked, every problem at once; fit for a commit hook."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from evalharness.cli.options import PATHS
from evalharness.cli.screen import print_wrapped
from evalharness.errors import ExitCode, InvalidFiles

if TYPE_CHECKING:
    from evalharness.lint.workflow import Checked, Figures

FORMATS = click.Choice(["text", "json", "github"])
ROOMY = 96  # columns that the table of figures needs
RULES_SHOWN = ("words", "speaking_time", "fillers", "hedges", "first_person", "quantities")


@click.command()
@click.argument("paths", nargs=-1, type=PATHS)
@click.option("--figures", is_flag=True, help="Also the speaking figures of every attempt, each with its rule.")
@click.option("--strict", is_flag=True, help="Exit 1 on advice too.")
@click.option(
    "--format", "name", type=FORMATS, default="text", show_default=True, help="json for a program, github for CI."
)
@click.pass_context
def lint(context: click.Context, /, paths: tuple[Path, ...], figures: bool, strict: bool, name: str) -> None:
    """Check files and speaking without grading.

    Problems (exit 2) stop a run: wrong keys, missing levels, broken text. Advice does not: anchors that are only
    adjectives, an answer over its time, many fillers, 'we' where 'I' is asked, no number, repeated phrases. Prints
    nothing when all is fine.

    \b
    Examples:
      evalharness lint                              the whole project
      evalharness lint cases/culture --figures      with words, times and counts
      evalharness lint rubrics/my.yaml cases/x.md   files, as a commit hook passes them
      evalharness lint --format github              annotations on a pull request
    """
    from evalharness.cli.screen import commands, document
    from evalharness.lint import workflow as checks

    found = checks.lint(paths)
    if name != "text":
        if name == "json":
            document(_as_json(found))
        else:
            commands(_annotations(found))
        context.exit(int(_exit_code(found, strict=strict)))
    if found.problems:
        raise InvalidFiles(found.problems, root=found.root)
    show(found)
    if figures:
        show_figures(found)
    if sys.stderr.isatty() and not found.advice:
        print_wrapped(f"{found.attempts} attempts and {found.rubrics} rubrics are fine", err=True)
    context.exit(int(_exit_code(found, strict=strict)))


def _exit_code(found: Checked, *, strict: bool) -> ExitCode:
    if found.problems:
        return ExitCode.BAD_INPUT
    return ExitCode.GATE_FAILED if strict and found.advice else ExitCode.FINE


def _as_json(found: Checked) -> str:
    """Return problems and advice as one document; paths are relative to the project's folder."""
    from evalharness.reports.escape import as_json

    def rows(severity: str) -> list[dict[str, object]]:
        places = found.problems if severity == "error" else found.advice
        return [
            {
                "severity": severity, "code": p.slug, "path": p.path, "line": p.line, "column": p.column,
                "message": p.message, "hint": p.hint,
            }
            for p in places
        ]  # fmt: skip

    counts = {"attempts": found.attempts, "rubrics": found.rubrics}
    return as_json({"format": 1, **counts, "found": [*rows("error"), *rows("advice")]})


def _annotations(found: Checked) -> str:
    from evalharness.check.annotations import advice, problem

    lines = [*(problem(each) for each in found.problems), *(advice(each) for each in found.advice)]
    return "".join(f"{line}\n" for line in lines)


def show(found: Checked) -> None:
    """Print advice, one line each; what to do about it once, at the end."""
    from evalharness.cli import visible
    from evalharness.cli.screen import here, say, width
    from evalharness.reports.terminal.columns import wrap

    rules: dict[tuple[str, str], None] = {}
    for advice in found.advice:
        say(f"{here(advice.place, found.root)}: {visible(advice.message)} [{advice.slug}]")
        rules.setdefault((advice.slug, advice.hint))
    for slug, rule in rules:
        for line in wrap(f"[{slug}] {visible(rule)}", width(), first="  ", rest="    ") if rule else ():
            click.echo(line)


def _of_english(figure: Figures) -> tuple[str, ...]:
    """Return what is counted by English words; a dash each where the answer is in another language."""
    if not figure.is_english:
        return ("-",) * 4
    return f"{figure.fillers:.1f}", f"{figure.hedges:.1f}", f"{figure.i}/{figure.we}", str(figure.quantities)


def show_figures(found: Checked) -> None:
    """Print the speaking figures as a table, or one attempt under the other on a narrow screen; then their rules."""
    from tabulate import tabulate

    from evalharness.cli.screen import here, width
    from evalharness.reports.terminal.columns import cells, wrap
    from evalharness.text.speech import RULES

    head = ["attempt", "words", "time", "limit", "fillers/100", "hedges/100", "I/we", "numbers"]
    rows = [[here(figure.place, found.root), *_figures(figure)] for figure in found.figures]
    told = tabulate(rows, headers=head, disable_numparse=True)
    if (width() >= ROOMY and not sys.stdout.isatty()) or max(map(cells, told.split("\n"))) <= width():
        click.echo(told)
    else:
        for place, *values in rows:
            said = ", ".join(f"{name} {value}" for name, value in zip(head[1:], values, strict=True) if value)
            click.echo("\n".join([place, *wrap(said, width(), first="  ", rest="  ")]))
    for name in RULES_SHOWN:
        for line in wrap(f"{name}: {RULES[name]}", width(), first="  ", rest="    "):
            click.echo(line)
    if not all(figure.is_english for figure in found.figures):
        click.echo("  -: not measured, because it is counted by English words")


def _figures(figure: Figures) -> list[str]:
    from evalharness.text.speaking import clock

    return [
        str(figure.words),
        clock(figure.seconds),
        clock(figure.limit) if figure.limit else "",
        *_of_english(figure),
    ]
