"""What a document holds against what was found in it: recall and precision, thing by thing."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any, NamedTuple

from evalharness.importing import FoundDocument, read
from evalharness.importing.writing import limit_of
from evalharness.text.words import fold_text

DOCUMENTS = Path(__file__).parent.parent / "data" / "documents"
THINGS = ("questions", "answers", "follow_ups", "tags", "sections")
MORE = ("takeaways", "advice", "hints")


class Figure(NamedTuple):
    """How many of what stands there was found, and how many of what was found stands there."""

    there: int
    found: int
    right: int

    @property
    def recall(self) -> float:
        return self.right / self.there if self.there else 1.0

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 1.0


def figures(document: Path) -> dict[str, Figure]:
    """Return the figures of one document, for which `<form>.json` says what stands in it."""
    expected = json.loads((document.parent / f"{document.name.split('.')[0]}.json").read_text(encoding="utf-8"))
    wanted, got = _expected(expected), _found(read(document.read_bytes().decode("utf-8")))
    return {thing: _figure(wanted[thing], got[thing]) for thing in (*THINGS, *MORE)}


def _figure(wanted: Counter[str], got: Counter[str]) -> Figure:
    return Figure(there=wanted.total(), found=got.total(), right=(wanted & got).total())


def _expected(data: dict[str, Any]) -> dict[str, Counter[str]]:
    questions = data["questions"]
    return {
        "questions": _counted(q["text"] for q in questions),
        "answers": _counted(f"{q['text']}: {a}" for q in questions for a in q["answers"]),
        "follow_ups": _counted(
            [*(f"{q['text']}: {f}" for q in questions for f in q["follow_ups"]), *data.get("to_ask", ())]
        ),
        "tags": _counted(f"{q['text']}: {t}" for q in questions for t in q["tags"]),
        "sections": _counted([*data["sections"], *data["items"]]),
        "takeaways": _counted(data.get("takeaways", ())),
        "advice": _counted(data["advice"]),
        "hints": _hints(data.get("time_limit"), data.get("interviewer", ""), data.get("company", "")),
    }


def _found(document: FoundDocument) -> dict[str, Counter[str]]:
    questions = document.questions
    tags = [*(t.title for t in document.tags), *(t.experience for t in document.tags if t.experience)]
    limits = {limit_of(question, document) for question in questions}
    outline = [text for s in document.sections for text in (s.title, *s.items)]
    return {
        "questions": _counted(q.text for q in questions),
        "answers": _counted(f"{q.text}: {p}" for q in questions for a in q.answers for p in a.paragraphs),
        "follow_ups": _counted(
            [*(f"{q.text}: {p.text}" for q in questions for p in q.follow_ups), *(p.text for p in document.to_ask)]
        ),
        "tags": _counted(f"{q.text}: {t}" for q in questions for t in q.tags),
        "sections": _counted([*tags, *outline]),
        "takeaways": _counted(t.takeaway for t in document.tags if t.takeaway),
        "advice": _counted(document.advice),
        "hints": _hints(next(iter(limits)) if len(limits) == 1 else None, document.interviewer, document.company),
    }


def _hints(limit: float | None, interviewer: str, company: str) -> Counter[str]:
    """Return what holds for all questions: the time for each of them, who asks, and where."""
    told = (f"time {limit:g}" if limit else "", f"person {interviewer}" if interviewer else "", company)
    return Counter(hint for hint in told if hint)


def _counted(texts: Any) -> Counter[str]:
    return Counter(fold_text(text).rstrip(".") for text in texts)
