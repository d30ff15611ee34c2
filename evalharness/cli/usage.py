"""what was typed, what click says of it -> our message: numbers in words, texts in quotes, hyphens that are none."""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Sequence

import click

from evalharness.errors import EvalHarnessError, UsageProblem

_DASH = re.compile(r"[\u2010-\u2015\u2212]{1,2}(?=[a-z])", re.IGNORECASE)
_QUOTE = re.compile("[\u201c\u201d\u201e\u2018\u2019\u201a\u00ab]")
_COMMA = re.compile(r"'(\d+),(\d+)' is not a number$")
_SAYS = (  # what click says, and how a person says it
    (re.compile(r" is not a valid integer(?: range)?$"), " is not a whole number"),
    (re.compile(r" is not a valid float(?: range)?$"), " is not a number"),
    (re.compile(r" is not in the range ([\d.]{1,20})<=?x<=?([\d.]{1,20})$"), r" is not from \1 to \2"),
    (re.compile(r" is not in the range x>=([\d.]{1,20})$"), r" is less than \1"),
    (re.compile(r" is not in the range x>([\d.]{1,20})$"), r" is not above \1"),
    (re.compile(r" is not in the range x<=([\d.]{1,20})$"), r" is more than \1"),
)


def check_typed(arguments: Sequence[str]) -> None:
    """Raise `UsageProblem` for marks that an editor or a chat put in place of hyphens and quotes."""
    for argument in arguments:
        if dash := _DASH.match(argument):
            flag = f"--{argument[dash.end() :]}"
            raise UsageProblem(f"'{argument}' begins with a long dash, not with two hyphens", hint=f"type it: {flag}")
        if _QUOTE.match(argument) and not _QUOTE.search(argument[1:]):
            said = f"'{argument}' begins with a curly quote, which a shell takes for a letter"
            raise UsageProblem(said, hint='type straight quotes around the words: "Why us?"')


def of_command(typed: str) -> str:
    """Return the hint for a command that does not exist: a question is one to make."""
    if len(typed.split()) > 1 or typed.endswith("?"):
        return f"to make it a question: evalharness new {shlex.quote(typed)}"
    return "evalharness --help lists all commands"


def of_click(error: click.ClickException, arguments: Sequence[str], commands: Collection[str]) -> EvalHarnessError:
    """Return what click says of a flag or an argument as one of our errors, with what fits."""
    typed = next(iter(arguments), "")
    command = f"evalharness {typed}" if typed in commands else "evalharness"
    message = error.format_message().rstrip(".")
    for pattern, ours in _SAYS:
        message = pattern.sub(ours, message)
    hint = f"{command} --help shows what fits"
    if comma := _COMMA.search(message):
        hint = f"with a point: {comma[1]}.{comma[2]}"
    if "unexpected extra argument" in message and typed in commands:
        words = " ".join(argument for argument in arguments[1:] if not argument.startswith("-"))
        hint = f'several words need quotes: {command} "{words}"; {hint}'
    return UsageProblem(f"{message[:1].lower()}{message[1:]}", hint=hint)
