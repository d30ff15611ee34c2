"""run -> report.md: what a person needs the night before, then every answer, then how far to trust it."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.core.run import Run
from evalharness.reports.markdown import answer, closing, opening
from evalharness.reports.overview import Overview

__all__ = ["render"]


def render(run: Run, *, root: str = "../../") -> str:
    """Return the whole report as Markdown; `root` leads from the report's folder to the project."""
    blocks = (block.rstrip("\n") for block in _blocks(Overview(run), root))
    return "\n\n".join(block for block in blocks if block) + "\n"


def _blocks(overview: Overview, root: str) -> Iterator[str]:
    yield from opening.blocks(overview, root)
    yield "## Every question"
    for row in overview.rows:
        yield from answer.blocks(overview, row, root)
    yield from closing.blocks(overview)
