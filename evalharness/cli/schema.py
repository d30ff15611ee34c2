"""`evalharness schema`: the JSON schemas of the files people write."""

from __future__ import annotations

import click


@click.command()
@click.argument("name", required=False)
def schema(name: str | None) -> None:
    """Print the JSON Schema (draft 2020-12) called NAME, or the list of names.

    \b
    Example, for completion in an editor:
      evalharness schema rubric > rubric.schema.json
    """
    import json

    from evalharness import schemas
    from evalharness.cli.screen import document

    if name is None:
        click.echo("\n".join(schemas.names()))
    else:
        document(json.dumps(schemas.read(name), indent=2, ensure_ascii=False) + "\n")
