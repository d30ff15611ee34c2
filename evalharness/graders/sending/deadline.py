"""seconds -> a limit on how long a reply is waited for, by the time in which this program ran.

A process that stands still (stopped, asleep, starved by its neighbours) does not wait: its replies may lie there, paid
for and unread.  So the time is counted in slices, and whatever was missed between two looks counts as one of them.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Final

SLICES: Final = 10


@contextlib.asynccontextmanager
async def within(seconds: float) -> AsyncIterator[None]:
    """Raise `TimeoutError` where the block takes longer than `seconds`."""
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(None) as limit:
        left = SLICES
        next_look = loop.call_later(seconds / SLICES, lambda: look())

        def look() -> None:
            nonlocal left, next_look
            left -= 1
            if left > 0:
                next_look = loop.call_later(seconds / SLICES, look)
            else:
                limit.reschedule(loop.time())

        try:
            yield
        finally:
            next_look.cancel()
