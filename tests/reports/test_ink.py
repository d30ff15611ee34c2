"""Colour means something: better green, worse or below the bar red, missing yellow; and it says nothing alone."""

from __future__ import annotations

import re

import pytest

from evalharness.noise import Reading
from evalharness.reports.terminal.ink import Ink

GREEN, RED, YELLOW = "\x1b[32m", "\x1b[31m", "\x1b[33m"


@pytest.mark.parametrize(
    ("total", "reading", "colour"),
    [
        (3.0, Reading.BETTER, GREEN),
        (3.0, Reading.BETTER_BY_SURFACE, GREEN),
        (3.0, Reading.WORSE, RED),
        (3.0, Reading.WORSE_BY_SURFACE, RED),
        (2.4, Reading.BETTER, RED),
        (2.4, None, RED),
        (None, Reading.BETTER, YELLOW),
    ],
)
def test_a_row_has_the_colour_of_what_it_says(total: float | None, reading: Reading | None, colour: str) -> None:
    """Below the bar counts before better."""
    assert Ink(colour=True, bar=2.5).row("a row", total, reading) == f"{colour}a row\x1b[0m"


@pytest.mark.parametrize("reading", [None, Reading.WITHIN_NOISE, Reading.NOT_MEASURED, Reading.SAME])
def test_what_says_nothing_has_no_colour(reading: Reading | None) -> None:
    """A change that may be noise looks like no change."""
    assert Ink(colour=True, bar=2.5).row("a row", 3.0, reading) == "a row"


def test_without_colour_the_words_are_the_same() -> None:
    """For NO_COLOR and pipes."""
    for ink in (Ink(colour=True, bar=5.0), Ink(colour=False, bar=5.0)):
        told = [ink.row("a", 1.0), ink.warn("b"), ink.bold("c"), ink.change("d", Reading.WORSE)]
        assert [re.sub("\x1b\\[\\d+m", "", line) for line in told] == ["a", "b", "c", "d"]
    assert told == ["a", "b", "c", "d"]
