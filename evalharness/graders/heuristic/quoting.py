"""hits -> quotes: verbatim slices of the original part that the verify step will find again."""

from __future__ import annotations

import re
from collections.abc import Iterable

from evalharness.graders.heuristic.reading import Hit, Reading
from evalharness.text import words as prose

LONGEST = 40
SHORTEST = 8
"""Words: sentences longer than `LONGEST` are quoted as a window of whole words, at least `SHORTEST`."""

_MARK = re.compile(r"(?:[-*+>|#][ \t]+|\d{1,3}[.)][ \t]+|\|)+")
_ELLIPSIS = re.compile(r"\.\s?\.\s?\.|\u2026")


def quotes(reading: Reading, hits: Iterable[tuple[int, Hit]], most: int) -> tuple[str, ...]:
    """Return at most `most` quotes of the sentences with the strongest hits, in the order of the text.

    `hits` are (strength, hit); sentences of four words and more go first, then the sum of strengths decides.
    """
    by_sentence: dict[int, list[tuple[int, Hit]]] = {}
    for strength, hit in hits:
        by_sentence.setdefault(reading.sentence(hit.start), []).append((strength, hit))
    ranked = sorted(
        by_sentence.items(),
        key=lambda item: (
            _is_short(reading, item[0]),
            -sum(s for s, _ in item[1]),
            item[0],
        ),
    )
    chosen = sorted((number, max(found, key=lambda f: (f[0], -f[1].start))[1]) for number, found in ranked[:most])
    return tuple(dict.fromkeys(quote(reading, number, hit) for number, hit in chosen))


def quote(reading: Reading, number: int, hit: Hit) -> str:
    """Return the sentence that holds `hit`, or a window of it where it is long, without its list mark."""
    sentence = reading.clean.sentences[number]
    if prose.word_count(reading.text[sentence.start : sentence.end]) < 4:
        return _whole(reading.text, sentence.start)
    start, end = _between_ellipses(reading.text, sentence.start, sentence.end, hit)
    mark = _MARK.match(reading.text, start, end)
    bare = mark.end() if mark else start
    if prose.word_count(reading.text[bare:end]) >= 4:
        start = bare
    said = reading.text[start:end].rstrip(" |\t")
    words = prose.words(said)
    if len(words) <= LONGEST:
        return said
    return _window(said, words, hit.start - start, hit.end - start)


def _whole(text: str, offset: int) -> str:
    """Return the sentence of the original that holds `offset`: what is short is evidence only as a whole."""
    return next(s.text for s in prose.sentences(text) if s.start <= offset < s.end)


def _window(said: str, words: list[prose.Span], start: int, end: int) -> str:
    """Return whole words around a hit: about half of `LONGEST`, the hit in the middle, all of it."""
    first = next(i for i, word in enumerate(words) if word.end > start)
    last = max(i for i, word in enumerate(words) if word.start < end)
    spare = max(0, LONGEST // 2 - (last - first + 1)) // 2 + SHORTEST // 2
    low, high = max(0, first - spare), min(len(words) - 1, last + spare)
    return said[words[low].start : words[high].end]


def _between_ellipses(text: str, start: int, end: int, hit: Hit) -> tuple[int, int]:
    """Return the stretch between ellipses: a quote that holds one is read as two."""
    for match in _ELLIPSIS.finditer(text, start, end):
        if match.end() <= hit.start:
            start = match.end()
        elif match.start() >= hit.end:
            end = match.start()
    while start < end and not text[start].isalnum() and text[start] in " \t\n.,;\u2026":
        start += 1
    return start, end


def _is_short(reading: Reading, number: int) -> bool:
    return len(reading.clean.sentences[number].tokens) < 4
