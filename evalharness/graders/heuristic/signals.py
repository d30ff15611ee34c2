"""signals, reading -> distinct hits with their places, capped, and points."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from evalharness.graders.heuristic import facts
from evalharness.graders.heuristic.lexicon import WISHES
from evalharness.graders.heuristic.reading import Hit, Reading, Scope
from evalharness.model.nouns import Context
from evalharness.model.signals import FromContext, LengthBand, Markers, Signals, Terms
from evalharness.text import quantities

STEM = 4
"""Words that begin with the same letters are the same kind of term, which counts once."""

NAMES = {
    "reason": "reason",
    "trade_off": "trade-off phrase",
    "reflection": "reflection",
    "question": "open question",
}


class Signal(NamedTuple):
    """What one declared signal found: `points` of `most`; `wish` says plainly what more would look like.

    `strength` orders evidence, 0 marks what proves nothing (length, fillers).
    """

    name: str
    hits: tuple[Hit, ...]
    points: int
    most: int
    wish: str
    strength: int
    note: str = ""


def found(signals: Signals, reading: Reading, scope: Scope, context: Context) -> tuple[Signal, ...]:
    """Return what each declared signal found in `scope`, in a fixed order."""
    return tuple(_signals(signals, reading, scope, context))


def points(signals: Iterable[Signal]) -> int:
    """Return the sum of points, never below zero."""
    return max(0, sum(signal.points for signal in signals))


def has_evidence(signals: Iterable[Signal]) -> bool:
    """Return whether something was found that can be quoted."""
    return any(signal.strength and signal.hits for signal in signals)


def _signals(signals: Signals, reading: Reading, scope: Scope, context: Context) -> Iterator[Signal]:
    proving = tuple(_proving(signals, reading, scope, context))
    yield from proving
    if signals.length_band:
        held = {reading.sentence(hit.start) for signal in proving for hit in signal.hits}
        yield _length(reading, scope, held, signals.length_band)
    if signals.fillers:
        yield _fillers(reading, scope, signals.fillers.per_100)


def _proving(signals: Signals, reading: Reading, scope: Scope, context: Context) -> Iterator[Signal]:
    """Yield the signals whose hits can be quoted."""
    if signals.quantities:
        yield _quantities(reading, scope, signals.quantities.most)
    if signals.ownership:
        hits = _distinct(h for h in reading.ownership if reading.counts(h, scope))
        yield _capped("first-person action", hits, signals.ownership.most, WISHES["ownership"], 3)
    if signals.context:
        yield _context(signals.context, reading, scope, context)
    for markers in signals.markers:
        yield _markers(markers, reading, scope)
    for terms in signals.terms:
        yield _terms(terms, reading, scope)


def _capped(name: str, hits: tuple[Hit, ...], most: int, wish: str, strength: int) -> Signal:
    return Signal(name, hits[:most], min(len(hits), most), most, wish, strength)


def _distinct(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """Return the first hit of each name, in the order of the text."""
    first: dict[str, Hit] = {}
    for hit in sorted(hits):
        first.setdefault(hit.what, hit)
    return tuple(first.values())


def _quantities(reading: Reading, scope: Scope, most: int) -> Signal:
    """Return one point for each distinct quantity, two for one with a baseline; those come first."""
    every = quantities.distinct(q for q in reading.quantities if scope.holds(q.start))
    chosen: list[Hit] = []
    total = baselines = 0
    for quantity in sorted(every, key=lambda q: (not q.baseline, q.start)):
        if total < most:
            chosen.append(
                Hit(
                    quantity.start,
                    quantity.end,
                    "baseline" if quantity.baseline else "quantity",
                )
            )
            baselines += quantity.baseline
            total += 2 if quantity.baseline else 1
    wish = WISHES["quantity" if baselines else "before" if chosen else "baseline"]
    note = f"{baselines} with a baseline" if baselines else ""
    return Signal("quantity", tuple(chosen), min(total, most), most, wish, 4, note)


def _context(asked: FromContext, reading: Reading, scope: Scope, context: Context) -> Signal:
    """Return two points for each fact or interest that is taken up, one for the name alone."""
    hits = tuple(hit for hit in sorted(facts.found(reading, context, asked.of)) if scope.holds(hit.start))
    total = sum(1 if hit.what == facts.NAME else 2 for hit in hits)
    return Signal("fact or name of the context", hits, min(total, asked.most), asked.most, WISHES[asked.of], 3)


def _markers(markers: Markers, reading: Reading, scope: Scope) -> Signal:
    hits: list[Hit] = []
    for kind in markers.kinds:
        if kind == "question":
            hits += [hit for hit in reading.questions if scope.holds(hit.start)]
        else:
            hits += [hit for hit in reading.markers.get(kind, ()) if reading.counts(hit, scope)]
    name = " or ".join(NAMES.get(kind, kind) for kind in markers.kinds)
    wish = " or ".join(WISHES.get(kind, kind) for kind in markers.kinds)
    return _capped(name, _distinct(_apart(sorted(hits))), markers.most, wish, 2)


def _apart(hits: Iterable[Hit]) -> Iterator[Hit]:
    """Yield hits that do not overlap one before."""
    end = -1
    for hit in hits:
        if hit.start >= end:
            end = hit.end
            yield hit


def _terms(terms: Terms, reading: Reading, scope: Scope) -> Signal:
    """Return one hit for each distinct entry; no two entries may count the same words."""
    hits: list[Hit] = []
    for entry in reading.index.possible(terms.any):
        free = (
            hit
            for hit in reading.phrase(entry)
            if reading.counts(hit, scope) and not any(_alike(reading, hit, h) for h in hits)
        )
        first = next(free, None)
        if first:
            hits.append(first)
        if len(hits) == terms.most:
            break
    return _capped("term", tuple(sorted(hits)), terms.most, terms.say or WISHES["more"], 1)


def _alike(reading: Reading, one: Hit, other: Hit) -> bool:
    """Return whether two hits stand in the same place or say the same ("fair" and "fairness")."""
    if one.start < other.end and other.start < one.end:
        return True
    said, before = (max(reading.text[hit.start : hit.end].lower().split(), key=len) for hit in (one, other))
    return min(len(said), len(before)) >= STEM and said[:STEM] == before[:STEM]


def _length(reading: Reading, scope: Scope, held: set[int], band: LengthBand) -> Signal:
    """Return the points for length; only sentences count that hold something found, so that no padding fills it."""
    count = reading.word_count(scope, held)
    won = 2 if count >= band.plateau else 1 if count >= band.floor else 0
    said = f"{count} words in sentences that count"
    wish = f"{WISHES['length']} (now {said}, {band.floor if won == 0 else band.plateau} are enough)"
    return Signal("length", (), won, 2, wish, 0, said)


def _fillers(reading: Reading, scope: Scope, per_100: float) -> Signal:
    count = reading.word_count(scope)
    rate = 100 * len(reading.filler_places) / max(1, reading.word_count(Scope()))
    lost = int(bool(count) and rate > per_100)
    return Signal(
        "fillers",
        (),
        -lost,
        0,
        f"{WISHES['fillers']} (now {rate:.1f} in 100 words)",
        0,
        f"{rate:.1f} in 100 words",
    )
