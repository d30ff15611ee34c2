"""rubric -> advice: what will make its grades hard to trust.  Never an error; the loader checks the form."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from evalharness.lint.advice import Advice
from evalharness.lint.opposites import opposites
from evalharness.model.nouns import HIGHEST, Checklist, Criterion, Rubric, Scale, Tags
from evalharness.model.signals import Signals
from evalharness.text.numerals import is_number, word_set
from evalharness.text.patterns import Lazy

MOST_CRITERIA = 20
MOST_WEIGHT = 0.5

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
        "A text that begins with 'draft:' or 'draft by MODEL:' was written by import or by a model. Delete the mark "
        "if the text says what you mean, or rewrite it: it decides grades."
    ),
    "no-next": (
        "Levels below 5, items and tags carry 'next': what the author does to pass them, in the imperative, leading to "
        "level 4 or 5. Without it a report can only show what a good answer looks like."
    ),
    "number-in-term": "A term with a number in it is a quantity: when the numbers are taken out, the answer loses it.",
}


def advise(rubric: Rubric) -> tuple[Advice, ...]:
    """Return what would make grades by `rubric` hard to trust, criterion by criterion, then the whole."""
    found = [advice for criterion in rubric.criteria for advice in _criterion(criterion)]
    return (*found, *_duplicates(rubric), *opposites(rubric), *_whole(rubric))


def is_vague(text: str) -> bool:
    """Return whether an anchor says how good something is and not what can be seen; absence can be seen."""
    words = _words(text)
    if any(word in _ABSENCE or is_number(word) for word in words):
        return False
    judged = sum(_judges(word) for word in words)
    seen = sum(word not in _EMPTY and not _judges(word) for word in words)
    return not seen or seen < judged


# --- word lists --------------------------------------------------------------------------------------

_JUDGEMENT = word_set(
    """
    good better best bad poor weak strong excellent outstanding great fine ok okay adequate inadequate
    sufficient insufficient average acceptable satisfactory unsatisfactory superb perfect exceptional
    exemplary impressive mediocre solid decent nice clear unclear vague vaguely clearly specific
    concrete precise detailed thorough comprehensive complete incomplete deep shallow superficial
    nuanced sophisticated insightful thoughtful reflective mature advanced basic simple generic relevant
    irrelevant appropriate inappropriate effective ineffective compelling convincing persuasive credible
    plausible authentic genuine sincere engaging interesting boring dull vivid lively creative original
    innovative inspiring passionate enthusiastic motivated coherent incoherent consistent logical
    structured unstructured organised organized well badly poorly fluent articulate concise crisp sharp
    high low higher lower highest lowest medium moderate limited extensive rich robust meaningful
    valuable useful important significant substantial remarkable notable professional polished confident
    honest humble positive negative very quite rather fairly somewhat extremely highly really truly
    mostly largely partly partially fully entirely almost slightly too more most less least much little
    some many few enough
    """
)
_EMPTY = word_set(
    """
    a an the this that these those and or but nor of in on at to for from with by as into about is are
    was were be been being has have had does do did it its they their them he she his her you your i we
    our us there here which who what how when where why than then so also just only can could may might
    must should will would if while both each every any all answer answers response responses reply
    attempt candidate author speaker person quality level levels performance understanding job work
    effort manner way ways approach style sense degree extent standard overall general generally kind
    type thing things aspect aspects content presentation treatment handling grasp command shows show
    shown demonstrates demonstrate displays display exhibits gives provides offers contains makes made
    """
)
_ABSENCE = word_set("no not none nothing nobody never without missing lacks lacking absent neither nor only")
_UNSEEN = Lazy(
    r"\b(?:body language|eye contact|tone of voice|(?:speaking )?voice|intonation|facial "
    r"expressions?|gestur\w+|"
    r"posture|smil\w+|self-confiden\w+|confiden(?:t|tly|ce)(?! (?:interval|level|limit|bound|score))"
    r"|charisma\w*|"
    r"energetic\w*|body posture|handshake|appearance|accent|nervous\w*|looks? (?:calm|relaxed|interested)|"
    r"warmth|presence in the room|stage presence|sounds? (?:calm|natural|sincere|confident))\b",
    re.IGNORECASE,
)


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
        if any(is_number(word) for word in _words(entry)):
            yield Advice(
                criterion=criterion.id,
                slug="number-in-term",
                message=f"{place}the term '{entry}' has a number in it",
                hint="use `quantities`, or a word beside the number",
            )


# --- criteria together -------------------------------------------------------------------------------


def _duplicates(rubric: Rubric) -> Iterator[Advice]:
    first: dict[tuple[str, ...], tuple[str, str]] = {}
    for criterion in rubric.criteria:
        for place, text, within in _texts(criterion):
            words = _words(text)
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

_WORD = Lazy(r"[^\W_]+(?:['\u2019][^\W_]+)*")


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.lower().replace("\u2019", "'") for word in _WORD.findall(text))


def _judges(word: str) -> bool:
    return word in _JUDGEMENT or (word.endswith("ly") and len(word) > 4)


def _short(text: str, most: int = 12) -> str:
    words = text.split()
    return " ".join(words) if len(words) <= most else " ".join(words[:most]) + " ..."
