"""What a grader may know of the world around it: so little that a test can make it in three lines."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from evalharness.graders.sending.budget import Purse


class Nearby(Protocol):
    """For a grader that works on this machine: the environment, the folder of the command, and a line to say."""

    @property
    def environment(self) -> Mapping[str, str]:
        """Return the variables of the process."""

    @property
    def cwd(self) -> Path:
        """Return the folder in which the command was given."""

    def say(self, line: str) -> None:
        """Tell the person something, on standard error."""


class Paying(Protocol):
    """For a grader that asks a server: the environment, what the run may spend, and a line to say."""

    @property
    def environment(self) -> Mapping[str, str]:
        """Return the variables of the process."""

    @property
    def purse(self) -> Purse:
        """Return what is left to spend, for all who spend in this process."""

    def say(self, line: str) -> None:
        """Tell the person something, on standard error."""
