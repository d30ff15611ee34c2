"""run -> report.md: what a person needs the night before, then every answer, then how far to trust it."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.model.run import Run
from evalharness.reports.markdown import answer, closing, opening
from evalharness.reports.overview import Overview

__all__ = ["pieces", "render"]


def render(run: Run, *, root: str = "../../") -> str:
    """Return the whole report as Markdown; `root` leads from the report's folder to the project."""
    return "".join(pieces(run, root=root))


def pieces(run: Run, *, root: str = "../../") -> Iterator[str]:
    """Yield the report block by block, so that nobody has to hold all of it."""
    gap = ""
    for block in _blocks(Overview(run), root):
        if text := block.rstrip("\n"):
            yield f"{gap}{text}"
            gap = "\n\n"
    yield "\n"


def _blocks(overview: Overview, root: str) -> Iterator[str]:
    yield from opening.blocks(overview, root)
    yield "## Every question"
    for row in overview.rows:
        yield from answer.blocks(overview, row, root)
    yield from closing.blocks(overview)
