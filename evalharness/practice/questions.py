"""what a person types -> a new question: the name of its folder, its file, and the question it may really mean."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable

from evalharness.errors import InputError
from evalharness.load.questions import seconds
from evalharness.model.nouns import ANSWER, Question, Rubric, Tags
from evalharness.text.foldernames import folder_name, name_words
from evalharness.text.words import is_blankless

ALIKE = 0.75  # from this likeness on a person is asked whether the question that is there is meant
MOST_SIGNS = 5
_MARKS = ("?", "\uff1f", "\u061f", "\u3002", "\uff01", "!")


def the_same(text: str, questions: Iterable[Question]) -> Question | None:
    """Return the question that asks `text` word for word, whatever its case and punctuation."""
    words = name_words(text) or text.split()
    return next((q for q in questions if words and (name_words(q.text) or q.text.split()) == words), None)


def alike(text: str, questions: Iterable[Question]) -> Question | None:
    """Return the question most like `text`, by what it is about or by the name of its folder; None where none is close.

    Words that open any question ("Tell me about a time ...") say nothing, so the names of folders are compared.
    """
    name, words = folder_name(text), "-".join(name_words(text))
    likeness = [(max(_ratio(name, folder_name(q.text)), _ratio(name, q.id), _ratio(words, q.id)), q) for q in questions]
    best, found = max(likeness, key=lambda pair: pair[0], default=(0.0, None))
    return found if best >= ALIKE else None


def is_a_question(text: str) -> bool:
    """Return whether `text` is asked, and not a name: it has several words, a question mark, or no letter at all.

    Chinese and Japanese set no blanks: there a text longer than a name is asked.
    """
    long = MOST_SIGNS if is_blankless(text) else len(text)
    several = len(text.split()) > 1 or len(text) > long
    return several or text.rstrip().endswith(_MARKS) or not name_words(text)


def question_file(text: str, rubric: Rubric, *, time_limit: str = "", first: str = "") -> str:
    """Return `question.yaml`, after the line `first`; missions that the rubric knows are there to choose from."""
    lines = [f"question: {json.dumps(' '.join(text.split()), ensure_ascii=False)}", f"rubric: {rubric.id}"]
    if time_limit:
        lines.append(f"time_limit: {time_limit}")
    tags = [tag for criterion in rubric.criteria if isinstance(criterion.kind, Tags) for tag in criterion.kind.tags]
    if tags:
        lines += ["missions:   # keep those that your answer is meant to show"]
        lines += [f"  - {tag.id}   # {' '.join(tag.title.split())}" for tag in tags]
    return first + "\n".join(lines) + "\n"


def limit_as_written(said: str) -> str:
    """Return a time limit as question files state it (`2m`: `2 min`); raises `InputError` where it is none."""
    if not said:
        return ""
    found = re.fullmatch(r"(\d+(?:\.\d+)?) ?(?:(s)\w*|(m)\w*)?|\d{1,3}:[0-5]\d", said.strip())
    if not found or seconds(said.strip()) <= 0:
        raise InputError(f"'{said}' is not a time limit", hint="for instance 90s, 2m or 1:30", slug="usage")
    if ":" in said:
        return said.strip()
    return f"{found[1]} {'min' if found[3] else 's'}"


def skeleton(rubric: Rubric) -> tuple[tuple[str, str], ...]:
    """Return (part, heading) for a new attempt: the parts, and the sections under which the rubric reads the answer."""
    within = tuple((spec.id, spec.headings[0]) for spec in rubric.parts if spec.within_answer)
    after = tuple((spec.id, spec.headings[0]) for spec in rubric.parts if not spec.within_answer)
    titles = {heading for _, heading in within}
    named = dict.fromkeys(criterion.sections[0] for criterion in rubric.criteria if criterion.sections)
    sections = tuple((ANSWER, title) for title in named if title not in titles)
    return (*within, *(sections or ((ANSWER, ""),)), *after)


def _ratio(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one, other, autojunk=False).ratio() if one and other else 0.0
