"""labels -> a file that a person reads and corrects, line by line, and back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import yaml

from evalharness.documents.nouns import ROLES, Label, Line
from evalharness.errors import InputError

WORDS = 10
HEAD = """\
# What import takes each line of {name} for. Change a role and import the document again: this file is applied.
# roles: {roles}
# of: the line of the question, mission or section that a line belongs to. 'part' goes on with the answer above it.
"""


def written(lines: Sequence[Line], labels: Sequence[Label], name: str) -> str:
    """Return the labels as YAML, one entry a line of the document, with its first words as a reminder."""
    entries = [_entry(lines, label) for label in labels]
    roles = ", ".join(ROLES)
    return HEAD.format(name=name, roles=roles) + "\n".join(_shown(entry) for entry in entries) + "\n"


def _entry(lines: Sequence[Line], label: Label) -> dict[str, Any]:
    entry: dict[str, Any] = {"line": label.first}
    if label.last > label.first:
        entry["to"] = label.last
    entry["role"] = label.role
    if label.of:
        entry["of"] = label.of
    words = lines[label.first - 1].text.split()
    entry["words"] = " ".join(words[:WORDS])[:80] + (" ..." if len(words) > WORDS else "")
    return entry


def _shown(entry: dict[str, Any]) -> str:
    text = yaml.safe_dump(entry, sort_keys=False, allow_unicode=True, default_flow_style=True, width=10_000)
    return f"- {text.strip()}"


def read_labels(text: str, lines: Sequence[Line], name: str) -> tuple[Label, ...]:
    """Return the labels of such a file; raises `InputError` where it cannot be read or is of another document."""
    try:
        data = yaml.safe_load(text) or []
    except yaml.YAMLError as error:
        raise InputError(f"{name} is no YAML: {str(error).splitlines()[0]}") from error
    if not isinstance(data, list):
        raise InputError(f"{name} must be a list of lines and roles", hint="evalharness import DOC --plan writes one")
    return tuple(_labels(data, lines, name))


def _labels(data: Sequence[Any], lines: Sequence[Line], name: str) -> Iterator[Label]:
    for position, entry in enumerate(data, start=1):
        if not isinstance(entry, dict) or not isinstance(entry.get("line"), int) or entry.get("role") not in ROLES:
            raise InputError(
                f"entry {position} of {name} needs a 'line' and a 'role'", hint="roles: " + ", ".join(ROLES)
            )
        first, last, of = entry["line"], entry.get("to", entry["line"]), entry.get("of", 0)
        if not isinstance(last, int) or not isinstance(of, int):
            raise InputError(f"entry {position} of {name}: 'to' and 'of' are numbers of lines")
        said = str(entry.get("words", "")).removesuffix(" ...")
        if 1 <= first <= len(lines) and said and not " ".join(lines[first - 1].text.split()).startswith(said[:80]):
            raise InputError(
                f"line {first} of the document no longer begins with the words in {name}",
                hint="the document was changed since; move the file away and write it again with --plan",
            )
        yield Label(first=first, last=last, role=entry["role"], of=of)
