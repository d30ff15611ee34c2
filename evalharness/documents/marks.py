"""marks that stand inside of lines of another role: the company, the person, interests, times, missions in brackets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evalharness.documents.claims import claims_in
from evalharness.documents.features import asks, words
from evalharness.documents.names import company_of, interests_of, person_of
from evalharness.documents.nouns import Label, Line
from evalharness.documents.times import bounds

NEAR_TOP = 14


def marks(lines: Sequence[Line], labels: Sequence[Label], known: frozenset[str]) -> Iterator[Label]:
    """Yield one label for each mark."""
    roles = {label.first: label for label in labels}
    content = [
        line
        for line in lines
        if roles.get(line.number) and (roles[line.number].role != "furniture" or line.kind == "heading")
    ]
    labelled = {label.role for label in labels}
    around = [
        line
        for line in content
        if roles[line.number].role in {"note", "title", "section", "advice", "person", "company", "interest"}
        and not roles[line.number].of
    ]
    person = ""
    for line in [*around[:NEAR_TOP], *(line for line in around if roles[line.number].role == "person")]:
        person = person_of([line])[0]
        if person:
            if roles[line.number].role != "person":
                yield _mark(line, "person")
            break
    if "company" not in labelled:
        told = {"part", "note"}  # of a question; what is noted around them may well name the company
        free = [line for line in content if roles[line.number].role not in told or not roles[line.number].of]
        name = company_of(free or content, [], person)
        named = next((line for line in content if name and name in line.text), None)
        if named is not None:
            yield _mark(named, "company")
    yield from (
        _mark(line, "interest")
        for line in around[:NEAR_TOP]
        if person and roles[line.number].role != "interest" and interests_of([line])
    )
    yield from _times(around, labels)
    bracketed = sum(label.role == "question" and lines[label.first - 1].text.rstrip().endswith(")") for label in labels)
    for label in labels:
        if label.role == "question" and lines[label.first - 1].kind != "cell":
            text = lines[label.first - 1].text.rstrip()
            inner = text[:-1].rpartition("(")[2] if text.endswith(")") else ""
            if (
                (text.split() and text.split()[-1][:1] == "#" and text.split()[-1][1:2].isalpha())
                or (inner and len(words(inner)) <= 4 and inner[:1].isupper() and "?" not in inner and bracketed >= 2)
                or (inner and claims_in(inner, known) >= 0.99 and not inner.isdigit())
            ):
                yield _mark(lines[label.first - 1], "claim", label.first)


def _mark(line: Line, role: str, of: int = 0) -> Label:
    return Label(first=line.number, last=line.number, role=role, of=of)


def _times(around: Sequence[Line], labels: Sequence[Label]) -> Iterator[Label]:
    """Yield the lines outside of answers that say how long to speak."""
    if any(label.role == "time" and not label.of for label in labels):
        return
    for line in around:
        if bounds(line.text) and len(words(line.text)) <= 40 and asks(line.text) < 0.9:
            yield _mark(line, "time")
            return
