"""reading -> the story's name, its takeaway, and the question an interviewer would ask next; all by rule."""

from __future__ import annotations

import re
from collections import Counter

from evalharness.graders.heuristic.clean import tokens
from evalharness.graders.heuristic.lexicon import GLUE, PROPER_NAMES_NOT
from evalharness.graders.heuristic.reading import Reading
from evalharness.model.nouns import Context

_NAME = re.compile(r"(?<![\w'\u2019])[A-Z][a-z][\w]*(?:[ ][A-Z][a-z][\w]*)*(?!['\u2019]?\w)")
_LED_IN = re.compile(r"^(?:After|And|As|At|Before|But|By|During|For|From|In|Later|On|Since|So|Then|When|While|With) ")
_BEFORE = " \t\r\n\"'\u201c\u2018*_(-"
_OPENS = '.!?:\n"\u201c([*_|-'
"""What may stand between the beginning of a sentence and its first word; what a sentence begins after."""

NEXT_QUESTIONS = (
    ("quantity", "What changed in numbers?"),
    ("baseline", "What was it before?"),
    ("trade_off", "What did you give up for it?"),
    ("ownership", "What did you do yourself, and what did others do?"),
    ("reason", "Why did you decide it that way?"),
    ("reflection", "What would you do differently today?"),
)
LAST_QUESTION = "Who would disagree with you, and what would they say?"


def story(reading: Reading, context: Context) -> str:
    """Return the capitalised name said most often inside sentences, or "".

    Months, tools, company and interviewer don't count.  The second one is added where it is
    said as often, twice or more.
    """
    barred = PROPER_NAMES_NOT | _names_of(context)
    inside: Counter[str] = Counter()
    openers: Counter[str] = Counter()
    for match in _NAME.finditer(reading.clean.text):
        name = _LED_IN.sub("", match.group())
        words = [token.word for token in tokens(name)]
        if barred.issuperset(words):
            continue
        opens = _begins(reading.clean.text, match.start())
        (openers if opens and len(words) == 1 else inside)[name] += 1
    counts = {name: count + openers[name] for name, count in inside.items() if not barred.intersection(_first(name))}
    ranked = sorted(counts, key=lambda name: -counts[name])[:2]
    if len(ranked) == 2 and counts[ranked[1]] == counts[ranked[0]] >= 2:
        return " and ".join(ranked)
    return ranked[0] if ranked else ""


def next_question(reading: Reading) -> str:
    """Return the first of `NEXT_QUESTIONS` whose answer the part does not hold, else `LAST_QUESTION`."""
    there = {
        "quantity": bool(reading.quantities),
        "baseline": any(q.baseline for q in reading.quantities),
        "ownership": bool(reading.ownership),
        **{kind: bool(hits) for kind, hits in reading.markers.items()},
    }
    return next((asked for kind, asked in NEXT_QUESTIONS if not there[kind]), LAST_QUESTION)


def _begins(text: str, at: int) -> bool:
    """Return whether a sentence begins at `at`."""
    before = text[max(0, at - 6) : at]
    led_in = before[max(0, len(before.rstrip(_BEFORE)) - 1) :]
    return at == 0 or any(character in _OPENS for character in led_in)


def _first(name: str) -> set[str]:
    """Return the first word of a name, barred where it only opens a sentence ('The Courier')."""
    return {tokens(name)[0].word} & GLUE


def _names_of(context: Context) -> frozenset[str]:
    """Return the capitalised words of the context: the company's own names are nobody's story."""
    company, person = context.company, context.interviewer
    said = [company.name, *company.facts] if company else []
    said += [person.name, *person.interests] if person else []
    inside = (match.group() for text in said for match in _NAME.finditer(text))
    return frozenset(token.word for name in inside for token in tokens(name))
