"""What the views share: the day they speak of, and the command that grades what they miss."""

from __future__ import annotations

import datetime
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from evalharness.text.days import FORMS, day_of
from evalharness.world import World, real_world


class _Day(click.ParamType[datetime.datetime]):
    """A day as a person calls it: `2026-12-04`, `4.12.2026`, `tomorrow`, `friday`."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime.datetime:
        """Return the day, at midnight; one that is none, or could be two, is refused with what can be said."""
        if isinstance(value, datetime.datetime):
            return value
        found = day_of(value, datetime.date.today())  # the calendar of the person
        if found is None:
            self.fail(f"'{value}' is not a date; write for instance {FORMS}", param, ctx)
        return datetime.datetime.combine(found, datetime.time())


DAY = _Day()


def run_or_day(name: str) -> str:
    """Return a run's name as it was given; where it is a day that was, in any form, that day as `2026-10-05`."""
    found = day_of(name, datetime.date.today(), past=True)
    return found.isoformat() if found else name


def day(given: datetime.datetime | None, world: World) -> datetime.date:
    """Return the given day, else today as the person's own clock shows it."""
    return given.date() if given else world.clock().astimezone().date()


def coming(given: str, today: datetime.date) -> datetime.date | None:
    """Return the day that is meant, in any form that a person writes; None for none.  Raises `click.BadParameter`."""
    if not given.strip():
        return None
    found = day_of(given, today)
    if found is None:
        raise click.BadParameter(f"'{given}' is not a date; write for instance {FORMS}", param_hint="'--for'")
    return found


def saying_world() -> World:
    """Return the world as it is, with remarks on standard error."""
    from evalharness.cli.watch import PlainWatcher

    return real_world(PlainWatcher())


def command(paths: Sequence[Path], settings: Mapping[str, Any]) -> str:
    """Return the `run` command with the same paths and flags."""
    flags = [f"--{name.replace('_', '-')} {shlex.quote(str(value))}" for name, value in settings.items() if value]
    return " ".join(["evalharness run", *(shlex.quote(str(path)) for path in paths), *flags])
