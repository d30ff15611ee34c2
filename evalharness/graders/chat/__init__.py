"""Grader `chat`: prompts that a person pastes into any chat, and the replies they paste back.  No key, no program."""

from __future__ import annotations

from typing import Final

from evalharness.graders.chat.clipboard import copy
from evalharness.graders.chat.desk import FOLDER, Desk
from evalharness.graders.chat.grader import ChatGrader
from evalharness.graders.chat.terminal import Terminal
from evalharness.graders.surroundings import Surroundings
from evalharness.model.config import Config

MODE: Final = "joint"


def make(config: Config, world: Surroundings) -> ChatGrader:
    """Return the grader; it waits for pasted replies only on a terminal, and never where replies are imported."""
    folders = [world.cwd / FOLDER, *([world.cwd / config.replies] if config.replies else [])]
    terminal = Terminal()

    def put(text: str) -> str:
        return copy(text, world.environment, terminal.write)

    waits = terminal.is_there and not config.replies
    return ChatGrader(_joint(config), say=world.say, desk=Desk(folders), terminal=terminal if waits else None, put=put)


def without_sending(config: Config, world: Surroundings) -> ChatGrader:
    """Return the grader for looking only: it writes no prompt and waits for nobody."""
    return ChatGrader(_joint(config), say=world.say, desk=Desk([world.cwd / FOLDER]), terminal=None)


def _joint(config: Config) -> Config:
    return config.filled(mode=MODE)
