"""What changes from run to run, as one value: folder, environment, clock, new ids, and who looks on."""

from __future__ import annotations

import datetime
import hashlib
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from evalharness.graders.sending.budget import Purse
from evalharness.model.nouns import Grade


class Watcher(Protocol):
    """Whoever looks on while a run is made."""

    def begin(self, *, planned: int, reused: int) -> None:
        """Grading starts: `planned` grades are wanted, `reused` of them were stored."""

    def graded(self, grade: Grade, *, spent: float = 0.0) -> None:
        """One grade arrived; `spent` is what the run has cost so far, in USD."""

    def say(self, line: str) -> None:
        """Something the person should know now."""


class Silent:
    """Nobody looks on."""

    def begin(self, *, planned: int, reused: int) -> None:
        """Do nothing."""

    def graded(self, grade: Grade, *, spent: float = 0.0) -> None:
        """Do nothing."""

    def say(self, line: str) -> None:
        """Do nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The world that one command happens in, and what it may spend in all; tests hand in another one."""

    cwd: Path
    environment: dict[str, str]
    clock: Callable[[], datetime.datetime]
    new_id: Callable[[datetime.datetime], str]
    watcher: Watcher
    purse: Purse = field(default_factory=Purse)

    def now(self) -> str:
        """Return the time in UTC, to the second, as ISO 8601."""
        return self.clock().astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def say(self, line: str) -> None:
        """Tell whoever looks on."""
        self.watcher.say(line)

    def kept(self, kind: str, root: Path) -> Path:
        """Return the folder of the user's cache for what a command keeps of the project at `root`, outside of it."""
        home = self.environment.get("XDG_CACHE_HOME") or str(
            Path(self.environment.get("HOME", "~")).expanduser() / ".cache"
        )
        name = hashlib.sha256(str(root).encode("utf-8", "surrogateescape")).hexdigest()[:16]
        return Path(home) / "evalharness" / kind / name


def real_world(watcher: Watcher | None = None) -> World:
    """Return the world as it is: this folder, this environment, this clock."""
    return World(
        cwd=Path.cwd(),
        environment=dict(os.environ),
        clock=lambda: datetime.datetime.now(datetime.UTC),
        new_id=new_id,
        watcher=watcher or Silent(),
    )


def new_id(now: datetime.datetime) -> str:
    """Return a run id: the UTC time and four hex digits."""
    return f"{now.astimezone(datetime.UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"
