"""lists of missions and outlines of sections, known by how they are built; both are set aside before questions vote."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from evalharness.documents.claims import claims_in, key, parts_of
from evalharness.documents.features import STAR, asks, owns, share, untailed, words
from evalharness.documents.headings import Naming
from evalharness.documents.lexicon import votes
from evalharness.documents.nouns import Label
from evalharness.documents.outline import TEXT, Outline
from evalharness.documents.zones import Zones

TITLE_WORDS, POINT_WORDS = 12, 30
LEAST = 0.5


def missions(zones: Zones) -> list[Label]:
    """Return the labels of lists whose entries are missions: a heading says so, or lines elsewhere claim them."""
    outline, naming = zones.outline, zones.naming
    claimed = {key(part) for n in outline.kept for part in _claimed(outline, n)}
    claimed_numbers = {
        part.lstrip("#").strip()
        for n in outline.kept
        for part in _claimed(outline, n)
        if part.lstrip("#").strip().isdigit()
    }
    for parent, children in outline.under.items():
        entries = _entries(outline, children)
        if (
            len(entries) < 2
            or share([asks(outline[n].text) for n in entries]) > 0.3
            or zones.of(entries[0]) == "answer"
        ):
            continue
        titles = [key(title_of(outline[n].label, outline[n].text)) for n in entries]
        role = naming.under(parent) if parent else ""
        if parent and naming.heads(parent) > 1:
            continue
        hits = sum(title in claimed for title in titles)
        short = all(len(title.split()) <= TITLE_WORDS for title in titles)
        counts = {str(outline[n].count) for n in entries if outline[n].count}
        numbers = (
            bool(claimed_numbers)
            and claimed_numbers <= counts
            and votes(outline[parent].text if parent else "").get("mission", 0)
            + votes(outline[entries[0]].marker).get("mission", 0)
            > 0
        )
        if short and (
            numbers
            or role == "mission"
            or hits >= max(2, 0.4 * len(titles))
            or (_is_lettered(outline, entries) and role in {"mission", "claim", ""} and parent)
        ):
            return [Label(first=n, last=n, role="mission") for n in entries]
    return []


def _entries(outline: Outline, children: Sequence[int]) -> list[int]:
    """Return the first lines of one make in a row under a heading."""
    found: list[int] = []
    for n in children:
        line = outline[n]
        if outline.is_head(n) or (found and line.depth > outline[found[0]].depth):
            continue
        parted = len(found) > 1 and line.gap and not outline[found[1]].gap
        if found and (
            line.shape != outline[found[0]].shape or parted or (line.count and line.count <= outline[found[-1]].count)
        ):
            break
        found.append(n)
    return found


def _claimed(outline: Outline, number: int) -> Iterator[str]:
    line = outline[number]
    if line.label and line.rest and votes(line.label).get("claim"):
        yield from parts_of(line.rest)
    if claims_in(line.text) >= 0.99 and line.text[:1] in "(#":
        yield from parts_of(line.text)
    bracket = line.text.rpartition("(")[2].rstrip(") ") if line.text.rstrip().endswith(")") else ""
    yield from parts_of(bracket)


def _is_lettered(outline: Outline, entries: Sequence[int]) -> bool:
    """Return whether all entries have a mark such as M1, P2, which other lines can name."""
    marks = [outline[n].marker for n in entries]
    return len(set(marks)) == 1 and len(marks[0]) == 1 and marks[0].isalpha() and marks[0].upper() not in {"Q", "A"}


def title_of(label: str, text: str) -> str:
    """Return the title of an entry: the words before its colon, dash or bracket, else all of it."""
    if label:
        return label
    for mark in (" \u2014 ", " \u2013 ", " - "):
        if mark in text:
            return text.split(mark)[0]
    return text


def sections(outline: Outline, naming: Naming) -> list[Label]:
    """Return the labels of the outline that an answer should follow: titles over points that nobody tells yet."""
    best: tuple[float, list[Label]] = (0.0, [])
    for siblings in _siblings(outline):
        group = [n for n in siblings if not _named_otherwise(outline[n].label or outline[n].text)]
        titles = [n for n in group if len(words(untailed(outline[n].label or outline[n].text))) <= TITLE_WORDS]
        if len(group) < 2 or len(titles) < 0.8 * len(group) or share([asks(outline[n].text) for n in group], 0.6) > 0.3:
            continue
        score = _score(outline, naming, group)
        if score > best[0]:
            fellows = frozenset(group)
            best = (score, [label for n in group for label in _section(outline, n, fellows)])
    return best[1] if best[0] >= LEAST else []


def _named_otherwise(text: str) -> bool:
    """Return whether a heading names the question, the answer or advice, and so no section of it."""
    named = votes(text)
    return (
        len(words(text)) <= 4
        and max(named.get(role, 0.0) for role in ("answer", "question", "ask", "furniture")) >= 0.5
        and not set(words(text)) <= STAR
    )


def _siblings(outline: Outline) -> Iterator[list[int]]:
    """Yield lines of one make under one heading, each with lines of its own below; also lists under a heading."""
    for children in outline.under.values():
        groups: dict[tuple[object, ...], list[int]] = {}
        for n in children:
            line = outline[n]
            groups.setdefault(
                (line.kind, line.level, line.depth, bool(line.count), line.bold, outline.is_head(n)), []
            ).append(n)
        for group in groups.values():
            yield from (
                _runs(outline, group) if outline.is_head(group[0]) and outline[group[0]].kind == "para" else [group]
            )


def _runs(outline: Outline, group: Sequence[int]) -> Iterator[list[int]]:
    """Yield bare titles in a row that all stand over lists: other titles of a page look just like them."""
    run: list[int] = []
    for n in group:
        below = outline.scope(n)
        if below and all(outline[m].kind == "item" for m in below):
            run.append(n)
        elif run:
            yield run
            run = []
    if run:
        yield run


def below(outline: Outline, number: int, fellows: Collection[int]) -> list[int]:
    """Return the lines that hang on one of a list's entries."""
    if outline.is_head(number):
        return outline.scope(number)
    found: list[int] = []
    line = outline.after(number)
    while line is not None:
        n, line = line.number, outline.after(line.number)
        deeper = outline[n].depth > outline[number].depth or (
            outline[number].kind == "para" and outline[n].kind == "item"
        )
        if n in fellows or not deeper or outline.parent[n] != outline.parent[number] or outline.rank[n] < TEXT:
            break
        found.append(n)
    return found


def _score(outline: Outline, naming: Naming, group: Sequence[int]) -> float:
    fellows = frozenset(group)
    points = [below(outline, n, fellows) for n in group]
    direct = [outline[n].text for entries in points for n in entries if outline[n].depth == outline[entries[0]].depth]
    inline = [
        outline[n].rest or outline[n].text[len(untailed(outline[n].text)) :]
        for n in group
        if outline[n].rest or untailed(outline[n].text) != outline[n].text
    ]
    texts = direct or inline
    parents = [outline.parent[group[0]], *outline.above(outline.parent[group[0]])] if outline.parent[group[0]] else []
    headed = max(
        (0.6 if naming.under(p) == "section" else 0.2 * votes(outline[p].text).get("section", 0) for p in parents[:2]),
        default=0.0,
    )
    if any(
        (asks(outline[p].text) > 0.75 and not outline[p].text.endswith(":"))
        or naming.under(p)
        in ({"ask", "mission", "follow_up"} | ({"answer"} if not votes(outline[p].text).get("section") else set()))
        for p in parents
    ):
        return 0.0
    if len(group) < 3 and headed < 0.6:
        return 0.0
    told = owns(" ".join(texts)) + 0.02 * max(0.0, sum(len(words(t)) for t in texts) / max(1, len(texts)) - 12)
    whole = sum(bool(entries) for entries in points) / len(group) if direct else 0.6 * bool(inline)
    titles = Counter(outline.title(n) for n in group)
    again = sum(outline.titles[title] - count for title, count in titles.items()) / len(group)
    long = sum(len(words(text)) > POINT_WORDS for text in texts) / max(1, len(texts))
    if whole < 0.6 and headed < 0.6:
        return 0.0
    return headed + 0.35 * whole + 0.25 * bool(outline[group[0]].count) + 0.3 * min(1.0, again) - 0.9 * told - long


def _section(outline: Outline, number: int, fellows: frozenset[int]) -> Iterator[Label]:
    yield Label(first=number, last=number, role="section")
    entries = below(outline, number, fellows)
    for n in entries:
        if outline[n].depth <= outline[entries[0]].depth:
            yield Label(first=n, last=n, role="point", of=number)
