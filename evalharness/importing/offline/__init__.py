"""numbered lines -> labels without a model: learned tags say what is asked, said and to ask, one walk says the rest."""

from __future__ import annotations

from collections.abc import Sequence

from evalharness.documents.claims import key
from evalharness.documents.direction import turned
from evalharness.documents.features import untailed
from evalharness.documents.furniture import SPEAKS, furniture
from evalharness.documents.headings import Naming
from evalharness.documents.marks import marks
from evalharness.documents.nouns import Label, Line
from evalharness.documents.outline import Outline
from evalharness.documents.pieces import joined, parted
from evalharness.documents.topics import cut
from evalharness.documents.zones import Zones
from evalharness.importing.offline import lists, tables
from evalharness.importing.offline.learned import tagged
from evalharness.importing.offline.links import linked
from evalharness.importing.offline.units import Unit, addressed, evened, text_of, units_of
from evalharness.importing.offline.walk import Walk

LISTED = 0.3  # of the points of an outline, from which on they are a list of questions
TURNED = 0.7  # a heading that says who asks what is below it


def divided(lines: Sequence[Line]) -> tuple[tuple[Line, ...], tuple[str, ...]]:
    """Return the lines of a document, cut where one line holds several things, and the tag of each."""
    whole = cut(lines)
    found = parted(whole)
    return joined(whole, found, addressed(found.pieces, tagged(found.pieces, found.gone)))


def label(lines: Sequence[Line], tags: Sequence[str] = ()) -> tuple[Label, ...]:
    """Return what each line is, by its tag and its place; lines without tags are tagged as they are."""
    ignored = furniture(lines)
    whole = Outline(lines)
    unsaid = {label.first for label in lists.missions(Zones(whole, Naming(whole)))}
    told = ["other" if n in unsaid else tag for n, tag in enumerate(tags or tagged(lines, ignored), start=1)]
    tags = evened(whole, Naming(whole), told)
    ignored = {number: why for number, why in ignored.items() if tags[number - 1] == "other"}
    gone = frozenset(ignored)
    turns = frozenset(number for number, why in ignored.items() if why == SPEAKS)
    outline = Outline(lines, gone, turns)
    cells = _tables(outline, lines, tags)
    listed = lists.missions(Zones(outline, Naming(outline)))
    named = frozenset(
        title for label in (*listed, *cells) if label.role == "mission" for title in _keys(lines[label.first - 1])
    )
    naming = Naming(outline, named)
    parts = lists.sections(outline, naming)
    same = {label.first for label in listed} & {label.first for label in parts}
    parts = [] if same or _are_asked(parts, tags) else parts
    aside = {label.first: label for label in (*listed, *parts)}
    inner = Outline(lines, gone | frozenset(aside), turns)
    naming = Naming(inner, named)
    units = units_of(inner, tags)
    asked_in_cells = any(label.role == "question" for label in cells)
    deck = _deck(outline, parts) if not units and not asked_in_cells else []
    units = deck[:1] or units
    walk = Walk(
        inner,
        naming,
        units,
        named,
        gone,
        tags,
        frozenset(key(_titled(lines[label.first - 1])) for label in parts if label.role == "section"),
        linked(lines, tags, {unit.first: text_of(inner, unit) for unit in units}),
    )
    found = [label for label in walk.labels() if label.first not in aside and label.first not in gone]
    if deck:
        found = _deck_labels(outline, deck[0], parts, found)
    aside_all = [Label(first=n, last=n, role="furniture", why=why) for n, why in ignored.items()]
    labels = _sorted([*found, *cells, *listed, *parts, *aside_all])
    return _sorted([*labels, *marks(lines, labels, named)])


def _tables(outline: Outline, lines: Sequence[Line], tags: Sequence[str]) -> list[Label]:
    """Return the labels of all tables, each with the role of the heading over it."""
    found: list[Label] = []
    naming = Naming(outline)
    groups: dict[int, list[Line]] = {}
    for line in lines:
        if line.kind == "cell" and not line.why:
            groups.setdefault(line.table, []).append(line)
    for group in groups.values():
        before = [n for n in outline.kept if n < group[0].number]
        head = before[-1] if before else 0
        chain = [head, *outline.above(head)] if head else []
        led = "ask" if head and turned(outline[head].text) >= TURNED else ""
        zone = next((role for n in chain if outline.is_head(n) and (role := naming.under(n))), led)
        found += tables.labelled(group, tags, zone)
    return found


def _keys(line: Line) -> tuple[str, ...]:
    """Return the ways in which a line elsewhere may name a mission."""
    title = lists.title_of(line.label, line.text)
    mark = f"{line.marker}{line.count}".lower() if line.count and line.marker.isalpha() else ""
    return tuple(k for k in (key(title), mark, str(line.count or "")) if k)


def _titled(line: Line) -> str:
    return untailed(line.label if line.label and line.rest else line.text).rstrip(" :")


def _are_asked(parts: Sequence[Label], tags: Sequence[str]) -> bool:
    """Return whether many lines of an outline are none: somebody is asked what stands there, and answers."""
    points = [tags[label.first - 1] for label in parts if label.role == "point"]
    titles = [tags[label.first - 1] for label in parts if label.role == "section"]
    asked = sum(tag in {"question", "ask"} for tag in points) > LISTED * len(points)
    answered = points.count("answer") > LISTED * len(points) and titles.count("question") > LISTED * len(titles)
    return asked or answered


def _deck(outline: Outline, parts: Sequence[Label]) -> list[Unit]:
    """Return the line over an outline as the one thing that is asked, where a document holds nothing else."""
    first = next((label.first for label in parts if label.role == "section"), 0)
    over = [n for n in outline.kept if n < first and outline.is_head(n)]
    if not first or not outline.kept:
        return []
    line = over[-1] if over else outline.kept[0]
    return [Unit(first=line, last=line, rank=outline.rank[line], story=True)] if line < first else []


def _deck_labels(outline: Outline, deck: Unit, parts: Sequence[Label], found: Sequence[Label]) -> list[Label]:
    """Return labels under which what hangs below the points of an outline is the answer, with the titles in it."""
    of_points = {label.first for label in parts}
    within = range(min(of_points), max(of_points) + 1)
    out = [
        label
        for label in found
        if label.first not in outline.rank
        or not (label.role in {"answer", "part"} or (label.role == "note" and label.first in within))
    ]
    kept = {label.first for label in out}
    inside = [n for n in outline.kept if n > deck.first and n not in of_points and n not in kept]
    roles = ["answer", *["part"] * len(inside)]
    return [*out, *(Label(first=n, last=n, role=role, of=deck.first) for n, role in zip(inside, roles, strict=False))]


def _sorted(labels: Sequence[Label]) -> tuple[Label, ...]:
    return tuple(sorted(labels, key=lambda label: (label.first, label.last)))
