"""Before files are made: is this a folder of answers?  A person is asked; where nobody is there, nothing is made."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from evalharness.cli.screen import print_wrapped
from evalharness.errors import NoProject

if TYPE_CHECKING:
    from evalharness.world import World


def in_a_project(world: World) -> None:
    """Return where the folder keeps answers, or the person wants it to; raises `NoProject` else."""
    from evalharness.cli import visible
    from evalharness.load.places import check_project

    try:
        check_project(world.cwd)
    except NoProject as error:
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise
        print_wrapped(visible(f"{error.message}\n{error.hint}"), err=True)
        if not click.confirm("Begin in this folder all the same?", default=False, err=True):
            raise NoProject("nothing was made", hint=error.hint) from None
