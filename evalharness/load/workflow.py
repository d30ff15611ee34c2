"""paths, settings -> the project that a command works on, or the reason why there is nothing to grade."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evalharness.errors import InputError
from evalharness.load import Asked, Loaded, lay_over, load_project, told
from evalharness.world import World


def load(
    paths: Sequence[str | Path], settings: Mapping[str, Any], world: World, *, asked: Asked | None = None
) -> Loaded:
    """Return the project under `paths` with `settings` laid over its configuration.

    With `asked` only problems of the questions asked for are raised; what is left out is said.
    """
    loaded = load_project([Path(path) for path in paths], cwd=world.cwd, asked=asked)
    if loaded.elsewhere:
        world.say(told(loaded.elsewhere))
    if not loaded.cases and loaded.drafts:
        hint = "write the answer into it, and delete the line that says `unfinished` where there is one"
        raise InputError(f"{loaded.drafts[0]} is a draft: empty, or marked as unfinished", hint=hint)
    if not loaded.cases:
        bring = "bring questions and answers from a document: `evalharness import DOC`"
        known = loaded.questions[0].id if loaded.questions else ""
        hint = (
            f"start one: `evalharness new {known}`; or {bring}"
            if known
            else f"{bring}; then `evalharness new QUESTION`"
        )
        raise InputError("there is no attempt to grade", hint=hint)
    return dataclasses.replace(loaded, config=lay_over(loaded.config, settings))
