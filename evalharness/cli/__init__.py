"""The command line: reads flags, calls the library, prints, and turns our errors into text and exit codes."""

from __future__ import annotations

import importlib
import shutil
import sys
import textwrap
from collections.abc import Sequence
from typing import Final

import click

from evalharness._version import __version__
from evalharness.cli import usage
from evalharness.cli.helping import WIDEST, Context
from evalharness.cli.screen import colour, from_here, here, print_wrapped, width
from evalharness.errors import EvalHarnessError, ExitCode, InputError, InvalidFiles, UnknownName

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
    "undo": "evalharness.cli.undo:undo",
    "check": "evalharness.cli.check:check",
    "explain": "evalharness.cli.explain:explain",
    "init": "evalharness.cli.init:init",
    "prune": "evalharness.cli.prune:prune",
    "completion": "evalharness.cli.completion:completion",
    "schema": "evalharness.cli.schema:schema",
}

EPILOG = """Exit codes: 0 fine, 1 a gate failed, 2 fix your input, 3 grading incomplete, 4 budget reached,
130 interrupted.

`evalharness explain` says what a message means and shows the manual."""


class LazyGroup(click.Group):
    """A group whose commands are imported when they are asked for."""

    context_class = Context

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
        command.context_class = Context
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that is asked for; one that does not exist is told with the nearest that does."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            raise UnknownName("command", args[0], COMMANDS, hint=usage.of_command(args[0]))
        return super().resolve_command(ctx, args)


@click.group(cls=LazyGroup, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="evalharness %(version)s")
def app() -> None:
    """Test your interview answers as you test code.

    Attempts under cases/ are test cases, rubrics/ say what good looks like, and each run leaves a scored report
    under reports/.

    \b
    Start here:
      evalharness init my-answers       make an answer repository
      evalharness new "Why us?"         make a question, and write your first answer
      evalharness practice              answer it aloud, with a clock and a grade
      evalharness run                   grade what changed, see what to rewrite first
      evalharness brief --for friday    the page for the night before
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code.  The only place where our errors become text."""
    try:
        usage.check_typed(sys.argv[1:] if arguments is None else arguments)
        columns = min(width(), WIDEST)
        code = app.main(args=arguments, prog_name="evalharness", standalone_mode=False, terminal_width=columns)
    except EvalHarnessError as error:
        tell(error)
        return int(error.exit_code)
    except OSError as error:  # a name that is too long, a folder that went away: where no message of ours says more
        tell(InputError(f"{error.filename or 'a file'} cannot be used: {(error.strerror or str(error)).lower()}"))
        return int(ExitCode.BAD_INPUT)
    except click.exceptions.Abort as stopped:  # it says what is kept where that is not grades
        told = str(stopped) or "interrupted; what was graded is kept, the same command continues from here"
        print_wrapped(told, err=True)
        return int(ExitCode.INTERRUPTED)
    except click.exceptions.NoArgsIsHelpError as help_:
        click.echo(help_.format_message())
        return int(ExitCode.BAD_INPUT)
    except click.ClickException as error:
        tell(usage.of_click(error, sys.argv[1:] if arguments is None else arguments, COMMANDS))
        return int(ExitCode.BAD_INPUT)
    except SystemExit as ended:  # so ends a completion; 1, which it says of a shell that it does not know, is a gate's
        return int(ExitCode.BAD_INPUT if ended.code else ExitCode.FINE)
    return int(code or 0)


def tell(error: EvalHarnessError) -> None:
    """Print an expected error to standard error: what, where, and what to do; wrapped on a terminal."""
    if isinstance(error, InvalidFiles):
        for problem in error.problems:
            place = here(problem.place, error.root)
            _say(f"{place}: {visible(from_here(problem.message, error.root))} [{problem.slug}]")
            if problem.hint:
                _say(f"    hint: {visible(from_here(problem.hint, error.root))}", rest=6)
    mark = click.style("error:", fg="red", bold=True) if colour(sys.stderr) else "error:"
    _say(f"error: {visible(from_here(error.message))} [{error.slug}]", mark=mark)
    if error.hint:
        _say(f"hint: {visible(from_here(error.hint))}", rest=6)


def _say(line: str, *, rest: int = 2, mark: str = "") -> None:
    """Print to standard error; a terminal gets lines that end at a word.  `mark` is the first word with its colour."""
    if sys.stderr.isatty():
        columns = shutil.get_terminal_size().columns
        line = textwrap.fill(
            line, columns, subsequent_indent=" " * rest, break_long_words=False, break_on_hyphens=False
        )
    click.echo(line.replace("error:", mark, 1) if mark else line, err=True, color=bool(mark))


def visible(text: str) -> str:
    """Return `text` safe for a terminal."""
    from evalharness.reports.escape import terminal

    return terminal(text)
