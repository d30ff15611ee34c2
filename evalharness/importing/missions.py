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
    for position, label in enumerate(labels, start=1):
        line = lines[label.first - 1]
        number, title = _numbered(line)
        if not number and line.kind == "cell":
            number = next(
                (
                    other.text
                    for other in lines
                    if other.row == line.row and other.table == line.table and other.text.strip(" .#").isdigit()
                ),
                "",
            )
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
    for tag in tags:
        same = next((k for k, t in found.items() if key(t.title) == key(tag.title)), "") or (
            tag.id
            if tag.id in found
            and (found[tag.id].experience == "" or tag.experience == "")
            and tag.line != found[tag.id].line
            else ""
        )
        old = found.get(same)
        if old:
            found[same] = msgspec.structs.replace(
                old, experience=old.experience or tag.experience, takeaway=old.takeaway or tag.takeaway
            )
        else:
            found[tag.id if tag.id not in found else f"{tag.id}-{len(found)}"] = tag
    return list(found.values())


def _dashed(text: str) -> str:
    """Return the words before a dash that stands free."""
    for mark in (" \u2014 ", " \u2013 ", " - "):
        text = text.split(mark)[0]
    return text.strip(" :.")


def unlisted(tags: Sequence[FoundTag], claimed: Sequence[str], lines: Sequence[Line]) -> Iterator[FoundTag]:
    """Yield missions that are claimed by their name and stand in no list; numbers without a list have no title."""
    known = {tag.id for tag in tags}
    for name in dict.fromkeys(claimed):
        if name not in known and not name.isdigit():
            line = next((line for line in lines if name.lower() in line.text.lower()), lines[0])
            yield FoundTag(id=mission_id(name), title=name, line=line.place)


def mission_id(name: str) -> str:
    """Return the id of a mission that is only known by its name."""
    return identifier(name, f"mission_{len(name)}").replace("_", "-")
