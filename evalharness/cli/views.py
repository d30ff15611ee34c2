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


def saying_world() -> World:
    """Return the world as it is, with remarks on standard error."""
    from evalharness.cli.watch import PlainWatcher

    return real_world(PlainWatcher())


def command(paths: Sequence[Path], settings: Mapping[str, Any]) -> str:
    """Return the `run` command with the same paths and flags."""
    flags = [f"--{name.replace('_', '-')} {shlex.quote(str(value))}" for name, value in settings.items() if value]
    return " ".join(["evalharness run", *(shlex.quote(str(path)) for path in paths), *flags])
