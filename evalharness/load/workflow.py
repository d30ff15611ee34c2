"""paths, settings -> the project that a command works on, or the reason why there is nothing to grade."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evalharness.errors import InputError
from evalharness.load import Asked, Loaded, lay_over, load_project, nothing, told, with_missions, without_examples
from evalharness.load.places import check_project
from evalharness.world import World


def load(
    paths: Sequence[str | Path],
    settings: Mapping[str, Any],
    world: World,
    *,
    asked: Asked | None = None,
    say_examples: bool = False,
) -> Loaded:
    """Return the project under `paths` with `settings` laid over its configuration.

    With `asked` only problems of the questions asked for are raised; what is left out is said.  Examples take part
    where a question is asked for by name, and where nobody has answered yet.
    """
    if not paths:
        check_project(world.cwd)
    loaded = load_project([Path(path) for path in paths], cwd=world.cwd, asked=asked)
    loaded = loaded.with_config(lay_over(loaded.config, settings))
    if loaded.elsewhere:
        world.say(told(loaded.elsewhere))
    if asked in (None, nothing, with_missions):
        loaded = _of_people(loaded, world, say=say_examples)
    if not loaded.cases and loaded.drafts:
        hint = "write the answer into it, and delete the line that says `unfinished` where there is one"
        raise InputError(
            f"{loaded.drafts[0]} is a draft: empty, or marked as unfinished", hint=hint, slug="nothing-yet"
        )
    unread = [one for one in loaded.told if one.slug == "not-read"]
    if not loaded.cases and unread:
        more = f", nor {len(unread) - 1} more" if unread[1:] else ""
        raise InputError(
            f"there is no attempt to grade: {unread[0].path} is not read{more}", hint=unread[0].hint, slug="nothing-yet"
        )
    if not loaded.cases:
        bring = "bring questions and answers from a document: `evalharness import DOC`"
        known = loaded.questions[0].id if loaded.questions else '"Why us?"'
        raise InputError(
            "there is no attempt to grade", hint=f"start one: `evalharness new {known}`; or {bring}", slug="nothing-yet"
        )
    return loaded


def _of_people(loaded: Loaded, world: World, *, say: bool) -> Loaded:
    """Return the project without the examples where somebody has answered."""
    own = without_examples(loaded)
    left = len(loaded.cases) - len(own.cases)
    if left and say:
        world.say(f"left out: {left} example attempts (name their folder to see them)")
    return own
