"""tagged lines -> the units of a document: what is asked (or the title of a story), its lines, and the heading that titles it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from evalharness.documents.features import asks, words
from evalharness.documents.nouns import Line
from evalharness.documents.outline import TEXT, Outline
from evalharness.model.noun import Noun

TITLED = 0.6


class Unit(Noun):
    """A question (or a story's title): its lines, the line that titles it, and how high it stands."""

    first: int
    last: int
    title: int = 0
    rank: float = TEXT
    story: bool = False


def units_of(outline: Outline, tags: Sequence[str]) -> list[Unit]:
    """Return what is asked, in the order of the document."""
    asked = [n for n in outline.kept if tags[n - 1] == "question"]
    titles = _titles(outline, tags, asked)
    found: dict[str, Unit] = {}
    for n in asked:
        title = titles.get(n, 0)
        rank = outline.rank[title or n] + (0 if title or outline.is_head(n) else outline[n].depth)
        unit = Unit(first=n, last=n, title=title, rank=rank, story=asks(said(outline[n])) < 0.2)
        found.setdefault(" ".join(words(text_of(outline, unit))) if not unit.story else str(n), unit)
    return _without_beginnings(found, tags)


def _without_beginnings(found: dict[str, Unit], tags: Sequence[str]) -> list[Unit]:
    """Return the units without those that nothing answers and whose words another one begins with: they title it."""
    ordered = sorted(found)
    titles = {one for one, other in itertools.pairwise(ordered) if other.startswith(one + " ") and len(one.split()) > 3}
    unanswered = {key for key, unit in found.items() if "answer" not in tags[unit.last : unit.last + 1]}
    return [unit for key, unit in found.items() if key not in titles & unanswered]


def _titles(outline: Outline, tags: Sequence[str], asked: Sequence[int]) -> dict[int, int]:
    """Return the heading right over each question that stands over that one alone, where most headings of its make do."""
    over: dict[int, int] = {}
    for n in asked:
        head = outline.before(n)
        if not head or not outline.is_head(head) or tags[head - 1] != "other" or outline.is_title(head):
            continue
        if [below for below in outline.scope(head) if tags[below - 1] == "question"] == [n]:
            over[n] = head
    makes: dict[object, list[int]] = {}
    for head in (n for n in outline.kept if outline.is_head(n) and tags[n - 1] == "other"):
        makes.setdefault((outline[head].shape, outline.parent[head]), []).append(head)
    titling = set(over.values())
    kept = {
        head for group in makes.values() if len(titling & {*group}) >= max(2, TITLED * len(group)) for head in group
    }
    return {n: head for n, head in over.items() if head in kept}


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
