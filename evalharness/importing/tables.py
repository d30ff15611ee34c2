"""rows and lists -> the missions that a document names, with the experience and takeaway that stand beside each."""

from __future__ import annotations

import re
from collections.abc import Sequence

from evalharness.importing.blocks import NUMBER
from evalharness.importing.nouns import Block, FoundTag

NOUN = r"(?:missions?|values?|principles?|themes?|competenc(?:y|ies)|pillars?|commitments?|aims?|tenets?)"
_HEAD = re.compile(rf"(?i)\b{NOUN}\b")
_EXPERIENCE = re.compile(
    r"(?i)\b(?:experiences?|stor(?:y|ies)|examples?|projects?|evidence|proof|work|what (?:I|you) did|maps? to|where)\b"
)
_TAKEAWAY = re.compile(
    r"(?i)\b(?:take-?aways?|lessons?|bridge|message|so what|line to say|what it (?:shows|taught)|learned"
    r"|learnt|point)\b"
)
_ENTRY = re.compile(rf"(?i)^{NOUN} #?\d{{1,2}}\b(?!\s*(?:,|and|&|\+)).*(?:\u2192|->|=>|:|\||\s[\u2013\u2014-]\s)")
_LIST = re.compile(rf"(?i)^(?:(?:the|our|your|their|its|[A-Z][\w'\u2019]+) )*(?:(?:\w+) )?{NOUN}(?:[ ,:(].*)?$")


def tags_in_rows(rows: Sequence[Block]) -> tuple[FoundTag, ...]:
    """Return the missions of one table; none where it is about something else."""
    if len(rows) < 2:
        return ()
    head = rows[0].cells
    columns = [_column(head, _HEAD), _column(head, _EXPERIENCE), _column(head, _TAKEAWAY)]
    if columns[0] is None or (columns[1] is None and columns[2] is None):
        return ()
    found = []
    for position, row in enumerate(rows[1:], start=1):
        cells = dict(enumerate(row.cells))
        name, own = _numbered(cells.get(columns[0], ""))
        number = (
            own or next((int(c) for c in row.cells[: columns[0]] if c.strip().strip(".#").isdigit()), 0) or position
        )
        if name or own:
            found.append(
                FoundTag(
                    id=str(number),
                    title=name or f"mission {number}",
                    line=row.line,
                    experience=cells.get(columns[1], "") if columns[1] is not None else "",
                    takeaway=cells.get(columns[2], "") if columns[2] is not None else "",
                )
            )
    return tuple(found)


def tags_in_list(blocks: Sequence[Block], at: int) -> tuple[tuple[FoundTag, ...], int]:
    """Return the missions listed under the line at `at`, and where the list ends; none where it opens no list."""
    named = bool(_ENTRY.match(blocks[at].text))
    if not named and (not _LIST.match(blocks[at].text.rstrip(":")) or len(blocks[at].text.split()) > 14):
        return (), at + 1
    end = at if named else at + 1
    found: list[FoundTag] = []
    while end < len(blocks) and (_ENTRY.match(blocks[end].text) if named else _is_entry(blocks[end], len(found))):
        found.append(_entry(blocks[end], len(found) + 1))
        end += 1
    return (tuple(found), end) if len(found) >= 3 else ((), at + 1)


def _is_entry(block: Block, before: int) -> bool:
    numbered = block.number in {before + 1, 0} if block.kind == "item" else block.number == before + 1
    return (
        numbered and block.kind in {"item", "para"} and not block.text.endswith("?") and len(block.text.split()) <= 40
    )


def _entry(block: Block, position: int) -> FoundTag:
    """Return a mission from a list entry; "title -> experience -> takeaway" is read as three things."""
    text, own = _numbered(block.text)
    pieces = [piece.strip() for piece in re.split(r"\s*(?:\u2192|->|=>|\|)\s*", text) if piece.strip()]
    parts = (
        pieces
        if len(pieces) > 1
        else [piece.strip() for piece in re.split(r"\s*:\s+|\s+[\u2013\u2014-]\s+", text, maxsplit=1)]
    )
    pieces = [*parts, "", ""] if len(pieces) > 1 else [parts[0], "", ""]
    return FoundTag(
        id=str(own or block.number or position),
        title=pieces[0].strip(" .;()"),
        line=block.line,
        experience=pieces[1],
        takeaway=pieces[2],
    )


def _numbered(text: str) -> tuple[str, int]:
    """Return a cell without the number in front of it, and the number (0 for none)."""
    text = text.strip()
    found = re.match(rf"(?i)^(?:{NOUN} ?|[A-Z](?=\d))?#?\(?(\d{{1,2}})\)?(?:\s*[.:)\u2013\u2014-]\s*|\s+|$)", text)
    if found:
        return text[found.end() :].strip(" ()"), int(found[1])
    written = NUMBER.match(text)
    return (text[written.end() :], 0) if written else (text, 0)


def _column(head: Sequence[str], rule: re.Pattern[str]) -> int | None:
    return next((i for i, cell in enumerate(head) if rule.search(cell)), None)
