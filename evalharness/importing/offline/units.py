"""tagged lines -> the units of a document: what is asked (or the title of a story), its lines, and the heading that titles it."""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence

from evalharness.documents.features import asks, names_part, words
from evalharness.documents.headings import Naming
from evalharness.documents.nouns import Line
from evalharness.documents.outline import TEXT, Outline
from evalharness.documents.runs import lists_of
from evalharness.importing.offline.clues import ME, YOU
from evalharness.model.noun import Noun

ASKED, ALIKE, FACTS = 0.5, 0.6, frozenset({"company", "person", "time"})
TITLED, LEAST_ALIKE, TITLE_LINES, TITLE_WORDS = 0.6, 3, 2, 10


class Unit(Noun):
    """A question (or a story's title): its lines, the line that titles it, and how high it stands."""

    first: int
    last: int
    title: int = 0
    rank: float = TEXT
    story: bool = False


def evened(outline: Outline, naming: Naming, tags: Sequence[str]) -> tuple[str, ...]:
    """Return tags without strays: titles of one make agree, and what is said at the opening of a block has a title."""
    found = ["answer" if n in outline.quoted and tag != "ask" else tag for n, tag in enumerate(tags, 1)]
    _retitled(outline, naming, found)
    makes: dict[object, list[int]] = {}
    for n in (n for n in outline.kept if outline.is_head(n)):
        makes.setdefault((outline[n].shape, outline.parent[n]), []).append(n)
    for group in makes.values():
        said = [n for n in group if found[n - 1] == "answer"]
        if len(said) >= LEAST_ALIKE and 2 * len(said) > len(group):
            for n in (n for n in group if asks(outline[n].text) < ASKED):
                found[n - 1] = "answer"
    _alike(outline, found)
    for n in (n for n in outline.kept if found[n - 1] == "question" and outline.parent[n]):
        found[n - 1] = "other" if naming.under(outline.parent[n]) == "use" else "question"
    for first in _untitled(outline, naming, found):
        found[first - 1] = "question"
    return tuple(found)


def _retitled(outline: Outline, naming: Naming, found: list[str]) -> None:
    """Take what names a fact or a part of an answer for no question, and the short line over such a part for one."""
    for n in (n for n in outline.kept if found[n - 1] == "question"):
        above, line = outline.before(n), outline[n]
        if line.rest and naming.behind(n) in FACTS and asks(line.rest) < ASKED:
            found[n - 1] = "other"
        if not names_part(line.label or line.text):
            continue
        opens = above and found[above - 1] == "other" and len(words(outline[above].text)) <= TITLE_WORDS
        if opens and not names_part(outline[above].text):
            found[above - 1] = "question"
        found[n - 1] = "answer" if above and found[above - 1] == "answer" else "other"


def _alike(outline: Outline, found: list[str]) -> None:
    """Give the points of a list one tag, where most of them have it."""
    for run in lists_of(outline):
        most, many = Counter(found[n - 1] for n in run).most_common(1)[0]
        for n in run if many >= ALIKE * len(run) else ():
            found[n - 1] = most


def addressed(pieces: Sequence[Line], tags: Sequence[str]) -> tuple[str, ...]:
    """Return tags by which a sentence that goes on behind a question, and speaks to "you" and of no "me", asks, too."""
    found = list(tags)
    for at, (piece, tag) in enumerate(zip(pieces, tags, strict=True)):
        known = set(words(piece.text)) if piece.glued and tag == "answer" and found[at - 1] == "question" else set()
        found[at] = "question" if known & YOU and not known & ME else tag
    return tuple(found)


def _untitled(outline: Outline, naming: Naming, tags: Sequence[str]) -> Iterator[int]:
    """Yield the short line that opens each block whose words are said to nothing that stands above: a story's title."""
    rules = [line.number for line in outline.lines if line.kind == "rule"]
    answered = True
    for _, ns in itertools.groupby(outline.kept, key=lambda n: bisect_left(rules, n)):
        block = [*ns]
        roles = [tags[n - 1] for n in block]
        first = next((at for at, tag in enumerate(roles) if tag in {"answer", "question"}), 0)
        opens = roles[0] == "other" and roles[first] == "answer" and first <= TITLE_LINES
        named = outline.is_head(block[0]) and "answer" in {naming.under(block[0]), naming.behind(block[0])}
        if opens and answered and not named and len(words(outline[block[0]].text)) <= TITLE_WORDS:
            yield block[0]
        answered = "answer" in roles or (answered and "question" not in roles)


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
