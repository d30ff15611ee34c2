"""What the views share: the day they speak of, and the command that grades what they miss."""

from __future__ import annotations

import datetime
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from evalharness.world import World, real_world

DAY = click.DateTime(formats=["%Y-%m-%d"])


def day(given: datetime.datetime | None, world: World) -> datetime.date:
    """Return the given day, else today as the person's own clock shows it."""
    return given.date() if given else world.clock().astimezone().date()


_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def coming(given: str, today: datetime.date) -> datetime.date | None:
    """Return the day that is meant: a date, today, tomorrow, or the next day of the week of that name; None for none.

    Raises `click.BadParameter` for anything else.
    """
    said = given.strip().casefold()
    if not said:
        return None
    if said in ("today", "tomorrow"):
        return today + datetime.timedelta(days=said == "tomorrow")
    named = [place for place, name in enumerate(_WEEK) if len(said) >= 3 and name.startswith(said)]
    if named:
        return today + datetime.timedelta(days=(named[0] - today.weekday() - 1) % 7 + 1)
    try:
        return datetime.date.fromisoformat(said)
    except ValueError:
        message = f"'{given}' is no day: give a date (2026-12-04), today, tomorrow or a day of the week"
        raise click.BadParameter(message, param_hint="'--for'") from None


def saying_world() -> World:
    """Return the world as it is, with remarks on standard error."""
    from evalharness.cli.watch import PlainWatcher

    return real_world(PlainWatcher())


def command(paths: Sequence[Path], settings: Mapping[str, Any]) -> str:
    """Return the `run` command with the same paths and flags."""
    flags = [f"--{name.replace('_', '-')} {shlex.quote(str(value))}" for name, value in settings.items() if value]
    return " ".join(["evalharness run", *(shlex.quote(str(path)) for path in paths), *flags])
