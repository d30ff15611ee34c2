"""Kind `measure`: computed in code and mapped to a level by the rubric's bands; never asked of a model."""

from __future__ import annotations

from typing import Final

from evalharness.model.nouns import Band, By, Case, Criterion, Graded, Measure
from evalharness.plan.precheck import level_by_rule
from evalharness.text import speech

# How a value is shown: what it is multiplied by, and the unit.
UNITS: Final = {
    "speaking_time": (100, "% of the time limit"),
    "fillers": (1, "fillers in 100 words"),
    "hedges": (1, "hedges in 100 words"),
    "first_person": (100, "% 'I' among 'I' and 'we'"),
    "quantities": (1, "numbers with units in 100 words"),
}


def measured(case: Case, criterion: Criterion, kind: Measure) -> Graded:
    """Return the level of the first band that holds the measured value; the value stands beside it."""
    part = case.attempt.part(criterion.part)
    if part is None:
        return level_by_rule(case, criterion) or Graded(level=1.0, by=By.CODE)
    value = speech.measure(kind.measure, part, case.question)
    band = next(band for band in kind.bands if holds(band, value))
    better = [b for b in kind.bands if b.level > band.level]
    return Graded(
        level=float(band.level),
        by=By.CODE,
        value=round(value, 4),
        reason=speech.RULES[kind.measure],
        missing=_asks(kind.measure, min(better, key=lambda b: (b.level, _distance(b, value)))) if better else "",
    )


def holds(band: Band, value: float) -> bool:
    """Return whether `value` lies within the band, both ends included."""
    above = band.at_least is None or value >= band.at_least
    return above and (band.at_most is None or value <= band.at_most)


def _distance(band: Band, value: float) -> float:
    below = band.at_least - value if band.at_least is not None else 0.0
    above = value - band.at_most if band.at_most is not None else 0.0
    return max(below, above, 0.0)


def _asks(name: str, band: Band) -> str:
    scale, unit = UNITS[name]
    low = f"at least {band.at_least * scale:g}" if band.at_least is not None else ""
    high = f"at most {band.at_most * scale:g}" if band.at_most is not None else ""
    return f"level {band.level}: {' and '.join(filter(None, (low, high)))} {unit}"
