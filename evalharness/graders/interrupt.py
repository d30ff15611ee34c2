"""Ctrl-C while calls are under way: once begins nothing more and gives them a moment, twice ends now."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextvars import ContextVar
from typing import Any, Final, TypeVar

GRACE: Final = 5.0  # seconds for calls under way: they are paid for, so their grades are wanted

T = TypeVar("T")
Say = Callable[[str], None]

_asked: ContextVar[asyncio.Event | None] = ContextVar("asked to end", default=None)


class Interrupted(Exception):  # no error: somebody pressed Ctrl-C
    """Somebody asked the work to end; what only waits ends with this."""


def is_asked() -> bool:
    """Return whether somebody asked the work to end, so that nothing more is begun."""
    asked = _asked.get()
    return asked is not None and asked.is_set()


async def sleep(seconds: float, until: asyncio.Event | None = None) -> None:
    """Sleep until the time is over or `until` is set; raises `Interrupted` once somebody asks the work to end."""
    asked = _asked.get()
    waiting = [asyncio.ensure_future(event.wait()) for event in (asked, until) if event is not None]
    if not waiting:
        await asyncio.sleep(seconds)
        return
    try:
        await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one in waiting:
            one.cancel()
    check()


def check() -> None:
    """Raise `Interrupted` where somebody asked the work to end."""
    if is_asked():
        raise Interrupted


def run(work: Callable[[], Coroutine[Any, Any, T]], *, say: Say, grace: float = GRACE) -> T:
    """Run `work` to its end and return what it returns; raises `KeyboardInterrupt` where it was asked to end.

    The first Ctrl-C is answered at once: nothing new is begun, calls under way have `grace` seconds (0: they end with
    it).  The second one cancels them.
    """
    found = asyncio.run(_watched(work, say, grace))
    if isinstance(found, _Ended):
        raise KeyboardInterrupt
    return found


def grace_of(grader: object) -> float:
    """Return how many seconds the calls of a grader have to end: `GRACE`, unless it says something else."""
    return float(getattr(grader, "grace", GRACE))


def _told(grace: float) -> str:
    if not grace:
        return "interrupted"
    return f"interrupted: calls under way have {grace:g} s to end, nothing new is begun; Ctrl-C again ends now"


class _Ended:
    """What comes of work that was asked to end: no exception, which the loop would report where nobody waits for it."""


async def _watched(work: Callable[[], Coroutine[Any, Any, T]], say: Say, grace: float) -> T | _Ended:
    asked = asyncio.Event()
    _asked.set(asked)
    task = asyncio.ensure_future(_quiet(work))
    with _heard(asyncio.get_running_loop(), asked, task, say, grace):
        try:
            found = await task
        except Interrupted:
            return _Ended()
        except asyncio.CancelledError:
            if asked.is_set():
                return _Ended()
            raise
    return _Ended() if asked.is_set() else found


async def _quiet(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Do `work`; a Ctrl-C in the middle of it is no exception of the task, which asyncio would report as lost."""
    try:
        return await work()
    except KeyboardInterrupt:
        raise Interrupted from None


@contextlib.contextmanager
def _heard(
    loop: asyncio.AbstractEventLoop, asked: asyncio.Event, task: asyncio.Future[Any], say: Say, grace: float
) -> Iterator[None]:
    """Listen for Ctrl-C; nothing is heard outside the main thread, where no signal arrives."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end() -> None:
        asked.set()
        loop.call_later(grace, task.cancel)

    def cancel(*_: object) -> None:
        """Wait for nothing; whoever presses a third time is not even asked to tidy up."""
        signal.signal(signal.SIGINT, signal.default_int_handler)
        loop.call_soon_threadsafe(task.cancel)

    def answer(*_: object) -> None:
        """Answer at once, also while the loop is busy; the second time nothing is waited for."""
        signal.signal(signal.SIGINT, cancel)
        loop.call_soon_threadsafe(end)
        with contextlib.suppress(RuntimeError):  # it came in the middle of another line
            say(_told(grace))

    before = signal.signal(signal.SIGINT, answer)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
