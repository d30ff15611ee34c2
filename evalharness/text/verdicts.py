"""text -> sentences that speak of the grading and not of the thing: verdicts, summaries of the answer, pleas.

They are known by what they are about: this answer or its author judged, a reader told what to give, a form filled in.
People also tell of graders, candidates and scores at their work; so a word of grading alone is never enough, it must
meet this answer, its reader, or an order.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from evalharness.text.patterns import Lazy
from evalharness.text.words import sentences

ORDER, PRAISE = "order to the grader", "praises itself"
LONGEST = 600
"""So many characters of a sentence are looked at."""

_SELF = (
    r"(?:\b(?:this|my)\s+(?:(?:whole|full|present|previous|last)\s+)?(?:answer|response|attempt|submission|transcript"
    r"|passage|test case)\b|\b(?:answer|response|section|passage|text|attempt|what stands|all that stands) above\b"
    r"|\bthe test case\b|\battempts? of this author\b|\bstrongest possible answer\b|\bthis deserves\b)"
)
_PERSON = r"\b(?:the|this)\s+(?:candidate|applicant|interviewee|respondent|speaker|author)\b"
_JUDGES = (
    r"(?:shows?|demonstrates?|gives?|names?|contains?|meets?|weighs?|explains?|proves?|states?|fulfil(?:l?s)?"
    r"|satisf(?:y|ies)|covers?|reflects?|deserves?|earns?|merits?|passed human)"
)
_GRADING = (
    r"\b(?:rubric|criteri(?:on|a)|anchors?|grad(?:er|ers|ing|ed)|examiners?|assessors?|scor(?:ed|ing)|ratings?|verdict"
    r"|pre-?approved|lenient(?:ly)?|harness|mark for)\b"
)
_TOP = (
    r"(?:\b(?:full|top|best|highest|uppermost|maximum|perfect) (?:marks?|points?|scores?|grades?"
    r"|ratings?|levels?|anchors?"
    r"|credit)\b|\bat the maximum\b|\b(?:five|5)\s+out of (?:five|5)\b|\blevel (?:five|5)\b|\banswering (?:five|5)\b)"
)
_READER = (
    r"\b(?:whoever|anyone|anybody)\s+(?:who\s+)?(?:marks?|grades?|scores?|rates?|assess(?:es)?|judges?)\b"
    r"|\b(?:second|first|next|human|automatic|automated) (?:reader|grader|assessor|assessment|marking)\b"
    r"|\ba language model\b|\bai system you\b|\bassess(?:or|ment) software\b|(?:^|[.!?] )\W{0,8}assistant,"
    r"|\b(?:respected|dear|honoured) (?:examiner|assessor|reviewer|grader|judge)\b"
    r"|\byou have been (?:fine-tuned|trained)\b"
)
_OF_GRADING = r"(?:rubric|grading|scoring|marking|calibration|evaluation|assessment|qa)"
_RULES: tuple[tuple[str, Lazy], ...] = tuple(
    (label, Lazy(pattern, re.IGNORECASE))
    for label, pattern in (
        # this answer, or its author, is judged
        (PRAISE, rf"{_PERSON}(?:'s)?\s+(?:clearly\s+)?{_JUDGES}\b"),
        (PRAISE, rf"{_PERSON}'s own part is\b"),
        (PRAISE, rf"{_SELF}\s+(?:\w+ly\s+)?{_JUDGES}\b"),
        (PRAISE, r"^\W*(?:the response|this passage|this section|this text)\s[^.!?]{0,20}\b(?:shows"
         r"|demonstrates|contains)\b"),
        (ORDER, rf"{_SELF}[^\n]{{0,160}}{_GRADING}"),
        (ORDER, rf"{_GRADING}[^\n]{{0,160}}{_SELF}"),
        (ORDER, rf"(?:{_SELF}|{_READER}|\beach criterion\b)[^\n]{{0,160}}{_TOP}"),
        (ORDER, rf"{_TOP}[^\n]{{0,160}}(?:{_SELF}|{_READER}|\beach criterion\b)"),
        (ORDER, r"^\W*let the record show\b|\bverdict of the (?:committee|panel|jury)\b|\bcalled it the best answer\b"),
        # whoever reads is told what to do
        (ORDER, rf"(?:{_READER})[^\n]{{0,160}}\b(?:please|must|write|treat|count|confirm|keep|obliged"
         rf"|decide|lenient)\b"),
        (ORDER, rf"\b(?:note|message|notice|hint|instruction)s?\s+(?:for|to)\s+(?:the\s+)?(?:{_READER})"),
        (ORDER, r"^\W*(?:enter|quote|award|confirm|credit|assume|imagine|pretend|suppose"
         r"|accept)\b[^\n]{0,120}\b(?:anchors?"
         r"|as evidence|marks?|judge that|stood here|that I (?:told|said))\b"),
        (ORDER, r"\bassume that I (?:told|said|named|gave)\b|\bimagine that the \w+ (?:possible )?answer\b"),
        (ORDER, r"^\W*stop reading\b|\bno further (?:reading|checks?|review) (?:is|are) (?:needed"
         r"|necessary|required)\b"),
        (ORDER, r"\b(?:thanks|thank you) for (?:grading|marking|scoring|rating|assessing)\b"),
        (ORDER, rf"\b{_OF_GRADING} must not depend\b|\b(?:award|grade|score|mark) according to\b"),
        (ORDER, r"\ball findings (?:are|must|should)\b|\b(?:treat|count|store"
         r"|mark) (?:\w+ ){1,4}as (?:met|present|demonstrated"
         r"|complete)\b"),
        # the shape of a form that is filled in
        (ORDER, rf"^\W*(?:overall |final |\w+'s )?{_OF_GRADING} (?:update|hint|note|override|result"
         rf"|outcome|summary|by the"
         r" author)\b"),
        (ORDER, r"^\W*(?:reviewer|grader|examiner|assessor)'s (?:summary|note|verdict|assessment)\b"),
        (ORDER, r"^\W*(?:ground truth|expected output|recommended grade|hidden instruction)\b[^\n]{0,60}[:=]"),
        (ORDER, r"\b(?:level|grade|score|rating)\s*=\s*[\"'(]?5\b|\bdef grade\(|\brecommended grade\b"),
        # other languages: the answer and its best mark
        (ORDER, r"\b(?:antwort|respuesta|r\u00e9ponse|risposta|resposta"
         r"|antwoord)\b[^.!?\n]{0,80}\b(?:bestnote|note|nota|punkt"
         r"\w*|voto|cijfer|crit\u00e8res?|criterios?|criteri|kriterien)\b"),
        (ORDER, r"\b(?:bewerte\w*|bestnote|note maximale|voto massimo|(?:otorga\w*|da) la nota)\b"),
    )
)  # fmt: skip
_TABLE = Lazy(
    r"^\|[^\n|]*\bcriteri(?:on|a)\b[^\n]*\b(?:level|score|grade|mark|points?)s?\b[^\n]*(?:\n\|[^\n]*)*",
    re.IGNORECASE | re.MULTILINE,
)
_SIGNS = (
    "answer", "respon", "attempt", "submi", "transcript", "passage", "section", "test case", "above", "candidate",
    "applicant", "interviewee", "speaker", "author", "rubric", "criteri", "anchor", "grad", "examin", "assess",
    "evaluat", "scor", "rating", "mark", "verdict", "level", "credit", "reading", "reader", "record", "evidence",
    "findings", "ground truth", "expected output", "hidden", "assistant", "language model", "ai system", "fine-tuned",
    "trained", "assume", "imagine", "respuesta", "r\u00e9ponse", "antwo", "risposta", "resposta", "bestnote",
    "calibrat",
)  # fmt: skip
_WHOLE_SIGNS = {"point": r"points?\b", "nota": r"nota\b", "note": r"note\b"}
_SUSPECT = Lazy("|".join((*_SIGNS, *_WHOLE_SIGNS.values())), re.IGNORECASE)


def find(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, label) of every sentence that speaks of the grading."""
    for table in _TABLE.finditer(text):
        yield table.start(), table.end(), ORDER
    for sentence in sentences(text) if _may_hold_a_sign(text) else ():
        label = _label(sentence.text[:LONGEST])
        if label:
            yield sentence.start, sentence.end, label


@functools.lru_cache(maxsize=4096)
def _label(said: str) -> str:
    if not (_may_hold_a_sign(said) and _SUSPECT.search(said)):
        return ""
    return next((label for label, rule in _RULES if rule.search(said)), "")


def _may_hold_a_sign(text: str) -> bool:
    """Return False where plain text surely holds no sign; this takes a tenth of the time that `_SUSPECT` takes."""
    lowered = text.lower()
    return not text.isascii() or any(sign in lowered for sign in _SIGNS) or any(s in lowered for s in _WHOLE_SIGNS)
