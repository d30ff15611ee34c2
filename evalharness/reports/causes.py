"""criteria without a level -> what the grader itself said about it, once for all that share it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final

from evalharness.model.nouns import Why
from evalharness.reports.escape import shorten
from evalharness.results.aggregate import CriterionScore

MOST: Final = 300
_TOLD_BY_IT: Final = (Why.GAVE_UP, Why.INVALID_REPLY)
"""Only what the grader said tells why; every other reason is complete in its own words."""


def cause(scores: Iterable[CriterionScore]) -> str:
    """Return what was said for most of the scores, at most `MOST` characters, and how many other things were said.

    Empty where the words for the trouble already say everything.
    """
    found = [score.ungraded for score in scores if score.ungraded and score.ungraded.why in _TOLD_BY_IT]
    said = Counter(one.detail for one in found if one.detail)
    if not said:
        return ""
    ((first, _),) = said.most_common(1)
    others = len(said) - 1
    more = f" (and {others} other reason{'s' * (others > 1)}, in the report)" if others else ""
    return f"{shorten(first, MOST)}{more}"
