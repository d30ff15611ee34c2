"""text -> spans addressed to the grader or made to mislead it, each with a short label for the reader.

The labels never change a score by themselves: published detectors catch about half of aimed strings and
now and then an honest sentence.  The heuristic grader leaves out the sentences that hold a span; a model
sees the text as it is.
"""

from __future__ import annotations

import codecs
import functools
import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from evalharness.text import verdicts
from evalharness.text.numerals import word_set
from evalharness.text.patterns import Lazy

RULE = (
    "Marked as addressed to the grader: orders to ignore, grade or reveal, requests for a level or "
    "score, role marks, tags or "
    "JSON that imitate a prompt or a reply, inverted scales, encoded or reversed text, hidden or "
    "look-alike characters, sentences that speak of the grading or sum up the answer, and "
    "answers without an answer (':' or 'Thought process:')."
)


class Addressed(NamedTuple):
    """A stretch with its label: `text == whole[start:end]`."""

    start: int
    end: int
    text: str
    label: str


@functools.lru_cache(maxsize=64)
def find(text: str) -> tuple[Addressed, ...]:
    """Return the spans of `text` that speak to the grader or hide something, in order."""
    if not text.strip():
        return ()
    if _is_bare(text):
        return (Addressed(0, len(text), text, "no answer"),)
    spans = [*_hidden(text), *_encoded(text), *_imitations(text), *_orders(text), *verdicts.find(text)]
    return tuple(Addressed(start, end, text[start:end], label) for start, end, label in _merged(spans))


# --- rules: label and pattern ------------------------------------------------------------------------

_BARE = Lazy(
    r"(?:thought process|reasoning|reasoning steps?|solution|final answer|answer|respuesta|l[oö]sung"
    r"|r[ée]ponse|解|かいせつ|"
    r"let ?s (?:solve|think|go)[\w ]{0,40} step by step)",
    re.IGNORECASE,
)

_LEVEL = (
    r"(?:[1-5](?:\.0)?(?:\s{0,9}(?:/|out of)\s{0,9}5)?|five|full|max(?:imum|imal)?|top|highest|perfect|best|"
    r"100\s?%?|a\+)"
)
_SCORE = r"(?:score|grade|rating|mark|marks|level|points?|credit|verdict)"
_GRADER = (
    r"(?:grader|evaluator|assessor|examiner|judge|reviewer|marker|scorer|rater|language model|llm|"
    r"ai assistant|assistant|autograder)"
)
_RULES = (
    r"(?:instructions?|prompts?|rules?|rubrics?|guidelines?|directions?|criteria|constraints?"
    r"|anchors?|orders?|"
    r"commands?)"
)
_FORGET = (
    r"(?:ignor(?:e|ing)|disregard(?:ing)?|forget|overrid(?:e|ing)|skip|bypass|drop|set aside|"
    r"pay no attention to|do not follow|don['\u2019]?t follow|stop following)"
)

_OBJECT = (
    r"(?:this|it|me|him|her|them|us|that|everything|each|every(?:one| criterion| item)|candidate|"
    r"(?:each|all|every|all of the) (?:criteri\w{1,40}|items?)|(?:this|that|my|the) (?:\w{1,40} )?"
    r"(?:answer|candidate|response|attempt|text|submission|above|following|next one|applicant))"
)
_UNTIL = r"(?=\s{0,9}(?:[.!?,;:\"'\u201d)\]]|$|\n|(?:for|on|in|and|because|regardless|no matter|to|please|at)\b))"

_ORDERS: dict[str, tuple[str, ...]] = {
    "order to the grader": (
        rf"\b{_FORGET}\b[^.!?\n]{{0,40}}\b(?:previous|prior|above|earlier|preceding|your|system"
        rf"|grading|scoring|"
        rf"foregoing)\b[^.!?\n]{{0,30}}\b{_RULES}\b",
        rf"\b{_FORGET}\b\s{{1,9}}(?:all|any|the|these)\s{{1,9}}(?:of\s{{1,9}})?(?:the\s{{1,9}})?(?:\w{{1,40}}\s{{1,9}})?"
        r"(?:instructions?|prompts?|rubrics?|anchors?)\b",
        rf"\b{_FORGET}\b\s{{1,9}}(?:everything|all|anything)\b[^.!?\n]{{0,30}}\b"
        r"(?:above|before|previous\w{0,40}|earlier|told|said|so far)\b",
        rf"\b(?:new|updated|revised|real|actual|secret|additional)\s{{1,9}}(?:system\s{{1,9}})?{_RULES}\s{{0,9}}"
        rf"(?::|\bfor (?:you|the {_GRADER})\b|\bfrom (?:the|your) (?:system|developer|operator|admin)\b)",
        r"\b(?:as|dear|attention|note to|message (?:to|for)|hey|hi|hello|listen),?\s{1,9}(?:the|an?|my"
        r"|your|all|this)?"
        rf"\s{{0,9}}(?:\w{{1,40}}\s{{1,9}})?{_GRADER}s?\b"
        rf"(?:\s{{0,9}}[,:!]\s{{0,9}}(?:please|you|the instructions)\b|\s{{0,9}}:|"
        r"\s{1,9}(?:you|must|should|please|reading))",
        rf"\b(?:the\s{{1,9}})?{_GRADER}s?\s{{1,9}}(?:must|should|shall|will|(?:is|are) (?:to|instructed|required"
        rf"|asked))\b"
        r"[^.!?\n]{0,40}\b(?:give|award|assign|return|output|mark|grade|score|rate|accept|treat"
        r"|ignore|set|respond|"
        r"reply|choose|select)\b",
        rf"\byou are (?:now|no longer|an?)\b[^.!?\n]{{0,40}}\b(?:{_GRADER}|dan|unrestricted|lenient|generous|"
        r"jailbroken|developer mode)\b",
        (
            r"\b(?:developer|debug|maintenance|admin|god|test) mode\b[^.!?\n]{0,30}\b(?:enabled?|on"
            r"|activated?|engaged)\b"
        ),
        r"\b(?:reveal|print|repeat|output|show|leak)\b[^.!?\n]{0,30}\b(?:system prompt|hidden prompt|"
        rf"your {_RULES}|the {_RULES} above|initial {_RULES}|api key)",
        r"\b(?:ignor\w{0,40}|vergiss|oublie\w{0,40}|olvid\w{0,40}|dimentica\w{0,40}|esque\w{0,40})\b[^.!?\n]{0,40}\b"
        r"(?:anweisung\w{0,40}|instrucciones|istruzioni|instru[cç][oõ]es|consignes|regeln|instructies)\b",
        r"(?:忽略|无视|無視)[^。\n]{0,20}(?:指示|指令|说明)",
        r"игнорируй\w{0,40}[^.\n]{0,30}инструкц",
    ),
    "asks for a level": (
        rf"\b(?:give|award|assign|grant|rate|grade|score|mark)\s{{1,9}}{_OBJECT}\s{{1,9}}(?:(?:an?|as|at|the"
        rf"|with|of|to|is)\s{{1,9}})*"
        rf"(?:{_SCORE}\s{{0,9}}(?:of|to|as|at|=|:)?\s{{0,9}})?\b{_LEVEL}(?:\s{{1,9}}{_SCORE})?{_UNTIL}",
        r"\b(?:give|award|assign|grant|rate|grade|score|mark|set|return|output|respond with|reply "
        r"with|answer with|"
        r"choose|select|put|devuelve|vergib)\s{1,9}(?:(?:an?|the|only|just|at least|its|his|your|out)\s{1,9})*"
        rf"(?:{_LEVEL}\s{{1,9}}{_SCORE}|{_SCORE}\s{{0,9}}(?:of|to|as|at|=|:)?\s{{0,9}}{_LEVEL}){_UNTIL}",
        (
            rf"\b(?:return|output|respond with|reply with|answer with)\s{{1,9}}(?:5|five|the (?:top|highest"
            rf"|best) \w{{1,40}}){_UNTIL}"
        ),
        r"\b(?:deserves?|earns?|merits?|warrants?|qualif(?:y|ies) for|worth(?:y of)?|meets?|fulfil?ls?|"
        r"satisf(?:y|ies))\s{1,9}(?:an?|the|all|every|full|at least)?\s{0,9}(?:\w{1,40}\s{1,9}){0,2}?"
        rf"(?:{_LEVEL}\s{{1,9}}{_SCORE}|level\s{{0,9}}[45]"
        rf"|{_SCORE}\s{{1,9}}(?:of\s{{1,9}})?[45]\b|[45]\s{{0,9}}(?:/|out of)\s{{0,9}}5|"
        r"(?:criteri(?:on|a)|anchors?) (?:of|for|at) (?:level )?(?:five|5|the))",
        r"\b(?:final|overall|correct|true|expected|appropriate|only|right|agreed|previous)\s{1,9}"
        rf"{_SCORE}\s{{0,9}}(?:is|was|must be|should be|:|=)\s{{0,9}}(?:level\s{{0,9}})?{_LEVEL}\b",
        rf"^[\s>*_#-]*(?:{_SCORE})\s{{0,9}}[:=]\s{{0,9}}\**\s{{0,9}}(?:level\s{{0,9}})?(?:{_LEVEL})\b[^\n]{{0,20}}$",
        r"\b(?:mark|set|count|treat|tick|check|consider|record|report)\s{1,9}(?:all|every|each|these"
        r"|the)\s{1,9}(?:\w{1,40}\s{1,9})?"
        r"(?:items?|criteria|criterion|boxes|tags?|findings?|checks?)\s{1,9}(?:as\s{1,9}|to\s{1,9})?"
        r"(?:met|passed|fulfilled|satisfied|demonstrated|true|done)\b",
        r"\b(?:please|kindly|you (?:must|should|will|have to|need to))\s{1,9}(?:be\s{1,9}(?:generous|lenient|kind)|"
        r"pass (?:me|this)|approve|round up|accept this|(?:do )?not (?:lower|deduct|penali[sz]e))",
        r"\bthis (?:answer|response|attempt|submission)\b[^.!?\n]{0,40}\b(?:deserves|must (?:be|get|receive)|"
        r"should (?:be (?:graded|scored|rated|marked)|get|receive))\b[^.!?\n]{0,40}",
        r"\b(?:already been|has been|was)\s{1,9}(?:pre-?)?(?:graded|scored|rated|marked)\b[^.!?\n]{0,40}"
        rf"\b(?:(?:as|at|with|a)\s{{1,9}})*(?:{_LEVEL}|by (?:the )?(?:humans?|panel|experts?))(?!\w)",
    ),
    "no answer": (r"\blet['\u2019]?s (?:solve|think)[\w ,]{0,40}step[- ]by[- ]step\b",),
    "praises itself": (
        r"\b(?:(?:this|the) (?:answer|response|attempt|submission)|the above(?: answer| text)?)\s{1,9}"
        r"(?:is|was|shows|demonstrates|"
        r"meets|covers)\b[^.!?\n]{0,60}\b(?:thorough|excellent|outstanding|perfect|comprehensive"
        r"|insightful|compelling|"
        r"exceptional|flawless|exemplary|top[- ]level|world[- ]class|every (?:anchor|criterion|item))\b",
    ),
    "inverted scale": (
        r"\b(?:level|score|grade|rating)?\s{0,9}(?:1|one)\s{1,9}(?:is|means|now means"
        r"|stands for|denotes|=|equals)\s{1,9}"
        r"(?:the\s{1,9})?(?:best|highest|excellent|top|perfect|outstanding)\b",
        r"\b(?:5|five)\s{1,9}(?:is|means|now means|stands for|denotes|=|equals)\s{1,9}(?:the\s{1,9})?"
        r"(?:worst|lowest|poor|bad|failing)\b",
        r"\b(?:scale|scores?|levels?|grades?|anchors?|rubric)\s{1,9}(?:is|are|has been|have been|was"
        r"|were)\s{1,9}(?:now\s{1,9})?"
        r"(?:inverted|reversed|flipped|swapped|upside down)\b",
        r"\b(?:invert|reverse|flip|swap)\s{1,9}(?:the\s{1,9})?(?:scale|scores?|levels?|anchors?|grading)\b",
        r"\blower (?:levels?|scores?|numbers?|grades?) (?:is|are|mean\w{0,40}) better\b",
    ),
}
_ORDER_RULES = tuple(
    (label, Lazy(pattern, re.IGNORECASE)) for label, patterns in _ORDERS.items() for pattern in patterns
)

_ROLE = r"(?:assistant|human|grader|judge|evaluator|examiner|model|tool|developer)"
_TAGS = (
    r"(?:system|assistant|user|human|instructions?|grader|grading|rubric|criterion|criteria|score"
    r"|level|grade|prompt|answer|"
    r"candidate|attempt|evidence|quotes?|reply|reason|result|output|thinking|thought|scratchpad"
    r"|tool_use|tool_result|"
    r"function_calls?|invoke|admin|override|verdict|evaluation|note|hidden|secret|question|document|response)"
)
_IMITATIONS: tuple[tuple[str, Lazy], ...] = tuple(
    (label, Lazy(pattern, re.IGNORECASE | re.MULTILINE | re.DOTALL))
    for label, pattern in (
        (
            "fake tag",
            rf"<\s{{0,9}}(?P<tag>{_TAGS})\b[^<>\n]{{0,80}}>.{{0,2000}}?<\s{{0,9}}/\s{{0,9}}(?P=tag)\s{{0,9}}>"
            rf"|<\s{{0,9}}/?\s{{0,9}}{_TAGS}(?:[-_:]\w{{1,40}})?\b[^<>\n]{{0,80}}/?>",
        ),
        (
            "fake tag",
            r"<\|[^|\n]{1,40}\|>|\[/?INST\]|<</?SYS>>|<(?:start|end)_of_turn>|</?s>"
            r"|\{\{[#/%]?\s{0,9}\w{1,40}[^}\n]{0,40}\}\}",
        ),
        (
            "fake tag",
            r"^[ \t>*_#=-]{0,9}(?:begin|end|start|stop)\s{1,9}(?:of\s{1,9})?(?:the\s{1,9})?"
            r"(?:\w{1,40}\s{1,9})?(?:answer"
            r"|attempt|submission|response|candidate|prompt|instructions?|transcript|data|document"
            r"|rubric|input)\b[\s*_#=:.-]{0,9}$",
        ),
        ("hidden comment", r"<!--.{0,4000}?(?:-->|\Z)"),
        ("fake role", r"(?<=[.!?])[ \t]{1,9}(?:assistant|grader|judge|evaluator|examiner)\s{0,9}:[^\n]*"),
        (
            "fake role",
            rf"^[ \t>*_#\[(-]{{0,9}}{_ROLE}s?(?:\s{{1,9}}(?:note|message|output|reply"
            r"|response))?[\])*_]{0,9}\s{0,9}:[^\n]*",
        ),
        (
            "fake role",
            r"^[ \t>*_#\[(-]{0,9}(?:system|user|admin|administrator)(?:\s{1,9}(?:note|message|prompt"
            r"|override|notice|alert|update))?[\])*_]{0,9}\s{0,9}:\s{0,9}[^\n]{0,60}\b(?:you|ignore|grade|score"
            r"|rate|level|overrid\w{0,40}|candidate|answer|instructions?|must|override|award|output|full "
            r"marks)\b[^\n]*",
        ),
        (
            "fake role",
            r"^[ \t>*_-]*#{2,6}\s{0,9}(?:system|instructions?|new instructions?|assistant|grader"
            r"|response|grading result|evaluation)\s{0,9}:?[ \t]{0,9}$",
        ),
        (
            "fake reply",
            r"\{[^{}]{0,400}[\"'\u201c]?\b(?:level|score|grade|rating|verdict|state|findings|quotes"
            r"|missing|reason)\b[\"'\u201d]?\s{0,9}:[^{}]{0,800}\}?",
        ),
        ("fake reply", r"[\"'](?:level|score|grade|rating|verdict)[\"']\s{0,9}[:=]\s{0,9}[\"']?(?:[1-5]|met|pass)\b"),
        (
            "fake reply",
            r"^```(?:json|xml|yaml)\s{0,9}\n.{0,1500}?\b(?:level|score|grade|verdict"
            r"|findings)\b.{0,1500}?(?:^```|\Z)",
        ),
    )
)  # fmt: skip

# Most answers hold none of these, and then no pattern is tried.
_TRIGGERS = word_set(
    """
    answer response attempt above step
    ignore ignoring ignoriere ignorez ignorar ignora ignoriert disregard disregarding forget override
    overriding skip bypass drop aside attention follow following instructions instruction prompt prompts
    grader graders evaluator assessor examiner judge reviewer marker scorer rater autograder llm
    assistant grade graded score scored rate rated rating mark marks level award assign points verdict
    lenient generous jailbroken mode reveal leak deserves deserve deserved inverted reversed flipped
    swapped invert reverse flip swap 5 five 1 one perfect full maximum vergiss oublie oubliez olvida
    dimentica criteria criterion items tags findings verified approved reviewed pass credit submission
    merits qualifies
    """
)
_OBFUSCATED = word_set(
    """
    ignore disregard previous instructions instruction grader evaluator override rubric prompt
    """
)
_REVERSED = frozenset(word[::-1] for word in _OBFUSCATED)
_ROTATED = frozenset(codecs.encode(word, "rot13") for word in _OBFUSCATED)
_LEET = str.maketrans("013457@$", "oieastas")
_WORD = re.compile(r"[^\W_]+")
_LINE = re.compile(r"[^\n]+")
_SYMBOLS = re.compile(r"[<{\[#`=:]|---|\bend of\b", re.IGNORECASE)

_HIDDEN = Lazy(
    "[\u202a-\u202e\u2066-\u2069]+[^\n]{0,200}|[\U000e0000-\U000e007f]+|"
    "(?<=\\w)[\u200b\u200c\u2060\ufeff\u180e](?=\\w)|[\u2061-\u2064\ufff9-\ufffb]+"
    "|[\u200b\u200c\u200d\u2060\ufeff]{3,}|[\ufe00-\ufe0f\U000e0100-\U000e01ef]{2,}"
)
_CONTROL = Lazy("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f]+")
_SPACED = Lazy(r"(?<!\w)(?:[A-Za-z][ .\-_*]{1,3}){6,}[A-Za-z](?!\w)")
# Without one of these there is nothing encoded; prose seldom has any.
_SUSPECT = Lazy(
    r"[\w{1,40}/=]{15}|%[0-9A-Fa-f]{2}%|&#|\\[ux]|[01]{7}|\b\w\w[ :]\w\w[ :]\w\w[ :]\w\w[ :]"
    r"|[.\-\u00b7\u2212/] [.\-\u00b7\u2212/]"
)
_ENCODED = Lazy(
    r"(?<![\w/+:.-])(?=[\w{1,40}/=-]{0,99}[a-z])(?=[\w{1,40}/=-]{0,99}[A-Z])(?=[\w{1,40}/=-]{0,99}\d)[A-Za-z0-9+/_]{32,}={0,2}(?![\w/])"
    r"|(?<![\w/+])[A-Za-z0-9+/]{14,}={1,2}(?!\w)|\b(?:[0-9a-fA-F]{2}[ :]){12,}[0-9a-fA-F]{2}\b|\b"
    r"(?:0x)?[0-9a-f]{48,}\b"
    r"|(?:%[0-9A-Fa-f]{2}){4,}|(?:&#x?[0-9a-fA-F]{2,6};\s?){3,}|(?:\\u[0-9a-fA-F]{4}\s?){3,}|"
    r"(?:\\x[0-9a-fA-F]{2}\s?){4,}"
    r"|(?:\b[01]{7,8}\b\s?){5,}|(?:(?<!\S)[.\-\u00b7\u2212/]{1,6}(?!\S)\s?){8,}"
)


def _is_bare(text: str) -> bool:
    """Return whether the text is only punctuation, or only the words that announce an answer."""
    if not any(character.isalnum() for character in text):
        return True
    return len(text) < 200 and _BARE.fullmatch(" ".join(_WORD.findall(text))) is not None


def _orders(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield orders line by line."""
    for line in _LINE.finditer(text):
        for start, end, label in _ordered(line.group()):
            yield line.start() + start, line.start() + end, label


@functools.lru_cache(maxsize=1024)
def _ordered(said: str) -> tuple[tuple[int, int, str], ...]:
    """Return the orders of a line, styled letters made plain; where that changes the length, the whole line.

    They are kept, because an answer comes back with most of its lines as they were.
    """
    folded = said if said.isascii() else _plain(said)
    if not _triggered(folded):
        return ()
    same = len(folded) == len(said)
    return tuple(
        (*(match.span() if same else (0, len(said))), label)
        for label, rule in _ORDER_RULES
        for match in rule.finditer(folded)
    )


def _triggered(line: str) -> bool:
    if line.isascii():
        return not _TRIGGERS.isdisjoint(_WORD.findall(line.lower()))
    return True


def _plain(line: str) -> str:
    """Return the line with full-width and styled letters made plain, and invisible characters left out."""
    folded = unicodedata.normalize("NFKC", line)
    return "".join(c for c in folded if unicodedata.category(c) != "Cf")


def _imitations(text: str) -> Iterator[tuple[int, int, str]]:
    if not _SYMBOLS.search(text):
        return
    for label, rule in _IMITATIONS:
        for match in rule.finditer(text):
            yield match.start(), match.end(), label


def _hidden(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _CONTROL.finditer(text):
        yield match.start(), match.end(), "hidden characters"
    for match in _SPACED.finditer(text):
        yield match.start(), match.end(), "spelled-out text"
    if text.isascii():
        return
    for match in _HIDDEN.finditer(text):
        yield match.start(), match.end(), "hidden characters"
    for match in _WORD.finditer(text):
        if not match.group().isascii() and _mixed(match.group()):
            yield match.start(), match.end(), "look-alike letters"


@functools.lru_cache(maxsize=1024)
def _mixed(word: str) -> bool:
    """Return whether a word mixes Latin letters with Cyrillic or Greek ones; a lone µ or Ω is a unit."""
    scripts = {unicodedata.name(c, "").split(" ")[0] for c in word if c.isalpha() and c not in "\u00b5\u03bc\u03a9"}
    return "LATIN" in scripts and bool(scripts & {"CYRILLIC", "GREEK"})


def _encoded(text: str) -> Iterator[tuple[int, int, str]]:
    if _SUSPECT.search(text):
        for match in _ENCODED.finditer(text):
            yield match.start(), match.end(), "encoded text"
    for line in _LINE.finditer(text):
        words = frozenset(_WORD.findall(line.group().lower()))
        if len(_REVERSED & words) >= 2 or len(_ROTATED & words) >= 2 or not _leet(words).isdisjoint(_OBFUSCATED):
            yield *line.span(), "encoded text"


def _leet(words: frozenset[str]) -> set[str]:
    """Return the words that mix figures with letters, read with letters for the figures."""
    return {word.translate(_LEET) for word in words if not (word.isalpha() or word.isdigit())}


def _merged(spans: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Return the spans in order, overlapping ones of one label joined."""
    joined: list[tuple[int, int, str]] = []
    for start, end, label in sorted(spans, key=lambda span: (span[2], span[0], span[1])):
        if joined and joined[-1][2] == label and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end), label)
        else:
            joined.append((start, end, label))
    return sorted(joined)
