"""lines -> the units of a document: what is asked, under which title, and the stories that stand for themselves.

A line does not become a question because it begins with certain words: the lines of one make, under one heading, vote.
"""

from __future__ import annotations

import bisect
from collections import Counter
from collections.abc import Sequence

from evalharness.documents.bodies import has_body
from evalharness.documents.direction import turned
from evalharness.documents.features import advises, asks, leans, tells, words
from evalharness.documents.headings import Naming
from evalharness.documents.lexicon import votes
from evalharness.documents.nouns import NOTED, Line
from evalharness.documents.outline import BOLD, TEXT, Outline
from evalharness.documents.zones import ZONES, Zones
from evalharness.importing.offline.vote import TURNED, is_plain, voted
from evalharness.model.noun import Noun
from evalharness.text.words import sentences

LEAST_TITLE, MOST_ALIKE = 4, 50


class Unit(Noun):
    """A question (or a story's title): its lines, the line that titles it, and how high it stands."""

    first: int
    last: int
    title: int = 0
    rank: float = TEXT
    story: bool = False


def questions(zones: Zones) -> list[Unit]:
    """Return what is asked, in the order of the document."""
    outline = zones.outline
    asking, titles = _prefixed(outline, voted(zones))
    heads = [n for n in asking if outline.is_head(n)]
    taken: list[Unit] = [
        *_titled(zones),
        *(Unit(first=n, last=n, title=title, rank=outline.rank[n]) for n, title in titles.items()),
    ]
    covered = {n for unit in taken for n in (unit.title, *range(unit.first, unit.last + 1))}
    for number in heads:
        if number not in covered and not any(above in covered or above in heads for above in outline.above(number)):
            taken.append(Unit(first=number, last=number, rank=outline.rank[number]))
    inside = {n for unit in taken for n in outline.scope(unit.title or unit.first) if not _is_peer(outline, n, unit)}
    for number in asking:
        if number in covered or number in inside or outline.is_head(number):
            continue
        taken.append(
            Unit(
                first=number,
                last=number,
                rank=outline.rank[number] + outline[number].depth,
            )
        )
    found = sorted(taken, key=lambda unit: unit.first)
    found = [unit for unit, before in zip(found, [None, *found], strict=False) if not _leans(outline, unit, before)]
    return _deduplicated(outline, found)


def _is_peer(outline: Outline, number: int, unit: Unit) -> bool:
    """Return whether a line below a question opens a block just as that one does, and so is the next one."""
    line, above = outline[number], outline[unit.first]
    return not unit.title and line.shape == above.shape and line.gap and above.gap and outline.rank[unit.first] == BOLD


def _leans(outline: Outline, unit: Unit, before: Unit | None) -> bool:
    """Return whether a line goes on with the question above it, and is none by itself."""
    if before is None or unit.title or outline[unit.first].kind == "heading" or not leans(said(outline[unit.first])):
        return False
    return outline.parent[unit.first] in {before.first, before.title, outline.parent[before.first]}


def _titled(zones: Zones) -> list[Unit]:
    """Return the units whose heading only names what is asked in the line below it."""
    outline, naming = zones.outline, zones.naming
    groups: dict[tuple[object, ...], list[int]] = {}
    for number in outline.kept:
        if outline.is_head(number):
            groups.setdefault((outline[number].shape, outline.parent[number]), []).append(number)
    found: list[Unit] = []
    for group in groups.values():
        firsts = [(n, f) for n in group if (f := _first_below(outline, n)) is not None]
        below = [
            (n, f)
            for n, f in firsts
            if asks(outline[f].said) > 0.75 and not outline.is_head(f) and zones.of(f) not in ZONES
        ]
        own = sum(asks(outline[n].text) > 0.5 for n in group)
        role = naming.under(group[0])
        if any(asks(outline[above].text) > 0.75 for above in outline.above(group[0])):
            continue
        named = len(group) == 1 and (
            outline.is_title(group[0]) or votes(outline[group[0]].text).get("mission", 0) >= 0.5
        )
        if (
            role in ZONES
            or named
            or turned(outline[group[0]].text) >= TURNED
            or not below
            or len(below) < 0.6 * len(group)
            or own >= len(below)
        ):
            continue
        for number, first in below:
            more = outline.under[number][1:] if outline.under.get(number) else []
            if sum(asks(outline[n].said) > 0.75 for n in more if outline[n].shape == outline[first].shape) > 0:
                break
            found.append(Unit(first=first, last=first, title=number, rank=outline.rank[number]))
    return found


def _prefixed(outline: Outline, voted: Sequence[int]) -> tuple[list[int], dict[int, int]]:
    """Return the lines without those that only repeat how another one begins, and whose title they are."""
    longer = _longer({n: " ".join(words(said(outline[n]))) for n in voted})
    titles: dict[int, int] = {}
    for n, other in longer.items():
        if n < other:
            titles[other] = max(n, titles.get(other, 0))
    return [n for n in voted if n not in longer], titles


def _longer(keys: dict[int, str]) -> dict[int, int]:
    """Return, for each line whose words another one begins with, which is half as long again, that other one."""
    ordered = sorted((key, n) for n, key in keys.items())
    found: dict[int, int] = {}
    for n, mine in keys.items():
        if len(mine.split()) < LEAST_TITLE:
            continue
        at = bisect.bisect_left(ordered, (mine + " ", 0))
        for key, other in ordered[at : at + MOST_ALIKE]:
            if not key.startswith(mine + " "):
                break
            if len(key.split()) >= 1.5 * len(mine.split()):
                found[n] = other
                break
    return found


def _first_below(outline: Outline, head: int) -> int | None:
    below = outline.under.get(head, [])
    return below[0] if below else None


def without_strays(outline: Outline, found: list[Unit]) -> list[Unit]:
    """Return the units without plain lines that ask, unanswered, where most units are answered and made otherwise."""
    starts = {unit.first for unit in found}
    answered = {unit.first for unit in found if has_body(outline, unit.last, starts) or unit.title}
    if len(answered) < 2:
        return found
    shapes = {outline[n].shape[:2] for n in answered}
    made = Counter((outline.parent[n], outline[n].shape) for n in starts)
    plain = {n for n in starts if is_plain(outline[n]) and not outline.is_head(n)}
    said = {n for n in plain if 2 * len(plain) < len(answered - plain) and len(sentences(outline[n].text)) > 1}
    return [
        unit
        for unit in found
        if (unit.first in answered - said)
        or (outline[unit.first].shape[:2] in shapes and outline[unit.first].kind != "para")
        or (made[outline.parent[unit.first], outline[unit.first].shape] > 1 and unit.first not in said)
    ]


def _deduplicated(outline: Outline, found: list[Unit]) -> list[Unit]:
    """Return the units without those that only repeat the beginning of another one: they title it."""
    keys = {unit.first: " ".join(words(text_of(outline, unit))) for unit in found}
    longer = _longer(keys)
    out: dict[str, Unit] = {}
    for unit in found:
        if unit.first not in longer:
            out.setdefault(keys[unit.first], unit)
    return list(out.values())


def text_of(outline: Outline, unit: Unit) -> str:
    """Return the words of a question."""
    return " ".join(said(outline[n]) for n in range(unit.first, unit.last + 1))


def said(line: Line) -> str:
    """Return what a line asks, without the label in front."""
    return (
        line.rest
        if line.rest and (asks(line.rest) >= 0.5 or len(line.label) <= 2) and len(words(line.label)) <= 4
        else line.text
    )


def stories(zones: Zones, asked: Sequence[Unit]) -> list[Unit]:
    """Return the titled stories among the heads that neither ask nor belong to a question: siblings vote."""
    outline, naming = zones.outline, zones.naming
    inside = {n for unit in asked for n in (unit.title, unit.first, *outline.scope(unit.title or unit.first))}
    groups: dict[tuple[object, ...], list[int]] = {}
    firsts = sorted(unit.first for unit in asked)
    for number in outline.kept:
        if (
            not outline.is_head(number)
            or number in inside
            or not outline.scope(number)
            or outline[number].text.endswith(":")
        ):
            continue
        named = naming.under(number) if outline[number].callout != NOTED else ""
        if named in ZONES | {"answer", "question"} or zones.of(number) in ZONES | {"answer"}:
            continue
        scope = outline.scope(number)
        if bisect.bisect_right(firsts, scope[-1]) > bisect.bisect_left(firsts, scope[0]):
            continue
        groups.setdefault((outline[number].shape, outline.parent[number]), []).append(number)
    found: list[Unit] = []
    for group in groups.values():
        alone = len(group) == 1
        if alone and (outline.is_title(group[0]) or group[0] == outline.kept[0]):
            continue
        if sum(_story(outline, naming, n) for n in group) / len(group) >= (0.9 if alone else 0.5):
            found += [Unit(first=n, last=n, rank=outline.rank[n], story=True) for n in group]
    told = {unit.first for unit in found}
    over = {
        unit.first
        for unit in found
        if sum(n in told for n in outline.scope(unit.first)) >= 2 and not naming.under(unit.first)
    }
    found = [unit for unit in found if unit.first not in over]
    covered = {n for unit in found for n in outline.scope(unit.first)}
    return [unit for unit in found if unit.first not in covered]


def _story(outline: Outline, naming: Naming, head: int) -> float:
    """Return how much what stands under a title is told by somebody who was there."""
    scope = outline.scope(head)
    names = [outline[n] for n in scope if outline[n].label or outline.is_head(n)]
    parts = sum(naming.named(line.number) == "answer" for line in names)
    text = " ".join(outline[n].said for n in scope if asks(outline[n].text) < 0.5)
    if outline[head].callout == NOTED:
        return 0.6 - 0.5 * advises(outline[head].text)
    if len(words(text)) < 8:
        return 0.0
    return tells(text) + 0.25 * min(parts, 4) - sum(advises(outline[n].text) for n in scope) / len(scope)
