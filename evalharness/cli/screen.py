"""What kind of screen standard output and standard error are, and how a path is called where the person is."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TextIO

import click

from evalharness.console.paths import seen, seen_in
from evalharness.console.runners import harmless_document, in_ci

WIDEST, NARROWEST = 140, 40
UNBOUNDED = 1000


def colour(stream: TextIO | None = None) -> bool:
    """Return whether a stream (standard output) wants colour: a terminal, no `NO_COLOR`, and not a dumb one."""
    is_terminal = (stream or sys.stdout).isatty()
    return is_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def show(text: str) -> None:
    """Write text for a person to standard output; on a terminal no line is wider than it, where a blank allows it."""
    click.echo(fitted(from_here(text), sys.stdout), nl=False)


def say(line: str, *, err: bool = False) -> None:
    """Write one line for a person; on a terminal what is too wide goes on below."""
    print_wrapped(from_here(line), err=err)


def print_wrapped(text: str, *, err: bool = False) -> None:
    """Write lines for a person whose paths are as they are called here already; what is too wide goes on below."""
    click.echo(fitted(text, sys.stderr if err else sys.stdout), err=err)


def fitted(text: str, stream: TextIO) -> str:
    """Return a text for a person as it fits a stream: a terminal has lines of its width, all others what is there."""
    if not stream.isatty():
        return text
    from evalharness.reports.terminal.columns import fitting

    return fitting(text, max(NARROWEST, shutil.get_terminal_size().columns))


def room() -> int:
    """Return the columns that a table may fill: the terminal's; a file or another program has all that it needs."""
    return width() if sys.stdout.isatty() or os.environ.get("COLUMNS") else UNBOUNDED


def document(text: str) -> None:
    """Write a document for another program: UTF-8, as its head says, whatever the console's encoding is.

    In a CI's log nothing in it is a command.
    """
    shown = harmless_document(text) if in_ci(os.environ) else text
    click.echo(shown.encode("utf-8", "replace"), nl=False)


def commands(text: str) -> None:
    """Write lines that are meant as commands for a CI's runner; what is not ours in them is escaped already."""
    click.echo(text.encode("utf-8", "replace"), nl=False)


def width() -> int:
    """Return the columns to fill: the terminal's, 40 to 140; 100 where there is none."""
    if not sys.stdout.isatty() and not os.environ.get("COLUMNS"):
        return 100
    return max(NARROWEST, min(shutil.get_terminal_size((100, 24)).columns, WIDEST))


def here(path: str, root: str | Path = "") -> str:
    """Return a path that is relative to `root` as it is called in the folder that the person is in.

    A path that is not there stays as it is.
    """
    file, mark, rest = path.partition(":") if root else (path, "", "")
    whole = Path.cwd() / root / file
    return seen(whole, Path.cwd()) + mark + rest if whole.exists() else path


def where(paths: Sequence[Path] = ()) -> Callable[[str], str]:
    """Return what says how a path of the project around this folder, or around the first of `paths`, is called here."""
    from evalharness.load.config import find_root

    root = find_root(paths, Path.cwd())
    return lambda path: here(path, root)


def from_here(message: str, root: str | Path = "") -> str:
    """Return a message with its paths as they are called in the folder that the person is in.

    `root` is the project's, where it is not the one around that folder.
    """
    from evalharness.load.config import find_root

    cwd = Path.cwd()
    return seen_in(message, cwd, Path(root) if root else find_root((), cwd))
