"""run -> report.md: what a person needs the night before, then every answer, then how far to trust it."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.model.run import Run
from evalharness.reports.markdown import answer, closing, opening
from evalharness.reports.overview import Overview, Row, overview_of

__all__ = ["pieces", "render"]


def render(run: Run, *, root: str = "../../") -> str:
    """Return the whole report as Markdown; `root` leads from the report's folder to the project."""
    return "".join(pieces(run, root=root))


def pieces(run: Run, *, root: str = "../../", brief: bool = False) -> Iterator[str]:
    """Yield the report block by block, so that nobody has to hold all of it.

    A `brief` one has a section for each answer that was graded for this run, and says where the others are.
    """
    gap = ""
    for block in _blocks(overview_of(run), root, brief=brief):
        if text := block.rstrip("\n"):
            yield f"{gap}{text}"
            gap = "\n\n"
    yield "\n"


def _blocks(overview: Overview, root: str, *, brief: bool) -> Iterator[str]:
    shown = [row.index for row in overview.rows if not brief or _is_new(row)]
    yield from opening.blocks(overview, root, frozenset(shown))
    yield "## Every question" if len(shown) == len(overview.rows) else "## What is new"
    for place in shown:
        yield from answer.blocks(overview, overview.rows[place - 1], root)
    if left := len(overview.rows) - len(shown):
        others = f"The other {left} answers" if left > 1 else "The other answer"
        yield f"{others} did not change. `evalharness report {overview.run.meta.id}` shows all of them."
    yield from closing.blocks(overview)


def _is_new(row: Row) -> bool:
    """Return whether a series has a grade that was made for this run."""
    return any(not grade.reused_from for score in row.latest.scores for grade in score.grades)
