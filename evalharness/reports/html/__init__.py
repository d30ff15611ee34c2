"""run -> report.html: one page without any network, to read, filter and print."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.model.run import Run
from evalharness.reports.html.page import page, question_page
from evalharness.reports.html.series import Numbers, series
from evalharness.reports.html.tail import tail
from evalharness.reports.html.top import data, top
from evalharness.reports.overview import Overview

__all__ = ["pages", "render"]

FEW = 12  # up to so many questions, the latest attempts stand open
FILE = "report.html"
MANY = 80  # questions: of more than these each has a page of its own, so that the first one opens at once


def render(run: Run, *, root: str = "../../") -> str:
    """Return the whole report as one HTML file; `root` leads from the report's folder to the project."""
    return _whole(Overview(run), root)


def pages(run: Run, *, root: str = "../../") -> Iterator[tuple[str, str]]:
    """Yield the files of the report, by name: the page, and one for each question where they are many."""
    overview = Overview(run)
    if len(overview.rows) <= MANY:
        yield FILE, _whole(overview, root)
        return
    numbers = Numbers(overview)
    yield FILE, _page(overview, numbers, root, apart=True)
    for row in overview.rows:
        yield _own(row.index), question_page(series(overview, row, numbers, f"{root}../"))


def _whole(overview: Overview, root: str) -> str:
    return _page(overview, Numbers(overview), root, apart=False)


def _page(overview: Overview, numbers: Numbers, root: str, *, apart: bool) -> str:
    first = top(overview, numbers, root)
    return page(
        f"How good your answers are so far, {first['date']}",
        data(overview, numbers),
        top=first,
        series=[] if apart else [series(overview, row, numbers, root) for row in overview.rows],
        tail=tail(overview),
        unfold=len(overview.rows) <= FEW,
        apart=apart,
        goto=_own if apart else "#q{}".format,
    )


def _own(number: int) -> str:
    """Return the file of one question's page, as the first page names it."""
    return f"questions/q{number}.html"
