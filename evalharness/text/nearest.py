"""words of a quote, a text -> the stretch of the text that is nearest to them, if it is near enough and harmless.

At most a tenth of the words may differ, and none of them is a number or a negation.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence

from evalharness.text.words import Span, words

REPAIR_SHARE = 10
MOST_SOURCE = 20_000
"""So many words of a text are compared at most."""

_NEGATIONS = frozenset(
    "no not never none nobody nothing nowhere neither nor without cannot hardly barely scarcely rarely "
    "seldom isn't wasn't aren't weren't don't doesn't didn't won't wouldn't can't couldn't shouldn't "
    "hasn't haven't hadn't mustn't needn't ain't except unless unlike fail failed lacks lacked "
    "nicht nie niemals kein keine keinen keinem keiner keines nichts niemand ohne weder kaum "
    "ne pas jamais aucun aucune rien personne sans ni nunca nada nadie ning\u00fan ninguna ninguno sin jam\u00e1s "
    "non mai nessuno nessuna niente nulla senza n\u00e3o nenhum nenhuma ningu\u00e9m sem "
    "niet nooit geen niets niemand zonder nigdy nic nikt bez \u043d\u0435 \u043d\u0438 \u043d\u0435\u0442 "
    "\u043d\u0438\u043a\u043e\u0433\u0434\u0430 \u0431\u0435\u0437".split()
)
_NUMBER_WORDS = frozenset(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds "
    "thousand thousands million millions billion billions trillion dozen dozens half halved third thirds "
    "quarter quarters once twice thrice double doubled triple tripled percent per first second all "
    "every few many most some several".split()
)


def nearest_window(wanted: str, text: str) -> tuple[int, int] | None:
    """Return the stretch of `text` nearest to `wanted` within the allowed word edits, or None.

    Where few words differ, some stretch of the quote stands in the text as it is: only the surroundings of such
    stretches are compared word by word.
    """
    target = [span.text for span in words(wanted)]
    allowed = len(target) // REPAIR_SHARE
    if not allowed:
        return None
    spans, source = _words(text)
    best: tuple[int, int, int] | None = None
    for low, high in _windows(target, source, allowed):
        found = _sellers(target, source[low:high])
        if found and (best is None or found[0] < best[0]):
            best = (found[0], low + found[1], low + found[2])
    if best is None or best[0] > allowed:
        return None
    _, first, last = best
    return (spans[first].start, spans[last - 1].end) if _harmless(target, source[first:last]) else None


@functools.lru_cache(maxsize=64)
def _words(text: str) -> tuple[tuple[Span, ...], tuple[str, ...]]:
    spans = tuple(words(text))
    return spans, tuple(span.text for span in spans)


def _windows(target: Sequence[str], source: Sequence[str], allowed: int) -> Iterator[tuple[int, int]]:
    """Yield the stretches of `source` around the chunks of `target` that stand in it, joined where they overlap."""
    size = len(target) // (allowed + 1)
    chunks = {tuple(target[at : at + size]): at for at in reversed(range(0, size * (allowed + 1), size))}
    low = high = used = 0
    for place in range(len(source) - size + 1):
        at = chunks.get(tuple(source[place : place + size]))
        if at is None:
            continue
        first, last = max(0, place - at - allowed), min(len(source), place - at + len(target) + allowed)
        if first > high:
            if high:
                yield low, high
            low = first
            used += high - low if high > low else 0
        high = max(high, last)
        if high - low + used > MOST_SOURCE:
            break
    if high:
        yield low, high


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


def is_negation(word: str) -> bool:
    """Return whether a word turns a sentence around."""
    plain = word.replace("\u2019", "'")
    return plain in _NEGATIONS or plain.endswith("n't")


def _is_critical(token: str) -> bool:
    plain = token.replace("\u2019", "'")
    return is_negation(plain) or plain in _NUMBER_WORDS or any(character.isdigit() for character in plain)
