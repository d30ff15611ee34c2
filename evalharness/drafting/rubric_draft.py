"""a document -> the rubric draft that its structure asks for.

Whatever a person must decide begins with `draft:`; the rest is observable in an answer as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from evalharness.documents.nouns import FoundDocument, FoundSection, FoundTag
from evalharness.drafting.slugs import identifier
from evalharness.text.numerals import is_number
from evalharness.text.words import fold_text, words

Data = dict[str, Any]
FOLLOW_UP_HEADINGS = ["Follow-up question", "Follow-up", "Follow up"]


def draft(document: FoundDocument, name: str, *, tags: bool, timed: bool) -> Data:
    """Return a rubric as plain data, derived from the document's structure.

    With `tags` it asks for the document's missions, `timed` for the question's time limit.
    """
    criteria = [_tags(document)] if tags else []
    criteria += [_checklist(section, position) for position, section in enumerate(document.sections, start=1)]
    if document.advice:
        criteria.append(_tone(document.advice))
    criteria += _always(document)
    if timed:
        criteria.append(_time())
    rubric: Data = {
        "id": name,
        "title": document.title[:100] or name,
        "description": "draft: derived from the structure of a preparation document; read every text that begins with "
        "'draft:'.",
        "min_words": 15,
    }
    if any(question.follow_ups for question in document.questions):
        rubric["parts"] = {"follow_up": {"headings": FOLLOW_UP_HEADINGS, "required": False}}
    return {**rubric, "criteria": _unique(criteria)}


def tags_of(document: FoundDocument) -> tuple[FoundTag, ...]:
    """Return the missions that the document names or claims; one that is only claimed has its number for a title."""
    named = {tag.id: tag for tag in document.tags}
    for question in document.questions:
        for tag in question.tags:
            named.setdefault(
                tag,
                FoundTag(id=tag, title=f"draft: mission {tag}, which the document does not name", line=question.line),
            )
    return tuple(sorted(named.values(), key=lambda tag: (len(tag.id), tag.id)))


def _tags(document: FoundDocument) -> Data:
    tags = [
        {
            "id": int(tag.id) if tag.id.isdigit() else tag.id,
            "title": tag.title,
            "look_for": _shows(tag),
            "next": f"Tell one thing you did that serves '{tag.title.removeprefix('draft: ')}', and what came of it.",
        }
        for tag in tags_of(document)
    ]
    return {
        "id": "missions",
        "title": "Missions that the story shows",
        "weight": 2,
        "kind": "tags",
        "look_for": "A mission is shown by something done, built, decided or refused that serves it. Agreeing with it "
        "shows nothing.",
        "tags": tags,
    }


def _shows(tag: FoundTag) -> str:
    example = f" The document's own example: {tag.experience}." if tag.experience else ""
    title = tag.title.removeprefix("draft: ")
    return f"draft: tells one deed of the speaker's that serves '{title}', and what came of it.{example}"


def _checklist(section: FoundSection, position: int) -> Data:
    texts = section.items or (
        f"draft: says one thing of this project under '{section.title}', with a name or a number",
    )
    items = [
        {"id": identifier(text, f"item_{number}"), "text": text.rstrip(":"), "next": said(text), **signals_of(text)}
        for number, text in enumerate(texts, start=1)
    ]
    return {
        "id": identifier(section.title, f"section_{position}"),
        "title": f"{position}. {section.title}",
        "weight": 1,
        "kind": "checklist",
        "sections": [section.title],
        "look_for": f"Met: said of '{section.title}' in this project, with a name, a reason or a number. "
        "Partly: touched on without one.",
        "items": _unique(items),
    }


def said(text: str) -> str:
    """Return what to do where an item is not met yet."""
    return f"Say it, with a name, a reason or a number: {text.removeprefix('draft: ').rstrip(':.')}."


def signals_of(text: str) -> Data:
    """Return what the heuristic may look for in an item: its own words, nothing where it has none."""
    found = [
        w.text
        for w in words(fold_text(text))
        if len(w.text) >= 5 and w.text.isalpha() and w.text not in _COMMON and not is_number(w.text)
    ]
    stems = list(dict.fromkeys(f"{word[: max(5, len(word) - 2)]}*" for word in found))[:8]
    if not stems:
        return {}
    most = min(2, len(stems))
    return {"signals": {"terms": [{"any": stems, "most": most}], "met": most, "partly": 1}}


_COMMON = frozenset(
    "about which where whose would could should their there these those other draft project says thing "
    "under being after before while names person number tells states gives answer speaker".split()
)


def _tone(advice: Sequence[str]) -> Data:
    pieces = [piece for text in advice for piece in re.split(r"(?<=[.!;])\s+|;\s*", text) if len(piece.split()) >= 2][
        :12
    ]
    items = [
        {
            "id": identifier(piece, f"advice_{n}"),
            "text": f"draft: one sentence of the answer can be quoted that follows: {piece.rstrip('.;')}",
            "next": f"Follow this advice in a sentence of the answer: {piece.rstrip('.;')}.",
        }
        for n, piece in enumerate(pieces or list(advice)[:12], start=1)
    ]
    return {
        "id": "tone",
        "title": "Tone, as the document advises",
        "weight": 1,
        "kind": "checklist",
        "items": _unique(items),
    }


def _always(document: FoundDocument) -> list[Data]:
    """Return what every such document asks for: a story, its result, and the question back where there is one."""
    found: list[Data] = [_example()]
    if any(tag.takeaway for tag in document.tags):
        found.append(_takeaway(document))
    if any(question.follow_ups for question in document.questions):
        found.append(_follow_up(document))
    return found


def _example() -> Data:
    return {
        "id": "concrete_example",
        "title": "One concrete example of one's own",
        "weight": 2,
        "kind": "scale",
        "look_for": "One situation, what the speaker did in it, and what came of it.",
        "levels": {
            1: {
                "text": "The answer has no situation of the speaker's own.",
                "next": "Tell of one situation that you were in, and of what you did in it.",
            },
            3: {
                "text": "One situation is named with what the speaker did in it; what came of it is missing.",
                "next": "Say where or how big it was, and what came of it: a number, or a person with a name.",
            },
            5: "One situation with its place or size, what the speaker did, and what came of it with a number "
            "or a named person.",
        },
        "signals": {"ownership": {"most": 3}, "quantities": {"most": 3}, "levels": {2: 1, 3: 3, 4: 5}},
    }


def _takeaway(document: FoundDocument) -> Data:
    example = next(tag.takeaway for tag in document.tags if tag.takeaway)
    return {
        "id": "takeaway",
        "title": "The story ends in a takeaway",
        "weight": 1,
        "kind": "scale",
        "look_for": f"One sentence that says what the story means for a mission, as in the document: {example}",
        "levels": {
            1: {
                "text": "The answer ends with the story; no mission and no lesson is named.",
                "next": "End with one sentence that says what you learned, or which mission it serves.",
            },
            3: {
                "text": "A lesson or a mission is named, and the sentence would fit after any other story.",
                "next": "Name the thing you did that the lesson comes from, and the mission it serves.",
            },
            5: "draft: a lesson is named with the deed it comes from, and the mission it serves.",
        },
        "signals": {
            "markers": [{"kinds": ["reflection", "reason"], "most": 2}],
            "terms": [{"any": ["lesson*", "learn*", "taught", "that is why", "since then", "mission*"], "most": 2}],
            "levels": {2: 1, 3: 3, 4: 4},
        },
    }


def _follow_up(document: FoundDocument) -> Data:
    person = document.interviewer or "the interviewer"
    return {
        "id": "follow_up_question",
        "title": "The question asked back",
        "weight": 1,
        "kind": "scale",
        "part": "follow_up",
        "look_for": f"A question to {person} that grows out of the answer.",
        "levels": {
            1: {
                "text": "No question is asked, or one that yes or no would answer.",
                "next": f"End with a question to {person} that begins with how, what, when or why.",
            },
            3: {
                "text": "A question with how, what, when or why that takes up no word of the answer.",
                "next": f"Take up one thing of your answer in the question, and ask what {person} has seen or done.",
            },
            5: f"A question with how, what, when or why that takes up one thing of the answer and asks for what "
            f"{person} has seen or done.",
        },
        "signals": {
            "markers": [{"kinds": ["question"], "most": 2}],
            "terms": [{"any": ["you", "your"], "most": 1}],
            "levels": {2: 1, 3: 2, 4: 3},
        },
    }


def _time() -> Data:
    bands = [
        {"level": 5, "at_least": 0.45, "at_most": 1.0},
        {"level": 4, "at_least": 0.3, "at_most": 1.15},
        {"level": 3, "at_most": 1.35},
    ]
    return {
        "id": "speaking_time",
        "title": "Speaking time",
        "weight": 0.5,
        "kind": "measure",
        "measure": "speaking_time",
        "bands": [*bands, {"level": 2, "at_most": 1.6}, {"level": 1}],
    }


def _unique(entries: Sequence[Data]) -> list[Data]:
    """Return entries with a number behind each id that stood before."""
    taken: dict[str, int] = {}
    found = []
    for entry in entries:
        name = str(entry["id"])
        taken[name] = taken.get(name, 0) + 1
        found.append({**entry, "id": name if taken[name] == 1 else f"{name}_{taken[name]}"})
    return found
