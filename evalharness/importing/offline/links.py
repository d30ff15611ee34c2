"""answers that stand apart from what they answer -> the question that each begins to answer: by its number, or by its words.

Some people list all questions first and answer some of them below, in any order.  What stands right below its question
needs no link.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from evalharness.documents.features import words
from evalharness.documents.nouns import Line

ORDINALS = {
    word: n for n, word in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), 1)
}
_NUMBERED = re.compile(
    r"(?i)\W{0,3}(?:(?:no|nr|q|question|answer|ans|frage|to|for|re|zu)\b\W{0,3})?(?:[a-z]?(?P<digits>\d{1,2})\b|(?P<word>[a-z]+)\b)"
)
LEAD_WORDS, LEAST_LETTERS, LEAST_LISTED, NEAR = 8, 4, 2, 2
SAID = "answer"


def linked(lines: Sequence[Line], tags: Sequence[str], asked: Mapping[int, str]) -> dict[int, int]:
    """Return the line of the question for each line that begins an answer to one which stands apart from it.

    `asked` are the words of the questions by their lines.  Nothing is linked where each answer follows its question.
    """
    found: dict[int, int] = {}
    listed = _listed(tags, asked)
    common = Counter(word for text in asked.values() for word in {*words(text)})
    for line in _openings(lines, tags):
        open_ = [n for n in listed if n < line.number]
        below = max((n for n in asked if n < line.number), default=0) in open_
        if (
            below
            and len(open_) >= LEAST_LISTED
            and (n := _numbered(line, open_, lines) or _named(line, open_, asked, common))
        ):
            found[line.number] = n
    return found


def _listed(tags: Sequence[str], asked: Mapping[int, str]) -> list[int]:
    """Return the questions that stand in a row, without an answer in between."""
    pairs = [(a, b) for a, b in itertools.pairwise(sorted(asked)) if SAID not in tags[a : b - 1]]
    return sorted({n for pair in pairs for n in pair})


def _openings(lines: Sequence[Line], tags: Sequence[str]) -> Iterator[Line]:
    """Yield the lines that may begin an answer: all but those that go on in the line above."""
    for line, tag in zip(lines, tags, strict=True):
        if tag == SAID and line.kind != "cell":
            yield line


def _numbered(line: Line, open_: Sequence[int], lines: Sequence[Line]) -> int:
    """Return the listed question whose number or place in the list an answer begins with; 0 where none does."""
    match = _NUMBERED.match(line.label or line.text)
    told = match.groupdict("") if match else {"digits": "", "word": ""}
    count = line.count or (int(told["digits"]) if told["digits"] else ORDINALS.get(told["word"].lower(), 0))
    listed = all(b - a <= NEAR for a, b in itertools.pairwise(open_)) and lines[open_[0] - 1].kind != "heading"
    exact = [n for n in open_ if count and lines[n - 1].count == count] or (open_[count - 1 : count] if listed else [])
    return exact[0] if count and len(exact) == 1 else 0


def _named(line: Line, open_: Sequence[int], asked: Mapping[int, str], common: Counter[str]) -> int:
    """Return the listed question that alone shares rare words with the label or the first words of an answer."""
    lead = words(line.label) if line.label else words(line.text)[:LEAD_WORDS]
    weight = {
        n: sum(1 / common[word] for word in {*lead} & {*words(asked[n])} if len(word) >= LEAST_LETTERS) for n in open_
    }
    best = sorted(open_, key=lambda n: -weight[n])
    sure = weight[best[0]] >= 1 and weight[best[0]] > (weight[best[1]] if len(best) > 1 else 0)
    return best[0] if sure else 0
