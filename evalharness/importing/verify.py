"""lines and labels -> the labels that can stand, and what is wrong with the others; the same for every labeller."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import shorten

from evalharness.documents.features import asks, words
from evalharness.documents.nouns import ROLES, Label, Line
from evalharness.importing.found import MARKS
from evalharness.model.noun import Noun

MOST_WORDS = 120
BELONGS = {
    "title": "question", "answer": "question", "part": "question", "follow_up": "question", "probe": "question",
    "claim": "question", "use": "question", "experience": "mission", "takeaway": "mission", "point": "section",
}  # fmt: skip


class Verified(Noun):
    """The labels that stand, what was taken out, and what a person should look at."""

    labels: tuple[Label, ...]
    refused: tuple[str, ...] = ()
    told: tuple[str, ...] = ()


def verify(lines: Sequence[Line], labels: Sequence[Label]) -> Verified:
    """Return the labels whose lines exist, do not overlap, and belong to something that is there."""
    refused: list[str] = []
    standing: list[Label] = []
    covered: dict[int, Label] = {}
    for label in labels:
        why = _fault(lines, label) or _overlap(lines, covered, label)
        if why:
            refused.append(_told(lines, label, why))
            continue
        if label.role not in MARKS:
            covered |= dict.fromkeys(range(label.first, label.last + 1), label)
        standing.append(label)
    kept = _belonging(lines, standing, refused)
    kept += _unlabelled(lines, kept)
    return Verified(
        labels=tuple(sorted(kept, key=lambda label: (label.first, label.last))),
        refused=tuple(refused),
        told=tuple(_swallowed(lines, kept)),
    )


def _fault(lines: Sequence[Line], label: Label) -> str:
    """Return what is wrong with one label by itself; nothing where it can stand."""
    if label.role not in ROLES:
        return f"'{label.role[:30]}' is no role"
    if not 1 <= label.first <= label.last <= len(lines):
        return "it is for lines that the document does not have"
    text = " ".join(lines[n - 1].text for n in range(label.first, label.last + 1))
    if not text.strip():
        return "these lines are empty"
    if label.role == "question" and len(words(text)) > MOST_WORDS:
        return f"a question has at most {MOST_WORDS} words, and this one has {len(words(text))}"
    if label.role in {"person", "company"} and not any(c.isupper() for c in text) and len(words(text)) > 6:
        return "no name stands there"
    return ""


def _overlap(lines: Sequence[Line], covered: dict[int, Label], label: Label) -> str:
    other = next((covered[n] for n in range(label.first, label.last + 1) if n in covered), None)
    if other is None or label.role in MARKS:
        return ""
    return f"it overlaps with '{other.role}' of {_where(lines, other.first)}"


def _belonging(lines: Sequence[Line], labels: Sequence[Label], refused: list[str]) -> list[Label]:
    """Return the labels whose question, mission or section is labelled as such."""
    there = {(label.role, label.first) for label in labels}
    kept: list[Label] = []
    for label in labels:
        needed = BELONGS.get(label.role, "")
        if label.of and (needed or "question", label.of) not in there:
            refused.append(_told(lines, label, f"{_where(lines, label.of)} is no {needed or 'question'}"))
        elif needed and not label.of:
            refused.append(_told(lines, label, f"it belongs to no {needed}"))
        else:
            kept.append(label)
    return kept


def _unlabelled(lines: Sequence[Line], kept: Sequence[Label]) -> list[Label]:
    """Return one note for each line that has no label, so that none is lost."""
    covered = {
        n
        for label in kept
        if label.role not in {"person", "company", "interest"}
        for n in range(label.first, label.last + 1)
    }
    left = [line for line in lines if line.number not in covered and line.kind != "rule" and line.text]
    return [
        Label(
            first=line.number,
            last=line.number,
            role="furniture" if line.why else "note",
            why=line.why or "no role was found for it",
        )
        for line in left
    ]


def _swallowed(lines: Sequence[Line], labels: Sequence[Label]) -> list[str]:
    """Return each line in an answer that asks by itself: a question may have been swallowed there."""
    return [
        f"{_where(lines, n)} asks, and is taken for a piece of an answer"
        for label in labels if label.role in {"answer", "part"}
        for n in range(label.first, label.last + 1)
        if asks(lines[n - 1].text) > 0.9 and (lines[n - 1].kind == "heading" or lines[n - 1].bold or lines[n - 1].count)
    ]  # fmt: skip


def _told(lines: Sequence[Line], label: Label, why: str) -> str:
    return f"{_where(lines, label.first)} as '{label.role[:30]}' was not used: {why}"


def _where(lines: Sequence[Line], number: int) -> str:
    """Return a line as a person finds it: by its number in the document and its first words."""
    if not 1 <= number <= len(lines):
        return "a line that is not there"
    line = lines[number - 1]
    return f"line {line.place} ({shorten(line.text, 60, placeholder=' ...')!r})"
