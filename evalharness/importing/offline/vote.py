"""one line and its fellows -> whether it asks: what it says by itself, what its group says, and where it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set

from evalharness.documents.bodies import has_body
from evalharness.documents.direction import turned, wishes
from evalharness.documents.features import advises, asks, invites, judges, share, turns, words
from evalharness.documents.lexicon import votes
from evalharness.documents.nouns import NOTED, Line
from evalharness.documents.outline import BOLD, Outline
from evalharness.documents.zones import BACK, ZONES, Zones
from evalharness.text.words import sentences

MOST_WORDS = 120
TURNED = 0.7  # a heading that says who asks what is below it
LEAST_REGULAR, REGULAR = 4, 0.25
LEAST = 0.2  # what asks less than this does not ask
CLEAR = 0.75
ELECTED, NAMED, BODIED, CALLED = 1.1, 0.5, 0.05, 0.1
LEAST_FELLOWS, FELLOWS, FELLOW_WORDS, SILENT_WORDS = 2, 0.5, 12, 25
NEVER = -1.0


def voted(zones: Zones) -> list[int]:
    """Return the lines whose make asks: each line's own score and the mean over its group decide together."""
    outline = zones.outline
    scores = {n: _score(zones, n) for n in outline.kept}
    found: set[int] = set()
    for group in _groups(outline):
        found |= set(_elected(zones, group, scores))
        found |= set(_fellows(zones, group, found & set(group), scores))
    for group in _openings(outline):
        found |= set(_fellows(zones, group, found & set(group), scores))
    return sorted(n for n in found if scores[n] > NEVER)


def _groups(outline: Outline) -> list[list[int]]:
    """Return the lines of one make under one heading; what begins a block is of another make than what goes on with it."""
    groups: dict[tuple[object, ...], list[int]] = {}
    for number in outline.kept:
        line = outline[number]
        opens = line.gap or line.kind != "para"
        make = (line.shape, outline.parent[number], line.label if line.rest else "", opens)
        groups.setdefault(make, []).append(number)
    return list(groups.values())


def _openings(outline: Outline) -> list[list[int]]:
    """Return the lines of one make under one heading that open a block which goes on in the next line: terse notes."""
    groups: dict[tuple[object, ...], list[int]] = {}
    for number in outline.kept:
        line, after = outline[number], outline.after(number)
        if line.gap and not line.label and after is not None and not after.gap:
            over = next((head for head in outline.above(number) if outline.rank[head] < BOLD), 0)
            groups.setdefault((line.shape, over), []).append(number)
    return [group for group in groups.values() if len(group) >= LEAST_REGULAR]


def _score(zones: Zones, number: int) -> float:
    """Return how much a line asks for an answer, where it stands; its label may say so, or forbid it."""
    outline, naming = zones.outline, zones.naming
    line = outline[number]
    text, labelled = line.text, False
    after = outline.after(number)
    below = [*outline.under.get(number, ()), *([after.number] if after and text[-1:] != "?" else [])]
    asking = any(asks(outline[n].said) > 0.5 for n in below) and abs(turned(text)) >= TURNED
    asking = asking or (asks(text) < LEAST and after is not None and bool(wishes(after.text)))
    if (turns(text) and not line.rest) or wishes(text) or asking or (judges(text) and outline.under.get(number)):
        return NEVER
    if line.label:
        role = naming.named(number)
        if role in ZONES | {"note", "answer"}:
            return NEVER
        labelled = bool(line.rest) and role == "question"
        if labelled and naming.trails(line):
            return 0.0
        text = line.rest if role == "question" or asks(line.rest) > 0.5 else line.text
    if (
        invites(text)
        or number in outline.quoted
        or len(words(text)) > MOST_WORDS
        or zones.of(number) in (ZONES - BACK if labelled else ZONES | {"answer"})
    ):
        return NEVER
    if text.endswith(":") and len(sentences(text)) < 2:
        return min(asks(text), LEAST)
    said = sentences(text) if is_plain(line) and not outline.is_head(number) else []
    prose = len(said) > 1 and asks(said[0].text) < 0.5
    own = max(asks(text) * (0.6 if prose else 1.0), 0.7 if line.callout == "question" else 0.0)
    return own if own >= LEAST else 0.0


def is_plain(line: Line) -> bool:
    """Return whether nothing in the make of a line says that it is more than one of the text."""
    return line.kind == "para" and not (line.label or line.count or line.bold or line.italic or line.marker)


def _elected(zones: Zones, group: Sequence[int], scores: Mapping[int, float]) -> Iterator[int]:
    """Yield the lines of a group that ask.

    What clearly asks needs no vote. Else a line's own words and, twice as much, the mean over its group add up, with what
    stands over and below them. A line whose words say nothing is carried by its group alone, and has to look like one of it.
    """
    outline, among = zones.outline, frozenset(group)
    labelled = zones.naming.behind(group[0]) == "question"
    carried = sum(max(0.0, scores[n]) for n in group) / len(group) + _headed(zones, group[0]) + NAMED * labelled
    tips = 0.3 * _are_tips([outline[n].text for n in group])
    cases = {_case(outline[n].said) for n in group if scores[n] >= CLEAR}
    for n in group:
        own = max(0.0, scores[n]) - tips
        bodied = has_body(outline, n, among)
        elected = own + 2 * carried + BODIED * bodied >= ELECTED
        if own >= CLEAR or (
            elected and (own > 0 or (_is_of(cases, outline[n]) and _may_be_silent(zones, n, scores, bodied=bodied)))
        ):
            yield n


def _case(text: str) -> str:
    """Return in which letters a line is written: all of them capitals, a small one first, or as a sentence."""
    first = next(filter(str.isalpha, text), "")
    return "capitals" if text.isupper() and len(words(text)) > 1 else "small" if first.islower() else "sentence"


def _is_of(cases: Set[str], line: Line) -> bool:
    """Return whether a line that does not ask is at least written in the letters of those that do, where some do."""
    return not cases or _case(line.said) in cases


def _headed(zones: Zones, number: int) -> float:
    """Return how much the heading over a line speaks of questions."""
    head = zones.outline.parent[number]
    named = head and zones.naming.under(head) in {"question", "answer", ""}
    called = head and zones.naming.calls(head)
    return 0.3 * votes(zones.outline[head].text).get("question", 0.0) + CALLED * called if named else 0.0


def _are_tips(texts: Sequence[str]) -> bool:
    """Return whether a list says what to do, and asks nothing."""
    return (
        len(texts) > 2
        and not any("?" in text for text in texts)
        and share([advises(text) for text in texts], 0.6) >= 0.5
    )


def _may_be_silent(zones: Zones, number: int, scores: Mapping[int, float], *, bodied: bool) -> bool:
    """Return whether a line may be a question although its words do not ask.

    None is what titles the document, what comes after its questions to ask them, a tip, or what goes on with a question.
    """
    outline, line = zones.outline, zones.outline[number]
    short = len(words(line.text)) <= (SILENT_WORDS if bodied else FELLOW_WORDS)
    follows = bodied and scores.get(outline.before(number), 0.0) >= CLEAR
    return (
        short
        and not follows
        and (bodied or not outline.is_head(number))
        and number != outline.kept[0]
        and advises(line.text) < 0.5
        and not zones.is_behind_theirs(number)
    )


def _fellows(zones: Zones, group: Sequence[int], taken: set[int], scores: Mapping[int, float]) -> list[int]:
    """Return the short lines with something below that are made like most of their fellows, which are questions."""
    among = frozenset(group)
    alike = [n for n in group if n in taken or _may_be_alike(zones, n, scores[n])]
    alike = [n for n in alike if has_body(zones.outline, n, among)]
    asking = [n for n in alike if n in taken or scores[n] > 0]
    cases = {_case(zones.outline[n].said) for n in asking if scores[n] > 0}
    alike = [n for n in alike if n in asking or _is_of(cases, zones.outline[n])]
    first = min(asking, default=0)
    alike = [n for n in alike if n >= first or _is_listed(zones.outline[n])]
    several = len({zones.outline.title(n) for n in asking}) >= LEAST_FELLOWS
    needed = REGULAR if _are_regular(zones.outline, alike) else FELLOWS if taken else 1.0
    return alike if several and len(asking) >= needed * len(alike) else []


def _are_regular(outline: Outline, alike: Sequence[int]) -> bool:
    """Return whether each line of several opens a block whose next line goes on, as terse notes are written."""
    opens = [outline[n].gap and (after := outline.after(n)) is not None and not after.gap for n in alike]
    return len(opens) >= LEAST_REGULAR and all(opens)


def _is_listed(line: Line) -> bool:
    """Return whether a line is made as one of several, so that the first of them is no title of the document."""
    return line.kind == "item" or line.callout == NOTED


def _may_be_alike(zones: Zones, number: int, asked: float) -> bool:
    """Return whether nothing in a line speaks against what its fellows are: it is short, and neither told nor advised."""
    text, noted = zones.outline[number].text, zones.outline[number].callout == NOTED
    short = len(words(text)) <= FELLOW_WORDS and text[-1:] not in set(".:!)]")
    told = zones.naming.under(number) not in {"", "question"} or advises(text) >= 0.5
    return short and (noted or asked > 0 or not told) and not zones.is_behind_theirs(number)
