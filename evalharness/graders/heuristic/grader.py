"""case, criterion -> draft, by surface signals: no model, no key, no network, always the same to the byte.

It measures features that the rubric's author declared, not meaning; whoever shows its levels says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from textwrap import shorten
from typing import NamedTuple, assert_never

import msgspec

from evalharness.graders.heuristic import sections
from evalharness.graders.heuristic import signals as signs
from evalharness.graders.heuristic.lexicon import WISHES
from evalharness.graders.heuristic.own import known
from evalharness.graders.heuristic.quoting import quotes
from evalharness.graders.heuristic.reading import Hit, Reading, Scope, read
from evalharness.graders.heuristic.signals import Signal
from evalharness.graders.heuristic.story import next_question, story
from evalharness.model.draft import Draft, DraftFinding
from evalharness.model.nouns import (
    ANSWER,
    LOWEST,
    Case,
    Checklist,
    Context,
    Criterion,
    Item,
    Measure,
    Part,
    Scale,
    State,
    Tag,
    Tags,
)
from evalharness.model.rubric_text import texts_of
from evalharness.model.signals import Signals
from evalharness.text.quotes import strings

VERSION = "6"
NO_EVENT = 2
"""The highest level of a scale where the answer tells no event; of a list then nothing is met."""

MOST_QUOTES = 4
MOST_WORDS = 80
MOST_SEEN = 40


def reads(criterion: Criterion) -> bool:
    """Return whether `criterion` declares signals: a scale its own, a list some on every entry.

    A scale whose signals name no points for any level is not read: its words only help to know word lists.
    """
    match criterion.kind:
        case Scale(signals=signals):
            return signals is not None and bool(signals.levels)
        case Checklist(items=items):
            return bool(items) and all(item.signals for item in items)
        case Tags(tags=tags):
            return bool(tags) and all(tag.signals for tag in tags)
        case Measure():
            return False
        case _:
            assert_never(criterion.kind)


class _Look(NamedTuple):
    """What is read for one criterion: where, beside what context, and whether the answer tells an event at all."""

    reading: Reading
    scope: Scope
    context: Context
    event: bool

    def find(self, signals: Signals) -> tuple[Signal, ...]:
        """Return what each of the declared signals found."""
        return signs.found(signals, self.reading, self.scope, self.context)


def grade(case: Case, criterion: Criterion) -> Draft:
    """Return what the signals of `criterion` say about `case`; a part that is not there holds nothing."""
    part = case.attempt.part(criterion.part)
    reading = _reading(case, part)
    scope = sections.scope(reading, criterion, case.rubric)._replace(notes=isinstance(criterion.kind, Checklist))
    look = _Look(reading, scope, case.question.context, _tells_an_event(case, part, reading))
    draft = _draft(case, criterion, look)
    return msgspec.structs.replace(draft, next_question=next_question(reading)) if _asks(case, criterion) else draft


def _asks(case: Case, criterion: Criterion) -> bool:
    """Return whether `criterion` says what to ask next: the one of the rubric, or the first read one in its place."""
    chosen = next((c for c in case.rubric.criteria if c.next_question), None)
    if chosen and not reads(chosen):
        chosen = next((c for c in case.rubric.criteria if reads(c)), None)
    return chosen is not None and chosen.id == criterion.id


def _draft(case: Case, criterion: Criterion, look: _Look) -> Draft:
    match criterion.kind:
        case Scale(signals=Signals() as signals):
            return _scale(signals, look)
        case Checklist(items=items):
            return _checklist(items, look)
        case Tags(tags=tags):
            return _tags(tags, case, look)
        case Scale() | Measure():
            raise ValueError(f"the heuristic does not read '{criterion.id}'")
        case _:
            assert_never(criterion.kind)


def _tells_an_event(case: Case, part: Part | None, reading: Reading) -> bool:
    """Return whether the answer that holds `part` tells that somebody did something; what is asked back need not."""
    answer = case.attempt.part(ANSWER)
    if part is None or answer is None or part.text not in answer.text:
        return True
    return (reading if part is answer else _reading(case, answer)).tells_an_event


def _reading(case: Case, part: Part | None) -> Reading:
    text, context = part.text if part else "", strings(case.question.context)
    return read(text, texts_of(case.rubric), (case.question.text,), known(case.rubric), context)


# --- scale -------------------------------------------------------------------------------------------


def _scale(signals: Signals, look: _Look) -> Draft:
    found = look.find(signals)
    total = signs.points(found)
    level = _level(signals, total) if signs.has_evidence(found) else LOWEST
    if not look.event:
        level = min(level, NO_EVENT)
    return Draft(
        quotes=_quotes(look.reading, found, MOST_QUOTES),
        missing=_missing(signals, found, level, look),
        reason=_short(f"surface signals: {_summary(found)}; {_points_for(signals, level, total)}{_set_aside(look)}"),
        level=level,
    )


def _thresholds(signals: Signals) -> list[tuple[int, int]]:
    """Return (level, points needed) up to the cap, lowest level first."""
    return sorted((int(level), needed) for level, needed in signals.levels.items() if int(level) <= signals.cap)


def _level(signals: Signals, total: int) -> int:
    return max(
        (level for level, needed in _thresholds(signals) if 0 < needed <= total),
        default=LOWEST,
    )


def _missing(signals: Signals, found: Sequence[Signal], level: int, look: _Look) -> str:
    """Return what to add for the next level, in words of the thing, or that surface signals reach no further."""
    above = [higher for higher, _ in _thresholds(signals) if higher > level]
    if not above:
        return f"nothing more that surface signals can show; level {level} is as far as they reach here"
    wishes = _wishes(found, look.reading.text)
    return "; ".join(wishes if look.event else [WISHES["event"], *wishes[:2]])


def _wishes(found: Iterable[Signal], text: str) -> list[str]:
    """Return at most three things that would bring points, those first of which nothing was found yet.

    Where something was found it is quoted: more of it is wished for, and nobody is told to say what they said.
    """
    open_ones = sorted(
        (s for s in found if s.points < s.most and s.wish), key=lambda s: (s.strength == 0, bool(s.hits))
    )
    wishes = list(dict.fromkeys(_wish(signal, text) for signal in open_ones))
    told = [wish for wish in wishes if wish != WISHES["more"]]
    return told[:3] or wishes or [WISHES["more"]]


def _wish(signal: Signal, text: str) -> str:
    if not signal.hits or signal.wish == WISHES["more"]:
        return signal.wish
    seen = dict.fromkeys(
        f'"{shorten(text[hit.start : hit.end], MOST_SEEN, placeholder=" ...")}"' for hit in signal.hits
    )
    return f"{signal.wish} (so far {' and '.join(list(seen)[:2])})"


def _points_for(signals: Signals, level: int, total: int) -> str:
    needed = dict(_thresholds(signals)).get(level)
    held = f"{total} point{'s' * (total != 1)}"
    return f"{held}, level {level} needs {needed}" if needed is not None else f"{held}, level {level}"


# --- checklist and tags ------------------------------------------------------------------------------


def _checklist(items: Sequence[Item], look: _Look) -> Draft:
    findings = tuple(_item(item, look) for item in items)
    states = [finding.state for finding in findings]
    lacking = [item.text for item, state in zip(items, states, strict=True) if state != State.MET.value]
    met, partly = states.count(State.MET.value), states.count(State.PARTLY.value)
    return Draft(
        findings=findings,
        missing="; ".join(_first_words(text) for text in lacking[:3]) or "nothing on this list",
        reason=_short(f"surface signals: {met} of {len(items)} items met, {partly} partly{_set_aside(look)}"),
    )


def _item(item: Item, look: _Look) -> DraftFinding:
    signals = item.signals or Signals()
    found = look.find(signals)
    total = signs.points(found) if look.event and signs.has_evidence(found) else 0
    state = State.NOT_MET
    if total >= signals.partly > 0:
        state = State.PARTLY
    if total >= signals.met > 0:
        state = State.MET
    return _finding(item.id, state, look.reading, found)


def _finding(name: str, state: State, reading: Reading, found: Sequence[Signal]) -> DraftFinding:
    quoted = () if state is State.NOT_MET else _quotes(reading, found, 1)
    return DraftFinding(id=name, state=state.value, quote=quoted[0] if quoted else "")


def _tags(tags: Sequence[Tag], case: Case, look: _Look) -> Draft:
    findings: list[DraftFinding] = []
    places: list[int] = []
    for tag in tags:
        signals = tag.signals or Signals()
        found = look.find(signals)
        shown = look.event and signs.has_evidence(found) and signs.points(found) >= signals.demonstrated
        findings.append(_finding(tag.id, State.MET if shown else State.NOT_MET, look.reading, found))
        places += [hit.start for signal in found for hit in signal.hits]
    met = {finding.id for finding in findings if finding.state == State.MET.value}
    lacking = [tag.title for tag in tags if tag.id in case.claimed and tag.id not in met]
    return Draft(
        findings=tuple(findings),
        missing="; ".join(f"tell what you did for: {_first_words(title)}" for title in lacking[:3])
        or "nothing that is claimed",
        reason=_short(f"surface signals: {len(met)} of {len(tags)} shown{_set_aside(look)}"),
        story=story(look.reading, case.question.context),
        takeaway=_takeaway(look.reading, places),
    )


def _takeaway(reading: Reading, places: Iterable[int]) -> str:
    """Return the last sentence that holds a hit, on one line, or ""."""
    last = max(places, default=None)
    if last is None:
        return ""
    sentence = reading.clean.sentences[reading.sentence(last)]
    return " ".join(reading.text[sentence.start : sentence.end].split())


# --- words for the reader ----------------------------------------------------------------------------


def _quotes(reading: Reading, found: Iterable[Signal], most: int) -> tuple[str, ...]:
    hits: list[tuple[int, Hit]] = [
        (s.strength + (h.what == "baseline"), h) for s in found if s.strength for h in s.hits
    ]
    return quotes(reading, hits, most)


def _summary(found: Iterable[Signal]) -> str:
    """Return the counts of all signals, terms of several groups added up."""
    counts: dict[str, int] = {}
    notes: dict[str, str] = {}
    for signal in found:
        counts[signal.name] = counts.get(signal.name, 0) + len(signal.hits)
        notes[signal.name] = signal.note
    return ", ".join(_told(name, counts[name], notes[name]) for name in counts) or "none declared"


def _told(name: str, count: int, note: str) -> str:
    if name == "length":
        return note
    if name == "fillers":
        return f"{name} {note}"
    plural = name if count == 1 else "quantities" if name == "quantity" else f"{name}s"
    return f"{count} {plural}" + (f" ({note})" if note else "")


def _set_aside(look: _Look) -> str:
    whys = [cut.why for cut in look.reading.clean.cuts]
    none = "" if look.event else "; no event is told, so no more is given"
    if not whys:
        return none
    told = ", ".join(f"{whys.count(why)} {why}" for why in dict.fromkeys(whys))
    return f"{none}; sentences that did not count: {told}"


def _first_words(text: str, most: int = 20) -> str:
    words = text.split()
    return " ".join(words) if len(words) <= most else " ".join(words[:most]) + " ..."


def _short(reason: str) -> str:
    return _first_words(reason, MOST_WORDS)
