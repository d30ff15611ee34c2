"""results -> what is said of them beside a score: too short, set by a rule, edited in place; and signed differences."""

from __future__ import annotations

from evalharness.model.nouns import Criterion, Measure
from evalharness.results.aggregate import CaseResult
from evalharness.results.edited import edit
from evalharness.text import clocked


def too_short(result: CaseResult) -> str:
    """Return that an answer is too short to grade and by how much; nothing where it is not."""
    return f"too short to grade: {result.too_short}" if result.too_short else ""


def not_read(criterion: Criterion) -> tuple[str, str]:
    """Return why a criterion has no level in an answer, in words and in a word: what a measure needs, or the grader."""
    if not isinstance(criterion.kind, Measure):
        return "not read by this grader", "not read"
    if criterion.kind.measure == "speaking_time":
        return "the question has no time limit", "no limit"
    if criterion.kind.measure in clocked.MEASURES:
        return "no clock measured it", "not measured"
    return "counted in English only", "not counted"


def by_rule(result: CaseResult) -> tuple[str, ...]:
    """Return what a rule set to level 1 because nothing to grade was found, with the reason, a sentence each."""
    return tuple(
        f"{score.criterion.title or score.criterion.id}: level 1, {reason}" for score, reason in result.by_rule
    )


def edited(result: CaseResult) -> str:
    """Return how an edit in place changed an attempt's score; nothing where it was not edited."""
    found = edit(result)
    if found is None:
        return ""
    return f"edited since {found.day}: {found.before.total or 0.0:.1f} before, change {signed(found.difference)}"


def signed(difference: float) -> str:
    """Return a difference with its sign and one decimal; what rounds to nothing has none."""
    rounded = f"{difference:+.1f}"
    return "0.0" if rounded in {"+0.0", "-0.0"} else rounded


def signed_finely(difference: float) -> str:
    """Return a difference with its sign: to one decimal, to two where one would hide it."""
    if 1e-9 < abs(difference) < 0.05:
        return f"{difference:+.2f}"
    return signed(difference)
