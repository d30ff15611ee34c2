"""What is remembered of a submitted batch, so that a killed process picks the same one up."""

from __future__ import annotations

import enum
from collections.abc import Iterable

from evalharness.model.noun import Noun
from evalharness.plan.identity import digest
from evalharness.plan.plan import Call


class BatchState(enum.Enum):
    """How far a batch has come on our side."""

    INTENDED = "intended"
    SUBMITTED = "submitted"
    COLLECTED = "collected"


class BatchNote(Noun):
    """One line of `batches.jsonl`.  `note` names the batch on our side from before it is sent; `id` is the server's.

    `items` are the ids of its requests, each derived from the keys of the grades it should make.
    """

    note: str
    state: BatchState
    items: tuple[str, ...] = ()
    id: str = ""
    at: str = ""
    host: str = ""


class CreateLost(Exception):
    """A batch was sent and the answer did not arrive: it may exist or not."""


def item_id(call: Call, turn: int) -> str:
    """Return the id of a call inside a batch: `[a-zA-Z0-9_-]{1,64}`, equal for equal calls."""
    return f"{digest([slot.key for slot in call.slots])}-{turn}"


def pending(notes: Iterable[BatchNote], host: str) -> tuple[BatchNote, ...]:
    """Return the batches at `host` that were intended or submitted and not yet collected, oldest first."""
    latest: dict[str, BatchNote] = {}
    for note in notes:
        before = latest.get(note.note)
        items = note.items or (before.items if before else ())
        at = note.at or (before.at if before else "")
        known = before.id if before else ""
        latest[note.note] = BatchNote(
            note=note.note, state=note.state, items=items, id=note.id or known, at=at, host=note.host or host
        )
    return tuple(n for n in latest.values() if n.state is not BatchState.COLLECTED and n.host == host)
