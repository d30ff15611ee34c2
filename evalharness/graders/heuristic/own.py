"""reading, what the rubric looks for -> what of it is the speaker's own: words that no signal and no rubric text holds.

Whoever tells of something needs words for it: trucks, a cook, the third of May.  A text made of trigger words, of
anchors, or of a report's hints has none.  So a stretch with next to no words of its own is a word list, whatever its
grammar; and a text with few of them, or without a sentence in which somebody does something, tells no event.  A row of
trigger words behind an honest answer is known by its crowd, and by its having nothing in common with the answer.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from evalharness.graders.heuristic import clauses
from evalharness.graders.heuristic.clean import Clean, Cut, Sentence, blanked, tokens
from evalharness.graders.heuristic.lexicon import ACTIONS, HINTS, MARKERS, PRESENT, TIMES
from evalharness.graders.heuristic.phrases import Index, compiled
from evalharness.model.noun import once
from evalharness.model.nouns import Rubric
from evalharness.model.rubric_text import hints_of, looked_for, texts_of
from evalharness.text import echo
from evalharness.text.numerals import is_number

OFTEN = 3
WINDOW = 40
"""So many words that name something are looked at together, and `LEAST_NEAR` of them must be own words."""

FEW = 12
"""In a text with fewer words that name something, a question back for instance, their share says nothing."""

LEAST_NEAR = 0.1
LEAST_SHORT, LEAST_LONG = 0.25, 0.15
LONG = 150
"""So much of a text must be own words where it tells an event; less of one with `LONG` words that name something and
more, because long texts repeat themselves."""

CROWDED = 0.38
"""Of the words of an honest sentence a quarter is looked for by some criterion; a stretch with more is crowded."""

SPARE = 5
"""A stretch is left out only with so many sought words too many: a sentence or two are crowded by chance."""

SLACK = 2
"""A crowded stretch goes on behind its fullest point while no more than so many are lost again."""

SAME, EACH = 5, 10
"""Words that begin with so many letters alike are the same.  A stretch may have so many sought words too many for each
own word that the rest of the answer says, too."""

SILENT = 20
"""A row of trigger words has less than one own word in so many; an honest summary names its nurse and her notices."""

DEED = 1
"""So many own words stand at least in a sentence that tells a deed: who or what it was done to."""


@dataclasses.dataclass(frozen=True, eq=False)
class Known:
    """What a rubric says and looks for: the phrases of its signals, by a word that each asks for, and all its words."""

    phrases: Mapping[str, tuple[str, ...]]
    words: frozenset[str]
    runs: frozenset[tuple[str, ...]]
    titles: tuple[str, ...]

    def phrases_in(self, words: Iterable[str]) -> Iterator[str]:
        """Yield the phrases that a text of these words may hold; those that ask for no word as it is come too."""
        return itertools.chain.from_iterable(self.phrases.get(word, ()) for word in (*words, ""))


@once
def known(rubric: Rubric) -> Known:
    """Return what the signals of all criteria look for, and every word that the rubric's texts hold."""
    turns = (phrase for kind in MARKERS.values() for phrase in kind)
    phrases: dict[str, tuple[str, ...]] = {}
    for phrase in dict.fromkeys((*looked_for(rubric), *turns)):
        word = max(compiled(phrase).literals, key=lambda word: (len(word), word), default="")
        phrases[word] = (*phrases.get(word, ()), phrase)
    texts = (*texts_of(rubric), *hints_of(rubric), *HINTS)
    words = frozenset(token.word for text in texts for token in tokens(text))
    titles = tuple(c.title for c in rubric.criteria if len(c.title.split()) > 1)
    return Known(phrases, words, echo.runs(texts_of(rubric)), titles)


class Own(NamedTuple):
    """Of each sentence how many of its words name something, and which of these are the speaker's own.

    `sought` says how many of how many words the rubric looks for or says itself; numbers are no words here.
    """

    named: tuple[int, ...]
    own: tuple[tuple[str, ...], ...]
    sought: tuple[tuple[int, int], ...]

    @property
    def share(self) -> float:
        """Return the share of own words in the whole text; what is said over and over counts `OFTEN` times."""
        said = Counter(word for words in self.own for word in words)
        return sum(min(OFTEN, times) for times in said.values()) / max(1, sum(self.named))


def count(index: Index, sentences: Iterable[Sentence], what: Known) -> Own:
    """Return how many words of each sentence name something, and how many of these the rubric does not know."""
    phrases = what.phrases_in(index.places)
    covered = _places(index, phrases)
    said = covered | _places(index, what.titles) | _taken(index, what.runs)
    named: list[int] = []
    own: list[tuple[str, ...]] = []
    sought: list[tuple[int, int]] = []
    place = itertools.count()
    for sentence in sentences:
        # Sentences of which only figures count are not in the index.
        at = [] if sentence.figures_only else [next(place) for _ in sentence.tokens]
        naming = [i for i in at if _names(index.words[i])]
        named.append(len(naming))
        mine = (index.words[i] for i in naming if i not in covered)
        own.append(tuple(word for word in mine if _is_own(word, what.words)))
        words = [i for i in at if not is_number(index.words[i])]
        sought.append((sum(i in said for i in words), len(words)))
    return Own(tuple(named), tuple(own), tuple(sought))


def _places(index: Index, phrases: Iterable[str]) -> set[int]:
    return {place for phrase in phrases for first, last in index.phrase(phrase) for place in range(first, last)}


def _taken(index: Index, runs: frozenset[tuple[str, ...]]) -> set[int]:
    """Return the places of words that follow on each other in the rubric, too."""
    words = [echo.skeleton(word) for word in index.words]
    starts = (at for at in range(len(words) - echo.RUN + 1) if tuple(words[at : at + echo.RUN]) in runs)
    return {at + step for at in starts for step in range(echo.RUN)}


def _names(word: str) -> bool:
    return clauses.is_content(word) and not is_number(word) and word not in TIMES


def _is_own(word: str, said: frozenset[str]) -> bool:
    return word not in said and word not in ACTIONS and word not in PRESENT


def listed(own: Own) -> frozenset[int]:
    """Return the sentences that begin or end a stretch with next to no own words: rows of what the rubric looks for.

    A stretch is `WINDOW` words that name something; where the text ends before, its last ones.
    """
    onward = _shares(own.named, own.own)
    backward = _shares(own.named[::-1], own.own[::-1])[::-1]
    lowest = (min(shares) for shares in zip(onward, backward, strict=True))
    if sum(own.named) < FEW:
        return frozenset()
    return frozenset(
        n for n, (least, words) in enumerate(zip(lowest, own.named, strict=True)) if words and least < LEAST_NEAR
    )


def apart(own: Own) -> frozenset[int]:
    """Return the sentences of stretches that are crowded with what the rubric looks for, and speak of nothing else.

    An honest stretch may be crowded, too; then it speaks of the trucks or the ward of which the rest speaks, or names
    things of its own.
    """
    found: set[int] = set()
    for first, last in _crowded(own.sought):
        hits, size = (sum(counts) for counts in zip(*own.sought[first:last], strict=True))
        over = hits - CROWDED * size
        inside = {word[:SAME] for words in own.own[first:last] for word in words}
        outside = {word[:SAME] for words in (*own.own[:first], *own.own[last:]) for word in words}
        alien = len(inside & outside) * EACH < over and len(inside - outside) * SILENT < size
        if outside and over >= SPARE and alien:
            found.update(range(first, last))
    return frozenset(found)


def _crowded(sought: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield (first, after the last) of each stretch in which more than `CROWDED` is sought; none overlap."""
    first = best = at = 0
    height = top = 0.0
    while at < len(sought):
        hits, size = sought[at]
        at += 1
        height += hits - CROWDED * size
        if height > top - SLACK:
            best = at
        top = max(top, height)
        if height <= 0:
            if top > 0:
                yield first, best
                at = best
            first, height, top = at, 0.0, 0.0
    if top > 0:
        yield first, best


def _shares(named: Sequence[int], own: Sequence[tuple[str, ...]]) -> list[float]:
    """Return for each sentence the share of different own words in the stretch that it begins."""
    upto = [0, *itertools.accumulate(named)]
    near: Counter[str] = Counter()
    found: list[float] = []
    last = 0
    for first in range(len(named)):
        while last < len(named) and upto[last] - upto[first] < WINDOW:
            near.update(own[last])
            last += 1
        size = upto[last] - upto[first]
        if size < WINDOW and found:
            found += [found[-1]] * (len(named) - first)
            break
        found.append(len(near) / max(1, size))
        _drop(near, own[first])
    return found


def _drop(near: Counter[str], words: Iterable[str]) -> None:
    for word in words:
        near[word] -= 1
        if not near[word]:
            del near[word]


def without(cleaned: Clean, text: str, numbers: frozenset[int]) -> Clean:
    """Return `cleaned` without the sentences of these numbers, which are word lists."""
    kept = tuple(s for number, s in enumerate(cleaned.sentences) if number not in numbers)
    cut = [Cut(s.start, s.end, "word list") for number, s in enumerate(cleaned.sentences) if number in numbers]
    return Clean(kept, tuple(sorted((*cleaned.cuts, *cut))), blanked(text, kept), cleaned.spoken)


def tells_an_event(sentences: Iterable[Sentence], own: Own) -> bool:
    """Return whether somebody does something in one of the sentences, told with own words, in a text that has some."""
    if own.share < (LEAST_SHORT if sum(own.named) < LONG else LEAST_LONG):
        return False
    return any(
        len(mine) >= DEED and clauses.deed([t.word for t in s.tokens if not is_number(t.word)], clauses.PEOPLE)
        for s, mine in zip(sentences, own.own, strict=True)
        if not s.figures_only
    )
