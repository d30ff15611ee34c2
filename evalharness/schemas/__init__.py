"""name -> JSON Schema (draft 2020-12): what validates the files, and what gives editors completion."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from evalharness.errors import UnknownName

__all__ = ["names", "read"]

_NAMES = ("question", "attempt", "cases", "rubric", "config", "report", "labels")


def names() -> tuple[str, ...]:
    """Return the names of all schemas, in the order in which a newcomer meets the files."""
    return _NAMES


def read(name: str) -> dict[str, Any]:
    """Return the schema called `name` as plain data; raise `UnknownName` where there is none."""
    if name not in _NAMES:
        raise UnknownName("schema", name, _NAMES)
    file = Path(__file__).with_name(f"{name}.schema.json")
    schema: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return schema
