"""brief -> the page for the night before, as a screen or as Markdown to print."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from evalharness.brief.brief import Brief, Page
from evalharness.model.nouns import HEURISTIC
from evalharness.reports import next_steps
from evalharness.reports import words as wording
from evalharness.reports.escape import markdown as md
from evalharness.reports.escape import shorten
from evalharness.reports.escape import terminal as clean
from evalharness.reports.markdown import starts as starts_md
from evalharness.reports.terminal.columns import wrap
from evalharness.reports.terminal.starts import HEADING, start_here
from evalharness.text.speaking import PACE

NARROWEST = 40
TO_ASK = "Questions to ask them"
ASKED, LINE, WORDS, FIX, ASIDE = 160, 260, 140, 400, 300
"""At most so many characters of a question, a sentence, the words around a number, a step, a part on its own."""


def text(brief: Brief, *, width: int, again: str, colour: bool = False) -> str:
    """Return the page in lines of at most `width` cells (40 at least), headings bold with `colour`.

    `again` is the command that grades what is not graded.
    """
    width = max(width, NARROWEST)
    blocks = [[line for told in _opening(brief) for line in wrap(clean(told), width)]]
    if _left(brief):
        blocks[0].append(f"Grade with: {clean(again)}")
    if brief.starts:
        head = list(wrap(HEADING, width))
        blocks.append([*head, *start_here(brief.starts, width, several=brief.several_authors)])
    blocks += [
        list(_lines(place, page, width, several=brief.several_authors))
        for place, page in enumerate(brief.pages, start=1)
    ]
    if brief.to_ask:
        asked = [line for told in brief.to_ask for line in wrap(clean(told), width, first="- ", rest="  ")]
        blocks.append([TO_ASK, *asked])
    found = [[f"\x1b[1m{block[0]}\x1b[0m", *block[1:]] for block in blocks] if colour else blocks
    return "\n\n".join("\n".join(block) for block in found) + "\n"


def markdown(brief: Brief, *, again: str) -> str:
    """Return the page as Markdown."""
    head, *rest = _opening(brief)
    blocks = [f"# {md(head)}", *(md(told) for told in rest)]
    if _left(brief):
        blocks.append(f"Grade with: {md(again)}")
    if brief.starts:
        blocks += [f"## {next_steps.TITLE}", next_steps.RULE]
        blocks.append(starts_md.start_here(brief.starts, root="", several=brief.several_authors))
    for place, page in enumerate(brief.pages, start=1):
        blocks += _markdown(place, page, several=brief.several_authors)
    if brief.to_ask:
        blocks += [f"## {TO_ASK}", "\n".join(f"- {md(told)}" for told in brief.to_ask)]
    return "\n\n".join(blocks) + "\n"


def _opening(brief: Brief) -> Iterator[str]:
    seconds = sum(page.seconds for page in brief.pages)
    counts = f"{wording.plural(len(brief.pages), 'question')}, about {wording.clock(seconds)} {PACE}"
    yield f"Brief for {when(brief)}: {counts}" if brief.interview else f"Brief: {counts}"
    if brief.left_out:
        yield f"The weakest {len(brief.pages)} of {len(brief.pages) + brief.left_out} questions."
    left = _left(brief)
    if brief.history.grader.name == HEURISTIC and len(left) < len(brief.pages):
        yield "Scores and weak points are by surface features only (grader: heuristic)."
    if left:
        names = ", ".join(wording.title(page.result.case.question) for page in left)
        yield f"No score, so the newest attempt is shown: {names}."


def _left(brief: Brief) -> list[Page]:
    return [page for page in brief.pages if page.result.total is None]


def when(brief: Brief) -> str:
    """Return the day of the interview and how far it is."""
    days = brief.days or 0
    if days < 0:
        far = f"{wording.plural(-days, 'day')} ago"
    else:
        far = {0: "today", 1: "tomorrow"}.get(days, f"in {wording.plural(days, 'day')}")
    return f"{brief.interview}, {far}"


def _heading(place: int, page: Page, *, several: bool) -> str:
    """Return the question, which attempt is shown, its score and its spoken length against the limit."""
    case = page.result.case
    attempt = wording.who_and_when(case.attempt, several=several)
    of = f", best of {page.attempts}" if page.attempts > 1 and page.result.total is not None else ""
    if page.apart:
        graded = wording.plural(page.apart, "attempt")
        of += f"; {graded} not compared, as the grader drifted"
    of += f"; your newest, {page.newer}, is not graded yet" if page.newer else ""
    short = wording.too_short(page.result) or wording.total(page.result)
    score = f"{page.result.total:.1f} of 5" if page.result.total is not None else short
    return f"{place}. {wording.title(case.question)} ({attempt}{of}; {score}; {_length(page)})"


def _length(page: Page) -> str:
    over = f", {wording.clock(page.too_long)} too long" if page.too_long >= 1 else ""
    return f"about {page.time.told}{over}"


def _points(page: Page) -> Iterator[tuple[str, str]]:
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


def _lines(place: int, page: Page, width: int, *, several: bool) -> Iterator[str]:
    yield from wrap(clean(_heading(place, page, several=several)), width, rest="   ")
    yield from wrap(clean(shorten(page.result.case.question.text, ASKED)), width, first="   ", rest="   ")
    for sentence in page.lines:
        yield from wrap(clean(shorten(sentence, LINE)), width, first="   > ", rest="     ")
    for label, told in _points(page):
        yield from wrap(f"{clean(label)}: {clean(told)}", width, first="   ", rest="     ")


def _markdown(place: int, page: Page, *, several: bool) -> Iterator[str]:
    yield f"## {_heading_md(place, page, several=several)}"
    yield f"*{md(shorten(page.result.case.question.text, ASKED))}*"
    if page.lines:
        yield "\n".join(f"- {md(shorten(sentence, LINE))}" for sentence in page.lines)
    yield "  \n".join(f"**{md(label)}:** {md(told)}" for label, told in _points(page))


def _heading_md(place: int, page: Page, *, several: bool) -> str:
    number, _, rest = _heading(place, page, several=several).partition(" ")
    return f"{number} {md(rest)}"
