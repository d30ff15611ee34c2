"""Progress on standard error: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from evalharness.cli.screen import colour, fitted, from_here, say
from evalharness.model.nouns import Grade, Ungraded
from evalharness.reports.escape import terminal

if TYPE_CHECKING:
    from rich.progress import Progress

    from evalharness.world import Watcher

SECONDS_BETWEEN_LINES = 5.0


class Tally:
    """Counts of one run as it goes: graded, reused, failed, and what the calls cost so far."""

    def __init__(self) -> None:
        self.planned = self.reused = self.graded = self.failed = 0
        self.spent = 0.0

    def add(self, grade: Grade, spent: float) -> None:
        """Count one grade."""
        self.spent = spent
        if isinstance(grade.outcome, Ungraded):
            self.failed += 1
        else:
            self.graded += 1

    def line(self) -> str:
        """Return the counts in words."""
        failed = f", {self.failed} failed" if self.failed else ""
        spent = f", ${self.spent:.2f} so far" if self.spent else ""
        return f"{self.graded} graded, {self.reused} reused{failed} of {self.planned}{spent}"


class PlainWatcher:
    """Plain lines: the start, where it stands every few seconds, what is said."""

    def __init__(self) -> None:
        self.tally = Tally()
        self._told = time.monotonic()

    def begin(self, *, planned: int, reused: int) -> None:
        """Say how much there is to do."""
        self.tally.planned, self.tally.reused = planned, reused
        left = planned - reused
        if left:
            self.say(f"grading: {left} of {planned} grades to make, {reused} reused")

    def graded(self, grade: Grade, *, spent: float = 0.0) -> None:
        """Count, and say so now and then."""
        self.tally.add(grade, spent)
        now = time.monotonic()
        if now - self._told >= SECONDS_BETWEEN_LINES:
            self._told = now
            self.say(self.tally.line())

    def say(self, line: str) -> None:
        """Print one line to standard error; what it quotes (a server, a file) cannot steer the terminal."""
        say(terminal(line), err=True)


class BarWatcher(PlainWatcher):
    """A bar that stays on its line while other lines are printed above it."""

    def __init__(self, progress: Progress) -> None:
        super().__init__()
        self._progress = progress
        self._task = progress.add_task("grading", total=None, visible=False)

    def begin(self, *, planned: int, reused: int) -> None:
        """Show the bar if there is anything to do."""
        self.tally.planned, self.tally.reused = planned, reused
        self._progress.update(
            self._task, total=planned, completed=reused, visible=planned > reused, description=self.tally.line()
        )

    def graded(self, grade: Grade, *, spent: float = 0.0) -> None:
        """Move the bar on."""
        self.tally.add(grade, spent)
        self._progress.update(self._task, advance=1, description=self.tally.line())

    def say(self, line: str) -> None:
        """Print one line above the bar."""
        line = fitted(terminal(from_here(line)), sys.stderr)
        self._progress.console.print(line, markup=False, highlight=False, soft_wrap=True)


@contextlib.contextmanager
def watcher() -> Iterator[Watcher]:
    """Yield whoever looks on, for as long as the run takes."""
    if not colour(sys.stderr):  # a bar is drawn with the codes that colours are made of
        yield PlainWatcher()
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield BarWatcher(progress)
