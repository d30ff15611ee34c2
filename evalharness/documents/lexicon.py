"""Words in a heading or label that vote, weakly, for what stands under it; what stands there votes with them."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from evalharness.documents.direction import turned
from evalharness.documents.features import words

_VOTES = {
    "question": "question questions prompt prompts q qs asked asks interviewer they likely possible pregunta preguntas frage fragen",
    "answer": "answer answers ans answering response respond reply say says solution sample version draft walkthrough me example script suggested candidate talking try situation task action result outcome respuesta antwort a s t r star",
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


@functools.lru_cache(maxsize=131072)
def votes(name: str) -> dict[str, float]:
    """Return how strongly the words of a heading vote for each role, from 0 to 1; few words vote more strongly."""
    found = words(_FOLLOW.sub("followup", name.replace("_", " ")).replace("-", " "))
    score: dict[str, float] = {}
    spelled = any(len(word) > 1 and word.isalpha() for word in found)
    for at, word in enumerate(found):
        if at and len(word) == 1 and spelled:  # the "a" of "describe a failure" is no label
            continue
        for role in _TABLE.get(word) or (_TABLE.get(word + "s") if len(word) > 3 else ()) or ():
            score[role] = score.get(role, 0.0) + 1
    out = {role: min(1.0, count / max(1.0, len(found) ** 0.6)) for role, count in score.items()}
    if _leads_to_questions(found):
        out.pop("answer", None)
    direction = 0.0 if {"followup", "followups"} & set(found) else 0.9 * turned(name)
    if direction < 0:
        out["question"] = max(out.get("question", 0.0), -direction)
    elif direction:
        out["ask"] = max(out.get("ask", 0.0), direction)
    return out


def _leads_to_questions(found: Sequence[str]) -> bool:
    """Return whether a heading names questions and, behind them, their answers: "four questions with sample answers"."""
    first = {role: next((at for at, word in enumerate(found) if role in word), 0) for role in ("question", "answer")}
    return 0 < first["question"] < first["answer"]
