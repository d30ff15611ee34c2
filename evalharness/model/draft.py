"""what a grader says about one criterion, before anything of it is checked."""

from __future__ import annotations

from evalharness.model.noun import Noun


class DraftFinding(Noun):
    """One item or tag as the grader said it: `state` and `quote` are unchecked.

    A demonstrated tag has the state `met`.
    """

    id: str
    state: str
    quote: str = ""


class Draft(Noun):
    """Everything a grader returns for one criterion, in the order in which it is asked for.

    `level` is a whole level for a scale, and None for checklists and tags, whose findings decide.
    """

    quotes: tuple[str, ...] = ()
    findings: tuple[DraftFinding, ...] = ()
    missing: str = ""
    reason: str = ""
    level: int | None = None
    story: str = ""
    takeaway: str = ""
    next_question: str = ""
