"""What a grader may know of the world around it: handed in, never looked up, and little enough for a test."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from evalharness.graders.sending.budget import Purse


class _Around(Protocol):
    @property
    def environment(self) -> Mapping[str, str]:
        """Return the variables of the process."""

    def say(self, line: str) -> None:
        """Tell the person something, on standard error."""


class Surroundings(_Around, Protocol):
    """For a grader that works on this machine, and for those of others (plug-ins)."""

    @property
    def cwd(self) -> Path:
        """Return the folder in which the command was given."""


class Paying(_Around, Protocol):
    """For a grader that asks a server."""

    @property
    def purse(self) -> Purse:
        """Return what is left to spend, for all who spend in this process."""
