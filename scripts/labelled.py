"""a document's lines and its key -> the tag of each line; and the digest of all that is labelled."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evalharness.documents.features import invites
from evalharness.documents.nouns import Line

LABELLED = Path(__file__).parent.parent / "tests" / "data" / "labelled"
MOST_LINES = 250  # an answer whose end stands further away is none: the end was found in another one


def corpus_digest() -> str:
    """Return the digest of all labelled documents, by which weights say what they were learned from."""
    found = hashlib.sha256()
    for file in sorted(LABELLED.rglob("*")):
        if file.is_file():
            found.update(file.relative_to(LABELLED).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return found.hexdigest()[:16]


def tags_of(lines: Sequence[Line], key: dict[str, Any]) -> list[str]:
    """Return the tag of each line, where the texts of a key stand in a document."""
    return _Key(lines).tags(key)


def words_of(text: str) -> list[str]:
    """Return the words of a text as they are compared: without case, marks and apostrophes."""
    return re.findall(r"\w+", re.sub("['\u2019]", "", unicodedata.normalize("NFKC", text).lower()))


class _Key:
    """The words of a document in a row, each with the line it stands in."""

    def __init__(self, lines: Sequence[Line]) -> None:
        pairs = [(word, line.number) for line in lines if line.kind != "rule" for word in words_of(line.text)]
        self._at = [number for _, number in pairs]
        self._row = " " + " ".join(word for word, _ in pairs) + " "
        self._starts, place = [], 1
        for word, _ in pairs:
            self._starts.append(place)
            place += len(word) + 1
        self._tags = ["other"] * len(lines)
        self._glued = frozenset(line.number for line in lines if line.glued)

    def tags(self, key: dict[str, Any]) -> list[str]:
        """Return the tags; what is asked and theirs to answer stands above what is said."""
        asked: list[list[int]] = []
        taken: set[int] = set()
        for question in key["questions"]:
            if invites(question["text"]) and not question["answers"]:
                continue  # it hands over to what is asked of them
            lines = self._asked(question, taken)
            taken |= {*lines}
            asked.append(lines)
            self._answers(question, lines)
        for lines in asked:
            for number in lines:
                if number == lines[0] or number in self._glued:
                    self._tags[number - 1] = "question"
        for text in key["to_ask"]:
            for number in self._lines(text):
                self._tags[number - 1] = "ask"
        return self._tags

    def _asked(self, question: dict[str, Any], taken: set[int]) -> list[int]:
        """Return the lines of a question: where its text stands last in front of its answer, and no other one does."""
        places = [self._span(place, question["text"]) for place in self._places(question["text"])]
        answers = [place for text in question["answers"][:1] for place in self._places(text)[:1]]
        free = [lines for lines in places if lines[0] not in taken] or places
        said = self._span(answers[0], "x")[0] if answers else 0
        before = [lines for lines in free if answers and lines[0] < said] or [
            lines for lines in free if answers and lines[0] == said
        ]
        return before[-1] if before else free[0] if free else []

    def _answers(self, question: dict[str, Any], asked: Sequence[int]) -> None:
        ends = question.get("ends") or []
        for at, start in enumerate(question["answers"]):
            firsts = [place for place in self._places(start) if not asked or self._line_at(place) >= asked[0]]
            if not (firsts := firsts or self._places(start)):
                continue
            first = self._line_at(firsts[0])
            lasts = [p for p in self._places(ends[at]) if p >= firsts[0]] if at < len(ends) and ends[at] else []
            last = self._span(lasts[0], ends[at])[-1] if lasts else self._span(firsts[0], start)[-1]
            if last - first > MOST_LINES:
                last = self._span(firsts[0], start)[-1]
            self._tags[first - 1 : last] = ["answer"] * (last - first + 1)

    def _places(self, text: str) -> list[int]:
        """Return where the words of a text stand in the row."""
        wanted = f" {' '.join(words_of(text))} "
        if not wanted.strip():
            return []
        return [found.start() for found in re.finditer(f"(?={re.escape(wanted)})", self._row)]

    def _line_at(self, place: int) -> int:
        return self._at[bisect_left(self._starts, place + 1)]

    def _span(self, place: int, text: str) -> list[int]:
        """Return the lines that a text touches which stands at a place."""
        first = bisect_left(self._starts, place + 1)
        return sorted({*self._at[first : first + max(1, len(words_of(text)))]})

    def _lines(self, text: str) -> list[int]:
        places = self._places(text)
        return self._span(places[0], text) if places else []
