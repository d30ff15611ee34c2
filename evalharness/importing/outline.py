"""blocks -> the sections that an answer should have, each with its bullets; and long text cut along such titles."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from evalharness.importing.blocks import NUMBER
from evalharness.importing.labels import asks, label_of
from evalharness.importing.nouns import Block, FoundSection
from evalharness.importing.tag_lines import tag_list
from evalharness.text.parts import plain_title

_TRIGGER = re.compile(
    r"(?i)\b(?:(?:should|must|needs? to|has to|expected to|ought to|will want to|make sure (?:to|you|it"
    r"|that)|be (?:ready|prepared) to)\b.{0,60}"
    r"\b(?:includ\w+|cover\w*|contain\w*|address\w*|touch\w*|go through|walk through|hit|speak to)"
    r"|(?:cover|include|address|hit|structure|organi[sz]e)\b.{0,50}\b(?:the following|these|as follows"
    r"|below|sections|areas|parts|points)"
    r"|(?:suggested |recommended |ideal )?(?:outline|structure|agenda|skeleton|checklist|roadmap"
    r"|sections?|stops?)\b(?: (?:of|for|to)\b.{0,40})?:?$"
    r"|\b(?:walk-?through|presentation|answer|talk|response|story|deep dive)s? (?:that works )?(?:covers?"
    r"|includes?|touches|hits|goes through|has)\b"
    r"|\b(?:these|following|the) (?:\w+ )?(?:areas|topics|points|parts|sections|stages|themes|headings)\b.{0,20}:$"
    r"|\bthe following\b.{0,30}:$"
    r"|what (?:to|a good \w+|your \w+|the \w+|strong \w+|a strong \w+|they|we|an? \w+)\b.{0,40}\b(?:cover"
    r"|include|contain|expect|listen|look)\w*)"
)
FEWEST, MOST_TITLE_WORDS = 3, 9
LONG_WALK = 120
_SECTION_HEAD = re.compile(r"(?i)\b(?:sections?|areas?|parts?|stages?|steps?|topics?|blocks?|themes?)\b")
_POINTS_HEAD = re.compile(
    r"(?i)\b(?:cover\w*|includ\w*|expect\w*|look\w*|points?|details?|prompts?|what|questions?|talk|asks?|say|hear)\b"
)
_NAMED = re.compile(r"(?i)(?:topic|question|theme|part|prompt|scenario|section) #?\d{1,2}\b\s*[:.)|\u2013\u2014-]\s*\S")


def find_outline(blocks: Sequence[Block]) -> tuple[tuple[FoundSection, ...], range]:
    """Return the sections of the longest outline and the blocks it is made of; nothing where there is none."""
    best: tuple[tuple[FoundSection, ...], range] = ((), range(0))
    walked = 0
    for at, block in enumerate(blocks):
        tabled, end = _tabled(blocks, at)
        if len(tabled) >= FEWEST and len(tabled) > len(best[0]) and not _in_answer(blocks, at):
            best = tabled, range(at - (at > 0 and is_trigger(blocks[at - 1])), end)
        if at >= walked and block.kind != "row" and is_trigger(block):
            sections, end = _sections(blocks, at + 1)
            walked = end if end - at > LONG_WALK else walked
            if len(sections) >= FEWEST and len(sections) >= len(best[0]) and _is_structured(sections):
                best = sections, range(at, end)
        nested, end = _nested(blocks, at) if _is_above_list(blocks, at) else ((), at)
        if len(nested) >= FEWEST and len(nested) > len(best[0]) and not _in_answer(blocks, at):
            best = nested, range(at, end)
    return best if best[0] else _without_trigger(blocks)


def titled(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return `blocks` with short lines over bullets, and "Topic 2 - Privacy", as titles where there are several.

    Plain text has no other way to write a heading.
    """
    plain = [at for at, block in enumerate(blocks) if _is_plain_title(block)]
    over = {at for at in plain if at + 1 < len(blocks) and _is_point(blocks[at + 1])}
    named = {at for at in plain if _NAMED.match(blocks[at].text)}
    found = {at for made in (over, named) if len(made) >= FEWEST for at in made}
    return tuple(msgspec.structs.replace(b, bold=True) if at in found else b for at, b in enumerate(blocks))


def _is_plain_title(block: Block) -> bool:
    plain = block.kind == "para" and not block.heads and not block.quote
    short = len(block.text.split()) <= 8 and block.text[-1:] not in set(".?!:,;")
    return plain and short and not asks(block.text) and not label_of(block.text)


def _is_point(block: Block) -> bool:
    return block.kind == "item" and not block.number


def is_trigger(block: Block) -> bool:
    """Return whether a line announces what an answer should contain."""
    label = label_of(block.text)
    if label and label.kind in {"answer", "follow_up"}:
        return False
    return len(block.text.split()) <= 45 and bool(_TRIGGER.search(block.text))


def _tabled(blocks: Sequence[Block], start: int) -> tuple[tuple[FoundSection, ...], int]:
    """Return the sections of a table whose first column names them and whose second says what they ask for."""
    head = blocks[start]
    if head.kind != "row" or (start and blocks[start - 1].kind == "row") or len(head.cells) != 2:
        return (), start
    if not _SECTION_HEAD.search(head.cells[0]) or not _POINTS_HEAD.search(head.cells[1]) or label_of(head.cells[1]):
        return (), start
    end = start + 1
    while end < len(blocks) and blocks[end].kind == "row" and len(blocks[end].cells) == 2:
        end += 1
    rows = [row for row in blocks[start + 1 : end] if row.cells[0].strip()]
    return tuple(
        FoundSection(title=NUMBER.sub("", row.cells[0]).strip(" :"), line=row.line, items=_points(row.cells[1]))
        for row in rows
    ), end


def _points(text: str) -> tuple[str, ...]:
    pieces = re.split(r"\n|;", text) if re.search(r"\n|;", text) else re.split(r",(?! (?:and|or) )", text)
    return tuple(piece.strip(" .-\u2022") for piece in pieces if piece.strip(" .-\u2022"))


def _is_above_list(blocks: Sequence[Block], at: int) -> bool:
    block = blocks[at]
    below = blocks[at + 1] if at + 1 < len(blocks) else None
    if below is None or below.kind != "item" or (block.kind == "item" and block.level >= below.level):
        return False
    return block.heads or is_trigger(block)


def _nested(blocks: Sequence[Block], above: int) -> tuple[tuple[FoundSection, ...], int]:
    """Return the sections of a list under the line at `above` whose points have points of their own."""
    at = above + 1
    level = blocks[at].level if at < len(blocks) and blocks[at].kind == "item" else 0
    found: list[tuple[Block, list[str]]] = []
    while level and at < len(blocks) and blocks[at].kind == "item" and blocks[at].level >= level:
        if blocks[at].level == level:
            found.append((blocks[at], []))
        else:
            found[-1][1].append(blocks[at].text)
        at += 1
    titled = all(
        len(title.text.split()) <= 9 and not asks(title.text) and not label_of(title.text) for title, _ in found
    )
    deep = sum(bool(items) for _, items in found) * 2 >= len(found)
    return (tuple(_section(title, items) for title, items in found), at) if titled and deep else ((), above)


def _in_answer(blocks: Sequence[Block], at: int) -> bool:
    """Return whether the last label up to `at` says that an answer stands here."""
    kinds = [label.kind for block in blocks[: at + 1] if (label := label_of(block.text))]
    return bool(kinds) and kinds[-1] == "answer"


def _is_structured(sections: Sequence[FoundSection]) -> bool:
    return sum(bool(section.items) for section in sections) * 2 >= len(sections) or len(sections) >= 5


def _without_trigger(blocks: Sequence[Block]) -> tuple[tuple[FoundSection, ...], range]:
    """Return four or more titles in a row that have nothing but bullets under them.

    What was walked through in vain for long is not walked through again, so that the work stays linear.
    """
    answering = _answering(blocks)
    walked = 0
    for at, block in enumerate(blocks[:-1]):
        below = blocks[at + 1]
        if at < walked or answering[at] or not _is_bullet(below) or _is_title(below, block):
            continue
        if _is_title(block, None) and not asks(block.text):
            sections, end = _sections(blocks, at)
            alien = any(b.quote or tag_list(b.text) for b in blocks[at:end])
            if len(sections) >= 4 and all(section.items for section in sections) and not alien:
                return sections, range(at - _announced(blocks, at), end)
            walked = end if end - at > LONG_WALK else at
    return (), range(0)


def _answering(blocks: Sequence[Block]) -> list[bool]:
    """Return for each block whether the last label up to it says that an answer stands there."""
    found: list[bool] = []
    for block in blocks:
        label = label_of(block.text)
        found.append(label.kind == "answer" if label else bool(found) and found[-1])
    return found


def _announced(blocks: Sequence[Block], at: int) -> bool:
    """Return whether the line before announces what follows, and so belongs to it."""
    return at > 0 and blocks[at - 1].text.endswith(":") and not label_of(blocks[at - 1].text)


def _sections(blocks: Sequence[Block], start: int) -> tuple[tuple[FoundSection, ...], int]:
    """Return the sections that begin at `start`, and where they end."""
    first: Block | None = None
    found: list[tuple[Block, list[str]]] = []
    at = start
    while at < len(blocks):
        block = blocks[at]
        label = label_of(block.text)
        if (
            label
            and label.kind in {"answer", "follow_up", "question", "tone", "company", "interviewer"}
            and not (found and _next(block, found))
        ):
            break
        if _is_title(block, first) and not _ends(block, first, found):
            first = first or block
            found.append((block, []))
        elif block.kind == "rule":
            pass
        elif found and _is_bullet(block):
            found[-1][1].append(block.text)
        elif not (not found and at == start and len(block.text.split()) < 40):
            break
        at += 1
    return tuple(_section(title, items) for title, items in found), at


def _next(block: Block, found: Sequence[tuple[Block, list[str]]]) -> bool:
    return block.number > 0 and block.number == found[-1][0].number + 1


def _is_title(block: Block, first: Block | None) -> bool:
    """Return whether a block may be a section's title, of the same make as the first."""
    if first is None:
        name, rest = _split(block.text)
        short = len(name.split()) <= MOST_TITLE_WORDS
        return short and (block.heads or (block.kind == "item" and (bool(rest) or len(name.split()) <= 5)))
    if block.number and not first.number:
        return False
    if block.kind == "heading" or first.kind == "heading":
        return block.kind == first.kind and block.level == first.level
    if first.number:
        return block.number > 0 and (block.kind != "item" or block.level <= first.level)
    return (
        block.bold == first.bold
        and block.kind == first.kind
        and block.level == first.level
        and len(_split(block.text)[0].split()) <= MOST_TITLE_WORDS
    )


def _ends(block: Block, first: Block | None, found: Sequence[tuple[Block, list[str]]]) -> bool:
    """Return whether a would-be title breaks the row: a number that does not count on, an unnumbered one."""
    if first is None:
        return False
    if first.number:
        return block.number != found[-1][0].number + 1
    return asks(block.text) and not asks(first.text)


def _is_bullet(block: Block) -> bool:
    if block.kind == "heading" or block.kind == "row":
        return False
    if block.kind == "item":
        return True
    return len(block.text.split()) <= 40 and not block.bold


def _section(title: Block, items: Sequence[str]) -> FoundSection:
    name, rest = _split(title.text)
    return FoundSection(title=name, line=title.line, items=tuple(items) if items else _points(rest))


def _split(text: str) -> tuple[str, str]:
    """Return a title and what stands behind its colon or dash."""
    found = re.match(r"^(.{3,70}?)\s*(?::|\s[\u2013\u2014-]\s)\s*(.*)$", text, re.DOTALL) or re.match(
        r"^([^(]{3,70}?)\s*\(((?=\D*$)[^()]{8,300})\)$", text
    )
    name, rest = (found[1], found[2]) if found else (text, "")
    name = re.sub(r"\s*\((?:about |~)?[^)]*\d[^)]*\)\s*$", "", name)
    return name.strip(" :."), rest.strip()


def with_answer(blocks: Sequence[Block], sections: Sequence[FoundSection], openings: Sequence[str]) -> list[Block]:
    """Return `blocks` with a label where the outline's titles come again, over prose: there an answer begins.

    Nothing changes where an answer is labelled before, or where fewer than three titles come again.
    """
    plain = {plain_title(section.title) for section in sections}
    opening = {plain_title(title) for title in openings}
    again = [at for at, block in enumerate(blocks) if plain_title(block.text) in plain]
    if len({plain_title(blocks[at].text) for at in again}) < FEWEST:
        return list(blocks)
    start = again[0]
    start = next((at for at in range(start - 1, max(-1, start - 6), -1) if _opens(blocks[at], opening)), start)
    if any((label := label_of(block.text)) and label.kind == "answer" for block in blocks[:start]):
        return list(blocks)
    above = blocks[start - 1] if start else None
    headed = above is not None and above.heads and not label_of(above.text) and not asks(above.text)
    label_block = Block(kind="para", text="Answer:", line=blocks[start].line, bold=True)
    return [*blocks[: start - headed], label_block, *blocks[start:]]


def _opens(block: Block, openings: set[str]) -> bool:
    return plain_title(block.text) in openings


def cut_along(text: str, titles: Sequence[str]) -> tuple[str, ...]:
    """Return a long text as paragraphs, with a heading where a title stands run into it; in order, else untouched."""
    places: list[tuple[int, int, str]] = []
    at = 0
    for title in titles:
        found = _place(text, title, at)
        if found:
            places.append((*found, title))
            at = found[1]
    if len(places) < 3:
        return (text,)
    parts = [text[: places[0][0]].strip()]
    for (_, end, title), after in zip(places, [*places[1:], (len(text), 0, "")], strict=True):
        parts += [f"## {title}", text[end : after[0]].strip(" :.-\u2013\u2014")]
        if parts[-1] and after[0] <= len(text) and text[after[0] - 2 : after[0]].strip()[-1:] in {".", "!", "?"}:
            parts[-1] += text[: after[0]].rstrip()[-1]
    return tuple(part for part in parts if part)


def _place(text: str, title: str, start: int) -> tuple[int, int] | None:
    """Return where `title` stands as a title: at the beginning of a sentence, capitalised, `and` or `&`."""
    words = [re.escape(word) for word in re.findall(r"[\w'\u2019/-]+", title) if word.lower() not in {"and", "the"}]
    if not words:
        return None
    between = r"[\s,]*(?:&|and|the|,|/)?[\s,]*(?:the\s+)?"
    rule = re.compile(
        rf"(?:(?<=^)|(?<=[.!?:\u201d\"\u2014-]\s)|(?<=\s\s))(?:\(?\d{{1,2}}[.):]\s*)?(?:The\s+)?{between.join(words)}\b\s*[:.\u2013\u2014-]?\s+",
        re.IGNORECASE,
    )
    for found in rule.finditer(text, start):
        opening = re.sub(r"^[\s\d().:]+", "", found[0])
        if opening[:1].isupper():
            return found.start(), found.end()
    return None
