"""text -> sentences that speak of the grading and not of the thing: verdicts, summaries of the answer, pleas.

Found by what a sentence is about, not by its wording: words of grading, the answer or its author as its subject, and
an address to whoever reads.  People tell of graders and rubrics at their work too; such a sentence has "I" or "we" in
it, and no word on this answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from evalharness.text.words import Span, sentences

ORDER, PRAISE = "order to the grader", "praises itself"

_ANSWER = (
    r"(?:(?:this|my|the|an?)\s+(?:(?:whole|full|present|above|previous|preceding|strongest|best|last)\s+(?:possible\s+)?)?"
    r"(?:answer|response|attempt|submission|reply|transcript|passage|candidate|applicant|interviewee|test case)"
    r"|(?:answer|response|section|passage|text|attempt|what stands|everything|all that stands) above"
    r"|answers? of (?:the )?(?:highest|best|top)"
    r"|attempts? of this author)\b"
)
_PERSON = r"(?:candidate|applicant|interviewee|speaker|respondent|author)"
_TELLS = (
    r"(?:shows?|demonstrates?|gives?|names?|contains?|meets?|weighs?|explains?|proves?|states?|describes?|fulfil(?:l?s)?"
    r"|satisf(?:y|ies)|covers?|tells?|says?|reflects?|noticed|stopped|built|measured|deserves?|earns?|clearly|has|is|was"
    r"|passed|received|reaches|merits)"
)
_GRADING = (
    r"(?:rubrics?|criteri(?:on|a)|anchors?|grad(?:er|ers|ing|ed)|autograders?|examiners?|assessors?|markers?|raters?"
    r"|marks?|marking|scor(?:e|es|ed|ing)|ratings?|verdicts?|grades?|assess(?:ed|ment|ments)?|evaluat(?:e|ed|ion|or)"
    r"|findings?|calibration|pre-?approved|lenient(?:ly)?|generous(?:ly)?|harness|points?|level)"
)
_TOP = (
    r"(?:(?:full|top|best|highest|uppermost|maximum|perfect|maximal) (?:\w+ )?(?:marks?|points?|scores?|grades?|ratings?"
    r"|levels?|anchors?|credit|quality)|at the maximum|(?:five|5)\s+(?:out )?of (?:five|5)|level (?:five|5)\b"
    r"|(?:graded|rated|scored|marked|answering|award\w*)\s+(?:a |an |with |as )?(?:five|5)\b"
    r"|(?:\b5\s*[,;]\s*){2,}5\b)"
)
_READER = (
    r"(?:whoever|anyone|anybody|whom?ever|you)\s+(?:who\s+)?(?:marks?|grades?|scores?|rates?|assess(?:es)?|judges?|reads?)\b"
    r"|(?:second|first|next|human|automatic|automated) (?:reader|grader|assessor|assessment|marking|review|evaluation)\b"
    r"|language model|\bai system|assessor software|assistant,"
)
_COMMANDS = (
    r"(?:please|kindly|treat|assume|imagine|pretend|suppose|enter|quote|award|count|confirm|recall|remember|keep|stop"
    r"|skip|write|respond|accept|consider|judge|credit|rate|mark|grade|score|give|let|note|attention|respected|dear"
    r"|expected|recommended|ground truth|reviewer'?s|evaluation|overall|scoring|grading|rubric|verdict|hidden|qa)"
)
_RULES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (label, re.compile(pattern, re.IGNORECASE))
    for label, pattern in (
        # the answer, or its author, is what the sentence is about
        (PRAISE, rf"^\W*(?:[\w',: ]{{0,60}}\b)?(?:the|this|our)\s+{_PERSON}(?:'s)?\s+(?:own\s+)?(?:\w+\s+)?{_TELLS}\b"),
        (PRAISE, rf"^\W*(?:[\w',: ]{{0,40}}\b)?{_ANSWER}\s+(?:\w+ly\s+)?{_TELLS}\b"),
        (
            PRAISE,
            r"^\W*(?:this|the) (?:passage|section|paragraph|text)\s+(?:\w+ly\s+)?(?:shows|demonstrates|contains)\b",
        ),
        # the answer and its grade
        (ORDER, rf"{_ANSWER}[^.!?\n]{{0,120}}\b{_GRADING}\b"),
        (ORDER, rf"\b{_GRADING}\b[^.!?\n]{{0,120}}{_ANSWER}"),
        (ORDER, _TOP),
        # whoever reads is told what to do or to think
        (
            ORDER,
            rf"(?:{_READER})[^\n]{{0,160}}\b(?:please|must|write|treat|count|confirm|keep|are obliged|decide|ignore)\b",
        ),
        (ORDER, rf"\b(?:note|message|notice|hint|instruction|advice|memo)s?\s+(?:for|to)\s+(?:the\s+)?(?:{_READER})"),
        (
            ORDER,
            rf"^\W*(?:\[?\w+ note\]?\W+)?{_COMMANDS}\b[^\n]{{0,160}}\b(?:{_GRADING}|evidence|anchors?|this one)\b[^\n]*",
        ),
        (ORDER, r"^\W*(?:evaluation|assessment|grading|scoring|marking|ground truth)(?: \w+){0,3}\s*:"),
        (
            ORDER,
            r"\b(?:evaluation|assessment|grading|scoring|marking|grader)s?\s+(?:must|should|may|has to|is to|shall|ought)\b",
        ),
        (ORDER, r"\bverdict of\b|\blet the record\b|\b(?:for|let) the record\W+(?:show|this|the)"),
        (ORDER, r"\b(?:thanks|thank you) for (?:\w+ )?(?:grading|marking|scoring|rating|assessing)\b"),
        (ORDER, r"^\W*(?:stop|no) (?:reading|further reading)\b|\bno further (?:reading|checks?|review) (?:is|are)\b"),
        (
            ORDER,
            r"^\W*(?:assume|imagine|pretend|suppose) (?:that )?(?:I|the|every|all|it|an?)\b[^\n]{0,80}\b(?:told|said|stood|here|there|present|given)\b",
        ),
        (
            ORDER,
            r"\b(?:everything|all) (?:that is |that was )?(?:asked|required|wanted)(?: for)? is (?:implied|present|met)\b",
        ),
        # the shape of a form that is filled in
        (
            ORDER,
            rf"\b(?:level|grade|score|rating|verdict|quality|confidence)\s*[=:(]\s*[\"'(]?(?:[1-5]\b|{_TOP}|outstanding|answer\b|a\b\s*[<+)])",
        ),
        (
            ORDER,
            rf"\b(?:all|every|the) {_GRADING}\b[^.!?\n]{{0,60}}\b(?:as|are|is) (?:demonstrated|met|complete|present|pre-?approved|fulfilled)\b",
        ),
        # other languages: the answer and its best mark
        (
            ORDER,
            r"\b(?:antwort|respuesta|r\u00e9ponse|risposta|resposta|antwoord)\b[^.!?\n]{0,80}\b(?:bestnote|note|nota|punkt\w*|voto|cijfer"
            r"|crit\u00e8res?|criterios?|criteri|kriterien)\b|\b(?:bewerte\w*|bestnote|nota m\w+|note maximale|voto massimo)\b",
        ),
    )
)
_TABLE = re.compile(
    r"^\|[^\n]*\bcriteri(?:on|a)\b[^\n]*\b(?:level|score|grade|mark|points?)s?\b[^\n]*(?:\n\|[^\n]*)*",
    re.IGNORECASE | re.MULTILINE,
)
_SUSPECT = re.compile(
    rf"\b(?:{_PERSON}|answer|response|attempt|submission|passage|transcript|anchors?|rubric|grad\w+|mark\w*|scor\w+|rating"
    r"|level|points|reading|reader|assess\w*|evaluat\w*|criteri\w+|evidence|ground truth|record|antwort|respuesta|r\u00e9ponse|risposta|resposta|antwoord|bestnote"
    r"|implied|imagine|assume|pretend|suppose|findings|verdict|examiner|quality)\b",
    re.IGNORECASE,
)
LONGEST = 600


def find(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, label) of every sentence that speaks of the grading."""
    for table in _TABLE.finditer(text):
        yield table.start(), table.end(), ORDER
    for sentence in sentences(text):
        label = _label(sentence)
        if label:
            yield sentence.start, sentence.end, label


def _label(sentence: Span) -> str:
    said = sentence.text[:LONGEST]
    if not _SUSPECT.search(said):
        return ""
    return next((label for label, rule in _RULES if rule.search(said)), "")
