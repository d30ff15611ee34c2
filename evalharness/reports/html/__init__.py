"""run -> report.html: one page without any network, to read, filter and print."""

from __future__ import annotations

from evalharness.model.run import Run
from evalharness.reports.html.page import page
from evalharness.reports.html.series import Numbers, series
from evalharness.reports.html.tail import tail
from evalharness.reports.html.top import data, top
from evalharness.reports.overview import Overview

__all__ = ["render"]

FEW = 12  # up to so many questions, the latest attempts stand open


def render(run: Run, *, root: str = "../../") -> str:
    """Return the whole report as one HTML file; `root` leads from the report's folder to the project."""
    overview = Overview(run)
    numbers = Numbers(overview)
    return page(
        data(overview, numbers),
        top=top(overview, numbers, root),
        series=[series(overview, row, numbers, root) for row in overview.rows],
        tail=tail(overview),
        unfold=len(overview.rows) <= FEW,
    )
