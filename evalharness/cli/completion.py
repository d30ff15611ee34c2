"""`evalharness completion`: what makes the Tab key complete commands, flags, questions, runs, rubrics and graders."""

from __future__ import annotations

from collections.abc import Callable

import click

SHELLS = ("bash", "zsh", "fish")
VARIABLE = "_EVALHARNESS_COMPLETE"


@click.command()
@click.argument("shell", type=click.Choice(SHELLS), metavar="SHELL")
def completion(shell: str) -> None:
    """Print the completion script for SHELL: bash, zsh or fish.

    \b
    Examples, each for one session; add the line to your shell's start file to keep it:
      eval "$(evalharness completion bash)"       ~/.bashrc
      eval "$(evalharness completion zsh)"        ~/.zshrc
      evalharness completion fish | source        ~/.config/fish/config.fish
    """
    from click.shell_completion import get_completion_class

    from evalharness.cli import app

    found = get_completion_class(shell)
    assert found is not None  # noqa: S101  # SHELLS are those that click knows
    click.echo(_ADAPTED[shell](found(app, {}, "evalharness", VARIABLE).source()).strip())


# click asks the command of its own name; we ask the one that was typed, which may be `.venv/bin/evalharness`.


def _zsh(script: str) -> str:
    """Also load what `compdef` needs: a shell without a start file has not."""
    script = script.replace("(( ! $+commands[evalharness] )) && return 1\n", "")
    script = script.replace(
        "_EVALHARNESS_COMPLETE=zsh_complete evalharness", "_EVALHARNESS_COMPLETE=zsh_complete ${words[1]}"
    )
    return f"(( $+functions[compdef] )) || {{ autoload -Uz compinit && compinit -u }}\n{script}"


def _fish(script: str) -> str:
    """Keep what a description says behind its first comma."""
    script = script.replace('string split "," $completion', 'string split --max 1 "," $completion')
    return script.replace("(commandline -t) evalharness)", "(commandline -t) (commandline -opc)[1])")


_ADAPTED: dict[str, Callable[[str], str]] = {"bash": str, "zsh": _zsh, "fish": _fish}
