"""title, opening lines and questions -> the company and the person that they name, where no label does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from evalharness.importing.labels import NAME

_OCCASION = (
    r"(?:interviews?|onsites?|panels?|loops?|rounds?|talks?|chats?|conversations?|calls?|meetings?|coffee|prep\w*)"
)
_KIND = (
    r"(?:compan(?:y|ies)|labs?|laborator(?:y|ies)|start-?ups?|institutes?|firms?|studios?|organi[sz]ations?"
    r"|non-?profits?|charit(?:y|ies)|agenc(?:y|ies)|cooperatives?|foundations?)"
)
_SUFFIX = re.compile(r"\b(?:Labs?|Systems|AI|Inc|Ltd|GmbH|Technologies|Institute|Foundation|Research|Group|Commons)$")
_GENERIC = re.compile(
    r"(?i)\b(?:interview|prep\w*|round|notes?|questions?|answers?|culture|mission|project|deep|dive|onsite|panel|talk"
    r"|technical|system|design|mock|sample|draft|rehearsal|conversation|final|the|a|my|our|you|they|team|hiring)\b"
)
_PLACE = rf"{NAME}(?: (?:&|and) [A-Z][\w'\u2019-]+)?"
_COMPANY = (
    re.compile(rf"\s@ ?(?P<name>{_PLACE})"),
    re.compile(
        rf"\b(?i:work(?:ing)? (?:at|for)|join(?:ing)?|(?:draw|bring|attract)(?:s|ed)? you to|(?:role|job|place) at"
        rf"|{_OCCASION} at) (?P<name>{_PLACE})"
    ),
    re.compile(rf"^(?P<name>{_PLACE}) is (?:a|an|the) (?:[\w-]+ ){{0,5}}{_KIND}\b"),
    re.compile(rf"\b[Tt]he (?P<name>{NAME}) (?i:{_OCCASION}|role|job|team)\b"),
    re.compile(rf"\b(?i:your|my|our|the) (?P<name>{NAME}) (?:[a-z][\w-]* ){{0,2}}(?i:{_OCCASION})\b"),
    re.compile(rf"^Why (?P<name>{NAME})(?:,[^?]*)?\?"),
    re.compile(rf"^(?P<name>{NAME})\s*[:|\u2013\u2014-]\s*(?i:.*\b(?:{_OCCASION}|questions?)\b)"),
)
UNSURE = 3
_PERSON = re.compile(rf"(?i:\b{_OCCASION}\b.*?\bwith) (?P<name>{NAME})(?: ?\((?P<role>[^)]+)\))?")


def company_in(lines: Sequence[str], questions: Sequence[str]) -> str:
    """Return the company that a line or question names as one, which another place or its last word confirms."""
    everything = "\n".join((*lines, *questions))
    for rule in _COMPANY:
        for name in _names(rule, (*questions, *lines)):
            if everything.count(name) > 1 or _SUFFIX.search(name) or rule not in _COMPANY[-UNSURE:]:
                return name
    return ""


def person_in(lines: Iterable[str]) -> tuple[str, str]:
    """Return the person whom a short line announces a talk with, and the role in brackets; else two empty texts."""
    for line in lines:
        found = _PERSON.search(line)
        if (
            found
            and len(line.split()) <= 16
            and not _GENERIC.search(found["name"])
            and not _SUFFIX.search(found["name"])
        ):
            return found["name"].strip(" .'\u2019"), found["role"] or ""
    return "", ""


def _names(rule: re.Pattern[str], texts: Sequence[str]) -> Iterable[str]:
    for text in texts:
        found = rule.search(text)
        if found:
            name = re.sub(r"['\u2019]s$", "", found["name"]).strip(" .'\u2019")
            if not _GENERIC.search(name):
                yield name
