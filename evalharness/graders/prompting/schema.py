"""The format of a reply: one flat object for every kind of criterion, so that the prompt cache holds.

Only what the API's grammar enforces stands here; ids, counts and quotes are checked in code.
"""

from __future__ import annotations

from typing import Any, Final

_TEXT: Final = {"type": "string"}
_FINDING: Final = {
    "type": "object",
    "properties": {
        "id": _TEXT,
        "quote": _TEXT,
        "state": {"type": "string", "enum": ["met", "partly", "not_met"]},
    },
    "required": ["id", "quote", "state"],
    "additionalProperties": False,
}

_FIELDS: Final = {
    "quotes": {"type": "array", "items": _TEXT},
    "findings": {"type": "array", "items": _FINDING},
    "story": _TEXT,
    "takeaway": _TEXT,
    "missing": _TEXT,
    "reason": _TEXT,
    "next_question": _TEXT,
    "level": {"type": "integer", "enum": [1, 2, 3, 4, 5]},
}


def _object(fields: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


PER_CRITERION: Final = _object(dict(_FIELDS))
JOINT: Final = _object({"grades": {"type": "array", "items": _object({"criterion": _TEXT, **_FIELDS})}})


def schema_for(mode: str) -> dict[str, Any]:
    """Return the reply format of a mode."""
    return JOINT if mode == "joint" else PER_CRITERION
