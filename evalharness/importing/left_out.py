"""lines, their labels and what was made of them -> every line that stands in no file, with its number and the reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from evalharness.documents.features import words
from evalharness.documents.lexicon import votes
from evalharness.documents.nouns import FoundDocument, Ignored, Label, Line
from evalharness.documents.times import PACE

VERBATIM = frozenset({"answer", "part", "furniture"})
LEAST_LETTERS = 4
NAMING = {"person": "interviewer", "company": "company"}
CALLED = {**NAMING, "ask": "question to ask them", "follow_up": "question to ask back"}


def left_out(lines: Sequence[Line], labels: Sequence[Label], document: FoundDocument) -> FoundDocument:
    """Return the document with its lists of what belongs to nothing, and of what is no content."""
    kept = frozenset(word for text in _texts(document) for word in words(text))
    notes = [*_noted(lines, labels, kept), *_partly(lines, labels, kept)]
    ignored = [
        _left(lines[n - 1], label.why or lines[n - 1].why or "furniture")
        for label in labels
        if label.role == "furniture"
        for n in range(label.first, label.last + 1)
        if lines[n - 1].text
    ]
    notes.sort(key=lambda left: left.line)
    return msgspec.structs.replace(document, notes=tuple(notes), ignored=tuple(ignored))


def _noted(lines: Sequence[Line], labels: Sequence[Label], kept: frozenset[str]) -> Iterator[Ignored]:
    """Yield the notes that belong to no question, but for those that name the person or the company and no more."""
    marked = {label.first: label.role for label in labels if label.role in NAMING}
    for label in labels:
        for line in lines[label.first - 1 : label.last] if label.role == "note" and not label.of else ():
            told = marked.get(line.number, "")
            if line.text and not (told and not _lost(line, kept)):
                why = f"of this, only the {NAMING[told]} is kept" if told else ""
                yield _left(line, why or label.why or line.why or "belongs to no question")


def _partly(lines: Sequence[Line], labels: Sequence[Label], kept: frozenset[str]) -> Iterator[Ignored]:
    """Yield the lines of which something is kept and something is not."""
    noted = {n for label in labels if label.role in {"note", *VERBATIM} for n in range(label.first, label.last + 1)}
    for label in labels:
        for n in range(label.first, label.last + 1):
            lost = [] if n in noted else _lost(lines[n - 1], kept)
            if [word for word in lost if label.role != "time" or word not in PACE]:
                noted.add(n)
                yield _left(lines[n - 1], f"of this, only the {CALLED.get(label.role, label.role)} is kept")


def _lost(line: Line, kept: frozenset[str]) -> list[str]:
    """Return the words of a line that are kept nowhere; small ones and the names of things do not count."""
    name = len(words(line.label)) <= 2 or bool(votes(line.label))
    said = line.rest if line.label and line.rest and name else line.text
    return [w for w in words(said) if w not in kept and len(w) >= LEAST_LETTERS and not w.isdigit() and not votes(w)]


def _left(line: Line, why: str) -> Ignored:
    return Ignored(line=line.place, text=line.text, why=why)


def _texts(document: FoundDocument) -> Iterator[str]:
    """Yield every text that was found; all of them are written."""
    for question in document.questions:
        yield from (question.text, question.title, *question.notes, *question.tags)
        for passage in (*question.answers, *question.follow_ups, *question.probes):
            yield from (*passage.paragraphs, passage.to)
    for tag in document.tags:
        yield from (tag.title, tag.id, tag.experience, tag.takeaway)
    for section in document.sections:
        yield from (section.title, *section.items)
    for asked in document.to_ask:
        yield from (asked.text, asked.to)
    yield from (document.company, document.interviewer, document.role)
    yield from (*document.facts, *document.interests, *document.advice)
