"""quote, part -> where it stands.  One function for every grader; what cannot be found is rejected.

Rules (in this order):
1. surrounding quotation marks go; a quote spliced with an ellipsis is checked piece by piece;
2. white space, quotation marks, dashes, Markdown emphasis and case are folded on both sides;
3. a piece has at least four words, or is a whole sentence of the part;
4. a piece that stands in the question or the rubric is an echo, not evidence;
5. what is not found word for word may be *repaired* to the real text where at most a tenth of its words
   differ and none of them is a number or a negation.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import NamedTuple

from evalharness.model.nouns import Case, Criterion, How, Part, Quote, Rubric
from evalharness.model.rubric_text import texts_of
from evalharness.text.words import Folded, fold, fold_text, sentences, words

MIN_WORDS = 4
MOST_WORDS = 120
REPAIR_SHARE = 10

_ELLIPSIS = re.compile(r"\s*[\[(]?\s*(?:\.\s?\.\s?\.|\u2026)\.?\s*[\])]?\s*")
_WRAPPING = " \t\r\n\"'`\u2018\u2019\u201c\u201d\u00ab\u00bb"
_NEGATIONS = frozenset(
    "no not never none nobody nothing nowhere neither nor without cannot hardly barely scarcely rarely "
    "seldom isn't wasn't aren't weren't don't doesn't didn't won't wouldn't can't couldn't shouldn't "
    "hasn't haven't hadn't mustn't needn't ain't except unless unlike fail failed lacks lacked".split()
)
_NUMBER_WORDS = frozenset(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds "
    "thousand thousands million millions billion billions trillion dozen dozens half halved third thirds "
    "quarter quarters once twice thrice double doubled triple tripled percent per first second all "
    "every few many most some several".split()
)


class Verifier(NamedTuple):
    """Looks quotes up in one part of one attempt; `echoes` are folded texts that prove nothing."""

    part: Part
    echoes: str

    def find(self, quote: str) -> tuple[Quote, ...]:
        """Return each piece of `quote` where it stands in the part, or nothing if any piece is rejected."""
        found: list[Quote] = []
        for piece in _pieces(quote):
            located = self._locate(piece)
            if located is None:
                return ()
            found.append(located)
        return tuple(found)

    def _locate(self, piece: str) -> Quote | None:
        wanted, text = fold_text(piece), fold(self.part.text)
        if not wanted or len(wanted.split()) > MOST_WORDS:
            return None
        start = find_words(wanted, text.text)
        if start is not None:
            return self._quote(text, start, start + len(wanted), piece)
        repaired = _nearest_window(wanted, text.text)
        return self._quote(text, *repaired, None) if repaired else None

    def _quote(self, text: Folded, start: int, end: int, asked: str | None) -> Quote | None:
        """Return the stretch as a quote unless it is too short or an echo; `asked` is None for a repair."""
        folded = text.text[start:end]
        if find_words(folded, self.echoes) is not None:
            return None
        if len(words(folded)) < MIN_WORDS and not _is_sentence(folded, self.part.text):
            return None
        first, last = text.original(start, end)
        real = self.part.text[first:last]
        how = How.REPAIRED if asked is None else How.EXACT if real == asked else How.FOLDED
        return Quote(part=self.part.id, start=first, end=last, text=real, how=how)


def verifier(case: Case, criterion: Criterion) -> Verifier | None:
    """Return the verifier for the part that `criterion` reads, or None where the attempt lacks that part."""
    part = case.attempt.part(criterion.part)
    return Verifier(part, echoes(case.question.text, case.rubric)) if part else None


def echoes(question: str, rubric: Rubric) -> str:
    """Return the folded texts of question and rubric, separated so that no quote can span two of them."""
    return _folded_together((question, *texts_of(rubric)))


def find_words(wanted: str, text: str) -> int | None:
    """Return where `wanted` stands in `text` between word boundaries, or None."""
    start = text.find(wanted)
    while start >= 0:
        end = start + len(wanted)
        before = start > 0 and text[start - 1].isalnum() and wanted[0].isalnum()
        after = end < len(text) and text[end].isalnum() and wanted[-1].isalnum()
        if not before and not after:
            return start
        start = text.find(wanted, start + 1)
    return None


@functools.lru_cache(maxsize=64)
def _folded_together(texts: tuple[str, ...]) -> str:
    return "\x00".join(fold_text(text) for text in texts)


def _pieces(quote: str) -> list[str]:
    trimmed = (piece.strip(_WRAPPING) for piece in _ELLIPSIS.split(quote.strip(_WRAPPING)))
    return [piece for piece in trimmed if any(character.isalnum() for character in piece)] or [""]


def _is_sentence(folded: str, text: str) -> bool:
    bare = folded.strip(" .!?\"'")
    return any(fold_text(sentence.text).strip(" .!?\"'") == bare for sentence in sentences(text))


def _nearest_window(wanted: str, text: str) -> tuple[int, int] | None:
    """Return the stretch of `text` nearest to `wanted` within the allowed word edits, or None.

    Word-level approximate substring search (Sellers 1980): the first row is zero, so that a match may
    begin anywhere; each cell keeps where its path began.
    """
    target = [span.text for span in words(wanted)]
    allowed = len(target) // REPAIR_SHARE
    if not allowed:
        return None
    spans = words(text)
    source = [span.text for span in spans]
    best = _sellers(target, source)
    if best is None or best[0] > allowed:
        return None
    _, first, last = best
    if not _harmless(target, source[first:last]):
        return None
    return spans[first].start, spans[last - 1].end


def _sellers(target: Sequence[str], source: Sequence[str]) -> tuple[int, int, int] | None:
    """Return (edits, first word, word after the last) of the best window of `source`, or None if empty."""
    column = [(row, 0) for row in range(len(target) + 1)]
    best: tuple[int, int, int] | None = None
    for position, word in enumerate(source):
        following = [(0, position + 1)]
        diagonal = (0, position)
        for row, asked in enumerate(target, start=1):
            substituted = (diagonal[0] + (asked != word), diagonal[1])
            diagonal = column[row] if row < len(column) else diagonal
            skipped = (column[row][0] + 1, column[row][1])
            left_out = (following[row - 1][0] + 1, following[row - 1][1])
            following.append(min(substituted, skipped, left_out, key=lambda cell: cell[0]))
        column = following
        cost, first = column[-1]
        if first <= position and (best is None or cost < best[0]):
            best = (cost, first, position + 1)
    return best


def _harmless(target: Sequence[str], found: Sequence[str]) -> bool:
    """Return whether numbers and negations are the same on both sides, in the same order."""
    return [t for t in target if _is_critical(t)] == [t for t in found if _is_critical(t)]


def _is_critical(token: str) -> bool:
    plain = token.replace("\u2019", "'")
    return (
        plain in _NEGATIONS
        or plain.endswith("n't")
        or plain in _NUMBER_WORDS
        or any(character.isdigit() for character in plain)
    )
