"""headings and labels of one name -> what stands under them: their words vote, and what stands there votes too."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

from evalharness.documents.bodies import is_answered
from evalharness.documents.called import Called
from evalharness.documents.claims import claims_in, parts_of
from evalharness.documents.direction import seeks
from evalharness.documents.features import STAR, advises, asks, is_time, judges, owns, share, tells, words
from evalharness.documents.lexicon import votes
from evalharness.documents.outline import Outline, name_of
from evalharness.model.noun import Noun

LEAST, TURNED = 0.5, 0.7
_QUOTED = frozenset('"\u201c\u201e\u00ab')


class Stretch(Noun):
    """What stands under one heading or behind one label."""

    texts: tuple[str, ...]
    heads: tuple[str, ...] = ()
    inline: bool = False
    answered: bool = False
    told: bool = False


class Naming:
    """The role of each name of the document: of a heading for what stands under it, of a label for what is behind it."""

    def __init__(self, outline: Outline, known: frozenset[str] = frozenset()) -> None:
        self._outline = outline
        self._known = known
        self._names: dict[str, list[Stretch]] = {}  # a label and a heading of one name are two
        self._spelled: dict[str, str] = {}
        for text, stretch in _stretches(outline):
            name = _key(text, inline=stretch.inline)
            self._names.setdefault(name, []).append(stretch)
            self._spelled.setdefault(name, text)
        self._called = Called(outline)
        self.roles = {name: self._role(name) for name in self._names}
        for before, number in itertools.pairwise(n for n in outline.kept if outline.is_head(n)):
            if self.under(before) == "ask" and self._goes_on(before, number):
                self.roles[_key(outline[number].text, inline=False)] = "ask"

    def _goes_on(self, before: int, number: int) -> bool:
        """Return whether a heading is made and begins like the one before it, both name somebody, and all below it asks."""
        outline = self._outline
        one, other = outline[before], outline[number]
        alike = one.shape == other.shape and words(one.text)[:1] == words(other.text)[:1]
        called = alike and not self.under(number) and self.calls(before) and self.calls(number)
        below = outline.under.get(number, ())
        return called and bool(below) and share([asks(outline[n].said) for n in below]) == 1

    def under(self, number: int) -> str:
        """Return the role of what stands under a line; nothing where that is not clear."""
        return self.roles.get(_key(self._outline[number].text, inline=False), "")

    def behind(self, number: int) -> str:
        """Return the role of what a line says behind its label; nothing where that is not clear."""
        return self.roles.get(_key(self._outline[number].label, inline=True), "")

    def named(self, number: int) -> str:
        """Return the role that a line names: for its own words behind a label, else for what stands under it."""
        line = self._outline[number]
        return self.behind(number) if line.label and line.rest else self.under(number)

    def calls(self, number: int) -> bool:
        """Return whether a heading is the name of a person (or a place) that the document speaks of elsewhere."""
        return self._called.speaks_of(self._outline[number].text, {number})

    def heads(self, number: int) -> int:
        """Return how often a heading of this line's name stands in the document."""
        return len(self._names.get(_key(self._outline[number].text, inline=False), ()))

    def _role(self, name: str) -> str:
        if asks(self._spelled[name]) > 0.75 and not judges(self._spelled[name]):
            return ""
        scores = self.scores(name)
        best = max(scores, key=lambda role: scores[role])
        return best if scores[best] >= LEAST else ""

    def scores(self, name: str) -> dict[str, float]:
        """Return the score of each role for a name."""
        vote, found = votes(self._spelled[name]), self._names[name]
        texts = [text for stretch in found for text in stretch.texts]
        get, inline = vote.get, any(stretch.inline for stretch in found)
        remarks = 0.1 * (inline and len(texts) > 1 and not any(map(owns, texts)))  # one remark on each answer
        asked = share([asks(text) for text in texts])
        tagged = share([claims_in(text, self._known) for text in texts])
        if get("claim", 0) >= 0.5 and len(texts) >= 2 and inline and votes(self._spelled[name]).get("answer", 0) < 0.5:
            tagged = max(
                tagged, share([float(max(len(words(part)) for part in parts_of(text) or ("",)) <= 4) for text in texts])
            )
        asking = [text for text in texts if asks(text) >= 0.5]
        sought = sum(map(seeks, asking)) / max(3, len(asking))
        listed = any(not stretch.inline and len(stretch.texts) >= 2 for stretch in found)
        timed = share([float(is_time(text)) for text in texts])
        advised = sum(map(advises, texts)) / max(1, len(texts))
        told = tells(" ".join(texts)) if texts else 0.0
        headed = share([asks(head) for stretch in found for head in stretch.heads])
        short = share([float(len(words(text)) <= 9) for text in texts])
        star = 0.5 * (set(words(name)) <= STAR and bool(name)) * (asked < 0.5)
        judged = judges(self._spelled[name])
        open_ = not any(stretch.answered for stretch in found)
        turns = get("ask", 0) * (self._spelled[name][:1] not in _QUOTED)
        sought *= open_ and not inline and not any(stretch.told for stretch in found)
        return {
            "question": 0.6 * get("question", 0) + 0.45 * max(asked, headed) if max(asked, headed) >= 0.5 else 0.0,
            "follow_up": 0.9 * get("follow_up", 0) + 0.4 * asked if asked >= 0.5 else 0.0,
            "probe": 0.9 * get("probe", 0) + 0.3 * asked if asked >= 0.5 else 0.0,
            "use": 0.9 * get("use", 0) + 0.3 * asked if asked >= 0.3 else 0.0,
            "ask": (0.9 if inline else 0.4) * self._spelled[name].startswith(("For ", "for "))
            + (1.0 if open_ else 0.5) * turns
            + 0.4 * asked * (turns > 0 or sought > 0)
            + 0.1 * get("question", 0)
            + 0.6 * sought
            if asked >= 0.5
            or (turns >= 0.4 and share([asks(text) for text in texts], 0.2) >= (0.5 if turns < TURNED else 0.1))
            else 0.0,
            "claim": 0.5 * get("claim", 0) + (0.6 if get("claim", 0) or self._known else 0.3) * tagged
            if tagged >= 0.5
            else 0.0,
            "time": 0.4 * get("time", 0) + 0.6 * timed if timed >= 0.5 else 0.0,
            "answer": -1.0
            if judged
            else 0.7 * get("answer", 0) + (0.5 if get("answer", 0) else 0.3) * told - 0.4 * asked + star,
            "note": 0.9 * get("note", 0) * (told < 0.6) + remarks - 0.3 * asked
            if inline
            else 0.5 * get("note", 0) - 0.3 * asked,
            "advice": max(0.8 * get("advice", 0), 0.8 * judged) + 0.5 * advised - 0.4 * asked - 0.3 * told,
            "mission": (0.9 * get("mission", 0) + 0.2 * short - 0.5 * told if listed else 0.0) - asked,
            "section": 0.9 * get("section", 0) - 0.3 * told - 0.3 * inline,
            "person": get("person", 0) * _named(texts) * inline,
            "company": get("company", 0) * _named(texts) * inline,
            "interest": get("interest", 0) * inline,
            "fact": 0.9 * get("fact", 0) - 0.6 * asked - 0.3 * told,
            "furniture": get("furniture", 0) - 0.3 * told,
        }


def _key(text: str, *, inline: bool) -> str:
    return name_of(text) + ":" * inline


def _named(texts: Iterable[str]) -> bool:
    """Return whether all texts begin with a name."""
    return all(text[:1].isupper() and asks(text) < 0.5 and len(words(text)) <= 25 for text in texts)


def _stretches(outline: Outline) -> Iterable[tuple[str, Stretch]]:
    for number in outline.kept:
        line = outline[number]
        if line.label and line.rest and line.kind != "heading":
            yield line.label, Stretch(texts=(line.rest,), inline=True)
        if outline.is_head(number):
            below = outline.under.get(number, [])
            texts = [n for n in below if not outline.is_head(n)] or [
                n for n in outline.scope(number) if not outline.is_head(n)
            ]
            yield (
                line.text,
                Stretch(
                    texts=_said(outline, texts),
                    heads=_said(outline, [n for n in below if outline.is_head(n)]),
                    answered=is_answered(outline, number),
                    told=any(votes(outline[n].text).get("answer", 0) >= 0.5 for n in outline.above(number)),
                ),
            )


def _said(outline: Outline, numbers: Sequence[int]) -> tuple[str, ...]:
    top = min((outline[n].depth for n in numbers), default=0)
    texts = [outline[n] for n in numbers[:40] if outline[n].depth == top]
    return tuple(line.rest if line.rest and len(line.label.split()) == 1 else line.text for line in texts)
