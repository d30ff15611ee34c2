"""a document -> the rubric for each of its questions: a shipped one where the structure is the same, else a draft."""

from __future__ import annotations

from collections.abc import Mapping

from evalharness.documents.nouns import FoundDocument, FoundQuestion
from evalharness.model.noun import Noun
from evalharness.model.nouns import Checklist, Rubric, Tags
from evalharness.text.parts import plain_title
from evalharness.text.words import fold_text, words

ENOUGH = 0.6
STORY = "story"


class Choice(Noun):
    """The rubric of each question in their order, whether it is a draft of this document, and why.

    `spare` grades the question that is written where the document holds none.
    """

    rubrics: tuple[str, ...]
    why: str
    draft: str = ""
    spare: str = STORY


def choose(document: FoundDocument, shipped: Mapping[str, Rubric], name: str) -> Choice:
    """Return the rubrics that grade the questions of `document`; a draft would be called `name`."""
    if not document.questions:
        why = "it has only questions to ask them: one question keeps them, and evalharness brief shows them"
        return Choice(rubrics=(), why=why)
    whole, why, keep = "", "", ""
    for rubric in shipped.values():
        why = _by_sections(document, rubric) or _by_tags(document, rubric)
        if why:
            whole = rubric.id
            break
    if not whole and (document.sections or any(question.tags for question in document.questions)):
        whole, keep = name, name
        why = "no shipped rubric has these sections or missions, so a draft was derived from them"
    chosen = tuple(_for(question, document, shipped, whole) for question in document.questions)
    if not why:
        why = _told(document, chosen)
    return Choice(rubrics=chosen, why=why, draft=keep if keep in chosen else "")


def _for(question: FoundQuestion, document: FoundDocument, shipped: Mapping[str, Rubric], whole: str) -> str:
    """Return the rubric of one question."""
    if whole and (question.tags or document.sections):
        return whole
    back = next((rubric.id for rubric in shipped.values() if any(part.required for part in rubric.parts)), "")
    if back and question.follow_ups and question.answers:
        return back
    return STORY if STORY in shipped else whole or next(iter(shipped), STORY)


def _told(document: FoundDocument, chosen: tuple[str, ...]) -> str:
    back = sum(bool(question.follow_ups and question.answers) for question in document.questions)
    if back == len(chosen) and set(chosen) != {STORY}:
        each = f"each of its {back} answers" if back > 1 else "its answer"
        return f"{each} comes with a question to ask back, which that rubric grades as a part"
    if back:
        return f"{back} of its {len(chosen)} answers come with a question to ask back; the others are graded as stories"
    return "it has questions and answers without sections or missions, and such answers are graded as stories"


def _by_sections(document: FoundDocument, rubric: Rubric) -> str:
    known = [
        {plain_title(t) for t in (c.title, *c.sections)}
        for c in rubric.criteria
        if isinstance(c.kind, Checklist) and c.sections
    ]
    if len(known) < 3 or len(document.sections) < 3:
        return ""
    hits = sum(
        any(_alike(section.title, title) for titles in known for title in titles) for section in document.sections
    )
    if hits < ENOUGH * len(document.sections) or hits < ENOUGH * len(known):
        return ""
    return f"{hits} of its {len(document.sections)} sections are sections of that rubric, which has {len(known)}"


def _by_tags(document: FoundDocument, rubric: Rubric) -> str:
    tags = [tag for criterion in rubric.criteria if isinstance(criterion.kind, Tags) for tag in criterion.kind.tags]
    claimed = {tag for question in document.questions for tag in question.tags}
    if not tags or not claimed or not claimed <= {tag.id for tag in tags}:
        return ""
    titles = {tag.id: tag.title for tag in tags}
    named = [tag for tag in document.tags if tag.title]
    same = sum(_share(tag.title, titles.get(tag.id, "")) >= 0.4 for tag in named)
    if not named or same < ENOUGH * len(named):
        return ""
    return f"{same} of its {len(named)} missions are missions of that rubric"


def _alike(one: str, other: str) -> bool:
    left, right = _kernel(one), _kernel(other)
    return bool(left and right) and (left <= right or right <= left)


def _kernel(title: str) -> frozenset[str]:
    small = {"and", "the", "of", "a", "an", "to", "why", "it"}
    return frozenset(
        w.text.rstrip("s") for w in words(fold_text(title)) if w.text not in small and not w.text.isdigit()
    )


def _share(one: str, other: str) -> float:
    left, right = _kernel(one), _kernel(other)
    return len(left & right) / min(len(left), len(right)) if left and right else 0.0
