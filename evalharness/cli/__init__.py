"""The command line: reads flags, calls the library, prints, and turns our errors into text and exit codes."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from typing import Final

import click

from evalharness._version import __version__
from evalharness.cli.screen import colour
from evalharness.errors import EvalHarnessError, ExitCode, InputError, InvalidFiles

COMMANDS: Final = {
    "run": "evalharness.cli.run:run",
    "lint": "evalharness.cli.lint:lint",
    "report": "evalharness.cli.report:report",
    "prompt": "evalharness.cli.prompt:prompt",
    "progress": "evalharness.cli.progress:progress",
    "compare": "evalharness.cli.compare:compare",
    "coverage": "evalharness.cli.coverage:coverage",
    "brief": "evalharness.cli.brief:brief",
    "label": "evalharness.cli.label:label",
    "calibrate": "evalharness.cli.calibrate:calibrate",
    "audit": "evalharness.cli.audit:audit",
    "drift": "evalharness.cli.drift:drift",
    "import": "evalharness.cli.import_doc:import_doc",
    "new": "evalharness.cli.new:new",
    "practice": "evalharness.cli.practice:practice",
    "check": "evalharness.cli.check:check",
    "init": "evalharness.cli.init:init",
    "completion": "evalharness.cli.completion:completion",
    "schema": "evalharness.cli.schema:schema",
}

EPILOG = """\b
Exit codes: 0 fine, 1 a gate failed, 2 fix your input, 3 grading incomplete,
4 budget reached, 130 interrupted."""


class LazyGroup(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands, in the order a person meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return one command, imported now."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command = getattr(importlib.import_module(module), name)
        assert isinstance(command, click.Command)  # noqa: S101  # a wrong line in COMMANDS is a bug of ours
        return command


@click.group(cls=LazyGroup, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="evalharness %(version)s")
def app() -> None:
    """Test your interview answers as you test code.

    Attempts under cases/ are test cases, rubrics/ say what good looks like, and each run leaves a scored report
    under reports/.

    \b
    Start here:
      evalharness init my-answers              make an answer repository
      evalharness run cases/                   grade every attempt, see what to rewrite first
      evalharness lint cases/                  check files and speaking, no grading
      evalharness report latest --format md    show a stored run again
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code.  The only place where our errors become text."""
    try:
        code = app.main(args=arguments, prog_name="evalharness", standalone_mode=False)
    except EvalHarnessError as error:
        tell(error)
        return int(error.exit_code)
    except OSError as error:  # a name that is too long, a folder that went away: where no message of ours says more
        tell(InputError(f"{error.filename or 'a file'} cannot be used: {(error.strerror or str(error)).lower()}"))
        return int(ExitCode.BAD_INPUT)
    except click.exceptions.Abort as stopped:  # it says what is kept where that is not grades
        told = str(stopped) or "interrupted; what was graded is kept, the same command goes on from here"
        click.echo(told, err=True)
        return int(ExitCode.INTERRUPTED)
    except click.ClickException as error:
        error.show(file=sys.stderr)
        return int(ExitCode.BAD_INPUT)
    return int(code or 0)


def tell(error: EvalHarnessError) -> None:
    """Print an expected error to standard error: what, where, and what to do."""
    if isinstance(error, InvalidFiles):
        for problem in error.problems:
            click.echo(f"{problem.place}: {visible(problem.message)} [{problem.slug}]", err=True)
            if problem.hint:
                click.echo(f"    hint: {visible(problem.hint)}", err=True)
    word = click.style("error:", fg="red", bold=True)
    click.echo(f"{word} {visible(error.message)} [{error.slug}]", err=True, color=colour(sys.stderr))
    if error.hint:
        click.echo(f"hint: {visible(error.hint)}", err=True)


def visible(text: str) -> str:
    """Return `text` safe for a terminal."""
    from evalharness.reports.escape import terminal

    return terminal(text)
