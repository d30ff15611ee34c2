"""`evalharness prompt`: exactly what would be sent for one attempt, and nothing sent."""

from __future__ import annotations

from typing import Any

import click

from evalharness.cli.complete import QUESTIONS
from evalharness.cli.options import model_options, project_options


@click.command()
@click.argument("case", shell_complete=QUESTIONS)
@click.option("--criterion", metavar="ID", help="Only the request for this criterion.")
@click.option("--json", "as_json", is_flag=True, help="The request bodies as JSON, one a line.")
@project_options
@model_options
def prompt(case: str, criterion: str | None, as_json: bool, **settings: Any) -> None:
    """Print exactly what would be sent for CASE, and send nothing.

    CASE is an attempt's key, the end of one, or an attempt's file; a question's id stands for its latest attempt.

    \b
    Examples:
      evalharness prompt speed-vs-safety                   its latest attempt
      evalharness prompt speed-vs-safety/me/2026-10-05
      evalharness prompt cases/culture/clarity/2026-10-12.md --criterion trade_offs
    """
    from evalharness.cli.screen import colour, document
    from evalharness.cli.views import saying_world
    from evalharness.grading import preview
    from evalharness.reports import escape

    for name, request in preview.requests(case, criterion, settings, saying_world()):
        if as_json:
            document(escape.json_line(request) + "\n")
            continue
        click.echo(click.style(f"=== {escape.line(name)} ===", bold=True), color=colour())
        click.echo(escape.line(_head(request)))
        for role, text in preview.texts(request):
            click.echo(click.style(f"--- {role} ---", bold=True), color=colour())
            click.echo(escape.visible(text))


def _head(request: dict[str, Any]) -> str:
    """Return what is sent beside the texts, in one line."""
    if "command" in request:
        import shlex

        return f"command {shlex.join(request['command'])}"
    plain = [f"{name} {value}" for name, value in request.items() if isinstance(value, str | int)]
    if config := request.get("output_config"):
        fields = ", ".join(config["format"]["schema"]["properties"])
        plain += [f"effort {config['effort']}", f"reply as JSON with {fields}"]
    return ", ".join(plain)
