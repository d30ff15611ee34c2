"""Flags that several commands share; each lays one value over `evalharness.yaml`."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from evalharness.cli.complete import GRADERS
from evalharness.console.paths import followed

F = TypeVar("F", bound=Callable[..., Any])


class _Score(click.FloatRange):
    """A total, 1 to 5: `nan` lies in no range, and every comparison with it would pass."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        found = super().convert(value, param, ctx)
        if not math.isfinite(found):
            self.fail(f"{value} is not in the range 1<=x<=5.", param, ctx)
        return found


class _AtOnce(click.IntRange):
    """How many calls are under way at most: a number, or `auto`."""

    name = "concurrency"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        return value if value == "auto" else super().convert(value, param, ctx)


class _Shard(click.ParamType["tuple[int, int]"]):
    """One part of many, as `3/8`."""

    name = "shard"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:
        part, slash, parts = str(value).partition("/")
        if isinstance(value, tuple):
            return value
        if not (slash and part.isdecimal() and parts.isdecimal() and 1 <= int(part) <= int(parts) <= 1000):
            self.fail(f"'{value}' is not one of several parts; for example 3/8, the third of eight.", param, ctx)
        return int(part), int(parts)


AT_ONCE = _AtOnce(1, 256)
SHARD = _Shard()
SCORES = _Score(1, 5)
PATHS = click.Path(path_type=Path)
EFFORTS = click.Choice(["low", "medium", "high", "xhigh", "max"])
MODES = click.Choice(["per_criterion", "joint"])


def _not_empty(context: click.Context, option: click.Parameter, value: str | None) -> str | None:
    """Refuse a flag that was given without a value: an unset variable must not send an answer elsewhere."""
    if value is not None and not value.strip():
        raise click.BadParameter("it is empty (an unset variable?)", ctx=context, param=option)
    return value


def _from_here(context: click.Context, option: click.Parameter, value: str | None) -> str | None:
    """Return a folder as it is called anywhere: typed, it counts from where the person is, not from the project."""
    given = _not_empty(context, option, value)
    return given and str(followed(Path.cwd() / given))


reports_option = click.option(
    "--reports",
    metavar="DIR",
    callback=_from_here,
    help="Where runs are stored, from the folder that you are in.  [default: the project's reports]",
)

_PROJECT = (
    click.option(
        "--grader",
        metavar="NAME",
        shell_complete=GRADERS,
        help="heuristic (offline), anthropic, openai, command, chat, or auto.  [default: auto]",
    ),
    reports_option,
)

_MODEL = (
    click.option("--model", metavar="ID", help="The model that grades.  [default: the grader's own]"),
    click.option("--effort", type=EFFORTS, help="How much the model thinks.  [default: medium]"),
    click.option(
        "--mode", type=MODES, help="One call for each criterion, or one for all.  [default: the grader's own]"
    ),
    click.option(
        "--command",
        metavar="CMD",
        callback=_not_empty,
        help="For --grader command: a program that reads a prompt and prints a reply, or claude, codex, gemini, llm, "
        "ollama.",
    ),
    click.option(
        "--timeout",
        type=click.FloatRange(1, 86400),
        metavar="SECONDS",
        help="For --grader command: how long one call may take.  [default: 300]",
    ),
    click.option(
        "--together", is_flag=True, default=None, help="For --grader chat: a whole set of answers in one prompt."
    ),
    click.option(
        "--base-url",
        metavar="URL",
        callback=_not_empty,
        help="A gateway or a local server that speaks the same protocol.",
    ),
)

_DRAFTING = (
    click.option("--model", metavar="ID", help="The model that drafts.  [default: claude-sonnet-5-5]"),
    click.option("--effort", type=EFFORTS, help="How much the model thinks.  [default: medium]"),
    click.option(
        "--base-url",
        metavar="URL",
        callback=_not_empty,
        help="A gateway or a local server that speaks the same protocol.",
    ),
    click.option(
        "--budget",
        "max_usd",
        type=click.FloatRange(0),
        metavar="USD",
        help="Stop before more is spent; 0: no limit.  [default: 5]",
    ),
    click.option("--record", metavar="DIR", help="Keep request and reply there (never the key)."),
)

_SPENDING = (
    click.option("--samples", type=click.IntRange(1, 50), help="How often to grade each attempt.  [default: 1]"),
    click.option(
        "--max-samples",
        type=click.IntRange(1, 50),
        help="Grade up to this often where a change is not clear.  [default: 5]",
    ),
    click.option(
        "--max-usd", type=click.FloatRange(0), help="Stop before more than this is spent; 0: no limit.  [default: 5]"
    ),
    click.option("--concurrency", type=AT_ONCE, help="At most this many calls at a time; auto: as many as go well."),
    click.option(
        "--batch", is_flag=True, default=None, help="Send as Message Batches: half the price, may take hours."
    ),
    click.option(
        "--no-wait", "wait", flag_value=False, default=None, help="With --batch: submit, leave, fetch by a later run."
    ),
    click.option("--record", metavar="DIR", help="Keep every request and reply there (never the key)."),
    click.option("--replies", metavar="DIR", help="For --grader chat: read the replies there, and wait for none."),
)


def _with(options: tuple[Callable[[Any], Any], ...]) -> Callable[[F], F]:
    def add(command: F) -> F:
        for option in reversed(options):
            command = option(command)
        return command

    return add


project_options = _with(_PROJECT)
model_options = _with(_MODEL)
drafting_options = _with(_DRAFTING)
spending_options = _with(_SPENDING)
