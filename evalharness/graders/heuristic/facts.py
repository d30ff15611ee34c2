"""reading, the question's context -> which facts, interests and names of it the answer takes up, in its own words."""

from __future__ import annotations

from collections.abc import Iterator

from evalharness.graders.heuristic.clauses import is_content
from evalharness.graders.heuristic.clean import tokens
from evalharness.graders.heuristic.reading import Hit, Reading
from evalharness.model.asked import Context, said_of

BEGINS = 4
"""Words that begin with the same letters are the same word here: 'publish', 'publishes', 'published'."""

SHARED = 2
"""So many words of a fact, and a third of them, stand in a sentence that takes it up."""

NAME = "name"


def found(reading: Reading, context: Context, of: str) -> Iterator[Hit]:
    """Yield one hit for each fact (or interest) that a sentence takes up, and one for the name."""
    for number, said in enumerate(said_of(context, of)):
        wanted = _beginnings(said)
        sentences = ((len(wanted & held), -at) for at, held in enumerate(_held(reading)))
        shared, at = max(sentences, default=(0, 0))
        if shared >= SHARED and shared * 3 >= len(wanted):
            sentence = reading.clean.sentences[-at]
            yield Hit(sentence.start, sentence.end, f"fact {number}")
    yield from _name(reading, context, of)


def _held(reading: Reading) -> Iterator[frozenset[str]]:
    for sentence in reading.clean.sentences:
        yield frozenset(t.word[:BEGINS] for t in sentence.tokens if is_content(t.word))


def _beginnings(said: str) -> frozenset[str]:
    return frozenset(token.word[:BEGINS] for token in tokens(said) if is_content(token.word))


def _name(reading: Reading, context: Context, of: str) -> Iterator[Hit]:
    known = context.company if of == "company" else context.interviewer
    for hit in reading.phrase(known.name if known else ""):
        yield Hit(hit.start, hit.end, NAME)
        return
