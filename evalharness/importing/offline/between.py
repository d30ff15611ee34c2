"""tagged lines and the questions among them -> what a tag means at its place: asked back or asked at the end, inside an answer."""

from __future__ import annotations

import bisect
import functools
from collections.abc import Sequence

from evalharness.documents.direction import listed
from evalharness.documents.features import asks
from evalharness.documents.headings import Naming
from evalharness.documents.nouns import Line
from evalharness.documents.outline import Outline
from evalharness.importing.offline.places import Places
from evalharness.text.words import sentences

REGULAR = 0.8  # the part of the answered questions that have something to ask back, where it is asked back after each
OWN = frozenset({"follow_up", "probe"})


class Tagged:
    """The tags of one document, seen from its questions."""

    def __init__(self, outline: Outline, naming: Naming, places: Places, tags: Sequence[str]) -> None:
        self._outline = outline
        self._naming = naming
        self._places = places
        self._tags = tags

    def asked(self, line: Line, role: str) -> str:
        """Return the role of what is asked of them below an answer; `role` is that of the label over it.

        It belongs to the answer where nearly each has its own, or where a label says so once.
        """
        before = self._outline.before(line.number)
        named = self._naming.behind(line.number) if line.rest else role
        lead = line.number if line.rest else before if self._outline.is_head(before) else 0
        several = max(len(listed(line.said)), sum(asks(one.text) >= 0.3 for one in sentences(line.said))) > 1
        single = bool(lead) and not several and named in {"", "ask"}
        alone = single and self._outline.titles[self._outline.title(lead)] == 1
        return named if named in OWN else "follow_up" if self._regular or alone else "ask"

    def is_inside(self, line: Line, *, begun: bool) -> bool:
        """Return whether a line stands between two of an answer that has `begun`, or is a heading over its next piece."""
        above = self._outline.parent[line.number]
        goes_on = line.number in self._before_answer or (above > 0 and self._tags[above - 1] == "answer")
        return goes_on and (begun or self._outline.is_head(line.number))

    @functools.cached_property
    def _before_answer(self) -> frozenset[int]:
        """Return the lines below which the next tag is that of an answer."""
        found, tag = set[int](), ""
        for n in reversed(self._outline.kept):
            found |= {n} if tag == "answer" else set()
            tag = tag if self._tags[n - 1] == "other" else self._tags[n - 1]
        return frozenset(found)

    @functools.cached_property
    def _regular(self) -> bool:
        """Return whether nearly each answered question has something of its own to ask back."""
        units = self._places.units
        said = [n for n, unit in units.items() if any(self._is_said(line) for line in self._places.below(unit))]
        asked = [n for n in self._outline.kept if self._tags[n - 1] == "ask"]
        below = {bisect.bisect_right(said, n) for n in asked} - {0}
        return len(said) > 1 and len(below) >= max(2, REGULAR * len(said))

    def _is_said(self, line: Line) -> bool:
        return self._tags[line.number - 1] == "answer"
