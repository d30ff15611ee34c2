"""units -> those that the candidate asks: how they are worded, the headings over them, and where they stand all vote."""

from __future__ import annotations

import bisect
import statistics
from collections.abc import Collection, Sequence

from evalharness.documents.direction import seeks, turned
from evalharness.documents.features import advises, share, words
from evalharness.documents.lexicon import votes
from evalharness.documents.outline import Outline
from evalharness.importing.offline.units import Unit, has_body, text_of

LEAST = 0.45
CLEAR = 0.4
SMALL, USUAL, REMARK = 0.3, 15, 10
"""Below a question, what has less than this part of the words of a usual answer here, and fewer than `REMARK`, is none."""


def asked_back(outline: Outline, units: Sequence[Unit]) -> set[int]:
    """Return the first lines of what is for them to answer: whole groups of questions that nothing answers."""
    starts = {unit.first for unit in units}
    asking = [unit for unit in units if not (unit.story or unit.title)]
    sizes = {unit.first: _body(outline, unit, starts) for unit in asking}
    usual = statistics.median([size for size in sizes.values() if size] or [0])
    small = min(REMARK, SMALL * usual) if usual >= USUAL else 1
    bare = [unit for unit in asking if sizes[unit.first] < small]
    answered = sorted(starts - {unit.first for unit in bare})
    makes = {(outline.parent[n], outline[n].shape) for n in answered}
    groups: dict[tuple[int, int], list[Unit]] = {}
    for unit in bare:
        groups.setdefault(_group(outline, unit, answered), []).append(unit)
    found: set[int] = set()
    for (head, _), group in groups.items():
        first = group[0].first
        alike = bool(answered) and (not head or outline.parent[first] in {parent for parent, _ in makes})
        alike = alike and (outline.parent[first], outline[first].shape) in makes
        if _score(outline, head, group, answered) - 0.3 * alike >= LEAST:
            found |= {unit.first for unit in group}
    return found


def _body(outline: Outline, unit: Unit, starts: Collection[int]) -> int:
    """Return how many words stand below a question, of what is no reminder for the whole conversation."""
    after = outline.after(unit.last)
    if not has_body(outline, unit.last, starts) or (after and after.label and advises(after.said) >= 0.6):
        return 0
    size = 0
    while after and after.number not in starts and not (size and outline.is_head(after.number)):
        size += len(words(after.text))
        after = outline.after(after.number)
    return max(size, 1)


def _group(outline: Outline, unit: Unit, answered: Sequence[int]) -> tuple[int, int]:
    """Return the highest head over a unit below which nothing is answered, and where its run begins without one.

    A head that says by itself who asks is not left for a higher one.  Without a head, the line in front of a list leads it.
    """
    best = 0
    for head in outline.above(unit.first):
        if abs(_turn(outline, head)) >= CLEAR and not outline.is_title(head):
            return head, 0
        at = bisect.bisect_right(answered, head)
        if outline.is_title(head) or (at < len(answered) and outline.covers(head, answered[at])):
            break
        best = head
    return best, 0 if best else bisect.bisect_left(answered, unit.first)


def _turn(outline: Outline, head: int) -> float:
    """Return which way a heading turns what is asked below it."""
    named = votes(outline[head].text)
    return max(turned(outline[head].text), named.get("ask", 0.0)) - 0.5 * named.get("question", 0.0)


def _score(outline: Outline, head: int, group: Sequence[Unit], answered: Sequence[int]) -> float:
    texts = [text_of(outline, unit) for unit in group]
    said = sum(map(seeks, texts)) / len(texts)
    heads = [head, *(outline.parent[unit.first] for unit in group)] if head else []
    leads = [*heads, lead] if (lead := _lead(outline, group[0])) else heads
    turn = max((_turn(outline, n) for n in leads if n), key=abs, default=0.0)
    last = len(answered) >= 2 and answered[-1] < group[0].first and len(group) >= 2
    late = last and (not head or answered[0] < head)
    person = share([float(len(words(outline[n].text)) <= 3) for n in heads])
    return said * min(1.0, (len(group) + 1) / 3) + 0.7 * turn + 0.45 * late + 0.1 * person


def _lead(outline: Outline, unit: Unit) -> int:
    """Return the line that leads to a list, right in front of its first item: it ends with a colon; 0 without one."""
    before = outline.before(unit.first)
    led = before and outline[before].text.endswith(":") and outline[before].shape != outline[unit.first].shape
    return before if led else 0
