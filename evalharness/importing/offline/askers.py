"""questions -> those that the candidate asks: how they are worded, what leads to them, and where they stand all vote."""

from __future__ import annotations

import bisect
import statistics
from collections.abc import Collection, Iterator, Sequence

from evalharness.documents.bodies import has_body
from evalharness.documents.called import Called
from evalharness.documents.direction import seeks, turned
from evalharness.documents.features import advises, asks, share, words
from evalharness.documents.lexicon import votes
from evalharness.documents.outline import BOLD, Outline
from evalharness.importing.offline.units import Unit, said
from evalharness.text.words import sentences

LEAST = 0.45
CLEAR = 0.4
SMALL, USUAL, REMARK = 0.3, 15, 10
"""Below a question, what has less than this part of the words of a usual answer here, and fewer than `REMARK`, is none."""
LISTED, ASKING, LEAST_ASKED, LEAD_WORDS, NAMED = 0.6, 0.35, 0.2, 12, 3


def asked_back(outline: Outline, units: Sequence[Unit]) -> dict[int, str]:
    """Return the roles of what is for them to answer, whole groups of questions that nothing answers, and of its leads."""
    starts, called = {unit.first for unit in units}, Called(outline)
    asking = [unit.first for unit in units if not (unit.story or unit.title)]
    blocks = {n: block for block in _blocks(outline, starts) for n in block}
    sizes = {n: 0 if n in blocks else _body(outline, n, starts) for n in asking}
    usual = statistics.median([size for size in sizes.values() if size] or [0])
    small = min(REMARK, SMALL * usual) if usual >= USUAL else 1
    bare = [n for n in asking if sizes[n] < small]
    answered = sorted(starts - set(bare))
    groups: dict[tuple[int, int], list[int]] = {}
    for n in bare:
        head, at = _group(outline, n, answered)
        groups.setdefault((head, at if head or n not in blocks else -blocks[n][0]), []).append(n)
    found: dict[int, str] = {}
    groups |= {(0, -block[0]): block for block in _closing(outline, answered)}
    for (head, at), group in groups.items():
        if _score(outline, called, head, group, answered, listed=at < 0 or group[0] in blocks) >= LEAST:
            whole = sorted({m for n in group for m in blocks.get(n, [n])})
            found |= dict.fromkeys(whole, "ask")
            lead = _lead(outline, whole[0])
            found |= {lead: "note"} if lead and lead not in starts else {}
    return found


def _blocks(outline: Outline, starts: Collection[int]) -> Iterator[list[int]]:
    """Yield lines of one make in a row, nearly all of which are asked, with nothing between them: none is answered."""
    block: list[int] = []
    for n in [*outline.kept, 0]:
        if block and n and _goes_on(outline, block[-1], n):
            block.append(n)
            continue
        if len(block) > 1 and sum(m in starts for m in block) >= max(2, LISTED * len(block)):
            yield block
        block = [n] if n else []


def _closing(outline: Outline, starts: Sequence[int]) -> Iterator[list[int]]:
    """Yield the lists of lines that ask below an answer, where the part of the document ends in which it stands."""
    asking = {n for n in outline.kept if asks(outline[n].said) >= ASKING}
    for block in _blocks(outline, asking):
        block = block[block[0] not in asking :]  # a line in front of bare lines leads to them
        at = bisect.bisect_left(starts, block[0])
        unit, after = starts[at - 1] if at else 0, outline.after(block[-1])
        if not unit or {*starts} & {*block, outline.before(block[0])} or (after and after.number in starts):
            continue
        if {outline[n].label for n in block} & {line.label for line in outline.lines if line.number not in block} - {
            ""
        }:
            continue
        beside = outline.parent[block[0]] in {unit, outline.parent[unit]}
        ends = after is None or outline.rank[after.number] < min(outline.rank[unit], BOLD)
        if beside and (ends or (after and after.gap and at == len(starts))):
            yield block


def _goes_on(outline: Outline, before: int, number: int) -> bool:
    """Return whether a line goes on with the list or block of bare lines that the one before it stands in."""
    above, line = outline[before], outline[number]
    if (
        line.shape != above.shape
        or outline.parent[before] != outline.parent[number]
        or outline[number - 1].kind == "rule"
    ):
        return False
    return line.kind == "item" or not line.gap or min(asks(above.said), asks(line.said)) >= LEAST_ASKED


def _body(outline: Outline, number: int, starts: Collection[int]) -> int:
    """Return how many words stand below a question, of what is no reminder for the whole conversation."""
    after = outline.after(number)
    if not has_body(outline, number, starts) or (after and after.label and advises(after.said) >= 0.6):
        return 0
    size = 0
    while after and after.number not in starts and not (size and outline.is_head(after.number)):
        size += len(words(after.text))
        after = outline.after(after.number)
    return max(size, 1)


def _group(outline: Outline, number: int, answered: Sequence[int]) -> tuple[int, int]:
    """Return the highest head over a question below which nothing is answered, and where its run begins without one.

    A head that says by itself who asks is not left for a higher one.  Without a head, the line in front of a list leads it.
    """
    best = 0
    for head in outline.above(number):
        if abs(_turn(outline, head)) >= CLEAR and not outline.is_title(head):
            return head, 0
        at = bisect.bisect_right(answered, head)
        if outline.is_title(head) or (at < len(answered) and outline.covers(head, answered[at])):
            break
        best = head
    return best, 0 if best else bisect.bisect_left(answered, number)


def _turn(outline: Outline, head: int) -> float:
    """Return which way the clearest sentence of a heading turns what is asked below it."""
    return max((_turns(part.text) for part in sentences(outline[head].text)), key=abs, default=0.0)


def _turns(text: str) -> float:
    named = votes(text)
    return max(turned(text), named.get("ask", 0.0)) - 0.5 * named.get("question", 0.0)


def _score(
    outline: Outline, called: Called, head: int, group: Sequence[int], answered: Sequence[int], *, listed: bool
) -> float:
    """Return how much a group of questions looks like one for them: its words, its leads, its make and its place."""
    texts = [said(outline[n]) for n in group]
    sought = sum(map(seeks, texts)) / len(texts)
    heads = [head, *(outline.parent[n] for n in group)] if head else []
    leads = [*heads, lead] if (lead := _lead(outline, group[0])) else heads
    turn = max((_turn(outline, n) for n in leads if n), key=abs, default=0.0)
    after = bisect.bisect_left(answered, group[0])  # how many questions were answered before these
    late = len(group) > 1 < after == len(answered) and (not head or answered[0] < head)
    makes = {(outline.parent[n], outline[n].shape) for n in answered}
    alike = bool(answered) and (not head or outline.parent[group[0]] in {parent for parent, _ in makes})
    alike = alike and (outline.parent[group[0]], outline[group[0]].shape) in makes
    apart = listed and after > 1 and outline[group[0]].shape not in {shape for _, shape in makes}
    person = share([float(len(words(outline[n].text)) <= 3) for n in heads])
    person += 4 * _calls(outline, called, group, leads)
    return (
        sought * min(1.0, (len(group) + 1) / 3)
        + 0.7 * turn
        + 0.1 * person
        + (0.45 * late * (0.5 + 0.5 * (listed or head > 0)) or 0.3 * apart)
        - 0.3 * (alike or (len(group) == 1 and after == 0 and bool(answered) and not head))
    )


def _calls(outline: Outline, names: Called, group: Sequence[int], leads: Sequence[int]) -> bool:
    """Return whether a name of the document is called: in front of a question, behind it, or in the words of its lead."""
    parts = [outline[n].text.split(", ") for n in group]
    called = [text for part in parts if len(part) > 1 for text in (part[0], part[-1])]
    called += [outline[n].label for n in group]
    called += [sentences(outline[n].text)[-1].text for n in leads if n]
    return any(names.speaks_of(text, {*group, *leads}) for text in called)


def _lead(outline: Outline, number: int) -> int:
    """Return the line that leads to a list, right in front of its first item: with a colon, or short; 0 without one."""
    before = outline.before(number)
    text = outline[before].text if before else ""
    if text.endswith(":") and outline[before].shape != outline[number].shape:
        return before
    clear = 0 < len(words(text)) <= LEAD_WORDS and abs(_turn(outline, before)) >= CLEAR
    return before if clear and asks(text) < ASKING else 0
