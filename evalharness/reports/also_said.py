"""one criterion's grade -> what else the grader said: what is missing, which story, which takeaway.  Plain text."""

from __future__ import annotations

from evalharness.model.nouns import Checklist, Graded, Kind, State
from evalharness.reports.escape import shorten
from evalharness.results.aggregate import CriterionScore

REASON = 700  # characters; what is stored may be longer


def also_said(score: CriterionScore, *, by_surface: bool) -> tuple[tuple[str, str], ...]:
    """Return each text under its heading; nothing for what is not graded.

    A grader `by_surface` counts words, and may only have failed to see what it misses.  At the highest level that it
    gives there is nothing it could see.
    """
    graded = score.graded
    if graded is None or score.level is None:
        return ()
    at_top = by_surface and score.level >= score.top
    known = graded.value is not None or at_top or _told(score.criterion.kind, graded)
    lacking = "Not seen by this grader" if by_surface else "Missing"
    told = ((lacking, "" if known else graded.missing), ("Story", graded.story), ("Takeaway", graded.takeaway))
    return tuple((heading, shorten(text, REASON)) for heading, text in told if text)


def _told(kind: Kind, graded: Graded) -> bool:
    """Return whether a checklist's open items say already what is missing."""
    if not isinstance(kind, Checklist) or not graded.findings:
        return False
    open_ids = {finding.id for finding in graded.findings if finding.state is not State.MET}
    return all(item.text in graded.missing for item in kind.items if item.id in open_ids)
