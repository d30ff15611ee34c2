"""Kind `measure`: computed in code and mapped to a level by the rubric's bands; never asked of a model."""

from __future__ import annotations

import math
from typing import Final

from evalharness.model.nouns import Band, By, Case, Criterion, Graded, Measure, Part
from evalharness.plan.precheck import missing
from evalharness.text import clocked, speech
from evalharness.text.speaking import clock

# A measure's value in words, and what to do where it is too low or too high.
WORDS: Final = {
    "speaking_time": ("{:.0%} of the time limit", "Say more", "Make it shorter"),
    "fillers": ("{:.3g} in 100 words", "Leave fewer fillers out", "Leave out fillers such as 'um' and 'you know'"),
    "hedges": ("{:.3g} in 100 words", "Say where you are not sure", "Leave out hedges such as 'maybe' and 'I think'"),
    "first_person": ("{:.0%} 'I' among 'I' and 'we'", "Say 'I' for what you did yourself", "Say who else was with you"),
    "quantities": ("{:.3g} in 100 words", "Give more numbers with their units", "Give fewer numbers"),
    "pace": ("{:.0f} words a minute", "Speak faster", "Speak more slowly"),
    "pauses": ("{:.1f} s", "Pause once, before what matters most", "Keep pauses shorter"),
    "time_to_result": ("{:.0f} s", "Say first what it is about", "Come to a result with a number earlier"),
}
GOOD: Final = 4


def measured(case: Case, criterion: Criterion, kind: Measure) -> Graded:
    """Return the level of the first band that holds the measured value; the value stands beside it."""
    part = case.attempt.part(criterion.part)
    if part is None:
        return Graded(level=1.0, by=By.CODE, reason=missing(case, criterion))
    value, reason = _value(case, kind.measure, part)
    band = band_of(kind, value)
    level = float(band.level)
    return Graded(
        level=level,
        by=By.CODE,
        value=round(value, 4),
        reason=reason,
        missing=advise(kind, value, level, case.question.time_limit)[1],
    )


def _value(case: Case, name: str, part: Part) -> tuple[float, str]:
    """Return a measured value with its rule, which says for times whether they were measured or estimated."""
    if name == "speaking_time" and case.question.time_limit:
        figure = clocked.seconds(part, case.attempt.timing)
        if figure.how is not clocked.How.MEASURED or figure.value is None:
            return (figure.value or 0.0) / case.question.time_limit, speech.RULES[name]
        return figure.value / case.question.time_limit, _told_how(figure, clocked.RULES[name])
    if name in clocked.MEASURES:
        figure = clocked.measure(name, part, case.attempt.timing, case.question.language)
        return figure.value or 0.0, _told_how(figure, clocked.RULES[name])
    return speech.measure(name, part, case.question), speech.RULES[name]


def _told_how(figure: clocked.Figure, rule: str) -> str:
    return f"{figure.how.value.capitalize()} ({figure.why}). {rule}"


def advise(kind: Measure, value: float | None, level: float, limit: float | None) -> tuple[float, str]:
    """Return the level that is nearest and better (4 or 5 where it can be), and what to do to reach it."""
    above = [band for band in kind.bands if band.level > level]
    good = [band for band in above if band.level >= GOOD] or above
    if not good or value is None:
        return level, ""
    band = min(good, key=lambda each: (_distance(each, value), each.level))
    return float(band.level), _told(kind.measure, band, value, limit)


def band_of(kind: Measure, value: float) -> Band:
    """Return the first band that holds a value."""
    return next(band for band in kind.bands if holds(band, value))


def holds(band: Band, value: float) -> bool:
    """Return whether `value` lies within the band, both ends included."""
    above = band.at_least is None or value >= band.at_least
    return above and (band.at_most is None or value <= band.at_most)


def _distance(band: Band, value: float) -> float:
    below = band.at_least - value if band.at_least is not None else 0.0
    above = value - band.at_most if band.at_most is not None else 0.0
    return max(below, above, 0.0)


def _told(name: str, band: Band, value: float, limit: float | None) -> str:
    """Return what to do to get from a value into a band."""
    shown, more, less = WORDS[name]
    low = band.at_least is not None and value < band.at_least
    bound = band.at_least if low else band.at_most
    if bound is None:
        return ""
    if name == "speaking_time" and limit:
        words = math.ceil(abs(bound - value) * limit / 60 * speech.MIDDLE)
        time, change = clock(bound * limit), f"about {words} words {'more' if low else 'less'}"
        return f"{more if low else less}: {'at least' if low else 'at most'} {time}, {change}."
    bounds = f"{'at least' if low else 'at most'} {shown.format(bound)}"
    return f"{more if low else less}: {bounds}, now {shown.format(value)}."
