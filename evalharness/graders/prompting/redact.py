"""names <-> stand-ins: what leaves has no names, what comes back has them again."""

from __future__ import annotations

import re
from collections.abc import Sequence


class Redaction:
    """Replaces each name (whole words, any case) by its stand-in, and stand-ins by names."""

    def __init__(self, pairs: Sequence[tuple[str, str]] = ()) -> None:
        self._there = _replacer({name.casefold(): stand_in for name, stand_in in pairs})
        self._back = _replacer({stand_in.casefold(): name for name, stand_in in pairs})

    def hide(self, text: str) -> str:
        """Return `text` as it may leave."""
        return self._there(text)

    def show(self, text: str) -> str:
        """Return `text` with the names put back."""
        return self._back(text)


class _replacer:  # noqa: N801  # a function with a table
    def __init__(self, table: dict[str, str]) -> None:
        self._table = table
        longest_first = sorted(table, key=len, reverse=True)
        alternatives = "|".join(re.escape(name) for name in longest_first)
        self._pattern = re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)", re.IGNORECASE) if table else None

    def __call__(self, text: str) -> str:
        if self._pattern is None:
            return text
        return self._pattern.sub(lambda match: self._table[match.group().casefold()], text)
