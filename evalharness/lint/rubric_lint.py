"""rubric -> advice: what will make its grades hard to trust.  Never an error; the loader checks the form."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple

import msgspec

from evalharness.lint.vague import is_vague as is_vague
from evalharness.lint.vague import words_of
from evalharness.model.noun import Noun
from evalharness.model.nouns import HIGHEST, Checklist, Criterion, Measure, Rubric, Scale, Tags
from evalharness.model.signals import Signals
from evalharness.text.numerals import is_number

MOST_CRITERIA = 20
MOST_WEIGHT = 0.5
MANY_ITEMS = 8

RULES: dict[str, str] = {
    "vague-anchor": (
        "An anchor or item is vague where fewer than half of its meaning words name something one "
        "can point at in "
        "a text: words of judgement (good, clear, strong, ...) and empty nouns (answer, quality, ...) don't."
    ),
    "unseen": "A text shows no body language, voice, eye contact, confidence or energy.",
    "opposite": "Two criteria of one part ask for opposite things: short and long, numbers and none.",
    "decides-all": "One criterion has more than half of the weight.",
    "duplicate": "The same text is at two levels, or in two criteria.",
    "too-many": f"More than {MOST_CRITERIA} criteria.",
    "unreachable": "The declared signals can't bring the points that a level, an item or a tag asks for.",
    "draft": (
        "A text that begins with 'draft:' or 'draft by MODEL:' was written by import or by a model. Take the mark "
        "away where it says what you mean, or write it anew: it decides grades."
    ),
    "no-next": (
        "Levels below 5, items and tags carry 'next': what the author does to pass them, in the imperative, leading to "
        "level 4 or 5. Without it a report can only show what a good answer looks like."
    ),
    "number-in-term": "A term that holds a number is a quantity: without its numbers the answer loses it.",
}


class Advice(Noun):
    """One weakness of a rubric: which criterion (empty: the whole), by which of `RULES`, what to do.

    `within` leads to the text inside the criterion: names of keys, and ids of items and tags.
    """

    criterion: str
    slug: str
    message: str
    hint: str = ""
    within: tuple[str, ...] = ()


def advise(rubric: Rubric) -> tuple[Advice, ...]:
    """Return what would make grades by `rubric` hard to trust, criterion by criterion, then the whole."""
    found = [advice for criterion in rubric.criteria for advice in _criterion(criterion)]
    return (*found, *_duplicates(rubric), *_opposites(rubric), *_whole(rubric))


# --- word lists --------------------------------------------------------------------------------------

_UNSEEN = re.compile(
    r"\b(?:body language|eye contact|tone of voice|(?:speaking )?voice|intonation|facial "
    r"expressions?|gestur\w+|"
    r"posture|smil\w+|self-confiden\w+|confiden(?:t|tly|ce)(?! (?:interval|level|limit|bound|score))"
    r"|charisma\w*|"
    r"energetic\w*|body posture|handshake|appearance|accent|nervous\w*|looks? (?:calm|relaxed|interested)|"
    r"warmth|presence in the room|stage presence|sounds? (?:calm|natural|sincere|confident))\b",
    re.IGNORECASE,
)
_NEGATED = r"(?:without(?: any)?|avoids?|free of|never (?:uses?|gives?|names?)|(?:uses?|gives?|names?|contains?) no) "
_NUMBERS = r"(?:numbers|figures|statistics|metrics|quantities)"
_NOT_BEFORE = r"(?<!no )(?<!without )(?<!any )(?<!avoid )(?<!avoids )(?<!not )(?<!never )"
_DEMANDS: dict[str, re.Pattern[str]] = {
    name: re.compile(pattern, re.IGNORECASE)
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
_WORD_LIMIT = re.compile(r"(?:at most|no more than|not more than|fewer than|less than|under|up to|within) (\d+) words")
_WORD_FLOOR = re.compile(r"(?:at least|more than|no fewer than|over) (\d+) words")


# --- one criterion -----------------------------------------------------------------------------------


class _Text(NamedTuple):
    """A text of a criterion, what it is called in a message, and where it stands."""

    place: str
    text: str
    within: tuple[str, ...]


def _criterion(criterion: Criterion) -> Iterator[Advice]:
    for place, text, within in _graded_texts(criterion):
        if is_vague(text):
            yield Advice(
                criterion=criterion.id,
                slug="vague-anchor",
                message=f"{place} names nothing that can be seen in a text: '{_short(text)}'",
                hint="say what is in the answer, for instance 'names a number with its baseline'",
                within=within,
            )
    yield from _without_next(criterion)
    for drafted in _drafted(criterion):
        yield Advice(
            criterion=criterion.id,
            slug="draft",
            message=f"{drafted.place} is a draft by {drafted.by} that nobody has decided on: '{_short(drafted.text)}'",
            within=drafted.within,
        )
    for place, text, within in (_Text("the title", criterion.title, ("title",)), *_texts(criterion)):
        if match := _UNSEEN.search(text):
            yield Advice(
                criterion=criterion.id,
                slug="unseen",
                message=f"{place} asks for '{match.group()}', which a text does not show",
                hint="name what the words themselves would show, or leave it out",
                within=within,
            )
    for place, signals, within in _signals(criterion):
        for advice in (*_unreachable(criterion, place, signals), *_numbers_in_terms(criterion, place, signals)):
            yield msgspec.structs.replace(advice, within=within)


def _without_next(criterion: Criterion) -> Iterator[Advice]:
    match criterion.kind:
        case Scale(levels=levels):
            lacking = [(f"level {e.level}", _of_level(e.level)) for e in levels if e.level < HIGHEST and not e.next]
        case Checklist(items=items):
            lacking = [(f"item '{e.id}'", ("items", e.id)) for e in items if not e.next]
        case Tags(tags=tags):
            lacking = [(f"tag '{e.id}'", ("tags", e.id)) for e in tags if not e.next]
        case _:
            return
    if lacking:
        names = ", ".join(name for name, _ in lacking)
        message = f"nothing says what to do to pass {names}"
        yield Advice(criterion=criterion.id, slug="no-next", message=message, within=lacking[0][1])


class _Drafted(NamedTuple):
    place: str
    text: str
    by: str
    within: tuple[str, ...]


def _drafted(criterion: Criterion) -> Iterator[_Drafted]:
    match criterion.kind:
        case Scale(levels=levels):
            yield from (
                _Drafted(f"level {e.level}", e.text, e.drafted_by, _of_level(e.level)) for e in levels if e.drafted_by
            )
        case Checklist(items=items):
            yield from (
                _Drafted(f"item '{e.id}'", e.text, e.drafted_by, ("items", e.id)) for e in items if e.drafted_by
            )
        case Tags(tags=tags):
            yield from (
                _Drafted(f"tag '{e.id}'", e.look_for or e.title, e.drafted_by, ("tags", e.id))
                for e in tags
                if e.drafted_by
            )
        case _:
            return


def drafts(rubric: Rubric) -> dict[str, int]:
    """Return how many texts of a rubric wait for a person's decision, by who drafted them."""
    return dict(Counter(drafted.by for criterion in rubric.criteria for drafted in _drafted(criterion)))


def _of_level(level: int) -> tuple[str, ...]:
    return ("levels", str(level))


def _graded_texts(criterion: Criterion) -> Iterator[_Text]:
    match criterion.kind:
        case Scale(levels=levels):
            yield from (_Text(f"level {each.level}", each.text, _of_level(each.level)) for each in levels)
        case Checklist(items=items):
            yield from (_Text(f"item '{item.id}'", item.text, ("items", item.id)) for item in items)
        case _:
            return


def _texts(criterion: Criterion) -> Iterator[_Text]:
    if criterion.look_for:
        yield _Text("look_for", criterion.look_for, ("look_for",))
    for place, text in enumerate(criterion.border_cases, start=1):
        yield _Text(f"border case {place}", text, ("border_cases", str(place - 1)))
    yield from _graded_texts(criterion)
    if isinstance(criterion.kind, Tags):
        for tag in criterion.kind.tags:
            yield from (_Text(f"tag '{tag.id}'", text, ("tags", tag.id)) for text in (tag.title, tag.look_for) if text)


def _signals(criterion: Criterion) -> Iterator[tuple[str, Signals, tuple[str, ...]]]:
    match criterion.kind:
        case Scale(signals=Signals() as signals):
            yield "", signals, ("signals",)
        case Checklist(items=items):
            yield from ((f"item '{i.id}': ", i.signals, ("items", i.id)) for i in items if i.signals)
        case Tags(tags=tags):
            yield from ((f"tag '{t.id}': ", t.signals, ("tags", t.id)) for t in tags if t.signals)
        case _:
            return


def _unreachable(criterion: Criterion, place: str, signals: Signals) -> Iterator[Advice]:
    most = _most_points(signals)
    match criterion.kind:
        case Scale():
            asked = {f"level {level}": points for level, points in signals.levels.items() if int(level) <= signals.cap}
        case Checklist():
            asked = {"met": signals.met}
        case _:
            asked = {"demonstrated": signals.demonstrated}
    for what, points in asked.items():
        if points > most:
            yield Advice(
                criterion=criterion.id,
                slug="unreachable",
                message=f"{place}{what} asks for {points} points, and the signals bring {most} at most",
                hint="ask for fewer points, or let a signal count more often (`most`)",
            )


def _most_points(signals: Signals) -> int:
    counted = [signals.quantities, signals.ownership, signals.context, *signals.markers, *signals.terms]
    return sum(signal.most for signal in counted if signal) + (2 if signals.length_band else 0)


def _numbers_in_terms(criterion: Criterion, place: str, signals: Signals) -> Iterator[Advice]:
    for entry in dict.fromkeys(entry for terms in signals.terms for entry in terms.any):
        if any(is_number(word) for word in words_of(entry)):
            yield Advice(
                criterion=criterion.id,
                slug="number-in-term",
                message=f"{place}the term '{entry}' holds a number",
                hint="use `quantities`, or a word beside the number",
            )


# --- criteria together -------------------------------------------------------------------------------


def _duplicates(rubric: Rubric) -> Iterator[Advice]:
    first: dict[tuple[str, ...], tuple[str, str]] = {}
    for criterion in rubric.criteria:
        for place, text, within in _texts(criterion):
            words = words_of(text)
            before = first.setdefault(words, (criterion.id, place))
            if before != (criterion.id, place) and len(words) >= 3:
                where = before[1] if before[0] == criterion.id else f"{before[1]} of '{before[0]}'"
                yield Advice(
                    criterion=criterion.id,
                    slug="duplicate",
                    message=f"{place} says the same as {where}: '{_short(text)}'",
                    hint="say what makes the difference, or leave one out",
                    within=within,
                )


def _opposites(rubric: Rubric) -> Iterator[Advice]:
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


def _whole(rubric: Rubric) -> Iterator[Advice]:
    weights = [criterion.weight for criterion in rubric.criteria]
    for criterion in rubric.criteria:
        if len([w for w in weights if w]) > 1 and criterion.weight > MOST_WEIGHT * sum(weights):
            share = criterion.weight / sum(weights)
            yield Advice(
                criterion=criterion.id,
                slug="decides-all",
                message=f"has {share:.0%} of the weight and decides the total almost alone",
                hint="lower its weight, or give it a floor as a gate",
            )
    if len(rubric.criteria) > MOST_CRITERIA:
        yield Advice(
            criterion="",
            slug="too-many",
            message=f"{len(rubric.criteria)} criteria; more than {MOST_CRITERIA} tell little apart",
            hint="join those that always agree",
        )


# --- words -------------------------------------------------------------------------------------------


def _short(text: str, most: int = 12) -> str:
    words = text.split()
    return " ".join(words) if len(words) <= most else " ".join(words[:most]) + " ..."
