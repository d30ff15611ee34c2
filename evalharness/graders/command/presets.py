"""`command:` -> the arguments of a program.  Split into words, never handed to a shell.

A preset is a name for a program with the flags that make it print one reply, as JSON where it can, keep its tools
to itself and leave no session behind.  docs/graders.md says which version each was read for.
"""

from __future__ import annotations

import shlex
from pathlib import PurePath
from typing import Final

from evalharness.errors import InputError
from evalharness.model.config import Config
from evalharness.model.noun import Noun

MODEL: Final = "{model}"


class Preset(Noun):
    """The arguments of a known program; `model` follows where a model was named, `must` says that one has to be."""

    arguments: tuple[str, ...]
    model: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    must: bool = False


PRESETS: Final = {
    "claude": Preset(
        arguments=("claude", "-p", "--output-format", "json", "--tools", "", "--no-session-persistence"),
        model=("--model", MODEL),
    ),
    "codex": Preset(
        arguments=("codex", "exec", "--ephemeral", "--skip-git-repo-check", "--sandbox", "read-only"),
        model=("--model", MODEL),
        after=("-",),
    ),
    "gemini": Preset(arguments=("gemini", "--output-format", "json"), model=("--model", MODEL)),
    "llm": Preset(arguments=("llm", "prompt", "--no-stream", "--no-log"), model=("--model", MODEL)),
    "ollama": Preset(arguments=("ollama", "run", MODEL, "--format", "json"), must=True),
}


class CommandLine(Noun):
    """What is run, and whether in an empty folder: a coding agent must not read what lies around it."""

    arguments: tuple[str, ...]
    apart: bool = False

    def __str__(self) -> str:
        return shlex.join(self.arguments)


def command_line(config: Config) -> CommandLine:
    """Return the program and its arguments; raises `InputError` for quotes without an end, or a model left out."""
    try:
        words = shlex.split(config.command)
    except ValueError:
        raise InputError(f"the command has a quote without an end: {config.command}", slug="grader-setting") from None
    if not words:
        raise InputError("the command is empty", slug="grader-setting")
    preset = PRESETS.get(words[0]) if len(words) == 1 else None
    if preset is not None:
        words = [*preset.arguments, *(preset.model if config.model else ()), *preset.after]
    if any(MODEL in word for word in words) and not config.model:
        raise InputError(
            f"the command '{config.command}' needs a model", hint="name it with --model", slug="grader-setting"
        )
    arguments = tuple(word.replace(MODEL, config.model) for word in words)
    return CommandLine(arguments=arguments, apart=PurePath(words[0]).stem in PRESETS)
