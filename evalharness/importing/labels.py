"""a line -> the label it opens with (answer, follow-up, tone, time, ...), and whether it asks something."""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from evalharness.importing.quotes import OPENS

NAME = r"[A-Z][\w'\u2019.-]*(?: (?:van |de |von )?[A-Z][\w'\u2019.-]*){0,2}"
_SEP = r"[ \t]*(?:[:\uff1a\u2192]|[-\u2013\u2014]{1,2}(?=\s))[ \t]*"
_END = rf"(?:{_SEP}(?P<rest>.*)|[ \t.]*)$"
_NOTE = r"(?:[ \t]*[(\[](?P<note>[^)\]]*)[)\]])?"

_FULL_NAME = r"[A-Z][\w'\u2019.-]* (?:van |de |von )?[A-Z][\w'\u2019-]+(?: [A-Z][\w'\u2019-]+)?"
_WHOM = (
    rf"(?:{NAME}|the (?:whole )?(?:panel|team|group|room|recruiter|hiring manager|interviewers?|others)"
    r"|(?:any|every)(?:body|one)|all(?: of them)?|them all)"
)


class Label(NamedTuple):
    """What a line says of itself: `kind`, the text after it, a remark in brackets, and the person it names."""

    kind: str
    rest: str = ""
    note: str = ""
    to: str = ""


def _rule(words: str, end: str = _END) -> re.Pattern[str]:
    return re.compile(rf"^(?:{words}){_NOTE}{end}", re.DOTALL)


_ADJECTIVES = (
    r"(?:(?:your|my|a|an|the|one|possible|suggested|example|sample|model|short|brief|spoken|oral|strong|polished|draft|"
    r"prepared|alternative|second|another|first|better|full|long|detailed|improved|candidate'?s?|ideal"
    r"|reference|worked|"
    r"complete|written|good|here is|here's|in|optional|likely|smart|thoughtful|closing|open|return|natural|show|see"
    r"|view|read|reveal|expand|hide) )*"
)
_RULES = (
    (
        "follow_up",
        _rule(
            rf"(?i:{_ADJECTIVES}(?:follow[ \u2010\u2011-]?ups?(?: (?:questions?|prompts?))?(?: (?:you|they"
            rf"|the \w+|an? \w+)(?: (?:can|could|may|might|will|would|is likely to|are likely to))? ask(?: "
            rf"\w+){{0,2}})?"
            r"|questions? (?:(?:I|you)(?:'d|\u2019d)? ask )?(?:back|to ask(?: back)?|in return|to return)"
            r"|counter[ -]?questions?|ask(?:ing)? (?:it )?"
            r"(?:back|in return)|(?:turn|hand|give|pass) (?:it|the question|the floor) (?:back|around|over)"
            r"|(?:what )?(?:you|I) (?:could|can|might|would|may)(?: then)? ask(?: back| next)?"
            r"|(?:you|I|we)(?:'d|\u2019d)?(?: then)? ask (?:back|in return)|then ask|"
            r"your turn to ask|back to (?:you|them|him|her|the interviewer)|return question|questions? (?:for|to))"
            rf"(?: \d)?)(?: (?i:to|for|at|with)(?i: ask)? (?P<to>(?:the interviewer|them|him|her|(?:{NAME}))))?"
        ),
    ),
    (
        "follow_up",
        _rule(
            rf"(?i:(?:what |and )?(?:you|I|we)(?:'d|\u2019d| could| can| might| may| would| will)?(?: then| also| "
            rf"now)? ask(?: back)?) (?P<to>{NAME})",
            rf"{_SEP}(?P<rest>.*)$",
        ),
    ),
    (
        "follow_up",
        re.compile(
            r"^(?i:(?:anything|something|things?|what)(?: else)? to ask(?: (?:back|them|in return))?)[?:]?"
            r"(?P<note>)(?P<rest>)$"
        ),
    ),
    ("follow_up", re.compile(rf"^And (?:you|yours),? (?P<to>{NAME})\?(?P<note>)\s*(?P<rest>.*)$", re.DOTALL)),
    (
        "follow_up",
        _rule(rf"(?i:then )?(?i:ask|to|back to|(?:over|back) to you,?) (?P<to>{NAME})", rf"{_SEP}(?P<rest>.*)$"),
    ),
    ("follow_up", _rule(rf"For (?P<to>{_WHOM})", rf"{_SEP}(?P<rest>[^?]{{4,400}}\?.{{0,200}})$")),
    (
        "answer",
        _rule(
            rf"(?i:{_ADJECTIVES}(?:(?:answer|response|reply|solution|script|walk-?through|version)s?"
            r"(?: (?:example|sample|draft))?"
            r"|(?:what|how) (?:I|you)(?:'d|\u2019d| would| could| might|'ll| will)? (?:say|answer|put it"
            r"|respond|reply)(?: it)?)"
            r"(?: (?:#?\d|[a-c]))?(?: (?:out loud|aloud|in full|to say|you can give))?)"
        ),
    ),
    (
        "answer",
        _rule(
            r"(?i:say(?: something like)?|me|you|candidate|speaker|possible wording|in your words"
            r"|(?:I|you)(?:'d|\u2019d| would| could| might| will|'ll|\u2019ll)? (?:say|answer|reply|respond))",
            rf"{_SEP}(?P<rest>.*)$",
        ),
    ),
    ("answer", re.compile(r"^(?:A\d{0,2}[:)]|A\d{1,2}\.|a\d{0,2}:)\s+(?P<note>)(?P<rest>.+)$", re.DOTALL)),
    (
        "question",
        _rule(
            r"(?i:(?:(?:the|interview|main|opening|likely|possible|typical|sample|hard|their) )*(?:question|prompt)s?"
            r"(?: (?:no\.? )?#?(?:\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten))?(?: of \w+)?"
            r"|(?:they|he|she|the (?:panel|interviewers?)|interviewer)(?: (?:may|might|could|will|would))? asks?"
            r"(?: you)?"
            r"|interviewer|you(?:'re| are| may be| "
            r"might be) asked)"
        ),
    ),
    (
        "question",
        re.compile(
            r"^(?:Q\s?\d{0,2}\s?[.:)|/\u00b7\u2022\u2013\u2014-]|q\d{0,2}:)\s*(?P<note>)(?P<rest>.+)$", re.DOTALL
        ),
    ),
    ("question", re.compile(r"^Q\s?\d{1,2}$(?P<note>)(?P<rest>)", re.DOTALL)),
    (
        "tone",
        _rule(
            r"(?i:(?:(?:an? )?(?:few |quick |short )?(?:words?|notes?|tips?|thoughts) (?:on|about) (?:the |your )?"
            r"|general |overall |on |about |your |some )?(?:tone|style|delivery"
            r"|manner|voice|register)"
            r"(?: (?:advice|tips?|notes?|reminders?|guidance|of voice|and (?:tone|style|delivery|manner|pace)))?"
            r"|how to (?:sound|say it|deliver (?:it|this|them)|speak|come across)|how (?:it|this) should sound"
            r"|(?:general |speaking |delivery |final |quick |closing )(?:tips?|advice|reminders?)|reminders?"
            r"|coaching(?: notes?| advice)?)"
        ),
    ),
    (
        "note",
        _rule(
            r"(?i:(?:pro |quick )?(?:tips?|advice|hints?|notes?|takeaways?|remember|key points?|points? to "
            r"(?:make|hit))"
            r"|why (?:this|it|the answer) works|why they ask(?: (?:it|this))?|the bridge|bridge|background"
            r"|context|theme|lesson"
            r"|what (?:they|the (?:interviewers?|panel))(?:'re|\u2019re| are| is)? (?:really )?(?:look"
            r"|listen|want|ask|test|after)\w*"
            r"(?: (?:for|to hear))?|things to avoid|avoid|key (?:message|idea|phrases?)|evidence|proof points?)"
        ),
    ),
    (
        "time",
        _rule(
            r"(?i:(?:\W*)(?:(?:target|speaking|suggested|spoken|answer) )?(?:time|length|duration|timing"
            r"|pace|time ?limit|limit|clock)"
            r"(?: (?:limit|target|budget|hint|allowed))?)"
        ),
    ),
    ("company", _rule(r"(?i:(?:the |target )?(?:company|employer|organi[sz]ation))", rf"{_SEP}(?P<rest>.*)$")),
    (
        "interviewer",
        _rule(
            r"(?i:(?:your |the )?(?:interviewer|interviewed by|conversation partner|you(?:'ll| will) "
            r"meet|(?:meeting |talking |speaking |conversation )?with|who))(?<!asks)",
            rf"{_SEP}(?P<rest>.*)$",
        ),
    ),
)
_BEFORE_COLON = re.compile(r"^(?P<label>[^:?!.]{2,60}):(?=\s|$)(?P<rest>.*)$", re.DOTALL)
_ASKS_BACK = re.compile(
    rf"(?i:\bfollow[ -]?ups?\b|\bf/u\b|\b(?:return|reverse|closing|curiosity|counter)\b.*\bquestion\b"
    rf"|\bask(?:ing)? (?:it )?back\b|\b(?:I|you|we)(?:['\u2019]d)?(?: \w+){{0,2}} ask\b)"
    rf"|(?i:\bquestions?)\b.* (?:to|for) (?:{NAME}|(?i:him|her|them|the interviewers?)\b)"
    rf"|(?i:\bthings? to ask)\b"
)
_TO_SAY = re.compile(
    r"(?i)\banswer\b|\b(?:I|you|to)(?:['\u2019]d)?(?: \w+)? say\b|^(?:(?:my|your|a|first|rough) )*draft$"
    r"|\bin (?:my|your) (?:own )?words\b|\btalking points$|-(?:second|minute|sentence) version\b|^try(?: this)?$"
)
_OF_ANSWERS = re.compile(
    r"(?i)\b(?:was|were|had|came|got|cover\w*|includ\w*|contain\w*|has|have|needs?|should|must|structure|outline|tips?"
    r"|tone|time|length|notes?|why|questions?|not|never|avoid|they|every|each|good answers?)\b"
)
_ASKS = re.compile(
    r"(?i)^(?:please )?(?:tell (?:me|us)|walk (?:me|us)|describe|give (?:me|us|an?|one)|share (?:a|an|with)|talk "
    r"(?:me|us|about)|explain (?:how|why|what|a)"
    r"|imagine|design (?:a|an|one)|take (?:me|us)|sketch|show (?:me|us)|name (?:a|one)|think of|recall "
    r"(?:a|one)|present (?:a|one)|pick (?:a|one))\b"
)
_TIP = re.compile(r"(?i)\W*(?:(?:pro|quick) )?(?:tips?|advice)\b")
_TRAILER = re.compile(
    r"(?:\s*[(\[][^)\]]*[)\]]\.?|\s*[\"'\u201c\u201d\u2019\u00ab\u00bb\u203a*_]+"
    r"|(?:\s[-\u2013\u2014|]\s|,\s)(?:about |~ ?)?\d[^?]{0,30})$"
)
_MANNER = re.compile(
    r"(?i)\b(?:tone|delivery|sound(?:ing)?|come across|speak (?:slowly|plainly|as)|voice|conversational|reflective"
    r"|thinking aloud|think aloud|avoid|superlatives|jargon|brag\w*|exaggerat\w+|breathe|"
    r"performing|lectur\w+|rehearsed|slogans?|buzzwords?|warm|humble|pause|nervous)\b|^slow down\b"
)


TAIL, LONGEST_QUESTION = 160, 1_000


@functools.lru_cache(maxsize=8192)
def label_of(text: str) -> Label | None:
    """Return the label that `text` opens with or consists of, or None."""
    text = text.strip().strip("*_").strip()
    for kind, rule in _RULES:
        found = rule.match(text)
        if found:
            groups = found.groupdict()
            if kind == "question" and text[:11].lower() == "interviewer" and not _is_put(groups.get("rest") or ""):
                continue
            rest = (groups.get("rest") or "").strip().lstrip("*_ ").strip()
            to = groups.get("to") or ""
            named = re.match(rf"(?:(?:[a-z]+ )?(?:to|for|at) )?({NAME})$", groups.get("note") or "")
            to = to or (named[1] if named and kind == "follow_up" else "")
            to = "" if to.lower() in {"the interviewer", "them", "him", "her"} else to
            return Label(kind, rest, groups.get("note") or "", to)
    return _loose_label(text)


def _loose_label(text: str) -> Label | None:
    """Return the label of a few words before a colon that speak of asking back or of what to say."""
    found = _BEFORE_COLON.match(text)
    if not found or len(found["label"].split()) > 8:
        return None
    label, rest = found["label"], found["rest"].strip()
    if _ASKS_BACK.search(label):
        named = re.findall(rf"\b(?:to|for|ask|at|with) ({NAME})", label)
        return Label("follow_up", rest, "", named[-1] if named else "")
    return Label("answer", rest) if _TO_SAY.search(label) and not _OF_ANSWERS.search(label) else None


def _is_put(text: str) -> bool:
    """Return whether what stands behind "Interviewer:" is said by one, and is not the name of one."""
    named = re.match(rf"{_FULL_NAME}(?:,| \(| who\b| is\b)", text) is not None
    return asks(text) or (len(text.split()) >= 6 and text[-1:] in {".", "!", "?"} and not named)


def asks(text: str) -> bool:
    """Return whether `text` asks something: one short passage that ends in a question mark, or a request."""
    if len(text) > LONGEST_QUESTION:
        return False
    bare = bare_question(text)
    words = len(bare.split())
    tail = bare.rpartition("?")[2] if "?" in bare else ""
    nearly = "?" in bare and len(tail.split()) <= 12 and words <= 45 and not re.search(r"\bI\b", tail)
    return 2 <= words <= 80 and (nearly or (bool(_ASKS.match(bare)) and not bare.endswith(":")))


def bare_question(text: str) -> str:
    """Return a question without quotation marks around it and remarks (times, tags) behind it."""
    text = text.strip().strip("*_").strip().lstrip(f"'\u2018{''.join(OPENS)}").strip()
    while found := _TRAILER.search(text, max(0, len(text) - TAIL)):
        text = text[: found.start()].rstrip()
    return text


def is_manner(text: str) -> bool:
    """Return whether a sentence gives advice on tone."""
    return bool(_MANNER.search(text)) and not re.search(r"\b(?:I|my|we)\b", text)


def is_tip(text: str) -> bool:
    """Return whether a label promises tips: for the whole talk, where it belongs to no question."""
    return _TIP.match(text) is not None
