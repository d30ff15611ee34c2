"""`evalharness undo`: remove what the last `new`, `practice` or `import` wrote."""

from __future__ import annotations

import sys

import click

from evalharness.cli.screen import print_wrapped
from evalharness.errors import InputError

MOST_NAMED = 20


@click.command()
@click.option("--changed", "also_changed", is_flag=True, help="Also files that you changed since.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def undo(also_changed: bool, yes: bool) -> None:
    """Remove the files that the last new, practice or import wrote.

    It names them and asks. A file that you changed since is kept. Stored grades stay under reports/. The next undo
    goes one command further back.

    \b
    Examples:
      evalharness undo
      evalharness undo --changed     also the draft in which you wrote something
    """
    from evalharness.cli import visible
    from evalharness.cli.screen import here
    from evalharness.reports.words import plural
    from evalharness.undo import workflow

    found = workflow.last(also_changed=also_changed)
    print_wrapped(f"written by {visible(found.note.command)}, {found.note.at[:16].replace('T', ' ')} UTC:")
    for what, names in (
        ("remove", found.remove),
        ("keep, changed since", found.changed),
        ("keep, it has other answers", found.needed),
        ("keep, it belongs to a changed answer", found.beside),
    ):
        _name(what, [visible(here(name, found.root)) for name in names])
    if not found.remove:
        raise InputError(
            "all of these files were changed since, so none is removed", hint="to remove them all the same: --changed"
        )
    if not yes:
        if not sys.stdin.isatty():
            raise InputError("nothing was removed: there is no terminal to ask on", hint="add --yes", slug="not-asked")
        if not click.confirm(f"Remove {plural(len(found.remove), 'file')}?", default=False, err=True):
            print_wrapped("nothing was removed", err=True)
            return
    workflow.undo(found)
    print_wrapped(f"removed {plural(len(found.remove), 'file')}")


def _name(what: str, files: list[str]) -> None:
    for name in files[:MOST_NAMED]:
        print_wrapped(f"  {what}: {name}")
    if len(files) > MOST_NAMED:
        print_wrapped(f"  {what}: {len(files) - MOST_NAMED} more")
