"""A regular expression that is compiled when it is first used: of its many, most runs of the program need few."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any


class Lazy:
    """What `re.compile` returns, later; only for what is not used at every start, which gains nothing by it."""

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self.pattern = pattern
        self._flags = flags

    @cached_property
    def rule(self) -> re.Pattern[str]:
        """Return the compiled expression."""
        return re.compile(self.pattern, self._flags)

    @cached_property
    def search(self) -> Callable[..., re.Match[str] | None]:
        """Return the method of the compiled expression."""
        return self.rule.search

    @cached_property
    def match(self) -> Callable[..., re.Match[str] | None]:
        """Return the method of the compiled expression."""
        return self.rule.match

    @cached_property
    def fullmatch(self) -> Callable[..., re.Match[str] | None]:
        """Return the method of the compiled expression."""
        return self.rule.fullmatch

    @cached_property
    def finditer(self) -> Callable[..., Iterator[re.Match[str]]]:
        """Return the method of the compiled expression."""
        return self.rule.finditer

    @cached_property
    def findall(self) -> Callable[..., list[Any]]:
        """Return the method of the compiled expression."""
        return self.rule.findall

    @cached_property
    def sub(self) -> Callable[..., str]:
        """Return the method of the compiled expression."""
        return self.rule.sub
