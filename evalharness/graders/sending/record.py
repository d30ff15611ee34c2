"""request, reply -> a file of each, for whoever wants to see what was said (`--record`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

Record = Callable[[str, Mapping[str, Any], Mapping[str, Any]], None]


def recorder(folder: Path) -> Record:
    """Return what writes each request and reply to `folder`; headers, and so the key, are never part of it."""
    import json

    def record(name: str, request: Mapping[str, Any], reply: Mapping[str, Any]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"request": request, "reply": reply}, ensure_ascii=False, indent=2, default=str)
        (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")

    return record
