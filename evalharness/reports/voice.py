"""one graded attempt -> how it was spoken: figures by the recording's clock, and a picture of pace and pauses."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from html import escape
from typing import Final, NamedTuple

import msgspec

from evalharness.model.nouns import ANSWER, Case, Part
from evalharness.model.timing import Precision
from evalharness.reports.words import clock
from evalharness.results.aggregate import CaseResult, Summary
from evalharness.text import clocked, speech
from evalharness.text.timeline import PAUSE, Pause, Timeline

WIDTH, LEFT, RIGHT, TOP, HIGH, ROW = 740, 180, 20, 26, 90, 20
FASTEST: Final = 240.0
LONGEST: Final = 3
SHOWN: Final = 6
"""So many fillers and restarts are named with their places."""
TITLE: Final = 22
WIDE: Final = 80
_GREY, _BLUE, _RED, _GREEN = "#7a828c", "#3b7dc4", "#c4533b", "#3f8f5b"


class Figure(NamedTuple):
    """A figure in words: its name, its value, and `measured`, `estimated` or `not measured` with the reason."""

    name: str
    value: str
    how: str


def has_clock(case: Case) -> bool:
    """Return whether the recording of an attempt has a clock."""
    return _line(case) is not None


def figures(case: Case) -> tuple[Figure, ...]:
    """Return how an answer was spoken; nothing where it has no recording."""
    part, timing = case.attempt.part(ANSWER), case.attempt.timing
    if part is None or timing is None:
        return ()
    return tuple(_figures(part, case))


def _figures(part: Part, case: Case) -> Iterator[Figure]:
    timing, line = case.attempt.timing, _line(case)
    yield _told("time spoken", clocked.seconds(part, timing), clock)
    yield _told("pace", clocked.pace(part, timing), lambda value: f"{value:.0f} words a minute")
    yield _told(
        "longest pause",
        clocked.longest_pause(part, timing),
        lambda value: f"{value:.1f} s" if value else f"none of {PAUSE:g} s or more",
    )
    if line is not None and line.pauses:
        longest = sorted(line.pauses, key=lambda pause: -pause.length)[:LONGEST]
        told = ", ".join(f"{each.length:.1f} s at {clock(each.at - line.begins)}" for each in longest)
        yield Figure("pauses", f"{len(line.pauses)} of {PAUSE:g} s or more; the longest {told}", "measured")
    code = _language(part, case)
    yield _told("to the first result", clocked.time_to_result(part, timing, code), clock)
    yield _told("to the first 'I'", clocked.time_to_i(part, timing, code), clock)
    yield from _counts(part, line, code)
    if line is not None and timing is not None and timing.others > 0:
        own = clocked.seconds(part, timing)
        share = None if own.value is None else own.value / (own.value + timing.others)
        yield _told("share of the talking", msgspec.structs.replace(own, value=share), lambda value: f"{value:.0%}")


def _language(part: Part, case: Case) -> str:
    """Return the language that the question or the settings say, else that of the text."""
    return case.question.language or speech.language_of(part.text)


def _counts(part: Part, line: Timeline | None, code: str) -> Iterator[Figure]:
    for name, find in (("fillers", speech.fillers), ("restarts", speech.restarts)):
        found = find(part.text, code)
        if not speech.is_counted(name, part.text, code):
            yield Figure(name, "not measured", f"there is no list of {name} for this language")
            continue
        places = [
            f"'{each.text}' at {_about(line)}{clock(when - line.begins)}"
            for each in found[:SHOWN]
            if line is not None and line.timing.precision is not Precision.TURNS
            if (when := line.at(each.start)) is not None
        ]
        more = f" and {len(found) - SHOWN} more" if places and len(found) > SHOWN else ""
        told = f"{len(found)}{': ' if places else ''}{', '.join(places)}{more}"
        yield Figure(name, told, "counted in the transcript")


def _about(line: Timeline) -> str:
    """Return "about " where only cues have times, so that a place within one is an estimate."""
    return "" if line.timing.precision is Precision.WORDS else "about "


def _told(name: str, figure: clocked.Figure, shown: object) -> Figure:
    if figure.value is None or not callable(shown):
        return Figure(name, "not measured", figure.why)
    return Figure(name, shown(figure.value), f"{figure.how.value}, {figure.why}")


def sentence(figure: Figure) -> str:
    """Return a figure as one line of text."""
    return f"{figure.name}: {figure.value} ({figure.how})"


# --- the picture -----------------------------------------------------------------------------------------


def file_name(case: Case) -> str:
    """Return what the picture of an attempt is called beside `report.md`."""
    return f"voice-{hashlib.sha256(case.key.encode()).hexdigest()[:8]}.svg"


def picture(result: CaseResult) -> str:
    """Return pace, pauses and evidence of an answer on one time line as SVG; empty without a clock."""
    line, part = _line(result.case), result.case.attempt.part(ANSWER)
    if line is None or part is None or line.ends <= line.begins:
        return ""
    rows = [
        (score.criterion.title or score.criterion.id, spans)
        for score in result.scores
        if (spans := _spans(score.evidence, line))
    ]
    fillers = _fillers(part, line, _language(part, result.case))
    height = TOP + HIGH + 26 + ROW * (len(rows) + bool(fillers)) + 22
    body = [
        *_others(line, height),
        *_paces(line),
        *_pauses(line),
        *fillers,
        *_rows(rows, line, TOP + HIGH + 26 + ROW * bool(fillers)),
        *_axis(line, height),
    ]
    label = f"Pace, pauses and evidence over {clock(line.ends - line.begins)} of answer"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="voice" role="img" aria-label="{label}" '
        f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'font-family="system-ui, sans-serif" font-size="11" fill="{_GREY}">{"".join(body)}</svg>'
    )


def pictures(summary: Summary) -> Iterator[tuple[str, str]]:
    """Yield file name and picture of every latest attempt that has a recording."""
    for series in summary.series:
        if series.latest.case.attempt.timing and (drawn := picture(series.latest)):
            yield file_name(series.latest.case), drawn


def _line(case: Case) -> Timeline | None:
    return clocked.clock_of(case.attempt.part(ANSWER), case.attempt.timing)


def _x(line: Timeline, when: float) -> float:
    share = (min(max(when, line.begins), line.ends) - line.begins) / (line.ends - line.begins)
    return LEFT + share * (WIDTH - LEFT - RIGHT)


def _y(pace: float) -> float:
    return TOP + HIGH * (1 - min(pace, FASTEST) / FASTEST)


def _others(line: Timeline, height: int) -> Iterator[str]:
    for (_, end), (start, _) in zip(line.turns, line.turns[1:], strict=False):
        x, wide = _x(line, end), _x(line, start) - _x(line, end)
        yield f'<rect x="{x:.1f}" y="{TOP}" width="{max(wide, 1):.1f}" height="{height - TOP - 22}" fill="{_GREY}" opacity=".18"><title>others speak</title></rect>'
        if wide >= WIDE:
            yield f'<text x="{x + wide / 2:.1f}" y="{TOP + HIGH - 8}" text-anchor="middle">others speak</text>'


def _paces(line: Timeline) -> Iterator[str]:
    yield f'<text x="{LEFT - 8}" y="{TOP - 4}" text-anchor="end">words a minute</text>'
    for mark in (100, 200):
        yield f'<path d="M{LEFT} {_y(mark):.1f}H{WIDTH - RIGHT}" stroke="{_GREY}" opacity=".35" stroke-dasharray="2 3"/>'
        yield f'<text x="{LEFT - 8}" y="{_y(mark) + 4:.1f}" text-anchor="end">{mark}</text>'
    for start, end, pace in line.paces():
        x, wide = _x(line, start), _x(line, end) - _x(line, start)
        told = f"{clock(start - line.begins)} to {clock(end - line.begins)}: {pace:.0f} words a minute"
        yield f'<rect x="{x + 0.5:.1f}" y="{_y(pace):.1f}" width="{max(wide - 1, 0.5):.1f}" height="{TOP + HIGH - _y(pace):.1f}" fill="{_BLUE}" opacity=".55"><title>{told}</title></rect>'


def _pauses(line: Timeline) -> Iterator[str]:
    pauses = line.pauses or ()
    named = sorted(pauses, key=lambda pause: -pause.length)[:LONGEST]
    base = TOP + HIGH + 4
    yield f'<text x="{LEFT - 8}" y="{base + 11}" text-anchor="end">{"pauses" if line.pauses is not None else "pauses: not measured"}</text>'
    for pause in pauses:
        yield _pause(pause, line, base, told=pause in named)


def _pause(pause: Pause, line: Timeline, base: int, *, told: bool) -> str:
    x, wide = _x(line, pause.at), _x(line, pause.at + pause.length) - _x(line, pause.at)
    drawn = f'<rect x="{x:.1f}" y="{base}" width="{max(wide, 2):.1f}" height="14" fill="{_RED}"><title>{pause.length:.1f} s of silence</title></rect>'
    label = f'<text x="{x + wide / 2:.1f}" y="{TOP - 8}" text-anchor="middle" fill="{_RED}">{pause.length:.1f} s</text>'
    tick = f'<path d="M{x + wide / 2:.1f} {TOP - 4}V{base}" stroke="{_RED}" opacity=".5"/>'
    return drawn + (label + tick if told else "")


def _fillers(part: Part, line: Timeline, code: str) -> list[str]:
    """Return the fillers as dots in a row of their own; nothing where there is none."""
    y = TOP + HIGH + 26
    dots = [
        f'<circle cx="{_x(line, when):.1f}" cy="{y + 7}" r="3" fill="{_RED}"><title>{escape(found.text)}</title></circle>'
        for found in speech.fillers(part.text, code)
        if (when := line.at(found.start)) is not None
    ]
    return [f'<text x="{LEFT - 8}" y="{y + 11}" text-anchor="end">fillers</text>', *dots] if dots else []


def _spans(evidence: object, line: Timeline) -> list[tuple[float, float]]:
    found = []
    for quote in evidence if isinstance(evidence, tuple) else ():
        start = line.at(quote.start) if quote.part == ANSWER else None
        if start is not None:
            found.append((start, max(start, line.until(quote.end))))
    return found


def _rows(rows: list[tuple[str, list[tuple[float, float]]]], line: Timeline, top: int) -> Iterator[str]:
    for number, (title, spans) in enumerate(rows):
        y = top + ROW * number
        short = title if len(title) <= TITLE else f"{title[: TITLE - 1]}\u2026"
        yield f'<text x="{LEFT - 8}" y="{y + 11}" text-anchor="end">{escape(short)}</text>'
        for start, end in spans:
            x, wide = _x(line, start), max(3.0, _x(line, end) - _x(line, start))
            yield f'<rect x="{x:.1f}" y="{y}" width="{wide:.1f}" height="13" rx="2" fill="{_GREEN}" opacity=".75"><title>evidence for {escape(title)} at {clock(start - line.begins)}</title></rect>'


def _axis(line: Timeline, height: int) -> Iterator[str]:
    whole = line.ends - line.begins
    step = next((each for each in (5, 10, 15, 30, 60, 120, 300, 600) if whole / each <= 8), 1200)
    for when in range(0, int(whole) + 1, step):
        x = _x(line, line.begins + when)
        yield f'<path d="M{x:.1f} {TOP + HIGH}v4" stroke="{_GREY}"/><text x="{x:.1f}" y="{height - 6}" text-anchor="middle">{clock(when)}</text>'
    yield f'<path d="M{LEFT} {TOP + HIGH}H{WIDTH - RIGHT}" stroke="{_GREY}"/>'
