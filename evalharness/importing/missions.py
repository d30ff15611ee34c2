"""lines labelled as missions -> the missions of a document, each once, with its number, experience and takeaway."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import msgspec

from evalharness.documents.formats.made import unmarked
from evalharness.documents.nouns import FoundTag, Label, Line
from evalharness.drafting.slugs import identifier
from evalharness.importing.tags import key


def missions(lines: Sequence[Line], labels: Sequence[Label], told: Callable[[str, int], str]) -> tuple[FoundTag, ...]:
    """Return the missions of these labels; `told` gives the experience and the takeaway of one by its line."""
    found = []
    rows = {
        (cell.table, cell.row): cell.text
        for cell in reversed(lines)
        if cell.kind == "cell" and cell.text.strip(" .#").isdigit()
    }
    for position, label in enumerate(labels, start=1):
        line = lines[label.first - 1]
        number, title = _numbered(line)
        if not number and line.kind == "cell":
            number = rows.get((line.table, line.row), "")
        listed = title.partition(":")[0] if line.label and line.rest and line.kind != "cell" else title
        found.append(FoundTag(
            id=str(number or position).strip(" .#"), title=_dashed(listed) if line.kind != "cell" else listed, line=line.place,
            experience=told("experience", label.first),
            takeaway=told("takeaway", label.first),
        ))  # fmt: skip
    found = _merged(found)
    ids = [tag.id for tag in found]
    if len(set(ids)) < len(ids):
        found = [msgspec.structs.replace(tag, id=str(at)) for at, tag in enumerate(found, start=1)]
    return tuple(found)


def _numbered(line: Line) -> tuple[str, str]:
    """Return the number in front of a mission and its title."""
    if line.count:
        return str(line.count), line.text
    rest, _, count = unmarked(line.text)
    return (str(count), rest) if count else ("", line.text)


def _merged(tags: Sequence[FoundTag]) -> list[FoundTag]:
    """Return each mission once: a list may name it, and a table below what maps to it."""
    found: dict[str, FoundTag] = {}
    titled: dict[str, str] = {}
    for tag in tags:
        one = found.get(tag.id)
        mapped = one and tag.line != one.line and "" in (one.experience, tag.experience)
        same = titled.get(key(tag.title), "") or (tag.id if mapped else "")
        if same:
            old = found[same]
            found[same] = msgspec.structs.replace(
                old, experience=old.experience or tag.experience, takeaway=old.takeaway or tag.takeaway
            )
        else:
            own = tag.id if tag.id not in found else f"{tag.id}-{len(found)}"
            found[own] = tag
            titled.setdefault(key(tag.title), own)
    return list(found.values())


def _dashed(text: str) -> str:
    """Return the words before a dash that stands free."""
    for mark in (" \u2014 ", " \u2013 ", " - "):
        text = text.split(mark)[0]
    return text.strip(" :.")


def unlisted(tags: Sequence[FoundTag], claimed: Sequence[str], lines: Sequence[Line]) -> Iterator[FoundTag]:
    """Yield missions that are claimed by their name and stand in no list; numbers without a list have no title."""
    known = {tag.id for tag in tags}
    small = [line.text.lower() for line in lines]
    for name in dict.fromkeys(claimed):
        if name not in known and not name.isdigit():
            line = lines[next((at for at, text in enumerate(small) if name.lower() in text), 0)]
            yield FoundTag(id=mission_id(name), title=name, line=line.place)


def mission_id(name: str) -> str:
    """Return the id of a mission that is only known by its name."""
    return identifier(name, f"mission_{len(name)}").replace("_", "-")
