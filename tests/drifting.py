"""Drifts that nobody had to wait for: a project whose `labels/drift.jsonl` holds the checks a test asks for."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from evalharness.graders.anthropic import without_sending
from evalharness.load import load_project
from evalharness.model.breaks import Drift, Moved, Verdict
from evalharness.model.nouns import GraderId
from evalharness.world import World
from tests.responder import GradingResponder
from tests.support import world_at

RECORDED, FOUND = "2026-11-01T13:00:00Z", "2026-11-20T09:00:00Z"


def model_of(root: Path, *, model: str = "model-1", mode: str = "per_criterion") -> GraderId:
    """Return the identity of the model that `tests.levels.store_run` grades by."""
    config = msgspec.structs.replace(load_project([], cwd=root).config, model=model, mode=mode, grader="anthropic")
    return without_sending(config, world_at(root)).id


def check_of(
    grader: GraderId, *, at: str = FOUND, since: str = RECORDED, verdict: Verdict = Verdict.DRIFTED, shift: float = 1.0
) -> Drift:
    """Return a check that says `verdict`."""
    moved = Moved(rubric="talk", criterion="all criteria", verdict=verdict, shift=shift, n=6)
    return Drift(at=at, since=since, grader=grader, moved=(moved,))


def write_checks(root: Path, checks: Sequence[Drift]) -> None:
    """Write `labels/drift.jsonl`."""
    file = root / "labels/drift.jsonl"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(b"".join(msgspec.json.encode(check) + b"\n" for check in checks))


def world_on(root: Path, moment: str, *, key: str = "test-key") -> World:
    """Return a world in `root` whose clock begins at a moment and goes on by a second with each look."""
    start = datetime.datetime.fromisoformat(moment)
    ticks = iter(range(100_000))
    names = iter(range(10_000))
    return dataclasses.replace(
        world_at(root, environment={"ANTHROPIC_API_KEY": key}),
        clock=lambda: start + datetime.timedelta(seconds=next(ticks)),
        new_id=lambda now: f"{now:%Y%m%dT%H%M%SZ}-{next(names):04x}",
    )


class ShiftingResponder(GradingResponder):
    """A model that gives everything the level it has today, whatever the name on its door."""

    def __init__(self, level: int = 3) -> None:
        super().__init__()
        self.level = level

    def grade(self, body: Mapping[str, Any], criterion: str, reads: str, asked: str) -> dict[str, Any]:
        return {**super().grade(body, criterion, reads, asked), "level": self.level}
