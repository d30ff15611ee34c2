"""Ctrl-C at a prompt or in a watch -> an end that comes when it is pressed, and that loses no line."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from types import FrameType
from typing import TYPE_CHECKING

import click

from evalharness.cli.screen import print_wrapped

if TYPE_CHECKING:
    from evalharness.practice.workflow import NewAttempt

WAKE = 0.2
_AGREED = {"y": True, "yes": True, "n": False, "no": False, "": False}


def agreed(asked: str) -> bool:
    """Ask until the answer is yes or no, and return it; Enter alone is no."""
    while True:
        said = click.prompt(asked, default="", show_default=False, prompt_suffix=" [y/N]: ", err=True)
        if said.strip().lower() in _AGREED:
            return _AGREED[said.strip().lower()]
        print_wrapped("answer y or n", err=True)


@contextlib.contextmanager
def keeping(made: NewAttempt) -> Iterator[None]:
    """Keep the line under the cursor when Ctrl-C comes: it is read before the prompt is taken down."""
    try:
        import readline
    except ImportError:
        yield
        return

    def interrupted(number: int, frame: FrameType | None) -> None:
        line = readline.get_line_buffer()
        if line:
            made.add(f"{line}\n")
        if callable(before):
            before(number, frame)
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, interrupted)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def awake() -> Iterator[None]:
    """Let Ctrl-C through at a prompt or in a watch, whenever it comes.

    Python looks at signals before it waits for the next key and not while it does, and `input` drops what is raised
    while it flushes the screen. A quiet alarm wakes it up, and raises again what was lost: at its second beat after the
    key, since what was not lost is still on its way at the first one.
    """
    if not hasattr(signal, "setitimer"):
        yield
        return
    beats: int | None = None  # since Ctrl-C

    def press(_number: int, _frame: FrameType | None) -> None:
        nonlocal beats
        beats = 0
        raise KeyboardInterrupt

    def wake(_number: int, _frame: FrameType | None) -> None:
        nonlocal beats
        if beats is None:
            return
        beats += 1
        if beats > 1:
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, press), signal.signal(signal.SIGALRM, wake)
    signal.setitimer(signal.ITIMER_REAL, WAKE, WAKE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGINT, before[0])
        signal.signal(signal.SIGALRM, before[1])
