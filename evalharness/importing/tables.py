"""rows and lists -> the missions that a document names, with the experience and takeaway that stand beside each."""

from __future__ import annotations

import re
from collections.abc import Sequence

from evalharness.importing.blocks import NUMBER
from evalharness.importing.labels import asks, label_of
from evalharness.importing.nouns import Block, FoundTag
from evalharness.importing.tag_lines import tag_list

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
_CODE = re.compile(r"^([B-PR-Z])(\d{1,2})(?:[.:)]|\s*[\u2013\u2014-])?\s+\S")
FEWEST, MOST_TITLE_WORDS = 3, 14
_LIST = re.compile(rf"(?i)^(?:(?:the|our|your|their|its|[A-Z][\w'\u2019]+) )*(?:(?:\w+) )?{NOUN}(?:[ ,:(].*)?$")


def tags_in_rows(rows: Sequence[Block]) -> tuple[FoundTag, ...]:
    """Return the missions of one table; none where it is about something else."""
    if len(rows) < 2:
        return ()
    columns = _columns(rows[0].cells)
    if columns[0] is None or (columns[1] is None and columns[2] is None):
        return ()
    found = []
    for position, row in enumerate(rows[1:], start=1):
        cells = {at: " ".join(cell.split()) for at, cell in enumerate(row.cells)}
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


def _columns(head: Sequence[str]) -> list[int | None]:
    """Return the columns of mission, experience and takeaway; of three columns the last one follows from two."""
    found = [_column(head, rule) for rule in (_HEAD, _EXPERIENCE, _TAKEAWAY)]
    found = [None if at in found[:place] else at for place, at in enumerate(found)]
    named = [at for at, cell in enumerate(head) if cell.strip(" #.")]
    loose = [at for at in named if at not in found]
    if len(named) == 3 and len(loose) == 1 and found.count(None) == 1:
        found[found.index(None)] = loose[0]
    return found


def tags_in_list(blocks: Sequence[Block], at: int) -> tuple[tuple[FoundTag, ...], int]:
    """Return the missions listed under the line at `at`, and where the list ends; none where it opens no list."""
    coded = _coded(blocks, at)
    if coded:
        return tuple(_entry(block, place) for place, block in enumerate(coded, start=1)), at + len(coded)
    named = bool(_ENTRY.match(blocks[at].text))
    if not named and (not _LIST.match(blocks[at].text.rstrip(":")) or len(blocks[at].text.split()) > 14):
        return (), at + 1
    end = at if named else at + 1
    found: list[FoundTag] = []
    while end < len(blocks) and (_ENTRY.match(blocks[end].text) if named else _is_entry(blocks[end], len(found))):
        found.append(_entry(blocks[end], len(found) + 1))
        end += 1
    return (tuple(found), end) if len(found) >= 3 else ((), at + 1)


def counted_tags(blocks: Sequence[Block]) -> tuple[tuple[FoundTag, ...], range]:
    """Return the numbered list that the claims of the answers ("values 1 and 3") count on, and where it stands.

    It has a short title for each number that is claimed, and stands before the first claim.
    """
    claims = [(at, claimed) for at, block in enumerate(blocks) if (claimed := tag_list(block.text))]
    highest = max((int(number) for _, claimed in claims for number in claimed), default=0)
    for start in range(claims[0][0] if claims else 0):
        end = start
        while end < len(blocks) and _is_counted(blocks[end], end - start + 1):
            end += 1
        if end - start >= max(FEWEST, highest):
            found = tuple(_entry(block, place) for place, block in enumerate(blocks[start:end], start=1))
            return found, range(start, end)
    return (), range(0)


def _is_counted(block: Block, number: int) -> bool:
    short = len(block.text.split()) <= MOST_TITLE_WORDS and not asks(block.text) and not label_of(block.text)
    return block.number == number and block.kind in {"item", "para"} and short


def _coded(blocks: Sequence[Block], at: int) -> Sequence[Block]:
    """Return the lines from `at` on that carry one letter and count up ("P1: ...", "P2: ..."), if three or more."""
    found: list[Block] = []
    letter = ""
    for block in blocks[at:]:
        code = _CODE.match(block.text)
        if not code or int(code[2]) != len(found) + 1 or (letter and code[1] != letter) or asks(block.text):
            break
        letter = code[1]
        found.append(block)
    return found if len(found) >= 3 else ()


def _is_entry(block: Block, before: int) -> bool:
    number = block.number or (_numbered(block.text)[1] if block.kind == "para" else 0)
    numbered = number in {before + 1, 0} if block.kind == "item" else number == before + 1
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
        title=_trimmed(pieces[0]),
        line=block.line,
        experience=pieces[1],
        takeaway=pieces[2],
    )


def _trimmed(title: str) -> str:
    """Return a title without loose ends; brackets that belong together stay."""
    title = title.strip(" .;")
    return title if title.count("(") == title.count(")") and title.endswith(")") else title.strip(" .;()")


def _numbered(text: str) -> tuple[str, int]:
    """Return a cell without the number in front of it, and the number (0 for none)."""
    text = text.strip()
    found = re.match(rf"(?i)^(?:{NOUN} ?|[A-Z](?=\d))?#?\(?(\d{{1,2}})\)?(?:\s*[.:)\u2013\u2014-]\s*|\s+|$)", text)
    if found:
        return _trimmed(text[found.end() :]), int(found[1])
    written = NUMBER.match(text)
    return (text[written.end() :], 0) if written else (text, 0)


def _column(head: Sequence[str], rule: re.Pattern[str]) -> int | None:
    return next((i for i, cell in enumerate(head) if rule.search(cell)), None)
