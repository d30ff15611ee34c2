"""Shelf: how a run is written down, pure: `Run` -> text.

To add a format: one module with `render(run: Run) -> str` (options are keyword-only, with defaults), one line
here, one expected text under `tests/reports/expected/`.  Nothing is imported until its name is asked for.
A format whose text grows with the run may also have `pieces(run) -> Iterator[str]`: the same text, never held whole.
"""

from __future__ import annotations

from typing import Final

__all__ = ["FILES", "FORMATS"]

FORMATS: Final = {
    "md": "evalharness.reports.markdown:render",
    "json": "evalharness.reports.json_report:render",
    "junit": "evalharness.reports.junit:render",
    "html": "evalharness.reports.html:render",
}
FILES: Final = {"md": "report.md", "json": "report.json", "junit": "junit.xml", "html": "report.html"}
