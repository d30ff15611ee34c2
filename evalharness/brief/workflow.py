"""`brief`: what is stored -> the page for the night before.  Nothing is sent."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from evalharness.brief.brief import Brief, whose
from evalharness.brief.brief import brief as of_history
from evalharness.errors import InputError, NoProject
from evalharness.history.workflow import history, history_of
from evalharness.load import EXAMPLE, lay_over, load_project, named, unanswered
from evalharness.world import World, real_world


def brief(
    questions: Sequence[str] = (),
    *,
    on: datetime.date,
    interview: datetime.date | None = None,
    author: str = "",
    top: int | None = None,
    settings: Mapping[str, Any] | None = None,
    world: World | None = None,
) -> Brief:
    """Return the page for the night before an interview, counted from the day `on`.

    `questions` are ids or folders (default: all), `author` is whose answers (default: the configured one's),
    `interview` its day (default: the configured one), `top` how many questions at most.  Raises as `history` does.
    """
    world = world or real_world()
    if author == EXAMPLE:
        settings = {**(settings or {}), "author": EXAMPLE}
    try:
        loaded, _, known = history((), settings=settings, world=world, asked=named(*questions) if questions else None)
    except NoProject:
        raise
    except InputError:
        if questions or (bare := _only_asked(settings or {}, world)) is None:
            raise
        return bare
    whom = author or whose(known, loaded.config.author)
    if whom == EXAMPLE and EXAMPLE not in (author, loaded.config.author):
        hint = f'write one: evalharness new "Why us?"; to see the examples: --author {EXAMPLE}'
        raise InputError("there is no answer of yours yet", hint=hint, slug="nothing-yet")
    configured = loaded.config.interview
    day = interview or (datetime.date.fromisoformat(configured) if configured else None)
    found = of_history(known, on=on, interview=day, questions=tuple(questions), author=whom, top=top)
    if questions:
        return found
    to_ask = (asked for question in loaded.questions for asked in question.to_ask)
    left = unanswered(loaded, whom)
    return msgspec.structs.replace(found, to_ask=tuple(dict.fromkeys(to_ask)), unanswered=left)


def _only_asked(settings: Mapping[str, Any], world: World) -> Brief | None:
    """Return a page of questions for the interviewer only; None where there are attempts, or none of these."""
    loaded = load_project([], cwd=world.cwd)
    loaded = loaded.with_config(lay_over(loaded.config, settings))
    to_ask = tuple(dict.fromkeys(asked for question in loaded.questions for asked in question.to_ask))
    if loaded.cases or loaded.drafts or not to_ask:
        return None
    return Brief(history=history_of(loaded, world)[1], pages=(), to_ask=to_ask)
