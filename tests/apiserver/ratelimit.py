"""The API's rate limits: token buckets per model class, a 429 with `retry-after`, headers on every answer."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from .catalogue import Model
from .effects import rfc3339
from .errors import ApiError


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimits:
    """Limits a minute; None is no limit.  Cache reads do not count, `max_tokens` neither."""

    requests: int | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None


@dataclass(slots=True)
class _Bucket:
    """What is left of one limit, refilled all the time."""

    limit: int
    level: float
    filled: float

    def refill(self, now: float) -> None:
        """Bring the level up to now."""
        self.level = min(self.limit, self.level + (now - self.filled) * self.limit / 60.0)
        self.filled = now

    def wait(self, need: float) -> float:
        """Return the seconds until so much is there."""
        return max(0.0, (min(need, self.limit) - self.level) * 60.0 / self.limit)


@dataclass(slots=True)
class Limiter:
    """The limits of one organisation."""

    limits: RateLimits
    clock: Callable[[], float]
    _buckets: dict[tuple[str, str], _Bucket] = field(default_factory=dict)

    def admit(self, model: Model, uncached_tokens: int) -> dict[str, str]:
        """Return the headers of an admitted request; raise the 429 of one too many."""
        needs = {"requests": 1.0, "input-tokens": float(uncached_tokens), "output-tokens": 1.0}
        buckets = {kind: self._bucket(model.line, kind) for kind in needs}
        wait = max((bucket.wait(needs[kind]) for kind, bucket in buckets.items() if bucket), default=0.0)
        if wait > 0:
            headers = {"retry-after": str(math.ceil(wait)), **self._headers(model)}
            raise ApiError(429, "This request would exceed your organization's rate limit.", headers=headers)
        for kind in ("requests", "input-tokens"):
            bucket = buckets[kind]
            if bucket:
                bucket.level -= needs[kind]
        return self._headers(model)

    def spend(self, model: Model, output_tokens: int) -> None:
        """Take the tokens of a reply off the output limit."""
        bucket = self._bucket(model.line, "output-tokens")
        if bucket:
            bucket.level -= output_tokens

    def _bucket(self, line: str, kind: str) -> _Bucket | None:
        """Return a bucket filled up to now, or None where there is no limit."""
        limit: int | None = getattr(self.limits, kind.replace("-", "_"))
        if limit is None:
            return None
        now = self.clock()
        bucket = self._buckets.setdefault((line, kind), _Bucket(limit, float(limit), now))
        bucket.refill(now)
        return bucket

    def _headers(self, model: Model) -> dict[str, str]:
        """Return limit, remaining and reset of each limit."""
        headers: dict[str, str] = {}
        for kind in ("requests", "input-tokens", "output-tokens"):
            bucket = self._bucket(model.line, kind)
            if bucket:
                name = f"anthropic-ratelimit-{kind}"
                headers[f"{name}-limit"] = str(bucket.limit)
                headers[f"{name}-remaining"] = str(max(0, int(bucket.level)))
                headers[f"{name}-reset"] = rfc3339(bucket.filled + bucket.wait(bucket.limit))
        return headers
