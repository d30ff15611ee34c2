"""run, bar -> which latest attempts are below it.  What has no score never passes."""

from __future__ import annotations

from evalharness.core.aggregate import summarise
from evalharness.core.run import Run


def below(run: Run, min_score: float) -> tuple[str, ...]:
    """Return one line for each latest attempt under `min_score` (levels, 1 to 5) or without a total."""
    lines = []
    for series in summarise(run).series:
        total = series.latest.total
        if total is None:
            lines.append(f"gate: {series.latest.case.key} is not graded, so it does not pass {min_score:g}")
        elif total < min_score:
            lines.append(f"gate: {series.latest.case.key} scores {total:.2f}, below {min_score:g}")
    return tuple(lines)
