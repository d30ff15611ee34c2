"""lines -> the units of a document: what is asked, under which title, and the stories that stand for themselves.

A line does not become a question because it begins with certain words: the lines of one make, under one heading, vote.
"""

from __future__ import annotations

import bisect
from collections import Counter
from collections.abc import Collection, Sequence

from evalharness.documents.direction import turned, wishes
from evalharness.documents.features import advises, asks, invites, judges, leans, owns, share, tells, turns, words
from evalharness.documents.lexicon import votes
from evalharness.documents.nouns import NOTED, Line
from evalharness.documents.outline import BOLD, TEXT, Outline
from evalharness.importing.offline.naming import Naming
from evalharness.model.noun import Noun
from evalharness.text.words import sentences

ZONES = frozenset({"follow_up", "probe", "ask", "use", "claim", "time", "advice", "mission", "section", "person", "company", "fact", "furniture", "interest"})  # fmt: skip
BACK = frozenset({"follow_up", "probe"})  # these end where a label opens the next question
MOST_WORDS = 120
SURE = 0.9
TURNED = 0.7  # a heading that says who asks what is below it
LEAST_FELLOWS, FELLOWS, FELLOW_WORDS = 2, 0.6, 10
LEAST_TITLE, MOST_ALIKE = 4, 50
NEVER = -1.0


class Unit(Noun):
    """A question (or a story's title): its lines, the line that titles it, and how high it stands."""

    first: int
    last: int
    title: int = 0
    rank: float = TEXT
    story: bool = False


def questions(outline: Outline, naming: Naming) -> list[Unit]:
    """Return what is asked, in the order of the document."""
    scores = {n: _score(outline, naming, n) for n in outline.kept}
    candidates = {n: score for n, score in scores.items() if score >= 0.2}
    voted = [n for n in _voted(outline, naming, candidates) if scores[n] > NEVER]
    voted, titles = _prefixed(outline, voted)
    heads = [n for n in voted if outline.is_head(n)]
    taken: list[Unit] = [
        *_titled(outline, naming),
        *(Unit(first=n, last=n, title=title, rank=outline.rank[n]) for n, title in titles.items()),
    ]
    covered = {n for unit in taken for n in (unit.title, *range(unit.first, unit.last + 1))}
    for number in heads:
        if number not in covered and not any(above in covered or above in heads for above in outline.above(number)):
            taken.append(Unit(first=number, last=number, rank=outline.rank[number]))
    inside = {n for unit in taken for n in outline.scope(unit.title or unit.first)}
    for number in voted:
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
    return _deduplicated(outline, _without_strays(outline, found))


def _leans(outline: Outline, unit: Unit, before: Unit | None) -> bool:
    """Return whether a line goes on with the question above it, and is none by itself."""
    if before is None or unit.title or outline[unit.first].kind == "heading" or not leans(said(outline[unit.first])):
        return False
    return outline.parent[unit.first] in {before.first, before.title, outline.parent[before.first]}


def _score(outline: Outline, naming: Naming, number: int) -> float:
    """Return how much a line asks for an answer, where it stands; its label may say so, or forbid it."""
    line = outline[number]
    text, labelled = line.text, False
    after = outline.after(number)
    below = [*outline.under.get(number, ()), *([after.number] if after and text[-1:] != "?" else [])]
    asking = any(asks(outline[n].said) > 0.5 for n in below) and abs(turned(text)) >= TURNED
    if (turns(text) and not line.rest) or wishes(text) or asking or (judges(text) and outline.under.get(number)):
        return NEVER
    if line.label:
        role = naming.of(line, inline=bool(line.rest))
        if role in ZONES | {"note", "answer"}:
            return NEVER
        if line.rest and role == "question" and naming.trails(line):
            return 0.0
        labelled = bool(line.rest) and role == "question"
        text = (line.rest or "") if role == "question" or asks(line.rest) > 0.5 else line.text
    if (
        invites(text)
        or number in outline.quoted
        or len(words(text)) > MOST_WORDS
        or zone_of(outline, naming, number) in (ZONES - BACK if labelled else ZONES | {"answer"})
    ):
        return NEVER
    if text.endswith(":") and len(sentences(text)) < 2:
        return min(asks(text), 0.2)
    said = sentences(text) if _is_plain(line) and not outline.is_head(number) else []
    prose = len(said) > 1 and asks(said[0].text) < 0.5
    return max(asks(text) * (0.6 if prose else 1.0), 0.7 if line.callout == "question" else 0.0)


def zone_of(outline: Outline, naming: Naming, number: int) -> str:
    """Return the role of the nearest heading over a line whose role is clear and rules what is below it."""
    for above in outline.above(number):
        if above not in naming.zones:
            naming.zones[above] = _zone(outline, naming, above)
        zone = naming.zones[above]
        if zone is not None:
            return "" if zone == "answer" and _opens_answer(outline, naming, number) else zone
    return ""


def _zone(outline: Outline, naming: Naming, head: int) -> str | None:
    """Return what a heading makes of the lines below it; None where the one above it has to say."""
    if invites(outline[head].said):
        return "ask"
    role = naming.of(outline[head], inline=False)
    role = "" if role in BACK | {"use"} and not _told_above(outline, head) else role
    if outline.is_title(head) and (role != "answer" or outline.before(head) == 0):
        return ""
    if role in ZONES or (role == "answer" and not _asks_below(outline, head)):
        return "" if role == "ask" and _answered(outline, head) else role
    return "" if role in {"question", "note"} or asks(outline[head].text) > 0.5 else None


def _told_above(outline: Outline, head: int) -> bool:
    """Return whether a heading has something above that a question may belong to: a title, or another question."""
    return bool(outline.parent[head]) or any(
        asks(outline[n].said) > 0.5 for n in outline.kept[: outline.kept.index(head)]
    )


def _opens_answer(outline: Outline, naming: Naming, number: int) -> bool:
    """Return whether a heading that names an answer follows a line: then the line above it is no part of another one."""
    after = outline.after(number)
    named = after is not None and outline.is_head(after.number) and naming.of(after, inline=False) == "answer"
    return named and asks(outline[number].said) > 0.5


def _asks_below(outline: Outline, head: int) -> bool:
    """Return whether heads or first words under a heading ask: then it speaks of questions and their answers."""
    below = [n for n in outline.scope(head) if outline.is_head(n)]
    asking = [n for n in below if asks(outline[n].said or outline[n].text) > 0.5]
    return (len(asking) >= 0.4 * max(1, len(below)) and bool(asking)) or (
        sum(asks(outline[n].text) > SURE and outline[n].gap for n in outline.under.get(head, ())) >= 2
        and outline.rank[head] < BOLD
    )


def _answered(outline: Outline, head: int) -> bool:
    """Return whether most of what is asked under a heading has an answer below it: then it is for us to answer."""
    scope = outline.scope(head)
    asking = [n for n in scope if asks(outline[n].text) > 0.5]
    among = set(asking)
    bodies = sum(has_body(outline, n, among) for n in asking)
    return bool(asking) and bodies > 0.5 * len(asking)


def has_body(outline: Outline, number: int, asking: Collection[int]) -> bool:
    """Return whether something stands below a line that is not asked itself."""
    after = outline.after(number)
    if after is None or after.number in asking:
        return False
    line = outline[number]
    if outline.is_head(after.number) and not (after.label and outline.is_head(number)):
        return outline.is_head(number) and outline.rank[after.number] > outline.rank[number]
    return (
        outline.is_head(number)
        or after.depth > line.depth
        or after.kind != line.kind
        or after.quote != line.quote
        or (line.gap and not after.gap)
        or after.label != line.label
        or (asks(line.said) > 0.5 > asks(after.text) and owns(after.text) > 0)
    )


def _voted(outline: Outline, naming: Naming, candidates: dict[int, float]) -> list[int]:
    """Return the lines whose make asks: each line's own score and the mean over its group decide together."""
    groups: dict[tuple[object, ...], list[int]] = {}
    for number in outline.kept:
        line = outline[number]
        opens = line.gap or line.kind != "para"  # what begins a block is of another make than what goes on with it
        key = (line.shape, outline.parent[number], line.label if line.rest else "", opens)
        groups.setdefault(key, []).append(number)
    found = []
    theirs = [n for n in outline.kept if outline.is_head(n) and naming.of(outline[n], inline=False) == "ask"]
    for group in groups.values():
        among = frozenset(group)
        parent = outline.parent[group[0]]
        first = outline[group[0]]
        labelled = bool(first.label and first.rest) and naming.of(first, inline=True) == "question"
        mean = sum(candidates.get(n, 0.0) for n in group) / len(group)
        headed = (
            0.3 * votes(outline[parent].text).get("question", 0.0)
            if parent and naming.of(outline[parent], inline=False) in {"question", "answer", ""}
            else 0.0
        )
        texts = [outline[n].text for n in group]
        tips = (
            len(group) > 2
            and not any("?" in text for text in texts)
            and share([advises(text) for text in texts], 0.6) >= 0.5
        )
        for number in group:
            own = candidates.get(number, 0.0) - 0.3 * tips
            if own <= 0 and (number == outline.kept[0] or any(n < number for n in theirs)):
                continue  # what titles the document or closes it asks nothing, whatever its neighbours do
            if (
                (
                    own >= 0.75
                    or (labelled and mean >= 0.5)
                    or (own >= 0.5 and mean + headed >= 0.3)
                    or (mean + headed >= 0.5 and own >= 0.2)
                    or (mean + headed >= 0.45 and own > 0 and has_body(outline, number, among))
                )
                or (
                    mean >= 0.5
                    and headed >= 0.2
                    and tips < 1
                    and len(words(outline[number].text)) <= 12
                    and not outline.is_head(number)
                )
                or (
                    mean >= 0.3
                    and mean + headed >= 0.5
                    and has_body(outline, number, among)
                    and candidates.get(outline.before(number), 0.0) < 0.75
                    and advises(outline[number].text) < 0.5
                    and len(words(outline[number].text)) <= 25
                )
            ):
                found.append(number)
        found += _fellows(outline, naming, group, frozenset(found) & among)
    return sorted(set(found))


def _fellows(outline: Outline, naming: Naming, group: Sequence[int], taken: Collection[int]) -> list[int]:
    """Return the short lines with something below that are made like most of their fellows, which are questions."""
    among = frozenset(group)
    bodied = [n for n in group if has_body(outline, n, among)]
    if len(taken) < LEAST_FELLOWS or len(frozenset(bodied) & frozenset(taken)) < FELLOWS * len(bodied):
        return []
    return [
        n
        for n in bodied
        if n > min(taken)
        and n not in taken
        and len(words(outline[n].text)) <= FELLOW_WORDS
        and outline[n].text[-1:] not in set(".:!)]")
        and naming.of(outline[n], inline=False) in {"", "question"}
        and advises(outline[n].text) < 0.5
    ]


def _titled(outline: Outline, naming: Naming) -> list[Unit]:
    """Return the units whose heading only names what is asked in the line below it."""
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
            if asks(outline[f].said) > 0.75 and not outline.is_head(f) and zone_of(outline, naming, f) not in ZONES
        ]
        own = sum(asks(outline[n].text) > 0.5 for n in group)
        role = naming.of(outline[group[0]], inline=False)
        if any(asks(outline[above].text) > 0.75 for above in outline.above(group[0])):
            continue
        named = len(group) == 1 and (
            outline.is_title(group[0]) or votes(outline[group[0]].text).get("mission", 0) >= 0.5
        )
        if role in ZONES or named or not below or len(below) < 0.6 * len(group) or own >= len(below):
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


def _without_strays(outline: Outline, found: list[Unit]) -> list[Unit]:
    """Return the units without plain lines that ask, unanswered, where most units are answered and made otherwise."""
    starts = {unit.first for unit in found}
    answered = {unit.first for unit in found if has_body(outline, unit.last, starts) or unit.title}
    if len(answered) < 2:
        return found
    shapes = {outline[n].shape[:2] for n in answered}
    made = Counter((outline.parent[n], outline[n].shape) for n in starts)
    plain = {n for n in starts if _is_plain(outline[n]) and not outline.is_head(n)}
    said = {n for n in plain if 2 * len(plain) < len(answered - plain) and len(sentences(outline[n].text)) > 1}
    return [
        unit
        for unit in found
        if (unit.first in answered - said)
        or (outline[unit.first].shape[:2] in shapes and outline[unit.first].kind != "para")
        or (made[outline.parent[unit.first], outline[unit.first].shape] > 1 and unit.first not in said)
    ]


def _is_plain(line: Line) -> bool:
    """Return whether nothing in the make of a line says that it is more than one of the text."""
    return line.kind == "para" and not (line.label or line.count or line.bold or line.italic or line.marker)


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


def stories(outline: Outline, naming: Naming, asked: Sequence[Unit]) -> list[Unit]:
    """Return the titled stories among the heads that neither ask nor belong to a question: siblings vote."""
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
        if naming.of(outline[number], inline=False) in ZONES | {"answer", "question"} or zone_of(
            outline, naming, number
        ) in ZONES | {"answer"}:
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
        if sum(n in told for n in outline.scope(unit.first)) >= 2 and not naming.of(outline[unit.first], inline=False)
    }
    found = [unit for unit in found if unit.first not in over]
    covered = {n for unit in found for n in outline.scope(unit.first)}
    return [unit for unit in found if unit.first not in covered]


def _story(outline: Outline, naming: Naming, head: int) -> float:
    """Return how much what stands under a title is told by somebody who was there."""
    scope = outline.scope(head)
    names = [outline[n] for n in scope if outline[n].label or outline.is_head(n)]
    parts = sum(naming.of(line, inline=bool(line.label and line.rest)) == "answer" for line in names)
    text = " ".join(outline[n].said for n in scope if asks(outline[n].text) < 0.5)
    if outline[head].callout == NOTED:
        return 0.6 - 0.5 * advises(outline[head].text)
    if len(words(text)) < 8:
        return 0.0
    return tells(text) + 0.25 * min(parts, 4) - sum(advises(outline[n].text) for n in scope) / len(scope)
