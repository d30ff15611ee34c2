"""one call of several runs at once -> made by one of them; the others wait and take over what it brought."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from evalharness.graders import interrupt
from evalharness.model.nouns import Grade
from evalharness.plan.plan import Call
from evalharness.store.claims import Claims, Others
from evalharness.store.writer import RunWriter
from evalharness.world import World

LOOK: Final = 0.2  # seconds between two looks at a claim that another process holds
BATCHES: Final = "batches"


class RunDesk:
    """The desk of one run: claims under its folder, and what other runs store there meanwhile."""

    def __init__(self, writer: RunWriter, claims: Claims, others: Others, world: World) -> None:
        self._writer, self._claims, self._others, self._world = writer, claims, others, world
        self._waits = False

    async def take(self, call: Call) -> Mapping[str, Grade]:
        """Wait until no other process makes this call; return the grades that were made of it meanwhile."""
        await self.wait_for(_name(call))
        try:
            self._writer.check()
            return self._others.find([slot.key for slot in call.slots])
        except BaseException:
            self.give_back(call)
            raise

    def give_back(self, call: Call) -> None:
        """Let others make this call."""
        self._claims.give_back(_name(call))

    async def wait_for(self, name: str) -> None:
        """Wait until a claim is ours, and say once that others hold some."""
        while not self._claims.take(name):
            if not self._waits:
                self._waits = True
                self._world.say("another run asks for the same grades; this one waits for them instead of paying twice")
            await interrupt.sleep(LOOK)

    async def batches(self, calls: Sequence[Call]) -> Mapping[str, Grade]:
        """Wait until no other process makes batches here; return the grades that were made of `calls` meanwhile."""
        await self.wait_for(BATCHES)
        self._writer.check()
        return self._others.find([slot.key for call in calls for slot in call.slots])

    def end_batches(self) -> None:
        """Let others make batches."""
        self._claims.give_back(BATCHES)


def _name(call: Call) -> str:
    """Return the name of a call for all runs: its first key, for other slots of it may be filled in one of them."""
    return min(slot.key for slot in call.slots)
