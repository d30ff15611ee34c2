"""rate-limit headers -> when the next request may go, so that a limit is met before the server has to say no."""

from __future__ import annotations

import datetime
import email.utils
import re
from collections.abc import Mapping
from typing import Final

from evalharness.graders.receiving.values import moment, number
from evalharness.model.noun import Noun

BLIND: Final = 48  # requests sent before any reply said what the limits are; the smallest accounts have 50 a minute
MARGIN: Final = 1
LONGEST: Final = 60.0
SHORTEST: Final = 0.05
MINUTE: Final = 60.0
BELIEVED: Final = 86_400.0

_DURATION = re.compile(r"^(?:(\d{1,9})h)?(?:(\d{1,9})m(?!s))?(?:([\d.]{1,20})s)?(?:([\d.]{1,20})ms)?")


class Allowance(Noun):
    """What the headers of one reply say of one limit: how much is left, of how much, full again in so many seconds."""

    left: float
    limit: float | None
    full_in: float


class Pace:
    """A bucket of requests that is kept like the server's own.  Times are seconds on any clock that goes on."""

    def __init__(self, blind: float = BLIND) -> None:
        self._level: float = blind
        self._rate, self._most, self._at = 0.0, float("inf"), 0.0
        self._sent = self._heard = 0

    @property
    def is_blind(self) -> bool:
        """Return whether no reply has said anything yet."""
        return self._heard == 0

    def send(self, now: float) -> int:
        """Take a request out of the bucket and return its number."""
        self._level, self._at = self._now(now) - 1, now
        self._sent += 1
        return self._sent

    def ended(self) -> None:
        """Note that a request has ended.  As long as none has told of a limit, another may go in its place."""
        if self.is_blind:
            self._level += 1

    def hear(self, number: int, allowance: Allowance | None, now: float) -> None:
        """Take in the headers of the reply to request `number`; without any there is no limit to keep."""
        if number < self._heard:
            return
        self._heard = max(1, number)
        if allowance is None or allowance.limit is None:
            self._level = self._most = float("inf")
            return
        missing = max(0.0, allowance.limit - allowance.left)
        left = allowance.limit if allowance.full_in <= 0 else allowance.left
        self._most = allowance.limit - MARGIN
        self._level, self._at = left - MARGIN - (self._sent - number), now
        self._rate = missing / allowance.full_in if missing and allowance.full_in > 0 else allowance.limit / MINUTE

    def wait(self, now: float) -> float:
        """Return in how many seconds the next request may go; 0 is now."""
        short = 1.0 - self._now(now)
        if short <= 0:
            return 0.0
        return min(LONGEST, max(short / self._rate, SHORTEST)) if self._rate > 0 else LONGEST

    def _now(self, now: float) -> float:
        return min(self._most, self._level + self._rate * max(0.0, now - self._at))


def requests_allowance(headers: Mapping[str, str], now: datetime.datetime) -> Allowance | None:
    """Return what the headers say of the limit of requests, in the words of either protocol; None where nothing."""
    for prefix, until in (("anthropic-ratelimit-requests", _moment), ("x-ratelimit", _duration)):
        kind = "-requests" if prefix == "x-ratelimit" else ""
        left = number(headers.get(f"{prefix}-remaining{kind}"))
        if left is None:
            continue
        full_in = until(headers.get(f"{prefix}-reset{kind}"), _server_time(headers, now))
        return Allowance(left=left, limit=number(headers.get(f"{prefix}-limit{kind}")), full_in=full_in)
    return None


def _server_time(headers: Mapping[str, str], now: datetime.datetime) -> datetime.datetime:
    """Return the server's clock, which need not be ours."""
    try:
        found = email.utils.parsedate_to_datetime(headers["date"])
        (found - now).total_seconds()
    except (KeyError, ValueError, TypeError, OverflowError, IndexError):
        return now
    return found


def _moment(text: str | None, now: datetime.datetime) -> float:
    found = moment(text)
    return _believed((found - now).total_seconds()) if found else LONGEST


def _duration(text: str | None, now: datetime.datetime) -> float:
    """Return the seconds of `6m0s`, `1.5s`, `120ms`, or of a plain number."""
    plain = number(text)
    found = _DURATION.fullmatch((text or "").strip())
    if plain is not None or found is None or not any(found.groups()):
        return LONGEST if plain is None else _believed(plain)
    hours, minutes, seconds, milliseconds = (number(group) or 0.0 for group in found.groups())
    return _believed(hours * 3600 + minutes * 60 + seconds + milliseconds / 1000)


def _believed(seconds: float) -> float:
    """Return the time until a limit a minute is whole; one that is far away is not what anybody means."""
    return seconds if seconds <= BELIEVED else LONGEST
