"""How often a law is tried: a part of its examples in every run, all of them with `--hypothesis-profile=thorough`."""

from __future__ import annotations

from typing import Final

from hypothesis import settings

THOROUGH: Final = "thorough"
PART: Final = 0.4


def examples(thorough: int) -> int:
    """Return how many of so many examples this run tries."""
    return thorough if is_thorough() else round(thorough * PART)


def is_thorough() -> bool:
    """Return whether this run tries all there is."""
    return settings.get_current_profile_name() == THOROUGH
