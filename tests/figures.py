"""Figures compared as closely as published ones are given."""

from __future__ import annotations

from typing import Any

import pytest


def close(expected: float) -> Any:
    """Return what equals a figure to nine digits."""
    return pytest.approx(expected, rel=1e-9, abs=1e-12)
