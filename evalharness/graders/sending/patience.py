"""times of replies so far -> how long the next request may take before it is given up as one that never answers."""

from __future__ import annotations

from collections import deque
from typing import Final

ENOUGH: Final = 20
SHORTEST: Final = 30.0
TIMES: Final = 3.0
REMEMBERED: Final = 200


class Patience:
    """Starts from a fixed deadline, and follows the replies once there are enough of them."""

    def __init__(self, first: float) -> None:
        self._first = first
        self._took: deque[float] = deque(maxlen=REMEMBERED)

    def took(self, seconds: float) -> None:
        """Note how long a reply took."""
        self._took.append(seconds)

    def deadline(self, attempt: int) -> float:
        """Return the seconds for one attempt; each repeat of a request gets twice as long, so that slow is not never.

        Three times what the slowest of a hundred took, never under 30 s and never over twice the first deadline.
        """
        return self._usual() * (1, 2, 4, 8)[min(attempt - 1, 3)]

    def _usual(self) -> float:
        if len(self._took) < ENOUGH:
            return self._first
        slowest = sorted(self._took)[int(len(self._took) * 0.99)]
        return min(2 * self._first, max(min(SHORTEST, self._first), TIMES * slowest))
