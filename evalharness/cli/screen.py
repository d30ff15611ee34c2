"""What kind of screen standard output and standard error are."""

from __future__ import annotations

import os
import shutil
import sys

WIDEST = 140


def colour() -> bool:
    """Return whether standard output wants colour: a terminal, and no `NO_COLOR`."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def width() -> int:
    """Return the columns to fill: the terminal's, at most 140; 100 where there is none."""
    if not sys.stdout.isatty() and not os.environ.get("COLUMNS"):
        return 100
    return min(shutil.get_terminal_size((100, 24)).columns, WIDEST)
