"""two criteria of a rubric -> advice where one asks for what the other takes away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from evalharness.lint.advice import MANY_ITEMS, Advice
from evalharness.model.nouns import Checklist, Criterion, Measure, Rubric, Scale
from evalharness.text.patterns import Lazy

_NEGATED = r"(?:without(?: any)?|avoids?|free of|never (?:uses?|gives?|names?)|(?:uses?|gives?|names?|contains?) no) "
_NUMBERS = r"(?:numbers|figures|statistics|metrics|quantities)"
_NOT_BEFORE = r"(?<!no )(?<!without )(?<!any )(?<!avoid )(?<!avoids )(?<!not )(?<!never )"
_DEMANDS: dict[str, Lazy] = {
    name: Lazy(pattern, re.IGNORECASE)
    for name, pattern in {
        "short": (
            r"\b(?:short|brief(?:ly)?|concise(?:ly)?|succinct|terse|in (?:one|a single) sentence|"
            r"in a few words|(?:at most|no more than|not more than|fewer than|less than|under|up to|within) "
            r"\d+ (?:words|sentences))\b"
        ),
        "long": (
            r"\b(?:at length|in (?:great |full )?(?:depth|detail)|exhaustive(?:ly)?|(?<!how )long|elaborate[sd]?|"
            r"(?:at least|more than|no fewer than|over) \d+ (?:words|sentences))\b"
        ),
        "no numbers": rf"\b{_NEGATED}{_NUMBERS}\b",
        "numbers": rf"{_NOT_BEFORE}\b(?:number|figure|{_NUMBERS}|percent\w*|baselines?|quantif\w+)\b",
        "no I": (
            r"\b(?:no|without|avoids?|never) (?:the )?(?:first[- ]person|'I'|\"I\"|I\b)|"
            r"\bsays? (?:'we'|we) (?:and )?not\b"
        ),
        "I": rf"{_NOT_BEFORE}\bfirst[- ]person\b|\b(?:says?|uses?) ['\"]I['\"]|'I' and not\b",
        "no jargon": rf"\b{_NEGATED}(?:jargon|technical (?:terms?|words?|language))\b",
        "jargon": rf"{_NOT_BEFORE}\btechnical (?:terms?|vocabulary|language)\b",
    }.items()
}


_OPPOSITES = (("short", "long"), ("no numbers", "numbers"), ("no I", "I"), ("no jargon", "jargon"))


_WORD_LIMIT = Lazy(r"(?:at most|no more than|not more than|fewer than|less than|under|up to|within) (\d+) words")


_WORD_FLOOR = Lazy(r"(?:at least|more than|no fewer than|over) (\d+) words")


def opposites(rubric: Rubric) -> Iterator[Advice]:
    """Yield advice for each pair of criteria over one part that no answer can satisfy both."""
    asked = [(criterion, _demands(criterion)) for criterion in rubric.criteria]
    for (one, ones), (other, others) in combinations(asked, 2):
        if one.part != other.part:
            continue
        for left, right in _OPPOSITES:
            clash = (left in ones and right in others) or (right in ones and left in others)
            if clash and not _fits(one, other):
                yield Advice(
                    criterion=other.id,
                    slug="opposite",
                    message=f"asks for the opposite of '{one.id}': {left} against {right}",
                    hint="no answer can earn both; keep one, or let them read different parts",
                )


def _demands(criterion: Criterion) -> frozenset[str]:
    text = _wanted(criterion)
    found = {name for name, rule in _DEMANDS.items() if rule.search(text)}
    if isinstance(criterion.kind, Checklist) and len(criterion.kind.items) >= MANY_ITEMS:
        found.add("long")
    return frozenset(found)


def _wanted(criterion: Criterion) -> str:
    """Return what a criterion rewards: look_for, the anchors of 4 and 5, items."""
    if isinstance(criterion.kind, Measure):  # its bands say what it asks for
        return ""
    texts = [criterion.look_for]
    match criterion.kind:
        case Scale(levels=levels):
            texts += [level.text for level in levels if level.level >= 4]
        case Checklist(items=items):
            texts += [item.text for item in items]
        case _:
            pass
    return "\n".join(texts)


def _fits(one: Criterion, other: Criterion) -> bool:
    """Return whether limits in words agree: at most 120 words and at least 60 can both be had."""
    text = f"{_wanted(one)}\n{_wanted(other)}"
    most = [int(n) for n in _WORD_LIMIT.findall(text)]
    least = [int(n) for n in _WORD_FLOOR.findall(text)]
    return bool(most and least) and max(least) <= min(most)
