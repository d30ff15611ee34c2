"""text, quotes -> pieces of text, each with the criteria it is evidence for."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from evalharness.model.nouns import Part, Quote
from evalharness.text.addressed import Addressed

# A line break inside a paragraph, which Markdown reads as a blank; lists, quotes, headings and tables keep theirs.
_SOFT = re.compile(r"(?<=[^\n\\])(?<! {2})\n(?![\s\-*+>#|`~]|\d+[.)]\s|$)")


class Cited(NamedTuple):
    """A quote and the place of its criterion in the rubric, from 0."""

    criterion: int
    quote: Quote


class Piece(NamedTuple):
    """A stretch of text: `criteria` it supports; `ends` the ones whose quote ends here; the label if addressed."""

    start: int
    text: str
    criteria: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()
    label: str = ""


def unwrapped(text: str) -> str:
    """Return a text of the same length whose paragraphs flow: soft line breaks are blanks."""
    return _SOFT.sub(" ", text)


def stands(quote: Quote, part: Part) -> bool:
    """Return whether the quote is in the text, as every stored one should be."""
    return bool(quote.text) and quote.part == part.id and part.text[quote.start : quote.end] == quote.text


def pieces(part: Part, cited: Sequence[Cited], spans: Sequence[Addressed]) -> Iterator[Piece]:
    """Yield the whole text in order, cut wherever a quote or an addressed stretch begins or ends."""
    opens: dict[int, list[int]] = defaultdict(list)
    closes: dict[int, list[int]] = defaultdict(list)
    for criterion, quote in cited:
        if stands(quote, part):
            opens[quote.start].append(criterion)
            closes[quote.end].append(criterion)
    shown = unwrapped(part.text)
    edges = {0, len(part.text), *opens, *closes, *(s.start for s in spans), *(s.end for s in spans)}
    cuts = sorted(edges)
    active: Counter[int] = Counter()
    for start, end in itertools.pairwise(cuts):
        active.update(opens[start])
        active.subtract(closes[start])
        label = next((span.label for span in spans if span.start <= start < span.end), "")
        criteria = tuple(sorted(name for name, count in active.items() if count > 0))
        yield Piece(start, shown[start:end], criteria, tuple(sorted(set(closes[end]))), label)
