"""The terminal as a place to paste into: no echo of long replies, no limit on a line, and Ctrl-C still works."""

from __future__ import annotations

import asyncio
import contextlib
import os
import threading
from typing import Any, Final

from evalharness.graders.chat.inputs import Inputs

IN, OUT = 0, 2
_MARKS_ON, _MARKS_OFF = "\x1b[?2004h", "\x1b[?2004l"
_PIECE: Final = 65_536


class Terminal:
    """Standard input and standard error of this process, where both are a terminal."""

    def __init__(self) -> None:
        self._inputs = Inputs()
        self._queue: asyncio.Queue[str] | None = None
        self._before: Any = None

    @property
    def is_there(self) -> bool:
        """Return whether a person can paste here."""
        try:
            return os.isatty(IN) and os.isatty(OUT)
        except OSError:
            return False

    def write(self, text: str) -> bool:
        """Write control sequences to the terminal; return whether there is one."""
        if not self.is_there:
            return False
        os.write(OUT, text.encode())
        return True

    async def next(self, seconds: float) -> str | None:
        """Return the next whole input, or None where none came in time."""
        if self._queue is None:
            self._queue = self._open()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                return await self._queue.get()
        return None

    def close(self) -> None:
        """Give the terminal back as it was."""
        if self._queue is None:
            return
        self._queue = None
        with contextlib.suppress(RuntimeError, NotImplementedError):
            asyncio.get_running_loop().remove_reader(IN)
        if self._before is not None:
            import termios

            termios.tcsetattr(IN, termios.TCSADRAIN, self._before)
            self.write(_MARKS_OFF)
            self._before = None

    def _open(self) -> asyncio.Queue[str]:
        queue: asyncio.Queue[str] = asyncio.Queue()
        loop = asyncio.get_running_loop()

        def take(data: bytes) -> None:
            for found in self._inputs.feed(data):
                queue.put_nowait(found)

        try:
            self._raw()
            loop.add_reader(IN, lambda: take(os.read(IN, _PIECE)))
        except (ImportError, NotImplementedError):  # no such terminals on this system: whole lines from a thread

            def read() -> None:
                while data := os.read(IN, _PIECE):
                    loop.call_soon_threadsafe(take, data)

            threading.Thread(target=read, daemon=True).start()
        return queue

    def _raw(self) -> None:
        """Take keys as they come: a terminal that waits for whole lines cuts them at 4,096 characters."""
        import termios
        import tty

        self._before = termios.tcgetattr(IN)
        tty.setcbreak(IN, termios.TCSADRAIN)
        self.write(_MARKS_ON)
