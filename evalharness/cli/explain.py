"""`evalharness explain`: what a message means, and the manual."""

from __future__ import annotations

import click

from evalharness.cli.complete import EXPLAINED


@click.command()
@click.argument("name", required=False, shell_complete=EXPLAINED)
def explain(name: str | None) -> None:
    """Say what a message means and what to do, or show a page of the manual.

    NAME is the word in brackets at the end of a message, or the name of a page. Without NAME: all of them.

    \b
    Examples:
      evalharness explain missing-part
      evalharness explain trust
    """
    from evalharness.cli.screen import room, show, width
    from evalharness.explain import workflow
    from evalharness.explain.messages import text

    if name is None:
        longest = max(map(len, workflow.titles()))
        gap = longest if room() > 2 * longest else 0
        pages = "".join(f"  {page:<{gap}}  {title}\n" for page, title in workflow.titles().items())
        show(f"Messages\n{''.join(f'  {each}{chr(10)}' for each in workflow.meanings())}\nPages\n{pages}")
        return
    told = workflow.look_up(name)
    show(told if workflow.is_page(name) else text(name.strip("[]"), told, width=width()))
