"""Grader `command`: any program on this machine that reads a prompt on standard input and prints a reply."""

from __future__ import annotations

import shutil

from evalharness.errors import InputError
from evalharness.graders.command.grader import CommandGrader
from evalharness.graders.command.presets import PRESETS, command_line
from evalharness.graders.surroundings import Surroundings
from evalharness.model.config import Config

DEFAULT_MODE = "joint"


def make(config: Config, world: Surroundings) -> CommandGrader:
    """Return the grader; raises before anything is run where there is no such program."""
    grader = without_sending(config, world)
    program = grader.command.arguments[0]
    if shutil.which(program, path=_search_path(program, world)) is None:
        raise InputError(
            f"there is no program '{program}' on this machine, or it may not be run",
            hint="install it, or name another one with --command; it must work in this terminal without evalharness",
            slug="not-installed",
        )
    return grader


def without_sending(config: Config, world: Surroundings) -> CommandGrader:
    """Return the grader for looking only: the program need not be there."""
    if not config.command.strip():
        raise InputError(
            "the grader 'command' needs a command",
            hint=f'--command NAME for one of {", ".join(PRESETS)}, or --command "program --flag" for any other',
            slug="grader-setting",
        )
    return CommandGrader(config.filled(mode=DEFAULT_MODE), command_line(config), world)


def _search_path(program: str, world: Surroundings) -> str | None:
    return None if "/" in program else world.environment.get("PATH")
