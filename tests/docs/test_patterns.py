"""No regular expression of the package grows faster than its input."""

from __future__ import annotations

import functools
import importlib
import pkgutil
import re
import time
from collections.abc import Iterator

import pytest

import evalharness
from evalharness.text.patterns import Lazy

SMALL, LARGE = 400, 1_600
SLOW = 0.0006
"""Seconds: a text of `SMALL` characters for which a pattern takes longer is tried again, four times as long."""

GROWTH = 9
"""How much longer four times the text may take: a linear pattern takes 4 times as long, a quadratic one 16 times."""

# Pieces that loops in patterns are made for; each is repeated, alone and behind a beginning that a pattern may ask for.
PIECES = (
    *(
        " ",
        "\n",
        "\t",
        "\u00a0",
        "a",
        "A",
        "1",
        "1,",
        "1.",
        "-",
        "_",
        "*",
        "#",
        ">",
        "|",
        "(",
        ")",
        "[",
        "]",
        "<",
        "{",
        "`",
        "~",
    ),
    *(
        ".",
        ". ",
        "...",
        "\u2026",
        "!",
        '"',
        "'",
        "=",
        ":",
        "/",
        "\\",
        "&",
        "@",
        "\u3042",
        "\u0301",
        "a ",
        "A ",
        "1 ",
        "a. ",
    ),
    *(
        "a\n",
        "\n\n",
        " \n",
        "a, ",
        "the ",
        "I ",
        "and ",
        "to ",
        "one ",
        "a-",
        "a:",
        "- ",
        "1. ",
        "<!--",
        "![",
        "](",
        "**",
        "ab ",
    ),
    *(
        "the same ",
        "12 trucks ",
        "a/",
        "aA",
        "a1",
        "#a",
        "You ",
        "score ",
        "x: ",
        "| a ",
        "[a](b) ",
        "&a",
        "http://a",
        "00:",
    ),
)
BEGINNINGS = ("", "a ", "1 ", "<", "from ")


def pumped(size: int) -> Iterator[str]:
    """Yield each text, so long."""
    for begin in BEGINNINGS:
        for piece in PIECES:
            yield f"{begin}{piece * (size // len(piece))}\x00"


@functools.cache
def texts() -> tuple[tuple[str, str], ...]:
    """Return each text in both sizes."""
    return tuple(zip(pumped(SMALL), pumped(LARGE), strict=True))


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Yield every compiled pattern that a module of the package holds, alone or in a collection."""
    seen: set[int] = set()
    for module in pkgutil.walk_packages(evalharness.__path__, "evalharness."):
        if module.name.endswith(("__main__", ".comment")):
            continue
        held = vars(importlib.import_module(module.name))
        for name, value in held.items():
            for place, pattern in enumerate(within(value)):
                if id(pattern) not in seen and isinstance(pattern.pattern, str):
                    seen.add(id(pattern))
                    yield (
                        f"{module.name.removeprefix('evalharness.')}:{name}" + (f"[{place}]" if place else ""),
                        pattern,
                    )


def within(value: object, depth: int = 0) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, Lazy):
        yield value.rule
    elif depth < 4 and isinstance(value, dict):
        for each in (*value, *value.values()):
            yield from within(each, depth + 1)
    elif depth < 4 and isinstance(value, list | tuple | set | frozenset):
        for each in value:
            yield from within(each, depth + 1)


TRIES = 5
"""Other work on the machine stretches one measurement and hardly all; a pattern that grows does so each time."""


def growth(pattern: re.Pattern[str], small: str, large: str) -> float:
    """Return how much longer the large text takes, at its best; 1 where the small one takes no time."""
    least = float("inf")
    for _ in range(TRIES):
        took = duration(pattern, small)
        if took < SLOW:
            return 1
        least = min(least, duration(pattern, large) / took)
        if least < GROWTH:
            break
    return least


def duration(pattern: re.Pattern[str], text: str) -> float:
    """Return the seconds that the processor worked for this thread."""
    began = time.thread_time()
    for _ in pattern.finditer(text):
        pass
    return time.thread_time() - began


@pytest.mark.parametrize(("name", "pattern"), [pytest.param(name, found, id=name) for name, found in patterns()])
def test_a_pattern_grows_with_its_input_and_no_faster(name: str, pattern: re.Pattern[str]) -> None:
    """A megabyte of blanks, digits, brackets or sentences takes no minute."""
    for small, large in texts():
        times = growth(pattern, small, large)
        assert times < GROWTH, (
            f"{name} takes {times:.0f} times as long for 4 times {small[:30]!r}: {pattern.pattern[:200]}"
        )
