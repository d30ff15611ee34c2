"""request, reply -> a file of each, for whoever wants to see what was said (`--record`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from evalharness.graders.receiving.bodies import Secrets

Record = Callable[[str, Mapping[str, Any], Mapping[str, Any]], None]


def recorder(folder: Path, secrets: Secrets) -> Record:
    """Return what writes each request and reply to `folder`: no headers, and no key that a text may hold."""
    import json

    def record(name: str, request: Mapping[str, Any], reply: Mapping[str, Any]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        said = secrets.hide_in({"request": request, "reply": reply})
        text = json.dumps(said, ensure_ascii=False, indent=2, default=str)
        (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8", errors="replace")

    return record
