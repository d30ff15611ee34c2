"""brief -> cards to learn from: a CSV file that Anki imports as it is (front, back, tags).

One card asks the question, one each number that is to be remembered, one the question to ask back.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from html import escape
from typing import NamedTuple

from evalharness.brief.brief import Brief, Page
from evalharness.reports import words as wording
from evalharness.reports.escape import line

HEAD = "#separator:Comma\n#html:true\n#columns:Front,Back,Tags\n#tags column:3\n"
GAP = "[...]"
_FORMULA = re.compile(r"^[=+\-@#]")  # a spreadsheet would run it, Anki would take it for a setting


class Card(NamedTuple):
    """One card, each side as HTML."""

    front: str
    back: str
    tags: str


def cards(brief: Brief) -> str:
    """Return all cards as CSV."""
    stream = io.StringIO()
    rows = csv.writer(stream, lineterminator="\n")
    rows.writerows(card for page in brief.pages for card in _of(page))
    return HEAD + stream.getvalue()


def _of(page: Page) -> Iterator[Card]:
    question = page.result.case.question
    tags = f"evalharness {'-'.join(question.id.split())}"
    if page.lines:
        yield Card(_text(question.text), "<br>".join(map(_text, _back(page))), tags)
    for figure in page.figures:
        number = line(figure.quantity.text)
        around = line(figure.words) or next((line(said) for said in page.lines if number in line(said)), "")
        if number in around:
            front = f"{_text(wording.title(question))}: {_text(around.replace(number, GAP, 1))}"
            yield Card(front, _text(number), tags)
    for aside in page.asides:
        front = f"{_text(wording.title(question))}: {_text(aside.heading[:1].lower() + aside.heading[1:])}?"
        yield Card(front, _text(aside.text), tags)


def _back(page: Page) -> Iterator[str]:
    yield from page.lines
    if page.weakest and page.weakest.asks:
        yield f"Next: {page.weakest.asks}"


def _text(told: str) -> str:
    """Return a text as HTML on one line, with nothing in it that a spreadsheet would run."""
    plain = escape(line(told), quote=False)
    return _FORMULA.sub(lambda found: f"&#{ord(found[0])};", plain)
