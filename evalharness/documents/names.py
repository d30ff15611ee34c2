"""lines -> the company, the person and what interests them: names are counted, and where they stand votes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from evalharness.documents.features import asks, words
from evalharness.documents.lexicon import votes
from evalharness.documents.nouns import Line

_WORD = r"[A-Z\u00c0-\u00de][\w\u2019'.-]*"
NAME = re.compile(rf"{_WORD}(?:(?: | & | and (?=[A-Z])|-){_WORD}){{0,3}}")
_AT = frozenset("at join joining for @ of inside into to with".split())
_OCCASION = frozenset("""interview interviews onsite panel loop round rounds talk chat conversation call meeting prep preparation discussion q&a role job team culture
values mission questions technical screen session notes final recruiter hiring""".split())  # fmt: skip
_COMMON = frozenset("""i the a an my our your their this that these those what why how when where who which tell describe walk give do does did can could would have has are is
was if in on at for and or but so no not yes all any each some one two three q a s t r star ai ml api interview question questions answer answers company role tip tips note notes
pro follow-up sample your possible likely good great perfect sure absolutely here prepared tailored non-technical non technical culture values value mission missions project
deep dive final round first second phone onsite behavioral behavioural leadership expanded longer honest credible examples story stories problem result situation task action
software engineer engineering manager senior product staff technical design system systems january february march april may june july august september october november december
monday tuesday wednesday thursday friday saturday sunday subject betreff objet asunto oggetto onderwerp fwd re it we you he she they there then""".split())  # fmt: skip
_SUFFIX = frozenset(
    "labs lab systems inc ltd gmbh technologies institute foundation research group university hospital clinic studio bank works ai".split()
)
_FIELD = frozenset(
    "work research writing writings interest interests background focus study studies thinking past book books essay essays".split()
)
_VIEW = frozenset("view views perspective lens angle approach outlook work interests background mind focus".split())
_OWN = re.compile(r"\b(?:his|her|their)\s+([^.!?;:]{3,160})")
LEAST, LONGEST, MOST_NAMES = 2.0, 2000, 200


def company_of(lines: Sequence[Line], within: Sequence[Line], person: str) -> str:
    """Return the company that the lines `within` name: behind a label, else the name that most places speak for."""
    told = next((line.rest for line in within if line.label and line.rest and "company" in votes(line.label)), "")
    if told:
        return _whole(told)
    allowed = {name for line in within for name, _, _ in _names(line.text)}
    scores: dict[str, float] = {}
    for line in lines:
        if line.why or line.kind == "rule" or len(line.text) > LONGEST:
            continue
        for name, before, after in _names(line.text):
            scores[name] = scores.get(name, 0.0) + _place_vote(line, name, before, after)
    scores = dict(sorted(scores.items(), key=lambda pair: -pair[1])[:MOST_NAMES])
    for name in list(scores):
        if within and name not in allowed:
            del scores[name]
            continue
        count = sum(name in line.text for line in lines)
        scores[name] += 0.25 * min(4, count) if count > 1 else 0.0
        if person and (name in person or person in name):
            del scores[name]
    best = max(scores, key=lambda name: (scores[name], len(name)), default="")
    return best if best and scores[best] >= LEAST else ""


def _whole(text: str) -> str:
    name = re.split(r",| \(| [\u2013\u2014|-] ", text, maxsplit=1)[0]
    return name.strip(" .*_")


def _names(text: str) -> Iterable[tuple[str, str, str]]:
    for found in NAME.finditer(text):
        name = found[0].strip(" .'\u2019-")
        start = found.start()
        for suffix in ("'s", "\u2019s"):
            name = name.removesuffix(suffix)
        parts = name.split()
        while parts and parts[0].lower().strip(".") in _COMMON:
            start += len(parts[0]) + 1
            parts = parts[1:]
        while parts and (parts[-1].lower().strip(".") in _COMMON | _OCCASION):
            parts = parts[:-1]
        name = " ".join(parts).strip("'\u2019")
        if len(name) > 1 and name.lower() not in _COMMON and not name.lower().endswith(("'m", "'ve")):
            yield name, text[:start].rstrip(), text[found.start() + len(found[0]) :]


def _place_vote(line: Line, name: str, before: str, after: str) -> float:
    """Return how much the words around a name speak for its being the company."""
    last = (words(before)[-1:] or ("",))[0] if not before.endswith("@") else "@"
    following = words(after)[:3]
    high = line.kind == "heading" or line.number <= 3
    score = 0.0
    if last in {"at", "join", "joining", "@"}:
        score += 1.5 if asks(line.text) > 0.5 or high else 0.6
    if (
        last == "why"
        and asks(line.text) > 0.5
        and (not following or line.text.rstrip('?"\u201d ').endswith(name) or after[:1] in ",?")
    ):
        score += 2
    if last in {"you", "to"} and asks(line.text) > 0.9 and "to" in words(before)[-2:]:
        score += 1.5
    if high and (set(following) & _OCCASION or words(before)[-1:] == ("the",)):
        score += 1.2
    if last == "at" and set(words(before)[-3:]) & _OCCASION:
        score += 1
    if set(following[:2]) & _OCCASION and not before.endswith((".", "!")):
        owned = re.search(re.escape(name) + r"['\u2019]s\b", line.text)
        score += 2.0 if owned else 1.6 if words(before)[-1:] in {("your",), ("the",), ("our",), ("for",)} else 0.6
    if (high and last in {"for", "of"}) or (last in {"ask", "for"} and line.kind == "heading"):
        score += 1.2
    if words(name)[-1:] and words(name)[-1] in _SUFFIX:
        score += 0.8
    if high and line.text.startswith(name) and re.match(r"\s*[:|\u2013\u2014-]\s", after):
        score += 1.2
    return score


def person_of(lines: Sequence[Line]) -> tuple[str, str]:
    """Return who asks and in which role: the name behind a label, or two names behind "with" near the top."""
    for line in lines:
        text = line.rest if line.label and line.rest and "person" in votes(line.label) else ""
        name = next((n for n, before, _ in _names(text) if not before), "")
        if name:
            several = words(line.label)[-1].endswith("s")
            return name, _role(text[text.find(name) + len(name) :], several=several)
    for line in lines:
        for found in re.finditer(r"\b(?:with|mit|con|avec) (?P<name>[A-Z])", line.text):
            name, _, after = next(iter(_names(line.text[found.start("name") :])), ("", "", ""))
            plural = "," in name or not name or line.text[found.start("name") :].find(name) != 0
            if plural or len(name.split()) not in {2, 3} or words(name)[-1] in _SUFFIX or _comma_list(after):
                continue
            if (line.kind == "heading" or set(words(line.text)) & _OCCASION) and not any(
                w in _COMMON for w in words(name)
            ):
                role = re.match(r"\s?\(([^()]{3,80})\)|, ([a-z][^.,;]{3,80})", after)
                return name, (role[1] or role[2] or "").strip() if role else ""
    return "", ""


def _role(rest: str, *, several: bool) -> str:
    """Return what is said of somebody right behind the name; of several people, what stands in brackets."""
    inner = re.match(r"\s*\((?P<role>[^()]{1,80})\)", rest)
    return inner["role"].strip() if inner else "" if several else rest.strip(" ,()\u2013\u2014-.")


_ROLE = r"the (?:\w+ )?(?:\w+(?:er|or|ist|ian|ant)|head|lead|panel|team)s?\b"  # who does something, not when or where
_TO = re.compile(rf"(?:\b(?:[Tt]o|[Ff]or|[Aa]sk|[Aa]t)\s+|[(,]\s*)(?P<name>{_ROLE}|{_WORD}(?: (?:& )?{_WORD}){{0,2}})")


def addressee(label: str) -> str:
    """Return whom the words in front of a question name as the one who is asked."""
    found = _TO.search(label)
    name = found["name"].rstrip(" :,") if found else ""
    return "" if name.removeprefix("the ").startswith("interviewer") else name


def _comma_list(after: str) -> bool:
    """Return whether a name is the first of several adjectives in a title."""
    return bool(re.match(r",\s+[A-Z][a-z]+ [A-Z]", after))


def interests_of(lines: Sequence[Line]) -> tuple[str, ...]:
    """Return what interests the person: what a label lists, and what stands behind "his work on", "her ... view"."""
    found: list[str] = []
    for line in lines:
        if line.label and line.rest and "interest" in votes(line.label):
            found += [part.strip(" .") for part in re.split(r"[,;]", line.rest)]
            continue
        if asks(line.text) > 0.9 or line.quote:
            continue
        for match in _OWN.finditer(line.text):
            found += _own(match[1])
    return tuple(dict.fromkeys(text for text in found if text))


def _own(text: str) -> list[str]:
    parts = words(text)
    if parts and parts[0] in _FIELD and len(parts) > 2 and parts[1] in {"on", "in", "about", "with"}:
        rest = text.split(None, 2)[2]
        return [
            re.sub(r"^(?:on|in|about)\s+", "", piece).strip(" .,")
            for piece in re.split(r",\s+(?:and\s+)?|\s+and\s+(?=on |in |about )", rest)
        ]
    at = next((i for i, word in enumerate(parts) if word in _VIEW), -1)
    if at < 1 or at > 6:
        return []
    before = re.split(rf"\b{parts[at]}\b", text, maxsplit=1)[0]
    return (
        [piece.strip(" .").replace("-", " ") for piece in re.split(r",\s*|\s+and\s+", before) if piece.strip()]
        if "," in before or " and " in before
        else []
    )
