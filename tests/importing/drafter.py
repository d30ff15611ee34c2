"""A model behind the test server that drafts texts: it reads the ids in the request and describes what can be seen."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from tests.apiserver import Reply

_CRITERION = re.compile(r"^Criterion (\w+), kind (\w+): ", re.MULTILINE)
_ITEM = re.compile(r"^item (\w+): ", re.MULTILINE)
LADDER = (
    "No deed of the speaker stands in the transcript for {name}.",
    "A deed is named for {name}, without a place, a number or a person.",
    "A deed with its place is named for {name}, and nothing that followed from it.",
    "A deed with its place is named for {name}, and one number of what followed.",
    "A deed with its place is named for {name}, a number before it and a number after it.",
)

Data = dict[str, Any]
Change = Callable[[list[Data]], object]


def user_text(body: Mapping[str, Any]) -> str:
    """Return all text of the user turn."""
    return "\n".join(block["text"] for block in body["messages"][0]["content"])


def criteria_of(body: Mapping[str, Any]) -> list[Data]:
    """Return a reply's criteria that stand every check."""
    text = user_text(body)
    heads = list(_CRITERION.finditer(text))
    ends = [head.start() for head in heads[1:]] + [len(text)]
    return [
        _criterion(head.group(1), head.group(2), _ITEM.findall(text[head.end() : end]))
        for head, end in zip(heads, ends, strict=True)
    ]


def _criterion(name: str, kind: str, items: list[str]) -> Data:
    words = name.replace("_", " ")
    levels = [{"level": n, "text": text.format(name=words)} for n, text in enumerate(LADDER, start=1)]
    return {
        "id": name,
        "levels": levels if kind == "scale" else [],
        "items": [{"id": i, "text": f"Names a person or a number for {i.replace('_', ' ')}."} for i in items],
        "more_items": [f"Names the week in which {words} began."] if kind == "checklist" else [],
    }


def labels_asked(body: Mapping[str, Any]) -> bool:
    """Return whether a request asks what the lines of a document are; the drafter labels none, so the votes hold."""
    return "labels" in body["output_config"]["format"]["schema"]["properties"]


class Drafter:
    """Replies well, or as `change` turns the good reply; counts its calls and keeps their bodies."""

    def __init__(self, change: Change | None = None) -> None:
        self.bodies: list[Mapping[str, Any]] = []
        self._change = change

    def __call__(self, body: Mapping[str, Any]) -> Reply:
        if labels_asked(body):
            return Reply(json.dumps({"labels": []}))
        self.bodies.append(body)
        criteria = criteria_of(body)
        if self._change:
            self._change(criteria)
        return Reply(json.dumps({"criteria": criteria}, ensure_ascii=False))
