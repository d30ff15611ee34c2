"""`coverage`: what is stored -> which answer shows which mission.  Nothing is sent."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evalharness.coverage.bridge import Coverage
from evalharness.coverage.bridge import coverage as of_history
from evalharness.errors import UnknownName
from evalharness.history.workflow import history
from evalharness.load import with_missions
from evalharness.world import World, real_world


def coverage(
    paths: Sequence[Path] = (),
    *,
    on: datetime.date,
    author: str = "",
    settings: Mapping[str, Any] | None = None,
    world: World | None = None,
) -> Coverage:
    """Return the bridge of missions over the attempts under `paths`; ages count to the day `on`.

    Raises `UnknownName` for an author without an attempt, and as `history` does.
    """
    asked = None if paths else with_missions
    _, _, known = history(paths, settings=settings, world=world or real_world(), asked=asked)
    found = of_history(known, on=on, author=author)
    if author and not found.bridges:
        raise UnknownName("author", author, {series.latest.case.attempt.author for series in known.series})
    return found
