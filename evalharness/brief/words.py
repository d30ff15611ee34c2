"""brief -> the sentences that every form of it says: the opening, the heading of a question, the points below it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from evalharness.brief.brief import Brief, Page
from evalharness.model.nouns import HEURISTIC
from evalharness.reports import next_steps
from evalharness.reports import words as wording
from evalharness.reports.escape import shorten
from evalharness.text.speaking import PACE

TO_ASK = "Questions to ask them"
ASKED, LINE, WORDS, FIX, ASIDE = 160, 260, 140, 400, 300
"""At most so many characters of a question, a sentence, the words around a number, a step, a part on its own."""


def opening(brief: Brief) -> Iterator[str]:
    """Yield what the brief is for and how much it holds, then who graded and what has no score."""
    counts = f"{wording.plural(len(brief.pages), 'question')}, {_whole(brief)}"
    yield f"Brief for {when(brief)}: {counts}" if brief.interview else f"Brief: {counts}"
    if (brief.days or 0) < 0:
        yield "That day is past: name the next one with --for DAY, or with `interview:` in evalharness.yaml."
    if brief.left_out:
        yield f"The weakest {len(brief.pages)} of {len(brief.pages) + brief.left_out} questions."
    without = left(brief)
    if brief.history.grader.name == HEURISTIC and len(without) < len(brief.pages):
        yield "Scores and weak points are by surface features only (grader: heuristic)."
    if without:
        names = ", ".join(wording.title(page.result.case.question) for page in without)
        yield f"No score, so the newest attempt is shown: {names}."
    if brief.unanswered:
        yield f"{wording.plural(len(brief.unanswered), 'question')} without an answer: {', '.join(brief.unanswered)}."


def _whole(brief: Brief) -> str:
    """Return how long all answers take, and how much of that was measured by recordings."""
    whole = wording.clock(sum(page.seconds for page in brief.pages))
    measured = sum(page.time.measured is not None for page in brief.pages)
    if brief.pages and measured == len(brief.pages):
        return f"{whole} measured"
    return f"about {whole}, {measured} measured, the others {PACE}" if measured else f"about {whole} {PACE}"


def left(brief: Brief) -> list[Page]:
    """Return the pages without a score."""
    return [page for page in brief.pages if page.result.total is None]


def to_grade(brief: Brief) -> bool:
    """Return whether grading would give a page without a score one; an answer that is too short must grow first."""
    return any(not page.result.too_short for page in left(brief))


def when(brief: Brief) -> str:
    """Return the day of the interview and how far it is."""
    days = brief.days or 0
    if days < 0:
        far = f"{wording.plural(-days, 'day')} ago"
    else:
        far = {0: "today", 1: "tomorrow"}.get(days, f"in {wording.plural(days, 'day')}")
    return f"{brief.interview}, {far}"


def heading(place: int, page: Page, *, several: bool) -> str:
    """Return the question, which attempt is shown, its score and its spoken length against the limit."""
    case = page.result.case
    attempt = wording.who_and_when(case.attempt, several=several)
    of = f", best of {page.attempts}" if page.attempts > 1 and page.result.total is not None else ""
    if page.apart:
        graded = wording.plural(page.apart, "attempt")
        of += f"; {graded} not compared, as the grader drifted"
    if page.newer:
        of += f"; your newest, {page.newer.case.attempt.id}, is {wording.too_short(page.newer) or 'not graded yet'}"
    short = wording.too_short(page.result) or wording.total(page.result)
    score = f"{page.result.total:.1f} of 5" if page.result.total is not None else short
    return f"{place}. {wording.title(case.question)} ({attempt}{of}; {score}; {_length(page)})"


def _length(page: Page) -> str:
    """Return how long the answer takes to say, and by how much it is too long."""
    over = f", {wording.clock(page.too_long)} too long" if page.too_long >= 1 else ""
    return f"{'about ' if page.time.measured is None else ''}{page.time.told}{over}"


def points(page: Page) -> Iterator[tuple[str, str]]:
    """Yield label and text of what stands under the lines, in plain text."""
    if page.figures:
        yield "Numbers", "; ".join(_numbers(page))
    for aside in page.asides:
        yield f"Your {aside.heading[:1].lower()}{aside.heading[1:]}", f'"{shorten(aside.text, ASIDE)}"'
    for told in wording.by_rule(page.result):
        yield "Missing", told
    if page.weakest:
        yield "Weakest", f"{page.weakest.name}, {next_steps.now(page.weakest)}"
        if page.weakest.asks:
            yield "Next", shorten(page.weakest.asks, FIX)
    if page.follow_ups:
        yield "They may ask", " ".join(shorten(asked, WORDS) for asked in page.follow_ups)


def _numbers(page: Page) -> Iterator[str]:
    """Yield the numbers, those with the same words around them together."""
    for words, found in groupby(page.figures, key=lambda figure: figure.words):
        numbers = " and ".join(shorten(figure.quantity.text, 80) for figure in found)
        yield f'{numbers}: "{shorten(words, WORDS)}"' if words else numbers
