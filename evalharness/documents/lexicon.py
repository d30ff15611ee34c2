"""Words in a heading or label that vote, weakly, for what stands under it; what stands there votes with them."""

from __future__ import annotations

import functools
import re

from evalharness.documents.direction import turned
from evalharness.documents.features import words

_VOTES = {
    "question": "question questions prompt prompts q qs asked asks interviewer they likely possible pregunta preguntas frage fragen",
    "answer": "answer answers answering response respond reply say says solution sample version draft walkthrough me example script suggested candidate talking try situation task action result outcome respuesta antwort a s t r star",
    "follow_up": "followup back return curious",
    "probe": "followups probes probe probing deeper possible might push dig",
    "claim": "mission missions value values principle principles tag tags touched touches shown shows maps alignment theme themes competency competencies skill skills touch play serves demonstrates valor valores leadership lp",
    "mission": "mission missions value values principle principles stand stands believe pillars tenets bridge mapping map fit fits align lines credo leadership valores",
    "advice": "how tip tips tone advice remember reminder reminders avoid delivery do don't dos don'ts red flags style sound rules mind mindset voice pitfalls careful structure manner attitude consejo consejos",
    "section": "outline section structure cover covers include includes checklist areas area rubric hear expect skeleton agenda sections parts dimensions score",
    "ask": "reverse",
    "time": "time length long minutes seconds duration timing limit",
    "person": "interviewer with whom panelist person name interviewers entrevistadora entrevistador",
    "company": "company employer organisation organization where firm empresa",
    "interest": "interests interest interested cares background focus research passions",
    "fact": "facts about company background know news numbers context product",
    "note": "why tip note notes hint watch context looking remember maps map fits because comment source gap careful purpose checks tests wants theme",
    "furniture": "related share comments sign cookie cookies menu contents newsletter subscribe copyright browse login references sources reading logistics",
    "use": "use usable uses good",
}
_FOLLOW = re.compile(r"follow[- ]?up", re.IGNORECASE)
_TABLE: dict[str, tuple[str, ...]] = {}
for _role, _text in _VOTES.items():
    for _word in set(_text.split()):
        _TABLE[_word] = (*_TABLE.get(_word, ()), _role)


_OTHERS = frozenset(
    "they he she might may will would could interviewer interviewers likely commonly be get panel".split()
)
_THEM = frozenset("them interviewers panel".split())
_OWN = frozenset("to i we my i'd i'll you".split())


@functools.lru_cache(maxsize=4096)
def votes(name: str) -> dict[str, float]:
    """Return how strongly the words of a heading vote for each role, from 0 to 1; few words vote more strongly."""
    found = words(_FOLLOW.sub("followup", name.replace("_", " ")).replace("-", " "))
    score: dict[str, float] = {}
    for word in found:
        for role in _TABLE.get(word, ()):
            score[role] = score.get(role, 0.0) + 1
    out = {role: min(1.0, count / max(1.0, len(found) ** 0.6)) for role, count in score.items()}
    direction = _direction(found) or 0.9 * turned(name)
    if direction < 0:
        out["question"] = max(out.get("question", 0.0), -direction)
    elif direction:
        out["ask"] = max(out.get("ask", 0.0), direction)
    return out


def _direction(found: tuple[str, ...]) -> float:
    """Return how much a heading speaks of asking them, and not of what they ask: who stands before the asking?"""
    if {"followup", "followups"} & set(found):
        return 0.0
    for at, word in enumerate(found):
        before, after = found[max(0, at - 3) : at], found[at + 1 : at + 2]
        if word in {"ask", "asking", "put", "fragen", "preguntar"}:
            if set(before) & _OTHERS and not set(before) & {"to", "you", "i", "we"}:
                return -0.8
            if set(before) & _OWN or after or at == 0:
                return 0.9
        if (
            word in {"questions", "qs", "question", "fragen", "preguntas"}
            and after
            and after[0] in {"for", "to", "para", "an"}
            and not set(found) & {"me", "practice"}
        ):
            return 0.7
        if word in {"my", "your", "our"} and after and after[0] in {"questions", "qs"}:
            return 0.6
        if word in {"for", "to", "me", "i"} and after and after[0] in _THEM:
            return 0.8
    return 0.0
