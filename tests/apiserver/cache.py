"""Prompt -> what of it is read from the prompt cache, what is written, what is paid in full.

As documented: exact prefixes only, over format, tools, system and messages in that order; model and format
belong to the key, thinking and tool_choice to the key of the messages part; a breakpoint looks back over at
most 20 blocks for an entry that an earlier request wrote; prefixes below the model's minimum are silently
not cached; a read refreshes an entry; entries live 5 minutes or 1 hour; and an entry can be read only after
the response of the request that writes it has begun (`commit`), so that requests sent in parallel all miss.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .bill import Usage
from .catalogue import Model
from .prompt import Segment, canonical, tokens

SECONDS: Mapping[str, float] = {"5m": 300.0, "1h": 3600.0}
LOOK_BACK = 20


@dataclass(frozen=True, slots=True)
class Mark:
    """A breakpoint that counts: its place, the tokens up to it, its key and its time to live."""

    place: int
    tokens: int
    key: bytes
    ttl: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup:
    """What the cache does for one request; `marks` are written or refreshed at `commit`."""

    usage: Usage
    marks: tuple[Mark, ...] = ()
    hit: bytes | None = None


@dataclass(slots=True)
class _Entry:
    expires: float
    lives: float


@dataclass(slots=True)
class PromptCache:
    """The cache of one organisation."""

    clock: Callable[[], float]
    _entries: dict[bytes, _Entry] = field(default_factory=dict)

    def look_up(self, body: Mapping[str, Any], prompt: Sequence[Segment], model: Model) -> Lookup:
        """Return how the prompt divides, without changing anything yet."""
        sizes = _sums(prompt)
        total = tokens(sizes[-1] if sizes else 0, model)
        last = max((i for i, segment in enumerate(prompt) if segment.ttl), default=-1)
        if last < 0:
            return Lookup(usage=Usage(input_tokens=total))
        keys = _keys(body, prompt[: last + 1], model)
        marks = tuple(
            Mark(i, tokens(sizes[i], model), keys[i], segment.ttl)
            for i, segment in enumerate(prompt)
            if segment.ttl and tokens(sizes[i], model) >= model.smallest_prefix
        )
        place = self._longest_hit(marks, keys)
        read = tokens(sizes[place], model) if place >= 0 else 0
        hit = keys[place] if place >= 0 else None
        return Lookup(usage=_divide(total, read, marks), marks=marks, hit=hit)

    def commit(self, lookup: Lookup) -> None:
        """Write what the request marked, and give what it read a new life."""
        now = self.clock()
        for key in {mark.key for mark in lookup.marks} | ({lookup.hit} if lookup.hit else set()):
            entry = self._entries.get(key)
            if entry is not None and entry.expires > now:
                entry.expires = now + entry.lives
        for mark in lookup.marks:
            entry = self._entries.get(mark.key)
            if entry is None or entry.expires <= now:
                self._entries[mark.key] = _Entry(now + SECONDS[mark.ttl], SECONDS[mark.ttl])

    def _longest_hit(self, marks: Sequence[Mark], keys: Sequence[bytes]) -> int:
        """Return the place of the longest readable prefix, or -1."""
        now = self.clock()
        for mark in reversed(marks):
            for place in range(mark.place, max(-1, mark.place - LOOK_BACK), -1):
                entry = self._entries.get(keys[place])
                if entry is not None and entry.expires > now:
                    return place
        return -1


def _sums(prompt: Sequence[Segment]) -> list[int]:
    """Return the bytes up to and including each segment."""
    sums: list[int] = []
    for segment in prompt:
        sums.append((sums[-1] if sums else 0) + len(segment.data))
    return sums


def _keys(body: Mapping[str, Any], prompt: Sequence[Segment], model: Model) -> list[bytes]:
    """Return the key of every prefix."""
    chain = hashlib.blake2b(model.id.encode(), digest_size=16)
    keys: list[bytes] = []
    part = ""
    for segment in prompt:
        if segment.part == "messages" and part != "messages":
            chain.update(canonical([body.get("thinking"), body.get("tool_choice")]))
        part = segment.part
        chain.update(f"\0{part}\0{segment.role}\0{len(segment.data)}\0".encode())
        chain.update(segment.data)
        keys.append(chain.digest())
    return keys


def _divide(total: int, read: int, marks: Sequence[Mark]) -> Usage:
    """Return the usage: read up to the hit, then 1 h writes, then 5 min writes, then the rest."""
    end_1h = max((mark.tokens for mark in marks if mark.ttl == "1h"), default=0)
    end = max((mark.tokens for mark in marks), default=0)
    write_1h = max(0, end_1h - read)
    write_5m = max(0, end - max(read, end_1h))
    rest = total - read - write_1h - write_5m
    return Usage(input_tokens=rest, write_5m=write_5m, write_1h=write_1h, read=read)
