"""`evalharness init`: a new answer repository."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from evalharness.cli.options import PATHS
from evalharness.cli.screen import print_wrapped


@click.command()
@click.argument("folder", type=PATHS, default=".")
@click.option("--examples", is_flag=True, help="Also two questions with three attempts each, by the author `example`.")
@click.option("--ci", is_flag=True, help="Also workflows: one checks changes, one grades the main branch.")
def init(folder: Path, examples: bool, ci: bool) -> None:
    """Make a new answer repository in FOLDER: settings, rubrics, and schemas for your editor.

    Nothing that exists is overwritten. Examples are graded, but they count in no mean. Once you have an answer of
    your own, they are in no run, no brief and no practice.

    \b
    Examples:
      evalharness init my-answers
      evalharness init trying --examples
    """
    from evalharness.init.workflow import init as write

    written = write(folder, ci=ci, examples=examples)
    print_wrapped(f"wrote {len(written)} files to {folder}")
    if str(folder) != ".":
        print_wrapped(f"next: cd {shlex.quote(str(folder))}")
    first = "evalharness run" if examples else 'evalharness new "Why us?"'
    print_wrapped(f"{'then' if str(folder) != '.' else 'next'}: {first}")
