"""a line -> the label it opens with (answer, follow-up, tags, tone, time, ...), and whether it asks something."""

from __future__ import annotations

import re
from typing import NamedTuple

NAME = r"[A-Z][\w'\u2019.-]*(?: (?:van |de |von )?[A-Z][\w'\u2019.-]*){0,2}"
_SEP = r"[ \t]*(?:[:\uff1a\u2192]|[-\u2013\u2014]{1,2}(?=\s))[ \t]*"
_END = rf"(?:{_SEP}(?P<rest>.*)|[ \t.]*)$"
_NOTE = r"(?:[ \t]*[(\[](?P<note>[^)\]]*)[)\]])?"


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
    r"complete|written|good|here is|here's|in|optional|likely|smart|thoughtful|closing|open|return|natural) )*"
)
_RULES = (
    (
        "follow_up",
        _rule(
            rf"(?i:{_ADJECTIVES}(?:follow[ \u2010\u2011-]?ups?(?: (?:questions?|prompts?))?(?: (?:you|they"
            rf"|the \w+|an? \w+)(?: (?:can|could|may|might|will|would|is likely to|are likely to))? ask(?: "
            rf"\w+){{0,2}})?"
            r"|questions? (?:back|to ask(?: back)?|in return|to return)|counter[ -]?questions?|ask(?:ing)? (?:it )?"
            r"(?:back|in return)|(?:turn|hand|give|pass) (?:it|the question|the floor) (?:back|around|over)"
            r"|(?:what )?(?:you|I) (?:could|can|might|would|may)(?: then)? ask(?: back| next)?|then ask|"
            r"your turn to ask|back to (?:you|them|the interviewer)|return question|questions? (?:for|to))"
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
        _rule(rf"(?i:then )?(?i:ask|to|back to|(?:over|back) to you,?) (?P<to>{NAME})", rf"{_SEP}(?P<rest>.*)$"),
    ),
    (
        "answer",
        _rule(
            rf"(?i:{_ADJECTIVES}(?:(?:answer|response|reply|solution|script|walk-?through|version)s?"
            r"|(?:what|how) (?:I|you)(?:'d|\u2019d| would| could| might|'ll| will)? (?:say|answer|put it"
            r"|respond|reply)(?: it)?)"
            r"(?: (?:\d|[a-c]))?(?: (?:out loud|aloud|in full|to say|you can give))?)"
        ),
    ),
    (
        "answer",
        _rule(
            r"(?i:say(?: something like)?|me|you|candidate|speaker|possible wording|in your words)",
            rf"{_SEP}(?P<rest>.*)$",
        ),
    ),
    ("answer", re.compile(r"^A\d{0,2}[.:)]\s+(?P<note>)(?P<rest>.+)$", re.DOTALL)),
    (
        "question",
        _rule(
            r"(?i:(?:the |interview |main |opening )?(?:question|prompt)(?: (?:no\.? )?#?\d{1,2})?(?: of \d+)?"
            r"|they (?:may |might |could |will )?ask(?: you)?|interviewer(?: asks)?|you(?:'re| are| may be| "
            r"might be) asked)"
        ),
    ),
    ("question", re.compile(r"^Q\s?\d{0,2}\s?[.:)\u2013\u2014-]\s*(?P<note>)(?P<rest>.+)$", re.DOTALL)),
    ("question", re.compile(r"^Q\s?\d{1,2}$(?P<note>)(?P<rest>)", re.DOTALL)),
    (
        "tone",
        _rule(
            r"(?i:(?:a (?:word|note) on |general |overall |on |about |your |some )?(?:tone|style|delivery"
            r"|manner|voice|register)"
            r"(?: (?:advice|tips?|notes?|guidance|of voice|and (?:tone|style|delivery|manner|pace)))?"
            r"|how to (?:sound|say it|deliver (?:it|this|them)|speak|come across)|how (?:it|this) should sound"
            r"|(?:general |speaking |delivery |final |quick |closing )(?:tips?|advice|reminders?)"
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
            r"meet))(?<!asks)",
            rf"{_SEP}(?P<rest>.*)$",
        ),
    ),
)
_NOUNS = (
    r"(?:missions?|values?|principles?|themes?|tags?|competenc(?:y|ies)|pillars?|commitments?|aims?|goals?|tenets?)"
)
_VERBS = (
    r"(?:touched(?: (?:on|upon))?|covered|shown|addressed|claimed|hit|linked|demonstrated|served|involved|in play|"
    r"it (?:touches|serves|shows|speaks to)|touched by this(?: answer)?|reached|at stake|represented|met)"
)
_TAGS = re.compile(
    rf"(?i)(?:^|[(\[.;\u2014\u2013|] ?)(?:(?:this |it |the answer )?(?:touch|serv|speak|show|map|link"
    rf"|relat|connect|hit|cover|address|tie)\w*"
    rf"(?: (?:on|to|back to|with|in))?[: ]*(?:the |our |your |their )?{_NOUNS}|(?:related |relevant |key "
    rf"|linked |matching )?{_NOUNS}"
    rf"(?: (?:{_VERBS}|#|no\.?|number))?)(?P<sep>[ \t]*[:=\u2192\u2013\u2014-]+|)"
    r"[ \t]*(?P<list>(?:[^()\[\]\n]|\([^)]*\))*)"
)
_TAG_ONE = re.compile(
    r"(?:\b[A-Za-z]{0,8}\s?|#)?(?<![\d.%$\u20ac])(\d{1,2})(?:\s?(?:[-\u2013\u2014]"
    r"|to)\s?(\d{1,2}))?(?![\d.%]\d|%| ?(?:min|sec|s\b|hours?))"
)
_ASKS = re.compile(
    r"(?i)^(?:please )?(?:tell (?:me|us)|walk (?:me|us)|describe|give (?:me|us)|share (?:a|an|with)|talk "
    r"(?:me|us|about)|explain (?:how|why|what|a)"
    r"|imagine|design (?:a|an|one)|take (?:me|us)|sketch|show (?:me|us)|name (?:a|one)|think of|recall "
    r"(?:a|one)|present (?:a|one)|pick (?:a|one))\b"
)
_TRAILER = re.compile(
    r"(?:\s*[(\[][^)\]]*[)\]]\.?|\s*[\"'\u201d\u2019\u00bb*_]+"
    r"|(?:\s[-\u2013\u2014|]\s|,\s)(?:about |~ ?)?\d[^?]{0,30})$"
)
_TIME = re.compile(
    r"(?i)(?<![\w.])(?:(?P<low>\d+(?:\.\d)?|one|two|three|four|five|ten)\s?(?:[-\u2013\u2014]|to|or)\s?)?"
    r"(?P<high>\d+(?:\.\d)?|a|one|two|three|four|five|six|eight|ten|fifteen|twenty|thirty|forty-five"
    r"|sixty|ninety|half a)"
    r"[ -]?(?P<unit>seconds?|secs?|s|minutes?|mins?|m)\b"
)
_CLOCK = re.compile(r"\b(\d{1,2}):([0-5]\d)\b")
_WORDS = {
    "a": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "eight": 8,
    "ten": 10,
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "forty-five": 45,
    "sixty": 60,
    "ninety": 90,
    "half a": 0.5,
}
_MANNER = re.compile(
    r"(?i)\b(?:tone|sound(?:ing)?|come across|speak (?:slowly|plainly|as)|voice|conversational|reflective"
    r"|thinking aloud|think aloud|"
    r"performing|lectur\w+|rehearsed|slogans?|buzzwords?|warm|humble|pause)\b"
)


def label_of(text: str) -> Label | None:
    """Return the label that `text` opens with or consists of, or None."""
    text = text.strip().strip("*_").strip()
    for kind, rule in _RULES:
        found = rule.match(text)
        if found:
            groups = found.groupdict()
            if kind == "question" and text[:11].lower() == "interviewer" and not asks(groups.get("rest") or ""):
                continue
            rest = (groups.get("rest") or "").strip().lstrip("*_ ").strip()
            to = groups.get("to") or ""
            named = re.match(rf"(?:to|for) ({NAME})$", groups.get("note") or "")
            to = to or (named[1] if named and kind == "follow_up" else "")
            to = "" if to.lower() in {"the interviewer", "them", "him", "her"} else to
            return Label(kind, rest, groups.get("note") or "", to)
    return None


def asks(text: str) -> bool:
    """Return whether `text` asks something: one short passage that ends in a question mark, or a request."""
    bare = bare_question(text)
    words = len(bare.split())
    tail = bare.rpartition("?")[2] if "?" in bare else ""
    nearly = "?" in bare and len(tail.split()) <= 12 and words <= 45 and not re.search(r"\bI\b", tail)
    return 2 <= words <= 80 and (nearly or bool(_ASKS.match(bare)))


def bare_question(text: str) -> str:
    """Return a question without quotation marks around it and remarks (times, tags) behind it."""
    text = text.strip().strip("*_").strip().lstrip("\"'\u201c\u2018\u00ab\u201e").strip()
    while found := _TRAILER.search(text):
        text = text[: found.start()].rstrip()
    return text


def tag_list(text: str) -> tuple[str, ...] | None:
    """Return the tags that a line claims ("Missions touched: 1, 2 and 4"), or None where it is no such line."""
    for found in _TAGS.finditer(text):
        listed = found["list"]
        numbers = _numbers(listed)
        if numbers and (found["sep"].strip() or re.match(r"\s*[#\d(]", listed) or found.start() == 0):
            loose = re.sub(r"(?i)\b(?:and|mission|value|principle)s?\b|[\d\s,;&+#./\u2013\u2014-]", "", listed)
            if found["sep"].strip() or len(loose) < 25:
                return numbers
    return None


def tag_names(text: str) -> tuple[str, ...] | None:
    """Return the tags that a line claims by name ("Values: candour, care"), or None."""
    found = re.match(rf"(?i)\W*(?:related |relevant |key )?{_NOUNS}(?: {_VERBS})?\s*[:\u2192]\s*(.+)$", text.strip())
    if not found or len(found[1].split()) > 30:
        return None
    return tuple(piece.strip(" .#*") for piece in re.split(r"[,;\u00b7|/&]|\band\b", found[1]) if piece.strip(" .#*"))


def _numbers(listed: str) -> tuple[str, ...]:
    outside = re.sub(r"\([^)]*\)", " ", listed)
    found: list[str] = []
    for match in _TAG_ONE.finditer(outside):
        first, last = int(match[1]), int(match[2] or match[1])
        found += [str(n) for n in range(first, last + 1)] if first <= last <= first + 20 else [str(first)]
    return tuple(dict.fromkeys(found))


def seconds_in(text: str) -> float | None:
    """Return the longest time that `text` allows ("1-2 minutes": 120), or None where it names none."""
    found = [_amount(match) for match in _TIME.finditer(text)]
    found += [int(match[1]) * 60.0 + int(match[2]) for match in _CLOCK.finditer(text)]
    return max((f for f in found if 5 <= f <= 3600), default=None)


def is_time_hint(text: str) -> bool:
    """Return whether a line only says how long to speak."""
    words = len(text.split())
    if seconds_in(text) is None or words > 25:
        return False
    return words <= 5 or bool(
        re.search(
            r"(?i)\b(?:aim|keep|speak|spoken|aloud|answer|target|limit|about|overview|opening|at most|under"
            r"|within|time|length|max\w*|no more)\b",
            text,
        )
    )


def is_manner(text: str) -> bool:
    """Return whether a sentence gives advice on tone."""
    return bool(_MANNER.search(text)) and not re.search(r"\b(?:I|my|we)\b", text)


def is_quoted(text: str) -> bool:
    """Return whether all of `text` stands in quotation marks, or an opening mark is still open at its end."""
    text = text.strip().strip("*_").strip()
    if text[:1] not in {"\u201c", '"', "\u00ab", "\u201e"}:
        return False
    closing = text.rstrip(".)*_ ")
    return closing[-1:] in {"\u201d", '"', "\u00bb"} or not re.search('[\u201d\u00bb]|"', text[1:])


def is_open(text: str) -> bool:
    """Return whether a quotation begins and is not closed in `text`."""
    return is_quoted(text) and text.strip().rstrip(".)*_ ")[-1:] not in {"\u201d", '"', "\u00bb"}


def unquoted(text: str) -> str:
    """Return `text` without one pair of quotation marks around it, or the half of a pair."""
    text = text.strip()
    opens, closes = text[:1] in '\u201c"\u00ab\u201e' and text, text[-1:] in '\u201d"\u00bb' and text
    if opens and closes and len(text) > 1 and not re.search('[\u201d\u00bb"]', text[1:-1].split(opens[:1])[0]):
        return text[1:-1].strip()
    if opens and not re.search('[\u201d\u00bb"]', text[1:]):
        return text[1:].strip()
    if closes and not re.search('[\u201c\u00ab\u201e"]', text[:-1]):
        return text[:-1].strip()
    return text


def _amount(found: re.Match[str]) -> float:
    word = found["high"].lower()
    value = float(_WORDS[word]) if word in _WORDS else float(word)
    return value * (1.0 if found["unit"].lower().startswith("s") else 60.0)
