"""A preparation document -> questions, sample answers and a rubric draft.  Reading is pure; `writing` is the edge."""

from __future__ import annotations

from evalharness.importing.find import read
from evalharness.importing.nouns import FoundDocument

__all__ = ["FoundDocument", "read"]
