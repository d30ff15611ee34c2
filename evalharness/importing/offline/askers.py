"""units -> those that the candidate asks: how they are worded, the headings over them, and where they stand all vote."""

from __future__ import annotations

import bisect
from collections.abc import Collection, Sequence

from evalharness.documents.direction import seeks, turned
from evalharness.documents.features import advises, share, words
from evalharness.documents.lexicon import votes
from evalharness.importing.offline.outline import Outline
from evalharness.importing.offline.units import Unit, has_body, text_of

LEAST = 0.45
CLEAR = 0.4


def asked_back(outline: Outline, units: Sequence[Unit]) -> set[int]:
    """Return the first lines of what is for them to answer: whole groups of questions that nothing answers."""
    starts = {unit.first for unit in units}
    bare = [unit for unit in units if not (unit.story or unit.title or _answered(outline, unit, starts))]
    answered = sorted(starts - {unit.first for unit in bare})
    parents = {outline.parent[n] for n in answered}
    groups: dict[tuple[int, int], list[Unit]] = {}
    for unit in bare:
        groups.setdefault(_group(outline, unit, answered), []).append(unit)
    found: set[int] = set()
    for (head, _), group in groups.items():
        alike = bool(answered) and (not head or outline.parent[group[0].first] in parents)
        if _score(outline, head, group, answered) - 0.3 * alike >= LEAST:
            found |= {unit.first for unit in group}
    return found


def _answered(outline: Outline, unit: Unit, starts: Collection[int]) -> bool:
    """Return whether something stands below a question that is no reminder for the whole conversation."""
    after = outline.after(unit.last)
    return has_body(outline, unit.last, starts) and not (after and after.label and advises(after.said) >= 0.6)


def _group(outline: Outline, unit: Unit, answered: Sequence[int]) -> tuple[int, int]:
    """Return the highest head over a unit below which nothing is answered, and where its run begins without one.

    A head that says by itself who asks is not left for a higher one.
    """
    best = 0
    for head in outline.above(unit.first):
        at = bisect.bisect_right(answered, head)
        if outline.is_title(head) or (at < len(answered) and outline.covers(head, answered[at])):
            break
        best = head
        if abs(_turn(outline, head)) >= CLEAR:
            break
    return best, 0 if best else bisect.bisect_left(answered, unit.first)


def _turn(outline: Outline, head: int) -> float:
    """Return which way a heading turns what is asked below it."""
    named = votes(outline[head].text)
    return max(turned(outline[head].text), named.get("ask", 0.0)) - 0.5 * named.get("question", 0.0)


def _score(outline: Outline, head: int, group: Sequence[Unit], answered: Sequence[int]) -> float:
    texts = [text_of(outline, unit) for unit in group]
    said = sum(map(seeks, texts)) / len(texts)
    heads = [head, *(outline.parent[unit.first] for unit in group)] if head else []
    turn = max((_turn(outline, n) for n in heads if n), key=abs, default=0.0)
    late = len(answered) >= 2 and answered[-1] < group[0].first and answered[0] < head
    person = share([float(len(words(outline[n].text)) <= 3) for n in heads])
    return said * min(1.0, (len(group) + 1) / 3) + 0.7 * turn + 0.45 * late + 0.1 * person
