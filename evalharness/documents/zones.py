"""the headings of a document -> its zones: what the heading over a line makes of it, whatever the line says by itself."""

from __future__ import annotations

from evalharness.documents.bodies import is_answered
from evalharness.documents.features import asks, invites
from evalharness.documents.headings import Naming
from evalharness.documents.outline import BOLD, Outline

BACK = frozenset({"follow_up", "probe"})  # these end where a label opens the next question
ZONES = BACK | frozenset(
    "ask use claim time advice mission section person company fact furniture interest".split()
)  # nothing below a heading of these is a question to answer
SURE = 0.9


class Zones:
    """The zones of one document, looked up from the line upwards; each heading is judged once."""

    def __init__(self, outline: Outline, naming: Naming) -> None:
        self.outline = outline
        self.naming = naming
        self._made: dict[int, str | None] = {}

    def of(self, number: int) -> str:
        """Return the role of the nearest heading over a line whose role is clear and rules what is below it."""
        for head in self.outline.above(number):
            if head not in self._made:
                self._made[head] = self._makes(head)
            zone = self._made[head]
            if zone is not None:
                opens = zone in BACK | {"answer"} and self._is_answered_next(number)
                return "" if opens or (zone in BACK and self._follows_back(number, head)) else zone
        return ""

    def _makes(self, head: int) -> str | None:
        """Return what a heading makes of the lines below it; None where the one above it has to say."""
        line, role = self.outline[head], self.naming.under(head)
        if invites(line.said):
            return "ask"
        if role in BACK | {"use"} and not self._has_question_above(head):
            role = ""
        if self.outline.is_title(head) and (role != "answer" or self.outline.before(head) == 0):
            return ""
        if role == "ask" and is_answered(self.outline, head):
            return ""
        if role in ZONES or (role == "answer" and not self._asks_below(head)):
            return role
        return "" if role in {"question", "note"} or asks(line.text) > 0.5 else None

    def _has_question_above(self, head: int) -> bool:
        """Return whether something above may be what a heading goes on with: a title, or a question."""
        above = self.outline.kept[: self.outline.kept.index(head)]
        return bool(self.outline.parent[head]) or any(asks(self.outline[n].said) > 0.5 for n in above)

    def _is_answered_next(self, number: int) -> bool:
        """Return whether a line asks and a heading or label that names its answer follows: it opens the next question."""
        after = self.outline.after(number)
        if after is None or not (after.rest or self.outline.is_head(after.number)):
            return False
        return self.naming.named(after.number) == "answer" and asks(self.outline[number].said) > 0.5

    def _follows_back(self, number: int, head: int) -> bool:
        """Return whether a line opens the next question: below what is asked back under a heading that stands often."""
        line, after = self.outline[number], self.outline.after(number)
        later = number != self.outline.under[head][0] and line.gap and asks(line.said) > 0.5
        told = after is not None and not self.outline.is_head(after.number) and asks(after.said) < 0.3
        return later and told and self.naming.heads(head) > 1

    def _asks_below(self, head: int) -> bool:
        """Return whether heads or first words under a heading ask: then it speaks of questions and their answers."""
        heads = [n for n in self.outline.scope(head) if self.outline.is_head(n)]
        asking = [n for n in heads if asks(self.outline[n].said or self.outline[n].text) > 0.5]
        if asking and len(asking) >= 0.4 * len(heads):
            return True
        lines = [self.outline[n] for n in self.outline.under.get(head, ())]
        set_off = [line for line in lines if line.gap and (line.count or self.outline.rank[head] < BOLD)]
        return sum(asks(line.text) > SURE for line in set_off) >= 2
