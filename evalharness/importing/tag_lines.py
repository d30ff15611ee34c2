"""a line -> the missions (values, principles) that it claims: by number, by code, by name."""

from __future__ import annotations

import re
from collections.abc import Collection

from evalharness.text.words import fold_text

_NOUNS = (
    r"(?:missions?|values?|principles?|themes?|tags?|competenc(?:y|ies)|pillars?|commitments?|aims?|goals?|tenets?)"
)
_VERBS = (
    r"(?:touched(?: (?:on|upon))?|covered|shown|addressed|claimed|hit|linked|demonstrated|served|involved|in play|"
    r"it (?:touches|serves|shows|speaks to)|touched by this(?: answer)?|reached|at stake|represented|met)"
)
_DOES = (
    r"(?:touch|serv|speak|show|map|link|relat|connect|hit|cover|address|tie|tick|demonstrat|reflect|claim|support)\w*"
)
_WHO = r"(?:(?:this|it|the|that|my)(?: (?:answer|story|example|one))? )?"
_TAGS = re.compile(
    rf"(?i)(?:^|[(\[.;:\u2014\u2013|] ?)(?:{_WHO}{_DOES}"
    rf"(?: (?:on|to|back to|with|in))?[: ]*(?:the |our |your |their )?{_NOUNS}|(?:related |relevant |key "
    rf"|linked |matching |which )?{_NOUNS}"
    rf"(?: (?:{_VERBS}|#|no\.?|number))?)(?P<sep>[ \t]*[:=?\u2192\u2013\u2014-]+|)"
    r"[ \t]*(?P<list>(?:[^()\[\]\n]|\([^)]{0,200}\))*)"
)
_TAG_ONE = re.compile(
    r"(?:\b[A-Za-z]{0,8}\s?|#)?(?<![\d.%$\u20ac])(\d{1,2})(?:\s?(?:[-\u2013\u2014]"
    r"|to)\s?(\d{1,2}))?(?![\d.%]\d|%| ?(?:min|sec|s\b|hours?))"
)
_NUMBER = r"(?:#|no\.? ?)?[A-PR-Z]?\d{1,2}"
_SEPARATORS = r"[,;/|&+\u00b7\u2022]|\band\b"
# "Touched: 1, 2" and "[M1] [M4]": no noun, but nothing else in the line either.
_BARE = re.compile(
    rf"\W*(?:(?i:{_WHO}{_DOES}(?: (?:on|to|with))?)\W+{_NUMBER}(?:(?:\W|\band\b)+{_NUMBER})*\W*"
    r"|(?:\[[A-PR-Z]\d{1,2}\]\W*)+"
    r"|(?:->|=>|\u2192)\s*[A-PR-Z]\d{1,2}(?:\W+(?:and )?[A-PR-Z]\d{1,2})*\W*"
    r"|[A-PR-Z]\d{1,2}(?:\W+(?:and )?[A-PR-Z]\d{1,2})+\W*)"
)
SHORT, MOST_NAME_WORDS = 120, 6
_STARTS = re.compile(rf"(?i)^\W*(?:{_NOUNS}[ :-]*)?(?:number |no\.? ?|#)?[a-z]?\d{{1,2}}\b|#\d{{1,2}}\b")
_ONES = "one two three four five six seven eight nine ten".split()
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
_SPELLED = re.compile(rf"(?i)\b(?:{'|'.join(_ONES)})\b")
_NTH = re.compile(
    rf"(?i)\b{_DOES}(?: (?:on|to|with))?:? (?:the )?(?P<list>"
    rf"(?:(?:{'|'.join(_ORDINALS)})\b(?:,| and| &)*(?: the)? )+){_NOUNS}\b"
)


def tag_list(text: str) -> tuple[str, ...] | None:
    """Return the tags that a line claims ("Missions touched: 1, 2 and 4"), or None where it is no such line."""
    if len(text) <= SHORT and _BARE.fullmatch(text):
        return tuple(dict.fromkeys(re.findall(r"(?<![\d.])\d{1,2}\b", text)))
    nth = _NTH.search(text)
    if nth and len(text.split()) <= 14:
        return tuple(
            str(_ORDINALS.index(word) + 1) for word in re.findall(r"\w+", nth["list"].lower()) if word in _ORDINALS
        )
    for found in _TAGS.finditer(text):
        listed = _in_digits(found["list"])
        numbers = _numbers(listed)
        if numbers and (found["sep"].strip() or re.match(r"\s*[#\d(]", listed) or found.start() == 0):
            loose = re.sub(r"(?i)\b(?:and|mission|value|principle)s?\b|[\d\s,;&+#./\u2013\u2014-]", "", listed)
            if found["sep"].strip() or len(loose) < 25:
                return numbers
    return None


def names_tags(text: str) -> bool:
    """Return whether a column's name says that missions stand in it."""
    return re.match(rf"(?i)(?:\w+ )?{_NOUNS}(?: {_VERBS})?$", text.strip(" :")) is not None


def tag_names(text: str, known: Collection[str] = ()) -> tuple[str, ...] | None:
    """Return the tags that a line claims by name ("Values: candour, care"), or None.

    `known` are folded titles: a line with another word in front of it claims tags where it lists only these.
    """
    found = re.match(
        rf"(?i)\W*(?:related |relevant |key )?(?P<noun>{_NOUNS}(?: {_VERBS})?|[a-z][\w ]{{2,30}}?)\s*"
        r"[:\u2192]\s*(?P<list>.+)$",
        text.strip(),
    )
    if not found or len(found["list"].split()) > 30:
        return None
    pieces = (piece.strip(" .#*") for piece in re.split(r"[,;\u00b7|/&]|\band\b", found["list"]))
    names = tuple(piece for piece in pieces if piece)
    folded = [fold_text(name) in known or all_of_them(name) for name in names]
    if re.fullmatch(rf"(?i){_NOUNS}(?: {_VERBS})?", found["noun"]):
        short = all(len(name.split()) <= MOST_NAME_WORDS and not re.search(r"\d", name) for name in names)
        return names if any(folded) or (short and not known) else None
    return names if names and all(folded) else None


def all_of_them(name: str) -> bool:
    """Return whether a claim names all missions at once ("all", "all seven")."""
    return re.fullmatch(r"(?i)all(?: (?:of them|\w+))?", name) is not None


def _in_digits(listed: str) -> str:
    """Return a list of number words as digits; any other text as it is."""
    rest = re.sub(rf"(?i){_SEPARATORS}|{_NOUNS}|[\s.]", "", _SPELLED.sub("", listed))
    return listed if rest else _SPELLED.sub(lambda found: str(_ONES.index(found[0].lower()) + 1), listed)


def _numbers(listed: str) -> tuple[str, ...]:
    """Return the numbers of a list whose entries begin with one, or have it in brackets."""
    text = re.sub(r"\(\s*(?:#|no\.? ?)?[A-Z]?(\d{1,2})\s*\)", r" #\1 ", listed)
    text = re.sub(r"\([^)]{0,200}\)", " ", text)
    pieces = [piece for piece in re.split(_SEPARATORS, text) if piece.strip(" .#*[]")]
    numbered = [piece for piece in pieces if _STARTS.search(piece)]
    if len(numbered) * 2 < len(pieces):
        return ()
    found: list[str] = []
    for match in _TAG_ONE.finditer(" , ".join(numbered)):
        first, last = int(match[1]), int(match[2] or match[1])
        found += [str(n) for n in range(first, last + 1)] if first <= last <= first + 20 else [str(first)]
    return tuple(dict.fromkeys(found))
