"""the questions and answers of a labelled document -> the same as a talk that was written down, each line with its tag.

Few people keep transcripts, so that few are labelled: how tools write a talk is learned from these as well.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from typing import Any, NamedTuple

import yaml

from evalharness.text.words import sentences
from scripts.labelled import LABELLED, words_of
from scripts.restyled import MOST_PAIRS, Tagged, Told

LEAST_PAIRS, LEAST_WORDS, MOST_WORDS = 3, 6, 160
PHRASES: dict[str, Any] = yaml.safe_load((LABELLED / "phrases.yaml").read_text(encoding="utf-8"))
NAMES, TOPS = PHRASES["talk"]["names"], PHRASES["talk"]["tops"]


class Phrases(NamedTuple):
    """What people say around questions in one language, and small words by which it is known."""

    small: str
    greetings: tuple[str, ...]
    leads: tuple[str, ...]
    remarks: tuple[str, ...]
    probes: tuple[str, ...]
    invites: tuple[str, ...]
    yields: tuple[str, ...]
    replies: tuple[str, ...]
    closing: tuple[str, ...]


LANGUAGES = tuple(
    Phrases(own["small"], *(tuple(own[name]) for name in Phrases._fields[1:]))
    for own in PHRASES["talk"]["languages"].values()
)
HEADS = (
    "\n\n{name}  {minute}:{second:02d}\n",
    "\n[00:{minute:02d}:{second:02d}] {name}: ",
    "\n\n{name}\n{minute}:{second:02d}\n",
    "\n{name}: ",
    "\n\n{name}: ",
    "\n\n**{name}:** ",
    "\n{minute:02d}:{second:02d} {name}: ",
    "\n{name} [{minute:02d}:{second:02d}]: ",
    "\n{minute:02d}:{second:02d}\n{name}: ",
)


def talked(found: Told, seed: str) -> Tagged:
    """Return the texts of a document as a talk in its language; nothing where too little could be said."""
    draw = random.Random(f"talk {seed}")
    pairs = [pair for pair in found.pairs if _is_sayable(*pair)]
    if len(pairs) < LEAST_PAIRS:
        return []
    draw.shuffle(pairs)
    talk = _Talk(draw, language_of(" ".join(said for _, said in pairs)))
    return [(f"{draw.choice(TOPS)}\n", "other"), *talk.all(pairs[:MOST_PAIRS], found.asks)]


def _is_sayable(asked: str, said: str) -> bool:
    many = len(words_of(said))
    return LEAST_WORDS <= many <= MOST_WORDS and 2 <= len(words_of(asked)) <= MOST_WORDS


def language_of(text: str) -> Phrases:
    """Return the phrases of the language whose small words are the most frequent in a text."""
    found = words_of(text)
    return max(LANGUAGES, key=lambda phrases: sum(word in phrases.small.split() for word in found))


class _Talk:
    """One talk: how its turns are headed, who speaks, and the clock."""

    def __init__(self, draw: random.Random, phrases: Phrases) -> None:
        self._draw = draw
        self._say = phrases
        self._head = draw.choice(HEADS)
        self._asker, self._own = draw.choice(NAMES)
        self._clock = itertools.accumulate(iter(lambda: draw.randint(3, 70), 0), initial=2)
        self._plain = draw.random() < 0.15  # a recogniser that sets no marks

    def all(self, pairs: list[tuple[str, str]], asks: list[str]) -> Iterator[tuple[str, str]]:
        """Yield the turns with their tags, from the greeting to the end."""
        for at, text in enumerate(self._draw.sample(self._say.greetings, self._draw.randint(0, 3))):
            yield from self._turn(self._own if at % 2 else self._asker, (text, "other"))
        for asked, said in pairs:
            yield from self._pair(asked, said)
        if asks:
            yield from self._end(asks)
        if self._draw.random() < 0.6:
            yield from self._turn(self._asker, (self._draw.choice(self._say.closing), "other"))

    def _turn(self, name: str, *parts: tuple[str, str]) -> Iterator[tuple[str, str]]:
        minute, second = divmod(next(self._clock), 60)
        yield self._head.format(name=name, minute=minute, second=second), "other"
        for text, tag in parts:
            yield text.lower().translate(NO_MARKS) if self._plain else text, tag

    def _pair(self, asked: str, said: str) -> Iterator[tuple[str, str]]:
        remark = [(self._draw.choice(self._say.remarks), "other")] if self._draw.random() < 0.4 else []
        lead = self._draw.choice(self._say.leads) if self._draw.random() < 0.4 else ""
        asked = lead + (asked[:1].lower() + asked[1:] if lead else asked)
        yield from self._turn(self._asker, *remark, (asked, "question"))
        parts = [span.text for span in sentences(said)]
        half = len(parts) // 2 if len(parts) >= 4 and self._draw.random() < 0.35 else len(parts)
        yield from self._turn(self._own, (" ".join(parts[:half]), "answer"))
        if parts[half:]:
            yield from self._turn(self._asker, (self._draw.choice(self._say.probes), "other"))
            yield from self._turn(self._own, (" ".join(parts[half:]), "answer"))

    def _end(self, asks: list[str]) -> Iterator[tuple[str, str]]:
        if self._draw.random() < 0.8:
            yield from self._turn(self._asker, (self._draw.choice(self._say.invites), "other"))
        replied = self._draw.random() < 0.6
        for at, text in enumerate(asks):
            lead = self._draw.choice(self._say.yields) if not at else ""
            yield from self._turn(self._own, *([(lead, "other")] if lead else []), (text, "ask"))
            if replied:
                yield from self._turn(self._asker, (self._draw.choice(self._say.replies), "other"))


NO_MARKS = str.maketrans("", "", '.,?!:;"')
