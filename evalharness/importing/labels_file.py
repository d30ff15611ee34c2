"""labels -> a file that a person reads and corrects, line by line, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import yaml

from evalharness.documents.nouns import ROLES, Label, Line
from evalharness.errors import InputError

WORDS = 10
HEAD = """\
# What import takes each line of {name} for. Change a role and import the document again: this file is applied.
# An entry that you delete is decided by import again; the role 'note' leaves a line out.
# roles: {roles}
# of: the line of the question, mission or section that a line belongs to. 'part' goes on with the answer above it.
"""
COUNTED = "# Line numbers count {}.\n"


def written(lines: Sequence[Line], labels: Sequence[Label], name: str, counts: str = "") -> str:
    """Return the labels as YAML, one entry a line of the document, with its first words as a reminder."""
    shown = _numbers(lines)
    entries = [_entry(lines, label, shown) for label in labels]
    roles = ", ".join(ROLES)
    head = HEAD.format(name=name, roles=roles) + (COUNTED.format(counts) if counts else "")
    return head + "\n".join(_shown(entry) for entry in entries) + "\n"


def _entry(lines: Sequence[Line], label: Label, shown: Mapping[int, int]) -> dict[str, Any]:
    entry: dict[str, Any] = {"line": shown[label.first]}
    if label.last > label.first:
        entry["to"] = shown[label.last]
    entry["role"] = label.role
    if label.of:
        entry["of"] = shown[label.of]
    words = lines[label.first - 1].text.split()
    entry["words"] = " ".join(words[:WORDS])[:80] + (" ..." if len(words) > WORDS else "")
    return entry


def _numbers(lines: Sequence[Line]) -> dict[int, int]:
    """Return how the file counts each line: as the document does, but where lines share a place, one by one."""
    places = [line.place for line in lines]
    own = len(set(places)) == len(places) and places == sorted(places)
    return {line.number: line.place if own else line.number for line in lines}


def _shown(entry: dict[str, Any]) -> str:
    text = yaml.safe_dump(entry, sort_keys=False, allow_unicode=True, default_flow_style=True, width=10_000)
    return f"- {text.strip()}"


def read_labels(text: str, lines: Sequence[Line], name: str) -> tuple[Label, ...]:
    """Return the labels of such a file; raises `InputError` where it cannot be read or is of another document.

    Where the document has grown, an entry is found again by its words, behind the entry above it.
    """
    try:
        data = yaml.safe_load(text) or []
    except yaml.YAMLError as error:
        raise InputError(f"{name} is no YAML: {str(error).splitlines()[0]}") from error
    if not isinstance(data, list):
        raise InputError(f"{name} must be a list of lines and roles", hint="evalharness import DOC --plan writes one")
    counted = {shown: number for number, shown in _numbers(lines).items()}
    checked = [_checked(entry, position, name) for position, entry in enumerate(data, start=1)]
    entries = [_recounted(entry, counted) for entry in checked]
    moved: dict[int, int] = {}
    found: list[Label] = []
    for entry in entries:
        first = entry["line"]
        if first not in moved:
            moved[first] = _place(entry, lines, first + _shift(moved, first), name)
        last = moved[first] + entry.get("to", first) - first
        found.append(Label(first=moved[first], last=last, role=entry["role"], of=entry.get("of", 0)))
    return tuple(msgspec.structs.replace(label, of=moved.get(label.of, label.of)) for label in found)


def with_votes(labels: Sequence[Label], voted: Sequence[Label]) -> tuple[Label, ...]:
    """Return the labels of a file, and for the lines that it leaves out what the votes say of them."""
    said = {n for label in labels for n in range(label.first, label.last + 1)}
    more = [label for label in voted if not said & set(range(label.first, label.last + 1))]
    return tuple(sorted([*labels, *more], key=lambda label: (label.first, label.last)))


def _checked(entry: Any, position: int, name: str) -> dict[str, Any]:
    if not isinstance(entry, dict) or not isinstance(entry.get("line"), int) or entry.get("role") not in ROLES:
        role = str(entry.get("role") or "")[:30] if isinstance(entry, dict) else ""
        what = f"'{role}' is no role" if role not in {"", *ROLES} else "it needs a 'line' and a 'role'"
        raise InputError(f"entry {position} of {name}: {what}", hint="roles: " + ", ".join(ROLES))
    if not isinstance(entry.get("to", 0), int) or not isinstance(entry.get("of", 0), int):
        raise InputError(f"entry {position} of {name}: 'to' and 'of' are numbers of lines")
    return entry


def _recounted(entry: dict[str, Any], counted: Mapping[int, int]) -> dict[str, Any]:
    """Return an entry whose numbers count the lines that hold text, as all labels do."""
    last = max(counted, default=0)
    numbers = {key: entry[key] for key in ("line", "to", "of") if entry.get(key)}
    after = {key: next((n for n in range(max(at, 1), last + 1) if n in counted), 0) for key, at in numbers.items()}
    return {**entry, **{key: counted.get(n, len(counted) + 1) for key, n in after.items()}, "shown": entry["line"]}


def _shift(moved: dict[int, int], line: int) -> int:
    """Return how far the nearest entry above a line has moved."""
    above = max((n for n in moved if n < line), default=0)
    return moved[above] - above if above else 0


def _place(entry: dict[str, Any], lines: Sequence[Line], expected: int, name: str) -> int:
    """Return the line that begins with the words of an entry: the expected one, the next behind it, or one above."""
    said = str(entry.get("words", "")).removesuffix(" ...")[:80]
    if not said or not 1 <= expected <= len(lines):
        return expected
    for line in (*lines[expected - 1 :], *reversed(lines[: expected - 1])):
        if " ".join(line.text.split()).startswith(said):
            return line.number
    raise InputError(
        f"no line of the document begins with '{said}' any more, as line {entry['shown']} does in {name}",
        hint="take that entry out, or move the file away and write it again with --plan",
    )
