"""what a line says -> its colour: better is green, worse or below the bar red, missing yellow.

Each is understood without colour too: the words are on the line.
"""

from __future__ import annotations

from evalharness.noise import Reading

_BOLD, _GREEN, _YELLOW, _RED, _END = "\x1b[1m", "\x1b[32m", "\x1b[33m", "\x1b[31m", "\x1b[0m"
_OF_READING = {
    Reading.BETTER: _GREEN,
    Reading.BETTER_BY_SURFACE: _GREEN,
    Reading.WORSE: _RED,
    Reading.WORSE_BY_SURFACE: _RED,
}


class Ink:
    """The marks of a screen; without `colour` they leave every line as it is."""

    def __init__(self, *, colour: bool, bar: float | None = None) -> None:
        self._colour = colour
        self._bar = bar

    def row(self, text: str, total: float | None, reading: Reading | None = None) -> str:
        """Return a line by its score and by what may be said about its change."""
        if total is None:
            return self.warn(text)
        if self._bar is not None and total < self._bar:
            return self._in(_RED, text)
        return self.change(text, reading)

    def change(self, text: str, reading: Reading | None) -> str:
        """Return a line by what may be said about its change."""
        code = _OF_READING.get(reading) if reading else None
        return self._in(code, text) if code else text

    def bold(self, text: str) -> str:
        """Return a heading."""
        return self._in(_BOLD, text)

    def warn(self, text: str) -> str:
        """Return a line about what is missing."""
        return self._in(_YELLOW, text)

    def _in(self, code: str, text: str) -> str:
        return f"{code}{text}{_END}" if self._colour else text
