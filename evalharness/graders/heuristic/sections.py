"""reading, a criterion's sections -> the stretches of the answer that it reads.

Under its own titles, where they stand.  Where they don't, nobody can say where the section begins and ends: then it
is the stretch that holds most of the section's own words, no longer than twice an even share of the answer.  The
whole answer would make leaving the titles out worth more than a level.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterator, Sequence

from evalharness.graders.heuristic.clean import tokens
from evalharness.graders.heuristic.reading import Hit, Reading, Scope
from evalharness.model.nouns import Checklist, Criterion, Rubric, Scale, Tags
from evalharness.model.signals import Signals
from evalharness.text.numerals import is_number
from evalharness.text.parts import titles

SHARES = 2
"""Times an even share of the answer: people give one topic more room than another."""


def scope(reading: Reading, criterion: Criterion, rubric: Rubric) -> Scope:
    """Return what `criterion` reads: all of the part, where it names no sections."""
    if not criterion.sections:
        return Scope()
    under = _under_titles(reading.text, criterion.sections)
    return under if under.ranges else _densest(reading, criterion, rubric)


def _under_titles(text: str, sections: tuple[str, ...]) -> Scope:
    """Return the stretches under titles that name one of `sections`."""
    wanted = [_plain_words(section) for section in sections]
    found = titles(text)
    ranges: list[tuple[int, int]] = []
    for at, title in enumerate(found):
        inside = bool(ranges) and title.start < ranges[-1][1]
        if not inside and any(_holds(_plain_words(title.title), words) for words in wanted):
            later = (t.start for t in found[at + 1 :] if t.level <= title.level)
            ranges.append((title.end, next(later, len(text))))
    return Scope(tuple(ranges))


def _densest(reading: Reading, criterion: Criterion, rubric: Rubric) -> Scope:
    """Return the stretch of sentences with most different cues; of equal ones the first."""
    sentences = reading.clean.sentences
    topics = sum(bool(other.sections) for other in rubric.criteria)
    room = SHARES * sum(len(sentence.tokens) for sentence in sentences) // max(1, topics)
    cues: dict[int, list[str]] = {}
    for hit in _cues(reading, criterion):
        cues.setdefault(reading.sentence(hit.start), []).append(hit.what)
    held: Counter[str] = Counter()
    first = words = best = 0
    chosen = (0, 0)
    for last, sentence in enumerate(sentences):
        held.update(cues.get(last, ()))
        words += len(sentence.tokens)
        while words > room and first < last:
            held.subtract(cues.get(first, ()))
            words -= len(sentences[first].tokens)
            first += 1
        count = sum(number > 0 for number in held.values())
        if count > best:
            best, chosen = count, (first, last)
    return Scope(((sentences[chosen[0]].start, sentences[chosen[1]].end),)) if best else Scope()


def _cues(reading: Reading, criterion: Criterion) -> Iterator[Hit]:
    """Yield where the section's own words stand: its names, the terms of its signals, numbers where these count."""
    phrases = dict.fromkeys(name.lower() for name in criterion.sections)
    for signals in _signals(criterion):
        phrases.update(dict.fromkeys(entry for terms in signals.terms for entry in terms.any))
        if signals.quantities:
            yield from (Hit(q.start, q.end, f"quantity {q.start}") for q in reading.quantities)
    for phrase in phrases:
        yield from reading.phrase(phrase)


def _signals(criterion: Criterion) -> Sequence[Signals]:
    match criterion.kind:
        case Scale(signals=signals):
            found = [signals]
        case Checklist(items=items):
            found = [item.signals for item in items]
        case Tags(tags=tags):
            found = [tag.signals for tag in tags]
        case _:
            found = []
    return [signals for signals in found if signals]


@functools.lru_cache(maxsize=1024)
def _plain_words(title: str) -> tuple[str, ...]:
    return tuple(t.word for t in tokens(title) if not is_number(t.word))


def _holds(words: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    """Return whether `wanted` stands in `words` in a row."""
    size = len(wanted)
    return bool(size) and any(words[i : i + size] == wanted for i in range(len(words) - size + 1))
