"""Grader `heuristic`: embedded, deterministic, instant.  It reads surface features and says so."""

from __future__ import annotations

from collections.abc import Sequence

from evalharness.graders import Answered, Failed, Reply
from evalharness.graders.heuristic.grader import VERSION, grade, reads
from evalharness.model.nouns import HEURISTIC, Criterion, GraderId, Why
from evalharness.plan.plan import Call
from evalharness.text.language import NAMES, is_english, of
from evalharness.text.speech import spoken

__all__ = ["HeuristicGrader", "make"]


class HeuristicGrader:
    """The embedded grader in the shape of every grader."""

    at_once = 1  # nothing is waited for, so that more at a time would only mix the order
    id = GraderId(name=HEURISTIC, version=VERSION, deterministic=True)

    def reads(self, criterion: Criterion) -> bool:
        """Return whether the rubric's author declared signals for `criterion`."""
        return reads(criterion)

    async def prepare(self, calls: Sequence[Call]) -> None:
        """Do nothing: there is nothing to warm up and nothing to pay."""

    async def ask(self, call: Call, *, turn: int) -> Reply:
        """Return the drafts of one call; the same answer gets the same draft, always."""
        for part in dict.fromkeys(criterion.part for criterion in call.criteria):
            said = call.case.attempt.part(part)
            stated = call.case.question.language
            if said and (stated != "en" if stated else not is_english(spoken(said.text))):
                name = NAMES.get(stated or of(spoken(said.text)), "another language")
                return Failed(why=Why.NOT_READ, detail=f"the heuristic reads English, and this is {name}")
        return Answered(drafts={criterion.id: grade(call.case, criterion) for criterion in call.criteria})

    async def close(self) -> None:
        """Do nothing: nothing is held."""


def make(config: object, world: object) -> HeuristicGrader:
    """Return the grader; it needs no configuration and no credential."""
    return HeuristicGrader()
