"""brief -> the page for the night before, as a screen or as Markdown to print."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.brief.brief import Brief, Page
from evalharness.brief.words import ASKED, LINE, TO_ASK, heading, opening, points, to_grade
from evalharness.reports import next_steps
from evalharness.reports.escape import markdown as md
from evalharness.reports.escape import shorten
from evalharness.reports.escape import terminal as clean
from evalharness.reports.markdown import starts as starts_md
from evalharness.reports.terminal.columns import wrap
from evalharness.reports.terminal.starts import HEADING, Where, start_here

NARROWEST = 40


def text(brief: Brief, *, width: int, again: str, colour: bool = False, where: Where = str) -> str:
    """Return the page in lines of at most `width` cells (40 at least), headings bold with `colour`.

    `again` is the command that grades what is not graded; `where` says how the person writes a path of the project.
    """
    width = max(width, NARROWEST)
    blocks = [[line for told in opening(brief) for line in wrap(clean(told), width)]]
    if to_grade(brief):
        blocks[0].append(f"Grade with: {clean(again)}")
    if brief.starts:
        head = list(wrap(HEADING, width))
        blocks.append([*head, *start_here(brief.starts, width, several=brief.several_authors, where=where)])
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
    head, *rest = opening(brief)
    blocks = [f"# {md(head)}", *(md(told) for told in rest)]
    if to_grade(brief):
        blocks.append(f"Grade with: {md(again)}")
    if brief.starts:
        blocks += [f"## {next_steps.TITLE}", next_steps.RULE]
        blocks.append(starts_md.start_here(brief.starts, root="", several=brief.several_authors))
    for place, page in enumerate(brief.pages, start=1):
        blocks += _markdown(place, page, several=brief.several_authors)
    if brief.to_ask:
        blocks += [f"## {TO_ASK}", "\n".join(f"- {md(told)}" for told in brief.to_ask)]
    return "\n\n".join(blocks) + "\n"


def _lines(place: int, page: Page, width: int, *, several: bool) -> Iterator[str]:
    yield from wrap(clean(heading(place, page, several=several)), width, rest="   ")
    yield from wrap(clean(shorten(page.result.case.question.text, ASKED)), width, first="   ", rest="   ")
    for sentence in page.lines:
        yield from wrap(clean(shorten(sentence, LINE)), width, first="   > ", rest="     ")
    for label, told in points(page):
        yield from wrap(f"{clean(label)}: {clean(told)}", width, first="   ", rest="     ")


def _markdown(place: int, page: Page, *, several: bool) -> Iterator[str]:
    yield f"## {_heading_md(place, page, several=several)}"
    yield f"*{md(shorten(page.result.case.question.text, ASKED))}*"
    if page.lines:
        yield "\n".join(f"- {md(shorten(sentence, LINE))}" for sentence in page.lines)
    yield "  \n".join(f"**{md(label)}:** {md(told)}" for label, told in points(page))


def _heading_md(place: int, page: Page, *, several: bool) -> str:
    number, _, rest = heading(place, page, several=several).partition(" ")
    return f"{number} {md(rest)}"
