"""units -> those that the candidate asks: how they are worded, the headings over them, and where they stand all vote."""

from __future__ import annotations

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
    bare = {unit.first: unit for unit in units if not (unit.story or unit.title or _answered(outline, unit, starts))}
    answered = [unit for unit in units if unit.first not in bare]
    groups: dict[tuple[int, int], list[Unit]] = {}
    for unit in bare.values():
        groups.setdefault(_group(outline, unit, answered), []).append(unit)
    found: set[int] = set()
    for (head, _), group in groups.items():
        if _score(outline, head, group, answered) >= LEAST:
            found |= {unit.first for unit in group}
    return found


def _answered(outline: Outline, unit: Unit, starts: Collection[int]) -> bool:
    """Return whether something stands below a question that is no reminder for the whole conversation."""
    after = outline.after(unit.last)
    return has_body(outline, unit.last, starts) and not (after and after.label and advises(after.said) >= 0.6)


def _group(outline: Outline, unit: Unit, answered: Sequence[Unit]) -> tuple[int, int]:
    """Return the highest head over a unit below which nothing is answered, and where its run begins without one.

    A head that says by itself who asks is not left for a higher one.
    """
    best = 0
    for head in outline.above(unit.first):
        inside = frozenset(outline.scope(head))
        if outline.is_title(head) or any(other.first in inside for other in answered):
            break
        best = head
        if abs(_turn(outline, head)) >= CLEAR:
            break
    return best, 0 if best else sum(other.first < unit.first for other in answered)


def _turn(outline: Outline, head: int) -> float:
    """Return which way a heading turns what is asked below it."""
    named = votes(outline[head].text)
    return max(turned(outline[head].text), named.get("ask", 0.0)) - 0.5 * named.get("question", 0.0)


def _score(outline: Outline, head: int, group: Sequence[Unit], answered: Collection[Unit]) -> float:
    texts = [text_of(outline, unit) for unit in group]
    said = sum(map(seeks, texts)) / len(texts)
    heads = [head, *(outline.parent[unit.first] for unit in group)] if head else []
    turn = max((_turn(outline, n) for n in heads if n), key=abs, default=0.0)
    before = [unit for unit in answered if unit.first < group[0].first]
    late = len(before) >= 2 and len(before) == len(answered) and bool(head) and head > before[0].first
    alike = not head or any(outline.parent[unit.first] == outline.parent[group[0].first] for unit in answered)
    person = share([float(len(words(outline[n].text)) <= 3) for n in heads]) if head else 0.0
    return (
        said * min(1.0, (len(group) + 1) / 3)
        + 0.7 * turn
        + 0.45 * late
        + 0.1 * person
        - 0.3 * (alike and bool(answered))
    )
